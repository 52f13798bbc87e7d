"""Artifacts in local folders, and paths that try to leave them."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from mltrack_tui.domain.entities import Artifact, CandidateId
from mltrack_tui.sources.base import NotFoundError, Source, SourceError
from mltrack_tui.sources.local_artifacts import LocalArtifacts
from mltrack_tui.sources.sqlite import SqliteSource
from tests.memory import MemorySource, candidate
from tests.sources.reading import pieces, whole
from tests.sources.stores import change

FILES = {
    "notes.txt": b"hello",
    "model/weights.bin": b"\x00" * 3_000_000,
    "model/deep/er/x.json": b"{}",
    "\x1b[31mred\n.txt": b"!",
    "100%.csv": b"a,b",
    "a%20b": b"percent",
    "empty": b"",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of artifacts beside something secret."""
    root = tmp_path / "artifacts"
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "artifacts-not").mkdir()
    (tmp_path / "artifacts-not" / "secret").write_text("secret")
    return root


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store" / "mlflow.db"


@pytest.fixture(params=["sqlite", "memory"])
def place(
    request: pytest.FixtureRequest, root: Path, copied: Callable[[], Path], opened: Callable[[Path], SqliteSource]
) -> tuple[Source, CandidateId]:
    """A source and its candidate that has these artifacts."""
    if request.param == "memory":
        memory = MemorySource.of({"e": [candidate("one")]})
        memory.files["one"] = FILES
        return memory, memory.all_candidates[0].id
    path = copied()
    change(path, f"insert into runs (run_uuid, experiment_id, artifact_uri) values ('one', 1, '{root.as_uri()}')")
    return opened(path), CandidateId("", "default", "1", "one")


async def read(source: Source | LocalArtifacts, *place: CandidateId | str) -> bytes:
    if isinstance(source, LocalArtifacts):
        return await whole(source.content(str(place[0])))
    assert isinstance(place[0], CandidateId)
    return await whole(source.content(place[0], str(place[1])))


async def test_a_folder_lists_what_lies_directly_in_it_by_name(place: tuple[Source, CandidateId]) -> None:
    source, one = place
    assert await source.artifacts(one) == [
        Artifact("\x1b[31mred\n.txt", is_dir=False, size=1),
        Artifact("100%.csv", is_dir=False, size=3),
        Artifact("a%20b", is_dir=False, size=7),
        Artifact("empty", is_dir=False, size=0),
        Artifact("model", is_dir=True),
        Artifact("notes.txt", is_dir=False, size=5),
    ]
    assert await source.artifacts(one, "model") == [
        Artifact("model/deep", is_dir=True),
        Artifact("model/weights.bin", is_dir=False, size=3_000_000),
    ]
    assert await source.artifacts(one, "model/deep/er") == [Artifact("model/deep/er/x.json", is_dir=False, size=2)]


async def test_a_file_lists_itself(place: tuple[Source, CandidateId]) -> None:
    source, one = place
    assert await source.artifacts(one, "model/weights.bin") == [
        Artifact("model/weights.bin", is_dir=False, size=3_000_000)
    ]


@pytest.mark.parametrize("path", ["notes.txt", "model/weights.bin", "100%.csv", "a%20b", "empty"])
async def test_a_file_is_read_whole(place: tuple[Source, CandidateId], path: str) -> None:
    source, one = place
    assert await read(source, one, path) == FILES[path]


async def test_what_is_not_there_is_not_found(place: tuple[Source, CandidateId]) -> None:
    source, one = place
    with pytest.raises(NotFoundError):
        await source.artifacts(one, "nothing")
    with pytest.raises(NotFoundError):
        await read(source, one, "nothing")
    with pytest.raises(NotFoundError):
        await read(source, one, "model")


async def test_a_candidate_that_is_gone_has_no_artifacts(place: tuple[Source, CandidateId]) -> None:
    source, one = place
    with pytest.raises(NotFoundError):
        await source.artifacts(one._replace(candidate_id="gone"))


async def test_a_large_file_comes_in_chunks(root: Path, store: Path) -> None:
    artifacts = LocalArtifacts(str(root), store)
    sizes = [len(chunk) for chunk in await pieces(artifacts.content("model/weights.bin"))]
    assert len(sizes) > 1
    assert max(sizes) <= 1 << 20


HOSTILE = (
    "..",
    "../secret",
    "model/../../secret",
    "%2e%2e/secret",
    "%252e%252e%252fsecret",
    "model/%2E%2E/%2e%2e/secret",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "..\\secret",
    "model\\..\\..\\secret",
    "%5c..%5csecret",
    "C:/secret",
    "c:secret",
    "notes.txt#../secret",
    "notes.txt\x00",
    "notes%00.txt",
    "\x1b[31mred\n.txt",
    "../artifacts-not/secret",
    "out/secret",
    "out",
    "loop",
)


@pytest.mark.parametrize("path", HOSTILE)
async def test_no_path_leaves_the_folder(root: Path, store: Path, path: str) -> None:
    (root / "out").symlink_to(root.parent)
    (root / "loop").symlink_to(root / "loop")
    artifacts = LocalArtifacts(str(root), store)
    with pytest.raises(NotFoundError) as listed:
        await artifacts.listing(path)
    with pytest.raises(NotFoundError):
        await read(artifacts, path)
    assert str(listed.value).isprintable()


async def test_links_that_stay_inside_are_followed_and_others_listed_without_a_size(root: Path, store: Path) -> None:
    (root / "inside").symlink_to(root / "notes.txt")
    (root / "outside").symlink_to(root.parent / "secret")
    (root / "broken").symlink_to(root / "nowhere")
    artifacts = LocalArtifacts(str(root), store)
    listed = {artifact.name: artifact.size for artifact in await artifacts.listing()}
    assert (listed["inside"], listed["outside"], listed["broken"]) == (5, None, None)
    assert await read(artifacts, "inside") == b"hello"


@pytest.fixture
def spaced(root: Path) -> Path:
    """The same folder, with a name that a URI has to escape."""
    return root.rename(root.parent / "my artifacts %41#")


@pytest.mark.parametrize("prefix", ["", "file://", "file://localhost", "file:"])
async def test_a_folder_is_found_however_its_uri_is_spelled(spaced: Path, store: Path, prefix: str) -> None:
    uri = prefix + quote(str(spaced)) if prefix else str(spaced)
    assert await read(LocalArtifacts(uri, store), "notes.txt") == b"hello"


async def test_a_relative_folder_is_looked_for_beside_the_store_first(
    root: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifacts = LocalArtifacts("./artifacts", store)
    with pytest.raises(SourceError, match="is on another machine"):
        await artifacts.listing()
    monkeypatch.chdir(tmp_path)
    assert await read(artifacts, "notes.txt") == b"hello"
    beside = store.parent / "artifacts"
    beside.mkdir(parents=True)
    (beside / "notes.txt").write_text("nearer")
    assert await read(artifacts, "notes.txt") == b"nearer"


@pytest.mark.parametrize("uri", ["s3://user:password@bucket/run", "mlflow-artifacts:/1/2", "https://host/x", "dbfs:/x"])
async def test_artifacts_elsewhere_are_said_to_be_elsewhere(store: Path, uri: str) -> None:
    with pytest.raises(SourceError, match="local folders only") as caught:
        await LocalArtifacts(uri, store).listing()
    assert uri.partition(":")[0] in str(caught.value)
    assert "password" not in str(caught.value)


async def test_nothing_logged_is_an_empty_list_and_another_machine_an_error(root: Path, store: Path) -> None:
    run = str(root / "run" / "artifacts")
    logged_nothing = LocalArtifacts(run, store, str(root))
    assert await logged_nothing.listing() == []
    with pytest.raises(NotFoundError):
        await logged_nothing.listing("model")
    with pytest.raises(NotFoundError):
        await read(logged_nothing, "model")
    assert await LocalArtifacts(str(store.parent / "mlruns" / "1" / "artifacts"), store).listing() == []
    with pytest.raises(SourceError, match=r"logged none, or their folder .*run/artifacts is on another machine\.$"):
        await LocalArtifacts("/nowhere/at/all/run/artifacts", store, "/nowhere/at/all").listing()


async def test_a_candidate_without_a_folder_says_so(store: Path) -> None:
    with pytest.raises(SourceError, match="no artifact folder"):
        await LocalArtifacts("", store).listing()

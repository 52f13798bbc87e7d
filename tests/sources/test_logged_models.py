"""What MLflow 3 keeps beside a candidate's folder in a store: logged models, which can be read, and datasets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mltrack_tui.domain.artifacts import Artifact, ArtifactKind
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.sqlite import SqliteSource
from tests.sources.conftest import VERSIONS
from tests.sources.reading import whole
from tests.sources.stores import change

ONE = CandidateId("", "default", "1", "one")
NAMES = "model_id, experiment_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status"


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "notes.txt").write_bytes(b"hello")
    return folder


def begun(store: Path, artifacts: Path) -> Path:
    uri = artifacts.as_uri()
    change(store, f"insert into runs (run_uuid, experiment_id, artifact_uri) values ('one', 1, '{uri}')")
    return store


def log_model(store: Path, model_id: str, name: str, folder: str, status: int, *, more: str = "'active', ''") -> None:
    change(
        store,
        f"insert into logged_models ({NAMES}, lifecycle_stage, source_run_id) "
        f"values ('{model_id}', 1, '{name}', '{folder}', 1, 1, {status}, {more})",
    )


def noted(store: Path, model_id: str, run: str = "one") -> None:
    """That a model is an output of a candidate."""
    change(
        store,
        "insert into inputs (input_uuid, source_type, source_id, destination_type, destination_id, step) "
        f"values ('{model_id}', 'RUN_OUTPUT', '{run}', 'MODEL_OUTPUT', '{model_id}', 0)",
    )


@pytest.fixture
def source(
    copied: Callable[[], Path], artifacts: Path, tmp_path: Path, opened: Callable[[Path], SqliteSource]
) -> SqliteSource:
    """A store whose candidate logged two models and used a dataset; others are deleted, or another candidate's."""
    store = begun(copied(), artifacts)
    model = tmp_path / "models" / "m-1" / "artifacts"
    (model / "data").mkdir(parents=True)
    (model / "MLmodel").write_bytes(b"flavors: {}\n")
    (model / "out").symlink_to(tmp_path)
    log_model(store, "m-1", "net [a]", model.as_uri(), 2)
    log_model(store, "m-2", "half", str(tmp_path / "models" / "m-2"), 1, more="'active', 'one'")
    log_model(store, "m-3", "gone", "/nowhere", 2, more="'deleted', 'one'")
    log_model(store, "m-4", "others", "/nowhere", 2)
    log_model(store, "../x", "hostile", "/etc", 2)
    for each in ("m-1", "../x"):
        noted(store, each)
    noted(store, "m-4", "another")
    change(
        store,
        "insert into datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source) "
        "values ('d', 1, 'titanic', 'abc', 's3', '{}')",
        "insert into inputs (input_uuid, source_type, source_id, destination_type, destination_id, step) "
        "values ('i', 'DATASET', 'd', 'RUN', 'one', 0)",
        "insert into input_tags (input_uuid, name, value) values ('i', 'mlflow.data.context', 'training')",
    )
    return opened(store)


async def test_the_root_ends_with_the_logged_models_and_the_datasets(source: SqliteSource) -> None:
    assert await source.artifacts(ONE) == [
        Artifact("notes.txt", is_dir=False, size=5),
        Artifact("models:/m-2", is_dir=True, kind=ArtifactKind.MODEL, about="pending", title="half"),
        Artifact("models:/../x", is_dir=True, kind=ArtifactKind.REFUSED, about="it holds a slash", title="hostile"),
        Artifact("models:/m-1", is_dir=True, kind=ArtifactKind.MODEL, about="ready", title="net [a]"),
        Artifact("datasets:/titanic@abc", is_dir=False, kind=ArtifactKind.DATASET, about="training, s3"),
    ]


async def test_a_logged_model_is_a_folder_like_any_other(source: SqliteSource, tmp_path: Path) -> None:
    assert await source.artifacts(ONE, "models:/m-1") == [
        Artifact("models:/m-1/MLmodel", is_dir=False, size=12),
        Artifact("models:/m-1/data", is_dir=True),
        Artifact("models:/m-1/out", False, kind=ArtifactKind.LINK, about=f"to {tmp_path}, out of the folder"),
    ]
    assert await source.artifacts(ONE, "models:/m-1/data") == []
    assert await source.artifacts(ONE, "models:/m-1/MLmodel") == [Artifact("models:/m-1/MLmodel", False, 12)]
    assert await whole(source.content(ONE, "models:/m-1/MLmodel")) == b"flavors: {}\n"
    assert await source.artifacts(ONE, "models:/m-2") == []  # of which nothing was written yet


async def test_nothing_else_is_read_as_a_model_or_a_dataset(source: SqliteSource) -> None:
    for path in ("models:/m-3/x", "models:/m-4/x", "models:/../x/passwd", "models:/", "models:/m-1/../../notes.txt"):
        with pytest.raises(NotFoundError):
            await source.artifacts(ONE, path)
        with pytest.raises(NotFoundError):
            await whole(source.content(ONE, path))
    with pytest.raises(NotFoundError, match="nothing to be read"):
        await whole(source.content(ONE, "datasets:/titanic@abc"))


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_store_of_any_version_lists_what_it_has(
    version: str, copied: Callable[[str], Path], artifacts: Path, opened: Callable[[Path], SqliteSource]
) -> None:
    source = opened(begun(copied(version), artifacts))
    assert await source.artifacts(ONE) == [Artifact("notes.txt", is_dir=False, size=5)]
    with pytest.raises(NotFoundError):
        await source.artifacts(ONE, "models:/m-1")

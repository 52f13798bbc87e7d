"""What a user calls a source, and what is opened."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from mltrack_tui.sources import open as opening
from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.open import find, is_location, known_sources, open_default, open_source
from mltrack_tui.sources.store_paths import sqlite_path
from tests.cli.program import STORE, environment

URIS = [
    "sqlite:///a.db",
    "sqlite+pysqlite:///a.db",
    "sqlite:////srv/a.db",
    "sqlite:///./x/../a.db",
    "sqlite:///../a.db",
    "sqlite:///a%20b.db",
    "sqlite:///a b.db",
    "sqlite:///a%2520b.db",
    "sqlite:///%41.db",
    "sqlite:///a%3Fb.db",
    "sqlite:///a#b.db",
    "sqlite:///a+b@c:d.db",
    "sqlite:///ü%C3%BC.db",
    "sqlite:///a%ZZ.db",
    "sqlite:///a.db?timeout=3",
    "sqlite:///a?b?c.db",
    "sqlite://///srv//a.db",
    "sqlite:///a\nb.db",
]


@pytest.mark.parametrize("uri", URIS)
def test_a_sqlite_uri_is_read_as_sqlalchemy_reads_it(uri: str) -> None:
    assert str(sqlite_path(uri)) == os.fspath(Path(make_url(uri).database or ""))


_ASK_MLFLOW = """
import sys
from mlflow.store.db.utils import create_sqlalchemy_engine
for uri in sys.argv[1:]:
    with create_sqlalchemy_engine(uri).connect() as connection:
        print(connection.exec_driver_sql("PRAGMA database_list").all()[0][2])
"""


def test_a_sqlite_uri_opens_the_file_that_mlflow_opens(tmp_path: Path) -> None:
    for name in ("A.db", "a b.db", "a%20b.db", "a b#c.db"):
        shutil.copyfile(STORE, tmp_path / name)
    relative = ["sqlite:///%41.db", "sqlite:///a%20b.db", "sqlite:///a%2520b.db", "sqlite:///./a b#c.db?timeout=3"]
    uris = [*relative, f"sqlite:///{tmp_path}/A.db"]
    command = [sys.executable, "-c", _ASK_MLFLOW, *uris]
    asked = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    ours = [os.path.realpath(tmp_path / sqlite_path(uri)) for uri in uris]
    assert ours == asked.stdout.splitlines()
    assert all(map(os.path.exists, ours))


def refusal(text: str | Path) -> str:
    with pytest.raises(SourceError) as caught:
        open_source(str(text))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    assert f"There is no file {tmp_path}/none.db" in refusal(tmp_path / "none.db")
    assert "There is no file" in refusal(f"sqlite:///{tmp_path}/none.db")
    (tmp_path / "link.db").symlink_to(tmp_path / "none.db")
    assert "link to nothing" in refusal(tmp_path / "link.db")


def test_a_path_below_a_file_or_too_long_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "Not a directory" in refusal(tmp_path / "file" / "mlflow.db")
    assert "too long" in refusal("x" * 5000 + ".db")


def test_a_file_of_zero_bytes(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").touch()
    assert "zero bytes" in refusal(tmp_path / "mlflow.db")
    assert "zero bytes" in refusal(tmp_path)


def test_a_file_that_is_not_sqlite(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("run,loss\n1,0.5\n")
    assert "not a SQLite file" in refusal(tmp_path / "mlflow.db")


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mlflow.db")
    assert "is no file" in refusal(tmp_path / "mlflow.db")


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(STORE, tmp_path / "mlflow.db")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so that no mode would be refused
    assert "No permission to read" in refusal(tmp_path / "mlflow.db")


def test_a_folder_is_the_store_in_it(tmp_path: Path) -> None:
    shutil.copyfile(STORE, tmp_path / "runs.db")
    assert open_source(str(tmp_path)).name == "runs.db"
    shutil.copyfile(STORE, tmp_path / "mlflow.db")
    assert open_source(str(tmp_path)).name == "mlflow.db"


def test_a_folder_of_several_stores_names_them(tmp_path: Path) -> None:
    for name in ("b.db", "a.db"):
        shutil.copyfile(STORE, tmp_path / name)
    assert "name one of a.db, b.db" in refusal(tmp_path)


def test_a_folder_without_a_store(tmp_path: Path) -> None:
    assert "holds no store" in refusal(tmp_path)


@pytest.mark.parametrize("form", ["{folder}", "file:{folder}", "file://{folder}", "FILE://localhost{folder}"])
def test_an_mlruns_folder_gets_the_command_that_migrates_it(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "old runs"
    (folder / "0").mkdir(parents=True)
    (folder / "0" / "meta.yaml").touch()
    command = f"mlflow migrate-filestore --source '{folder}' --target sqlite:///mlflow.db"
    assert command in refusal(form.format(folder=folder))


def test_a_folder_with_an_mlruns_in_it_gets_the_command_too(tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()
    assert f"--source {tmp_path}/mlruns --target" in refusal(tmp_path)
    assert f"--source {tmp_path}/mlruns --target" in refusal(tmp_path / "mlruns")


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("postgresql://user:secret@host/db", "postgresql"),
        ("mysql+pymysql://user:secret@host/db", "mysql+pymysql"),
        ("databricks", "databricks"),
        ("databricks://profile", "databricks"),
    ],
)
def test_other_kinds_are_not_opened_and_no_password_is_shown(uri: str, kind: str) -> None:
    assert f"the kind {kind} are not opened" in refusal(uri)
    assert "secret" not in refusal(uri)


@pytest.mark.parametrize("uri", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:a.db", "sqlite://host/a.db"])
def test_a_sqlite_uri_without_a_file_is_refused(uri: str) -> None:
    assert uri in refusal(uri)


def test_what_is_opened_needs_no_answer_yet(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE cats (name)").connection.close()
    assert open_source(str(tmp_path / "other.db")).name == "other.db"


def test_without_a_name_it_is_the_tracking_uri_then_the_store_of_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    assert open_default() is None
    shutil.copyfile(STORE, "mlflow.db")
    shutil.copyfile(STORE, "other.db")
    assert (source := open_default()) is not None
    assert source.name == "mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///other.db")
    assert (source := open_default()) is not None
    assert source.name == "other.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///none.db")
    with pytest.raises(SourceError, match=r"MLFLOW_TRACKING_URI: There is no file none\.db"):
        open_default()


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("projcts", False),
        ("a:b", False),
        ("file:mlruns", True),
        ("", False),
        ("http://host", True),
        (".", True),
        ("databricks", True),
    ],
)
def test_a_word_is_a_source_if_it_has_a_scheme_or_is_there(word: str, is_one: bool) -> None:
    assert is_location(word) is is_one


def test_a_uri_of_sqlites_own_within_the_uri_is_refused_with_words() -> None:
    with pytest.raises(SourceError, match=r"write sqlite:/// and the file's path"):
        open_source("sqlite:///file:mlflow.db?mode=ro&uri=true")


def configured(home: Path, text: str) -> None:
    (home / "config" / "mltrack").mkdir(parents=True, exist_ok=True)
    (home / "config" / "mltrack" / "config.toml").write_text(text)


def test_a_name_goes_before_a_file_of_that_name(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(STORE, "lab")
    shutil.copyfile(STORE, "other.db")
    assert find("lab").name == "lab"
    configured(home, f"[sources.lab]\nuri = '{tmp_path}/other.db'\n")
    assert (find("lab").location, find("lab").open().name) == (f"{tmp_path}/other.db", "lab")
    assert find("./lab").location == f"{tmp_path}/lab"
    assert is_location("lab")


def test_a_name_whose_setting_is_wrong_says_so(home: Path) -> None:
    configured(home, "[sources.lab]\nuri = 7\n")
    assert is_location("lab")
    with pytest.raises(SourceError, match=r"config\.toml: sources\.lab: uri: write it in quotes"):
        find("lab")


@pytest.mark.parametrize("word", ["mlflow.db", "./lab", "https://mlflow.example", "sqlite:///mlflow.db"])
def test_what_can_be_no_name_is_opened_without_the_configuration(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mlflow.db", "lab"):
        shutil.copyfile(STORE, name)
    monkeypatch.setattr(opening, "load", None)
    assert find(word).open().name


@pytest.mark.parametrize(
    ("uri", "name", "shown"),
    [
        ("https://mlflow.example", "mlflow.example", "https://mlflow.example"),
        ("HTTP://ada:hunter2@MLflow.example:5000/a/b/?c#d", "MLflow.example:5000", "http://MLflow.example:5000/a/b"),
        ("http://[::1]:5000/", "[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_a_server_is_known_by_its_host_and_shown_without_secrets(uri: str, name: str, shown: str) -> None:
    known = find(uri)
    assert (known.name, known.uri, known.kind) == (name, shown, "server")
    assert "hunter2" not in repr(known)
    source = known.open()
    assert (source.name, source.location) == (name, known.location)


@pytest.mark.parametrize("uri", ["http://", "https://ada:hunter2@", "http://[::1", "http://a:hunter2", "http://a:0"])
def test_what_is_no_servers_address_is_refused_without_showing_it(uri: str) -> None:
    assert "is no server's address" in refusal(uri)
    assert "hunter2" not in refusal(uri)


def test_all_sources_are_those_with_a_name_and_the_one_of_this_folder(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    assert known_sources() == []
    shutil.copyfile(STORE, "mlflow.db")
    configured(home, "[sources.lab]\nuri = 'https://lab'\n[sources.gone]\nuri = '/none.db'\n[sources.b]\nuri = 'b:c'\n")
    assert [(each.name, each.kind) for each in known_sources()] == [
        ("lab", "server"),
        ("gone", "store"),
        ("b", "store"),
        ("mlflow.db", "store"),
    ]
    with pytest.raises(SourceError, match="There is no file /none"):
        known_sources()[1].open()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ada:hunter2@lab:5000")
    assert known_sources()[-1].name == "lab:5000"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql://ada:hunter2@lab/db")
    assert (known_sources()[-1].name, "hunter2" in repr(known_sources())) == ("MLFLOW_TRACKING_URI", False)
    configured(home, f"[sources.here]\nuri = '{tmp_path}'\n")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    assert [each.name for each in known_sources()] == ["here"]

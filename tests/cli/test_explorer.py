"""The ways into the explorer, up to where the app takes over."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from mltrack_tui.cli import demo, explorer
from mltrack_tui.sources.known import Known
from tests.cli.program import Program


@dataclass
class Opened:
    """What the app was given."""

    source: str | None
    project: str | None
    experiment: str | None
    mouse: bool = True


class App(ModuleType):
    """Stands where the app is, and says how it was run."""

    def __init__(self) -> None:
        super().__init__("mltrack_tui.app")
        self.opened: list[Opened] = []

    def run(self, source: Known | None, *, project: str | None, experiment: str | None, mouse: bool) -> int:
        self.opened.append(Opened(source.name if source else None, project, experiment, mouse))
        return 0


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """An app, and a terminal to run it on."""
    app = App()
    monkeypatch.setitem(sys.modules, "mltrack_tui.app", app)
    for module in (explorer, demo):
        monkeypatch.setattr(module, "require_terminal", lambda: None)
    return app


@pytest.mark.parametrize(
    ("words", "opened"),
    [
        ([], Opened("mlflow.db", None, None)),
        (["mlflow.db"], Opened("mlflow.db", None, None)),
        (["."], Opened("mlflow.db", None, None)),
        (["sqlite:///mlflow.db"], Opened("mlflow.db", None, None)),
        (["./demo"], Opened("demo", None, None)),
        (["--source", "demo"], Opened("demo", None, None)),
        (["--source=demo", "--project", "p", "--experiment", "e"], Opened("demo", "p", "e")),
        (["mlflow.db", "--experiment", "e"], Opened("mlflow.db", None, "e")),
        (["--project", "p"], Opened("mlflow.db", "p", None)),
        (["--no-mouse"], Opened("mlflow.db", None, None, mouse=False)),
        (["demo", "--at", "demo", "--no-mouse"], Opened("demo", None, None, mouse=False)),
        (["mlflow.db", "--no-mouse", "--experiment", "e"], Opened("mlflow.db", None, "e", mouse=False)),
    ],
)
def test_words_that_begin_with_no_command_open_the_explorer(
    program: Program, app: App, store: Path, words: list[str], opened: Opened
) -> None:
    shutil.copyfile(store, "demo")
    answer = program(*words)
    assert (answer.status, answer.out, answer.err) == (0, "", "")
    assert app.opened == [opened]


def test_without_any_source_the_explorer_has_its_first_screen(program: Program, app: App) -> None:
    assert program().status == 0
    assert app.opened == [Opened(None, None, None)]


def test_the_tracking_uri_goes_before_the_store_of_this_folder(
    program: Program, app: App, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(store, "other.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///other.db")
    program()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    program()
    assert [opened.source for opened in app.opened] == ["other.db", "mlflow.db"]


def test_the_demo_is_made_where_told_and_opened(program: Program, app: App, tmp_path: Path) -> None:
    assert program("demo", "--at", tmp_path / "here").status == 0
    assert app.opened == [Opened("mlflow.db", None, None)]
    assert (tmp_path / "here" / "mlflow.db").exists()


def test_the_demo_lies_in_the_users_data_directory(
    program: Program, app: App, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "data" / "mltrack" / "demo").mkdir(parents=True)
    shutil.move(store, tmp_path / "data" / "mltrack" / "demo" / "mlflow.db")
    assert program("demo").status == 0
    assert app.opened == [Opened("mlflow.db", None, None)]


def test_what_the_app_returns_is_the_status(program: Program, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "run", lambda source, **options: 7)
    assert program().status == 7

"""What is remembered, and that nothing that happens to the file is in anybody's way."""

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mltrack_tui.domain.query import Direction
from mltrack_tui.domain.view import View
from mltrack_tui.state.places import KnownProject, LastPlace, Scope, StateError
from mltrack_tui.state.state import LONGEST_FILTER, MOST_FILTERS, State

DIGITS = Scope("/stores/mlflow.db", "default", ("1",))
OTHERS = (
    Scope("/stores/other.db", "default", ("1",)),
    Scope("/stores/mlflow.db", "vision", ("1",)),
    Scope("/stores/mlflow.db", "default", ("1", "2")),
)
VIEW = View(filter="acc > 0.9", directions={"loss": Direction.MIN})
PLACE = LastPlace("default", ("1", "2"), "c" * 32)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state" / "mltrack" / "state.db")


def again(state: State) -> State:
    """The same file, as the next visit finds it."""
    return State(state.path)


def test_the_last_view_is_that_of_the_same_experiments_only(state: State) -> None:
    state.keep_view(DIGITS, View(filter="before"))
    state.keep_view(DIGITS, VIEW)
    assert again(state).last_view(DIGITS) == VIEW
    assert [again(state).last_view(other) for other in OTHERS] == [None, None, None]


def test_views_have_names_and_are_replaced_and_deleted_by_them(state: State) -> None:
    state.keep_view(DIGITS, VIEW)
    for name in ("wide", "Narrow", "best ½"):
        state.save_view(DIGITS, name, View(filter=name))
    state.save_view(DIGITS, "wide", VIEW)
    state.delete_view(DIGITS, "Narrow")
    state.delete_view(DIGITS, "no such")
    state = again(state)
    assert state.views(DIGITS) == ["best ½", "wide"]
    assert state.view(DIGITS, "wide") == VIEW
    assert state.view(DIGITS, "Narrow") is None
    assert state.view(DIGITS, "") is None
    assert state.views(OTHERS[0]) == []
    with pytest.raises(ValueError, match="needs a name"):
        state.save_view(DIGITS, "", VIEW)


def test_filters_come_back_once_each_the_latest_first_and_not_without_end(state: State) -> None:
    for number in range(MOST_FILTERS + 3):
        state.keep_filter(f"acc > {number}")
    for text in ("acc > 100", "  ", "x" * (LONGEST_FILTER + 1), "it's", "it's"):
        state.keep_filter(text)
    filters = again(state).filters()
    assert filters[:3] == ["it's", "acc > 100", f"acc > {MOST_FILTERS + 2}"]
    assert len(filters) == len(set(filters)) == MOST_FILTERS


def test_the_last_place_is_kept_by_source_until_it_is_forgotten(state: State) -> None:
    state.keep_place("/stores/mlflow.db", LastPlace("default"))
    state.keep_place("/stores/mlflow.db", PLACE)
    state.keep_place("/stores/other.db", LastPlace("vision"))
    state = again(state)
    assert state.last_place("/stores/mlflow.db") == PLACE
    state.forget_place("/stores/mlflow.db")
    assert state.last_place("/stores/mlflow.db") is None
    assert state.last_place("/stores/other.db") == LastPlace("vision")


def test_projects_are_known_by_source_with_their_numbers_and_when_they_were_opened(state: State) -> None:
    counted = KnownProject(experiments=3, models=None, last_activity=5, counted_at=10)
    state.keep_opened("https://git", "vision/a", 7)
    state.keep_counts("https://git", {"vision/a": counted, "vision/b": replace(counted, opened_at=99)})
    state.keep_opened("https://git", "vision/b", 8)
    state.keep_counts("https://other", {"vision/a": counted})
    state.forget_project("https://git", "vision/c")
    known = again(state).projects("https://git")
    assert known == {"vision/a": replace(counted, opened_at=7), "vision/b": replace(counted, opened_at=8)}
    state.forget_project("https://git", "vision/a")
    assert list(again(state).projects("https://git")) == ["vision/b"]
    assert again(state).projects("https://other") == {"vision/a": counted}


def test_a_file_of_the_first_version_knows_no_projects_until_one_is_kept(state: State) -> None:
    state.keep_filter("acc > 0.9")
    with closing(sqlite3.connect(state.path)) as connection:
        connection.execute("DROP TABLE projects")
        connection.execute("PRAGMA user_version = 1")
    assert again(state).projects("https://git") == {}
    assert again(state).filters() == ["acc > 0.9"]
    state.keep_opened("https://git", "vision/a", 7)
    assert again(state).projects("https://git") == {"vision/a": KnownProject(opened_at=7)}
    assert again(state).filters() == ["acc > 0.9"]


def test_as_long_as_nothing_is_kept_there_is_no_file_and_nothing_is_imported(tmp_path: Path) -> None:
    asking = """
import sys
from pathlib import Path
from mltrack_tui.state.state import Scope, State
state = State(Path(sys.argv[1]))
scope = Scope("s", "p", ())
print(state.last_view(scope), list(state.views(scope)), list(state.filters()), state.last_place("s"))
print(dict(state.projects("s")))
state.forget_place("s")
print("sqlmodel" in sys.modules, "sqlalchemy" in sys.modules)
"""
    path = tmp_path / "none" / "state.db"
    done = subprocess.run([sys.executable, "-c", asking, path], capture_output=True, text=True, check=True)
    assert done.stdout == "None [] [] None\n{}\nFalse False\n"
    assert not path.parent.exists()


def test_only_the_user_may_look_into_the_file(state: State) -> None:
    state.keep_filter("secret project")
    assert stat.S_IMODE(state.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.path.parent.stat().st_mode) == 0o700


def _corrupt(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 3")
    connection.close()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _stranger(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE views")
    connection.execute("CREATE TABLE views (something TEXT)")
    connection.close()


@pytest.mark.parametrize("harm", [_corrupt, _cut, _newer, _folder, _stranger])
def test_a_file_that_is_of_no_use_is_one_line_and_stays_as_it_is(state: State, harm: object) -> None:
    assert callable(harm)
    state.keep_view(DIGITS, VIEW)
    harm(state.path)
    before = state.path.read_bytes() if state.path.is_file() else None
    for each in (state, again(state)):
        with pytest.raises(StateError) as told:
            each.last_view(DIGITS)
        assert str(state.path) in str(told.value)
        assert "\n" not in str(told.value)
        with pytest.raises(StateError):
            each.keep_view(DIGITS, VIEW)
    assert (state.path.read_bytes() if state.path.is_file() else None) == before


def test_a_file_that_was_only_just_made_holds_nothing_yet(state: State) -> None:
    state.path.parent.mkdir(parents=True)
    state.path.touch()
    assert state.filters() == ()
    state.keep_filter("lr < 1")
    assert state.filters() == ["lr < 1"]


def test_a_file_that_is_locked_is_one_line_and_works_again_later(state: State) -> None:
    state.keep_filter("before")
    other = sqlite3.connect(state.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StateError, match="locked"):
        state.keep_filter("meanwhile")
    other.execute("ROLLBACK")
    other.close()
    state.keep_filter("after")
    assert state.filters() == ["after", "before"]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    state = State(tmp_path / "file" / "mltrack" / "state.db")
    assert state.last_place("s") is None
    with pytest.raises(StateError, match="Not a directory"):
        state.keep_place("s", PLACE)


def test_several_threads_and_programs_may_begin_at_once(state: State) -> None:
    def work(state: State, number: int) -> None:
        state.save_view(DIGITS, f"view {number}", VIEW)

    threads = [threading.Thread(target=work, args=(again(state) if n % 2 else state, n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state.views(DIGITS) == [f"view {number}" for number in range(8)]

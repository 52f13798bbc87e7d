"""What gets to the clipboard of the terminal, and what is seen of it."""

import base64
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mltrack_tui.app.clipboard import clipboard_codes
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.screens.copying import python_snippet
from mltrack_tui.sources.sqlite import open_store
from tests.memory import MemorySource, candidate
from tests.screens.given import several_projects, workshop
from tests.screens.harness import Explorer, explore
from tests.terminal import Terminal

RUN = "01" * 16


async def to_the_candidates(explorer: Explorer) -> None:
    await explorer.shows("3 experiments")
    await explorer.enter("7 candidates", "0.9794")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("y", "adam-wide"),
        ("enter", "adam-wide"),
        ("i", RUN),
        ("n", "adam-wide"),
        ("u", f"runs:/{RUN}/"),
        ("p", f"import mlflow\n\nmlflow.set_tracking_uri('sqlite:////memory')\nrun = mlflow.get_run('{RUN}')\n"),
        ("m", "| status | name | created |"),
    ],
)
async def test_each_choice_has_a_key_and_y_y_copies_the_cell(key: str, text: str) -> None:
    async with explore(workshop()) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("y")
        await explorer.shows("Copy", "name", "candidate id", "URI", "row as Markdown")
        await explorer.press(key)
        await explorer.tells("Copied ")
        assert explorer.app.clipboard.startswith(text)


async def test_the_text_is_shown_before_it_is_copied_for_terminals_that_take_nothing() -> None:
    async with explore(workshop(), size=(100, 40)) as explorer:
        await to_the_candidates(explorer)
        await explorer.press("y", "j", "j", "j")
        await explorer.shows(f"runs:/{RUN}/")
        await explorer.press("j")
        await explorer.shows("mlflow.set_tracking_uri(", f"mlflow.get_run('{RUN}')")
        await explorer.press("escape")
        await explorer.lacks("get_run")
        assert explorer.app.clipboard == ""


async def test_a_row_as_markdown_has_its_full_values_and_stays_one_row() -> None:
    source = MemorySource.of(
        {"one": [candidate(RUN, "a|b", params={"text": "x\n\x1b[31m*y*"}, metrics={"m": 0.1234567890123})]}
    )
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("1 candidate")
        await explorer.press("y", "m")
        await explorer.tells("Copied row as Markdown")
        head, rule, row = explorer.app.clipboard.splitlines()
        titles = [title.strip() for title in head.strip("|").split(" | ")]
        assert rule.count("---") == len(titles)
        assert dict(zip(titles, row.removeprefix("| ").removesuffix(" |").split(" | "), strict=True)) == {
            "status": "FINISHED",
            "name": r"a\|b",
            **dict.fromkeys(("created", "duration"), "missing"),
            "params.text": r"x ·\[31m\*y\*",
            "metrics.m": "0.1234567890123",
        }


async def test_exactly_what_was_logged_is_copied_and_only_what_is_harmless_is_shown() -> None:
    hostile = "a\x1b]0;title\x07\tb\n"
    source = MemorySource.of({"one": [candidate(RUN, "run", params={"p": hostile})]})
    async with explore(source) as explorer:
        await explorer.shows("1 experiment")
        await explorer.enter("1 candidate")
        await explorer.press("$", "y")
        await explorer.shows("a·]0;title·    b")
        await explorer.press("y")
        await explorer.tells("a·]0;title· b")
        assert explorer.app.clipboard == hostile


async def test_lists_and_tabs_copy_what_is_under_the_cursor() -> None:
    async with explore(several_projects()) as explorer:
        await explorer.shows("3 projects")
        await explorer.press("G", "y", "y")
        await explorer.tells("Copied project, 6 characters.  vision")
        await explorer.enter("3 experiments")
        await explorer.press("y", "y")
        await explorer.tells("digits")
        await explorer.enter("7 candidates")
        await explorer.enter("started")
        await explorer.press("2", "j", "y", "y")
        await explorer.tells("Copied optimizer, 4 characters.  adam")
        await explorer.press("y", "p")
        await explorer.tells("Copied Python")
        assert "mlflow.set_workspace('vision')\n" in explorer.app.clipboard


def test_outside_of_multiplexers_it_is_plain_osc_52() -> None:
    assert clipboard_codes("é\ud800", {}) == f"\x1b]52;c;{base64.b64encode('é?'.encode()).decode()}\x07"


def test_tmux_gets_both_forms_that_it_may_take() -> None:
    plain = clipboard_codes("text", {})
    assert clipboard_codes("text", {"TMUX": "/tmp/tmux-0/default,1,0", "STY": "1.pts"}) == (
        f"{plain}\x1bPtmux;\x1b{plain}\x1b\\"
    )


def test_screen_gets_it_in_pieces_that_it_takes() -> None:
    text = "x" * 5000
    codes = clipboard_codes(text, {"STY": "1.pts"})
    pieces = codes.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert max(map(len, pieces)) <= 768 - 4
    assert "".join(pieces) == clipboard_codes(text, {})


def test_what_is_typed_at_once_is_copied_to_a_real_terminal(store: Path) -> None:
    command = [sys.executable, "-m", "mltrack_tui", str(store)]
    changes = {"PYTHONPATH": str(Path(__file__).parents[2]), "MLFLOW_TRACKING_URI": ""}
    with Terminal(command, 100, 30, changes=changes) as terminal:
        terminal.wait_for("experiments")
        terminal.press("y", "y")  # in one piece, before the dialog is there
        terminal.wait_for("Copied experiment")
        copied = re.search(rb"\x1b\]52;c;([^\x07]+)\x07", terminal.output)
        assert copied is not None
        assert f"characters.  {base64.b64decode(copied[1]).decode()}\n" in terminal.screen


def test_the_python_that_is_copied_loads_the_candidate_with_the_real_client(store: Path, tmp_path: Path) -> None:
    awkward = tmp_path / "a b%20'ü#?" / "mlflow.db"
    awkward.parent.mkdir()
    store.rename(awkward)
    with closing(sqlite3.connect(awkward)) as connection:
        run: str = connection.execute("SELECT run_uuid FROM runs WHERE lifecycle_stage = 'active'").fetchone()[0]
    snippet = python_snippet(CandidateId("", "default", "", run), open_store(awkward).location)
    done = subprocess.run([sys.executable, "-c", snippet], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")

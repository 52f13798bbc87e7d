"""Keys that a user chose: they work, they are what is shown, and no key ever means two things in one place."""

from collections import Counter
from pathlib import Path

import pytest

from mltrack_tui.app.keys import keys_from
from mltrack_tui.commands import GROUPS, TOGETHER, Command, Keys
from mltrack_tui.config.settings import Config
from tests.screens.given import workshop
from tests.screens.harness import explore

COMMANDS = {command.id: command for group in GROUPS for command in group.commands}


def keys_of(keys: Keys, id_: str) -> tuple[str, ...]:
    return keys.of(COMMANDS[id_])


def clashes(keys: Keys) -> list[tuple[str, list[str]]]:
    """The keys that have several commands in one place, with the commands."""
    found = []
    for groups in TOGETHER:
        here = [command for group in groups for command in group.commands]
        counts = Counter(key for command in here for key in keys.of(command))
        found += [(key, [each.id for each in here if key in keys.of(each)]) for key in counts if counts[key] > 1]
    return found


def test_no_command_has_a_key_or_an_id_that_another_one_has_too() -> None:
    assert clashes(Keys()) == []
    ids = Counter(command.id for command in {command for group in GROUPS for command in group.commands})
    assert [id_ for id_, count in ids.items() if count > 1] == []
    assert {command for group in GROUPS for command in group.commands} == {
        command for groups in TOGETHER for group in groups for command in group.commands
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("f5", ("f5",)),
        (" f5 , R ", ("f5", "R")),
        ("question_mark", ("?",)),
        ("comma", ("comma",)),
        ("slash,minus", ("/", "-")),
        ("Ctrl+R", ("ctrl+r",)),
        ("shift+r", ("R",)),
        ("ctrl+shift+home", ("ctrl+shift+home",)),
        ("space", ("space",)),
        ("PageDown", ("pagedown",)),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, meant: tuple[str, ...]) -> None:
    keys, _ = keys_from({"suspend": written})
    assert keys_of(keys, "suspend") == meant


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"refesh": "f5"}, "keys.refesh: there is no such command; did you mean refresh?"),
        ({"refresh": "crtl+r"}, "keys.refresh: no key is called “crtl+r”; did you mean ctrl+r?"),
        ({"refresh": "pgdown"}, "keys.refresh: no key is called “pgdown”; did you mean pagedown?"),
        ({"refresh": "alt+"}, "keys.refresh: no key is called “alt+”"),
        ({"quit": "Q"}, "keys.quit: it works in text boxes, where Q is typed; take one such as ctrl+x"),
    ],
)
def test_what_is_no_key_or_no_command_is_told_and_changes_nothing(wanted: dict[str, str], told: str) -> None:
    keys, problems = keys_from(wanted)
    assert problems[0].startswith(told)
    assert keys == Keys()


def test_a_key_that_is_given_to_a_command_is_taken_from_others_that_work_in_the_same_places() -> None:
    keys, problems = keys_from({"refresh": "g"})
    assert keys_of(keys, "refresh") == ("g",)
    assert keys_of(keys, "first-row") == ("home",)
    assert problems == [
        "keys.refresh: g was first-row's, which has Home now; give it one too",
        "keys.refresh: g was chart-start's, which has Home now; give it one too",
        "keys.refresh: g was scroll-home's, which has Home now; give it one too",
        "keys.refresh: g was pager-top's, which has Home now; give it one too",
    ]
    assert clashes(keys) == []


def test_a_command_without_a_key_is_told() -> None:
    keys, problems = keys_from({"refresh": "z"})
    assert keys_of(keys, "enlarge") == ()
    assert problems == ["keys.refresh: z was enlarge's, which has none now; give it one too"]


def test_of_two_commands_with_one_key_the_first_has_it() -> None:
    keys, problems = keys_from({"refresh": "f5", "copy": "f5,y"})
    assert (keys_of(keys, "refresh"), keys_of(keys, "copy")) == (("f5",), ("y",))
    assert problems == ["keys.copy: f5 is refresh's already; choose another"]


def test_keys_may_change_places_and_be_the_same_where_commands_never_meet() -> None:
    keys, problems = keys_from({"refresh": "d", "download": "r", "mark": "f7", "next-file": "f7"})
    assert problems == []
    assert clashes(keys) == []
    assert keys_of(keys, "download") == ("r",)


async def test_keys_that_were_chosen_work_and_are_what_help_palette_and_hints_show(tmp_path: Path) -> None:
    config = Config(tmp_path, keys={"filter": "f6", "help": "f1", "refresh": "g", "enlarge": "r", "mark": "ctrl+t"})
    source = workshop()
    async with explore(source, size=(120, 60), config=config) as explorer:
        await explorer.shows("3 experiments", "f6 filter", "f1 help")
        await explorer.press("f1")
        await explorer.shows("f6", "Filter as you type", "esc closes")
        help_ = {line.strip("│ ") for line in explorer.lines}
        assert any(line.startswith("g ") and "Read everything here again" in line for line in help_)
        assert any(line.startswith("Home ") and "First row" in line for line in help_)
        await explorer.press("escape", ":")
        await explorer.shows("type to narrow")
        await explorer.type("value")
        await explorer.shows("Full value of the cell, or the plot alone   r")
        await explorer.press("escape")
        await explorer.lacks("type to narrow")
        asked = len(source.calls)
        await explorer.press("j", "g")
        await explorer.until(lambda: source.calls[asked:] == ["forget", "experiments"])
        assert explorer.grid.cursor_row == 2
        await explorer.press("home", "j", "f6")
        await explorer.type("gr")
        await explorer.until(lambda: "gr" in "".join(explorer.lines))
        await explorer.press("escape", "r")
        await explorer.shows("esc closes")
        await explorer.press("escape")
        await explorer.enter("7 candidates")
        await explorer.press("ctrl+t")
        await explorer.shows("1 marked")


async def test_what_is_wrong_with_the_configuration_is_told_until_a_key_is_pressed(tmp_path: Path) -> None:
    config = Config(tmp_path / "c.toml", "mltrack-lite", keys={"refesh": "f5"}, problems=("mouse: no",))
    async with explore(workshop(), config=config) as explorer:
        await explorer.shows("3 experiments")
        await explorer.tells("c.toml: mouse: no  (2 more are told when you quit)")
        file = tmp_path / "c.toml"
        assert explorer.app.problems == [
            f"{file}: mouse: no",
            f"{file}: keys.refesh: there is no such command; did you mean refresh?",
            f"{file}: theme: there is none called mltrack-lite; did you mean mltrack-light?",
        ]
        await explorer.press("j")
        await explorer.tells("3/4   experiment  churn model")


async def test_a_theme_that_is_set_is_there_from_the_start() -> None:
    async with explore(workshop(), config=Config(theme="mltrack-light")) as explorer:
        await explorer.shows("3 experiments")
        assert explorer.app.theme == "mltrack-light"
        assert explorer.status == "2/4   experiment  digits"


def test_a_command_is_told_by_its_first_key() -> None:
    command = Command("a", "ctrl+p,:", "a", "a", "a")
    assert Keys().shown(command) == "ctrl+p"
    assert Keys({"a": ("question_mark", "escape")}).shown(command) == "question_mark"
    assert Keys({"a": ()}).shown(command) == ""

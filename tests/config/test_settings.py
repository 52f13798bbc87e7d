"""What a user may set, and that no mistake in it is fatal or silent."""

from math import inf
from pathlib import Path

import pytest

from mltrack_tui.config.cost import Cost
from mltrack_tui.config.live import LiveSetting
from mltrack_tui.config.settings import Config, load


def loaded(folder: Path, text: str | bytes) -> Config:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def test_a_file_that_is_not_there_sets_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "none" / "config.toml") == Config()


def test_everything_that_can_be_set_is_read(tmp_path: Path) -> None:
    text = 'theme = "mltrack-light"\nmouse = false\nplots = "block"\nimages = "kitty"\ncell_pixels = "9x18"\n'
    text += '[keys]\nrefresh = "f5,r"\nopen = "o"\n'
    config = loaded(tmp_path, text + '[cost]\ngpu_hour = 2\ncurrency = "€"\n')
    assert config == Config(
        *(tmp_path / "config.toml", "mltrack-light"),
        mouse=False,
        plots="block",
        keys={"refresh": "f5,r", "open": "o"},
        cost=Cost(2.0, "€"),
        images="kitty",
        cell_pixels=(9, 18),
    )


@pytest.mark.parametrize(("every", "seconds"), [("1s", 1.0), ("10 min", 600.0), ("5m", 300.0), ("off", inf)])
def test_how_often_changes_are_looked_for_is_read(tmp_path: Path, every: str, seconds: float) -> None:
    config = loaded(tmp_path, f'[live]\nevery = "{every}"\npatience = 3\n')
    assert (config.live, config.problems) == (LiveSetting(seconds, 3), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = ", "sets nothing: Invalid value (at end of document)"),
        (b"\xff\xfe", "sets nothing: 'utf-8' codec"),
        ("theme = 7", "theme: write it in quotes"),
        ('mouse = "no"', "mouse: write true or false"),
        ('plots = "sixel"', 'plots: write "braille", "block" or "ascii"'),
        ("images = true", 'images: write "halfblock", "sixel" or "kitty"'),
        ('cell_pixels = "0x16"', 'cell_pixels: write how wide and high a cell is, such as "10x20"'),
        ('keys = "r"', "keys: write [keys]"),
        ("[keys]\nrefresh = 5", "keys.refresh: write keys in quotes"),
        ('[keys]\nrefresh = " "', "keys.refresh: write keys in quotes"),
        ("live = 5", "live: write [live]"),
        ('[live]\nevery = "soon"', 'live.every: write "1s" to "10min", or "off"'),
        ('[live]\nevery = "2 h"', "live.every: write"),
        ("[live]\npatience = 0", "live.patience: write a whole number"),
        ('[live]\nevry = "1s"', "live.evry: there is no such setting"),
        ('thema = "x"', "thema: there is no such setting; did you mean theme?"),
        ('colour = "x"', "colour: there is no such setting"),
        ("cost = 2.5", "cost: write [cost], and below it a line such as gpu_hour = 2.5"),
        ('[cost]\ngpu_hour = "2.5"', "cost.gpu_hour: write what an hour of a GPU costs as a number"),
        ("[cost]\ngpu_hour = true", "cost.gpu_hour: write"),
        ("[cost]\ngpu_hour = -1", "cost.gpu_hour: write"),
        ("[cost]\ngpu_hour = nan", "cost.gpu_hour: write"),
        ("[cost]\ncurrency = 5", "cost.currency: write at most 8 characters in quotes"),
        ('[cost]\ncurrency = "a\\u001b["', "cost.currency: write at most 8 characters in quotes"),
        ("[cost]\ncpu_hour = 1", "cost.cpu_hour: there is no such setting; there are gpu_hour and currency"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_the_files_name_and_the_rest_holds(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    config = loaded(tmp_path, text)
    assert len(config.problems) == 1
    assert config.path == tmp_path / "config.toml"
    assert told in config.problems[0]
    assert "\n" not in config.problems[0]
    assert (config.theme, config.mouse, config.keys, config.cost) == (None, True, {}, Cost())


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in load(tmp_path).problems[0]

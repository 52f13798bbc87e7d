"""What a user may set, and that no mistake in it is fatal or silent."""

from pathlib import Path

import pytest

from mltrack_tui.config.cost import Cost
from mltrack_tui.config.settings import Config, load


def loaded(folder: Path, text: str | bytes) -> Config:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path)


def test_a_file_that_is_not_there_sets_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "none" / "config.toml") == Config()


def test_everything_that_can_be_set_is_read(tmp_path: Path) -> None:
    text = 'theme = "mltrack-light"\nmouse = false\n[keys]\nrefresh = "f5,r"\nopen = "o"\n'
    config = loaded(tmp_path, text + '[cost]\ngpu_hour = 2\ncurrency = "€"\n')
    assert config == Config(
        *(tmp_path / "config.toml", "mltrack-light"),
        mouse=False,
        keys={"refresh": "f5,r", "open": "o"},
        cost=Cost(2.0, "€"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = ", "sets nothing: Invalid value (at end of document)"),
        (b"\xff\xfe", "sets nothing: 'utf-8' codec"),
        ("theme = 7", "theme: write it in quotes"),
        ('mouse = "no"', "mouse: write true or false"),
        ('keys = "r"', "keys: write [keys]"),
        ("[keys]\nrefresh = 5", "keys.refresh: write keys in quotes"),
        ('[keys]\nrefresh = " "', "keys.refresh: write keys in quotes"),
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

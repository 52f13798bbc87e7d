"""What a user may set, in ``config.toml``.

theme = "mltrack-light"
mouse = false
plots = "block"
images = "sixel"
cell_pixels = "10x20"

[keys]
refresh = "f5"
sort-ascending = "[,left_square_bracket"

[live]
every = "10s"
patience = 20

[sources.lab]
uri = "https://mlflow.example"
token_env = "LAB_TOKEN"

[cost]
gpu_hour = 2.5

Nothing in it can keep mltrack from starting: what is wrong is left out and told.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mltrack_tui.config.cost import Cost, read_cost
from mltrack_tui.config.live import LiveSetting, read_live
from mltrack_tui.config.source import SourceSetting

_KNOWN = ("theme", "mouse", "plots", "images", "cell_pixels", "keys", "live", "sources", "cost")
_LARGEST = 1_000_000  # bytes
_PLOTS = ("braille", "block", "ascii")
_IMAGES = ("halfblock", "sixel", "kitty")
_CELL = re.compile(r"([1-9]\d?)x([1-9]\d?)")


@dataclass(frozen=True, slots=True)
class Config:
    """What the user has set.

    Attributes:
        path: the file it is from.
        theme: the name of the colours; whether there are such is not known here.
        mouse: whether the mouse is listened to.
        plots: the characters that plots are made of, ``braille``, ``block`` or ``ascii``; by the terminal if not set.
        images: what images are made of: ``halfblock`` characters, ``sixel``, or what ``kitty``'s graphics protocol has.
        cell_pixels: how many pixels a cell of the terminal is wide and high; as the terminal says if not set.
        keys: by the id of a command, the names of its keys with commas between them, as they were written.
        live: how changes are followed.
        sources: those that have a name, by it, in the file's order.
        cost: what a machine costs.
        problems: what was left out, and why: one line each, without the file's name.
    """

    path: Path | None = None
    theme: str | None = None
    mouse: bool = True
    plots: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    live: LiveSetting = field(default_factory=LiveSetting)
    sources: Mapping[str, SourceSetting] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    cost: Cost = field(default_factory=Cost)
    images: str = "halfblock"
    cell_pixels: tuple[int, int] | None = None


def load(path: Path) -> Config:
    """Read a file; one that is not there sets nothing."""
    if not os.path.lexists(path):
        return Config()
    import tomllib  # most have no such file

    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode()
        read = tomllib.loads(text)
    except OSError as error:
        return Config(path, problems=(f"it cannot be read: {error.strerror or error}",))
    except (ValueError, RecursionError) as error:  # of UTF-8 or of TOML, which says the line
        return Config(path, problems=(f"it sets nothing: {' '.join(str(error).split())}",))
    return _config(path, read)


def _config(path: Path, read: Mapping[str, object]) -> Config:
    problems = [f"{name}: there is no such setting{likely(name, _KNOWN)}" for name in read if name not in _KNOWN]
    theme, mouse, keys = read.get("theme"), read.get("mouse", True), read.get("keys", {})
    plots, images = read.get("plots"), read.get("images", "halfblock")
    if theme is not None and not isinstance(theme, str):
        problems.append('theme: write it in quotes, such as "mltrack-light"')
    if not isinstance(mouse, bool):
        problems.append("mouse: write true or false")
    if plots is not None and plots not in _PLOTS:
        problems.append('plots: write "braille", "block" or "ascii"')
    if images not in _IMAGES:
        problems.append('images: write "halfblock", "sixel" or "kitty"')
    cell = _CELL.fullmatch(str(read.get("cell_pixels", "")))
    if "cell_pixels" in read and cell is None:
        problems.append('cell_pixels: write how wide and high a cell is, such as "10x20"')
    if not isinstance(keys, Mapping):
        problems.append('keys: write [keys], and below it lines such as refresh = "f5"')
        keys = {}
    chosen = {id_: text for id_, text in keys.items() if isinstance(text, str) and text.strip()}
    problems += [f'keys.{id_}: write keys in quotes, such as "f5" or "f5,r"' for id_ in keys if id_ not in chosen]
    live, wrong = read_live(read.get("live", {}))
    problems += wrong
    sources: Mapping[str, SourceSetting] = {}
    if "sources" in read:
        from mltrack_tui.config.named import read_sources  # few have any

        sources, wrong = read_sources(read["sources"])
        problems += wrong
    cost, wrong = read_cost(read.get("cost", {}))
    problems += wrong
    return Config(
        path,
        theme if isinstance(theme, str) else None,
        mouse if isinstance(mouse, bool) else True,
        plots if isinstance(plots, str) and plots in _PLOTS else None,
        chosen,
        live,
        sources,
        tuple(problems),
        cost,
        images if isinstance(images, str) and images in _IMAGES else "halfblock",
        (int(cell[1]), int(cell[2])) if cell else None,
    )


def likely(word: str, names: Iterable[str]) -> str:
    """The end of a sentence: which name was probably meant."""
    from difflib import get_close_matches  # after a mistake only

    names = list(names)
    near = get_close_matches(word, names, n=1, cutoff=0.5) or [name for name in names if word in name][:1]
    return f"; did you mean {near[0]}?" if near else ""

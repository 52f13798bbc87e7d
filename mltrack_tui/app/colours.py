"""How it all looks: colours for dark and light rooms, and for terminals that have 16 colours or want none."""

from collections.abc import Sequence

from textual.theme import Theme

from mltrack_tui.plots import palette

DARK = Theme(
    "mltrack-dark",
    primary="#7fb4ca",
    accent="#8fc1d4",
    warning="#e0af68",
    error="#e46876",
    success="#98bb6c",
    foreground="#d8dce4",
    background="#14161b",
    surface="#1b1e25",
    panel="#242832",
)
LIGHT = Theme(
    "mltrack-light",
    primary="#2a6f8f",
    accent="#1f6284",
    warning="#8f5b00",
    error="#b3263a",
    success="#3f6f1f",
    foreground="#22262e",
    background="#fafaf8",
    surface="#f0f0ec",
    panel="#e2e3df",
    dark=False,
)

ANSI = Theme(
    "mltrack-ansi",
    ansi=True,
    primary="ansi_cyan",
    accent="ansi_cyan",
    warning="ansi_magenta",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    variables={"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"},  # Textual's own styles want them
)
"""The terminal's own colours: legible wherever its user can read at all. The cursor is reversed, not coloured,
and nothing is yellow, which a white background swallows."""
THEMES = (DARK, LIGHT, ANSI)

_DARK_INKS = {"dim": "#858c99", "faint": "#3a404c", "row": "#232833", "cell": "#3d5a6b", "graph": "#4f7386"}
_LIGHT_INKS = {"dim": "#6b7280", "faint": "#c9ccd2", "row": "#e6e8ea", "cell": "#b9d5e3", "graph": "#8fb6c9"}
_ANSI_INKS = {
    "dim": "ansi_default",
    "faint": "ansi_bright_black",
    "row": "ansi_default",
    "cell": "ansi_default",
    "graph": "ansi_blue",
}

# Of sixteen colours, none that is hard to read on a light or a dark background; the first six differ in hue, as many
# terminals show a bright colour like its plain one.
_ANSI_SERIES = tuple(
    f"ansi_{name}" for name in ("cyan", "red", "green", "magenta", "bright_blue", "default", "bright_red", "blue")
)


def _with_series(inks: dict[str, str], series: Sequence[str]) -> dict[str, str]:
    return inks | {f"series-{number}": colour for number, colour in enumerate(series, 1)}


def inks(theme: Theme) -> dict[str, str]:
    """Inks of our own, which every theme has: what is said quietly, lines, the cursor's row and cell, curves."""
    if theme.ansi:
        return _with_series(_ANSI_INKS, _ANSI_SERIES)
    return _with_series(_DARK_INKS, palette.DARK) if theme.dark else _with_series(_LIGHT_INKS, palette.LIGHT)


def usual_theme(color_system: str | None, *, no_color: bool) -> str:
    """The theme of who chose none, by what rich knows of the terminal; ours needs 256 colours."""
    return (ANSI if no_color or color_system == "standard" else DARK).name

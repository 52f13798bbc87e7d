"""The theme's colours for what is laid out or decoded away from the screen."""

from typing import TYPE_CHECKING

from textual.color import Color, ColorParseError

if TYPE_CHECKING:
    from textual.widget import Widget

    from mltrack_tui.preview.image import Colour
    from mltrack_tui.screens.preview.rendered import Inks

INKS = ("plain", "number", "keyword", "name", "string", "literal", "comment")


def background_of(widget: "Widget") -> "Colour":
    """What lies below an image; where the terminal's own colours are used, nobody knows which: white."""
    try:
        colour = Color.parse(widget.app.theme_variables["background"])
    except (ColorParseError, KeyError):
        return 255, 255, 255
    return (255, 255, 255) if colour.ansi is not None else colour.rgb


def inks_of(widget: "Widget") -> "Inks":
    """The styles of a widget's component classes ``ink--…``."""
    from mltrack_tui.screens.preview.rendered import Inks

    styles = {name: widget.get_component_rich_style(f"ink--{name}", partial=True) for name in INKS}
    return Inks(styles, background_of(widget), dark=widget.app.current_theme.dark)

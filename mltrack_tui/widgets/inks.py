"""How what is painted line by line looks, in the words of the stylesheet: ``bold $accent``, ``on $row``.

Were these component classes, Textual would go through all rules for each of them whenever their widget is styled, be it
hidden, which is several times while a place is opened: grids' took a quarter of what opening a candidate takes.
"""

from collections.abc import Mapping

from rich.style import Style
from textual.style import Style as VisualStyle
from textual.widget import Widget


def ink(widget: Widget, inks: Mapping[str, str], name: str) -> Style:
    """What a widget calls so, in the theme's colours.

    Where all that there is are the terminal's own colours, it is what ``inks`` has as ``name:ansi``, if it has that.
    """
    text = inks.get(f"{name}:ansi") if widget.has_pseudo_class("ansi") else None
    return VisualStyle.parse(text or inks[name]).rich_style

"""A filter that cannot be read: what is wrong with it, and where."""

from mltrack_tui.domain.text import clean

_SHOWN = 76
"""Characters of a filter that are shown around a mistake: they fit a terminal of 80 columns."""


class FilterError(Exception):
    """A filter or an order that cannot be read.

    The text is one line: what is wrong, what was expected, the nearest known names.

    Attributes:
        start: where in the text the mistake begins.
        end: where it ends; the same as ``start`` where something is missing.
        index: which text is meant, where several were given.
    """

    def __init__(self, message: str, start: int, end: int, index: int = 0) -> None:
        super().__init__(message)
        self.start = start
        self.end = max(start, end)
        self.index = index


def marked(text: str, error: FilterError) -> tuple[str, str]:
    """The text around a mistake, and a line of carets that stands under it; both harmless for a terminal."""
    from rich.cells import cell_len

    first = 0
    if len(text) > _SHOWN:
        first = min(max(error.start - _SHOWN // 2, 0), len(text) - _SHOWN)
    last = min(first + _SHOWN, len(text))
    before = clean(text[first : error.start])
    wrong = clean(text[error.start : min(error.end, last)])
    left, right = "…" if first else "", "…" if last < len(text) else ""
    carets = "^" * max(cell_len(wrong), 1)
    after = clean(text[error.start + len(wrong) : last])
    return f"{left}{before}{wrong}{after}{right}", " " * cell_len(left + before) + carets

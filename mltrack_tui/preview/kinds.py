"""How a file can be looked at, by its name and its first bytes."""

from enum import Enum


class Look(Enum):
    """A way to look at a file, and the title of its tab."""

    PICTURE = "Picture"
    """A confusion matrix, a ROC or precision-recall curve, drawn; an image."""
    TABLE = "Table"
    TREE = "Tree"
    """JSON, YAML or TOML, folded."""
    SUMMARY = "Summary"
    """MLmodel, conda.yaml, requirements.txt: what they come to."""
    READING = "Reading"
    """Markdown or a notebook, laid out."""
    LISTING = "Listing"
    """What an archive holds."""
    TEXT = "Text"
    BYTES = "Bytes"


HEAD = 65_536
"""Bytes of a file's beginning that tell what it is, and fill the first page."""


def looks_of(name: str, head: bytes) -> tuple[Look, ...]:
    """The ways to look at a file, the most telling first; BYTES is always among them, and last.

    ``head`` is its first `HEAD` bytes, or all it has. Nothing in it is trusted: a look may turn out impossible.
    """
    raise NotImplementedError

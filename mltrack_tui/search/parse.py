"""A filter's text, read: the tree that it means, or what is wrong with it and where."""

from mltrack_tui.domain.filter import Filter
from mltrack_tui.search.vocabulary import Vocabulary


def needs_names(text: str) -> bool:
    """Whether a filter holds bare names, so that it is known what it means only once the columns are."""
    raise NotImplementedError


def parse_filter(text: str, vocabulary: Vocabulary) -> Filter | None:
    """The tree that a filter means; None where it admits everything.

    Raises:
        FilterError: it cannot be read.
    """
    raise NotImplementedError

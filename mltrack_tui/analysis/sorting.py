"""What a list is sorted by: keys, the weightiest first, and how the user changes them."""

from typing import TypeVar

K = TypeVar("K")
Keys = tuple[tuple[K, bool], ...]
"""What is sorted by, and whether it descends."""


def only_by(key: K, descending: bool) -> Keys[K]:
    """Sorted by this alone."""
    return ((key, descending),)


def then_by(keys: Keys[K], key: K, descending: bool) -> Keys[K]:
    """With one key more; one that is there already is turned round or, going this way, left out."""
    directions = dict(keys)
    if directions.get(key) == descending:
        del directions[key]
    else:
        directions[key] = descending
    return tuple(directions.items())

"""How often what costs something is read anew, however fast a source changes."""

REST, SHARE = 2.0, 10
"""Seconds to rest at least, and how many times as long as it took."""


def rest_after(seconds: float) -> float:
    """How many seconds to rest after something that took so many."""
    return max(REST, SHARE * seconds)

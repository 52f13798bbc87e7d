"""How often what costs something is read anew, however fast a source changes."""

REST, SHARE = 2.0, 10
"""Seconds to rest at least, and how many times as long as it took."""


def rest_after(seconds: float, least: float | None = None) -> float:
    """How many seconds to rest after something that took so many; ``least`` in place of the usual `REST`."""
    return max(REST if least is None else least, SHARE * seconds)

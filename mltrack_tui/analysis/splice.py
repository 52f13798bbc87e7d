"""A history with a part of it read anew."""

from bisect import bisect_left, bisect_right

from mltrack_tui.domain.history import History


def spliced(history: History, part: History, steps: tuple[int, int]) -> History:
    """The history, its points between two steps, both included, replaced by a part that was read of just those.

    Where the part has every point of these steps, the answer says so of itself: for who looks there, nothing is
    missing.
    """
    low, high = bisect_left(history.steps, steps[0]), bisect_right(history.steps, steps[1])
    all_steps = history.steps[:low] + part.steps + history.steps[high:]
    return History(
        history.metric,
        all_steps,
        history.timestamps[:low] + part.timestamps + history.timestamps[high:],
        history.values[:low] + part.values + history.values[high:],
        len(all_steps) if len(part) == part.total else history.total,
        part.exact,
        part.on_demand,
    )

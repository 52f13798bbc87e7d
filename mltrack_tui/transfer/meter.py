"""How fast bytes come, and how long it will take."""

from collections import deque

_WINDOW = 5.0  # seconds that a speed is taken over
_SILENT = 2  # seconds without a byte after which that is told


class Meter:
    """What came in the last seconds, beginning now. Times are seconds of a clock that only goes on."""

    def __init__(self, now: float) -> None:
        self._seen = deque([(now, 0)])
        self._came_at = now

    def speed(self, now: float, came: int) -> float:
        """Bytes per second, when ``came`` bytes have come in all."""
        if came != self._seen[-1][1]:
            self._came_at = now
        self._seen.append((now, came))
        while len(self._seen) > 2 and self._seen[1][0] <= now - _WINDOW:
            self._seen.popleft()
        since, before = self._seen[0]
        return (came - before) / (now - since) if now > since else 0.0

    def silence(self, now: float) -> int:
        """Whole seconds since `speed` was last told of more; 0 as long as that is no reason to wonder."""
        passed = int(now - self._came_at)
        return passed if passed >= _SILENT else 0


def left(done: int, total: int | None, speed: float) -> float | None:
    """Seconds until all has come at this speed; None where that cannot be told."""
    if total is None or speed <= 0:
        return None
    return max(total - done, 0) / speed

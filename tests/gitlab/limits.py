"""GitLab's rate limits."""

from tests.gitlab.server import Asked


class RateLimit:
    """Refuses the first so many requests whose path has something in it: ``stub.refuse = RateLimit(2)``.

    What it says is what GitLab's middleware says: plain text, with when to ask again (seconds) in a header.
    """

    def __init__(self, times: int = 1, *, path: str = "", retry_after: int = 1) -> None:
        self._left = times
        self._path = path
        self._retry_after = retry_after

    def __call__(self, asked: Asked) -> tuple[int, dict[str, str], bytes] | None:
        if self._path not in asked.path or not self._left:
            return None
        self._left -= 1
        headers = {"Content-Type": "text/plain", "Retry-After": str(self._retry_after)}
        headers |= {"RateLimit-Limit": "60", "RateLimit-Observed": "61", "RateLimit-Remaining": "0"}
        return 429, headers, b"Retry later\n"

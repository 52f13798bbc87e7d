"""The filters that were used before, gone through with up and down."""

from collections.abc import Iterable


class Earlier:
    """Filters, the latest first, and what was being typed when somebody began to look for them."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._at = -1
        self._begun = ""

    @property
    def current(self) -> str | None:
        """The earlier filter that was gone to last, or None."""
        return self._texts[self._at] if self._at >= 0 else None

    def learn(self, texts: Iterable[str]) -> None:
        """Take in filters from before those that are known here."""
        if self.current is None:
            self._texts = list(dict.fromkeys([*self._texts, *texts]))

    def keep(self, text: str) -> None:
        """Have this filter as the latest."""
        self.rest()
        if text.strip():
            self._texts = list(dict.fromkeys([text, *self._texts]))

    def rest(self) -> None:
        """Begin with the latest again."""
        self._at = -1

    def step(self, by: int, text: str) -> str:
        """The filter so many before the one in the box, the oldest at most; after the latest, what was begun."""
        if self.current is None:
            self._begun = text
        older = by if self.current is not None or self._texts[:1] != [text] else by + 1  # the box may hold the latest
        self._at = min(max(self._at + older, -1), len(self._texts) - 1)
        return self._begun if self.current is None else self.current

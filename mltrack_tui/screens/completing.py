"""What may be typed next in a filter, for the list below its box."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mltrack_tui.domain.query import Column, Kind
from mltrack_tui.screens.languages import LONG, Language
from mltrack_tui.widgets.suggestions import Suggestion

if TYPE_CHECKING:
    from mltrack_tui.analysis.tally import Tally
    from mltrack_tui.search.names import Names

MOST_VALUES = 2000
"""Values of a column, the most frequent, among which is looked for what was typed."""
_KINDS = {
    Kind.ATTRIBUTE: "attribute",
    Kind.PARAM: "parameter",
    Kind.METRIC: "metric",
    Kind.TAG: "tag",
    Kind.DATASET: "dataset",
    Kind.CI: "CI",
    Kind.USAGE: "usage",
}
_UNLIKELY = {"id", "artifact_uri"}
"""Attributes that differ from candidate to candidate."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the text from ``start`` to ``end`` may become.

    ``wanted`` is the column whose values would be further choices, if they were asked for.
    """

    start: int = 0
    end: int = 0
    choices: Sequence[Suggestion] = ()
    wanted: Column | None = None


class Completer:
    """Offers names, operators and the values that occur; values are asked for in the background, once a column."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._tallies: dict[Column, Sequence[Tally]] = {}
        self._asked: tuple[Column, asyncio.Task[Sequence[Tally]]] | None = None

    def forget(self) -> None:
        """Other values may occur now."""
        self._tallies.clear()
        self.rest()

    def rest(self) -> None:
        """Stop asking: nobody is typing any more."""
        if self._asked is not None:
            self._asked[1].cancel()
            self._asked = None

    def offer(self, text: str, cursor: int) -> Offer:
        """What may be typed at the cursor, as far as it is known."""
        vocabulary = self._language.vocabulary
        if vocabulary is None or len(text) > LONG:
            return Offer()
        from mltrack_tui.search.complete import complete, value_choices  # when the first filter is typed
        from mltrack_tui.search.tokens import value_of

        completion = complete(text, cursor, vocabulary)
        column, typed = completion.wanted, text[completion.start : completion.end]
        tallies = self._tallies.get(column, ()) if column is not None else ()
        counts = {each.value: each.count for each in tallies if isinstance(each.value, str)}
        choices = [
            *(Suggestion(each, f"{counts.get(value_of(each), 0):,}") for each in value_choices(list(counts), typed)),
            *(Suggestion(each, self._kind_of(each, vocabulary.names)) for each in completion.choices),
        ]
        if [each.text for each in choices] == [typed]:
            choices = []
        known = column is None or column in self._tallies or column.name in _UNLIKELY
        return Offer(completion.start, completion.end, choices, None if known else column)

    async def ask(self, column: Column) -> None:
        """Get to know a column's values; the question goes on while more is typed, until another one is wanted."""
        if self._asked is None or self._asked[0] != column:
            self.rest()
            self._asked = column, asyncio.create_task(self._language.tallies(column))
        tallies = await asyncio.shield(self._asked[1])
        self._tallies[column] = tallies[:MOST_VALUES]

    def _kind_of(self, choice: str, names: "Names") -> str:
        """What a choice is in a word, if it is a name."""
        from mltrack_tui.search.tokens import KINDS, key_of

        called = names.called(key_of(choice))
        if self._language.noun:
            return self._language.noun if called else ""
        entity, dot, _ = choice.partition(".")
        if dot and entity in KINDS:
            return _KINDS[KINDS[entity]]
        return _KINDS[called[0].kind] if called else ""

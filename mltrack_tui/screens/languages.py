"""What may be typed into a place's filter: plain words, or the search language over what is there."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from mltrack_tui.analysis.tally import Tally, tallied
from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.filter import Filter, words_filter
from mltrack_tui.domain.query import Column, Columns, Direction, Query
from mltrack_tui.screens.session import Session
from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.pages import at_hand

if TYPE_CHECKING:
    from mltrack_tui.search.names import Names
    from mltrack_tui.search.vocabulary import CandidateVocabulary, ExperimentVocabulary, Vocabulary

LONG = 1000
"""Characters of a filter that is read in a thread: a longer one would keep the keys waiting."""


class Language(Protocol):
    """What a filter's text means in a place."""

    placeholder: str
    """What an empty box says."""
    noun: str
    """What every name is in a word; '' where that goes by the name."""

    @property
    def vocabulary(self) -> "Vocabulary | None":
        """The names as far as they are known, for what may be typed next; None where there are only words."""
        ...

    async def read(self, text: str) -> Filter | None:
        """What a text means; waits for names that it needs. Raises FilterError."""
        ...

    async def prepare(self) -> None:
        """Have everything that the first key will need."""
        ...

    async def tallies(self, column: Column) -> Sequence[Tally]:
        """The values that occur in a column, the most frequent first."""
        ...


class Words:
    """Plain words of the name."""

    placeholder = "words of the name"
    noun = ""
    vocabulary = None

    async def read(self, text: str) -> Filter | None:
        """The words."""
        return words_filter(text)

    async def prepare(self) -> None:
        """There is nothing to prepare."""

    async def tallies(self, column: Column) -> Sequence[Tally]:  # noqa: ARG002 - part of the protocol
        """There is nothing to compare with."""
        return ()


class Searching:
    """The search language. Its parser is imported when it is first needed, in a thread."""

    placeholder = "words of the name, or a filter"
    noun = ""

    def __init__(self) -> None:
        self._preparing: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Import the parser."""
        if self._preparing is None:
            self._preparing = asyncio.create_task(asyncio.to_thread(_warm_up))
        await asyncio.shield(self._preparing)

    async def names(self) -> "Vocabulary":
        """The vocabulary, as soon as all names are known."""
        raise NotImplementedError

    def now_known(self) -> "Vocabulary":
        """The vocabulary as far as it is known."""
        raise NotImplementedError

    @property
    def vocabulary(self) -> "Vocabulary | None":
        """The names as far as they are known."""
        return self.now_known()

    async def read(self, text: str) -> Filter | None:
        """What a text means; one with bare names waits until all names are known. Raises FilterError."""
        if not text.strip():
            return None
        await self.prepare()
        from mltrack_tui.search.parse import needs_names, parse_filter

        if len(text) > LONG:
            needed = await asyncio.to_thread(needs_names, text)
            vocabulary = await self.names() if needed else self.now_known()
            return await asyncio.to_thread(parse_filter, text, vocabulary)
        return parse_filter(text, await self.names() if needs_names(text) else self.now_known())


def _warm_up() -> None:
    import mltrack_tui.search.complete  # noqa: F401
    from mltrack_tui.search.parse import parse_filter
    from mltrack_tui.search.vocabulary import ExperimentVocabulary

    parse_filter("name = 'a'", ExperimentVocabulary((), 0))


class CandidateSearch(Searching):
    """Filters of candidates."""

    def __init__(self, session: Session, query: Callable[[], Query]) -> None:
        """``query`` tells which candidates there are without any filter."""
        super().__init__()
        self._session = session
        self._query = query
        self._complete = asyncio.Event()
        self._columns = Columns(complete=False)
        self._directions: Mapping[str, Direction] = {}
        self._made: CandidateVocabulary | None = None

    def learn(self, columns: Columns, directions: Mapping[str, Direction]) -> bool:
        """Take in the names there are, and which values are better; says whether names are others than before.

        After a refresh, all names of before are better than some of today.
        """
        known = self._columns
        if columns.complete or not known.complete:
            self._columns, self._made = columns, None
        if columns.complete:
            self._complete.set()
        self.direct(directions)
        names = [(each.params, each.metrics, each.tags, each.complete) for each in (known, self._columns)]
        return names[0] != names[1]

    def settle(self) -> None:
        """No more names come by themselves: those that are known must do."""
        self._complete.set()

    def direct(self, directions: Mapping[str, Direction]) -> None:
        """Take in which values of metrics are better."""
        if directions != self._directions:
            self._directions, self._made = directions, None

    @property
    def names_known(self) -> "Names":
        """The names as far as they are known."""
        return self.now_known().names

    async def names(self) -> "Vocabulary":
        """The vocabulary, as soon as all names are known."""
        await self._complete.wait()
        return self.now_known()

    def now_known(self) -> "CandidateVocabulary":
        """The vocabulary as far as it is known; relative times count from now."""
        from mltrack_tui.search.vocabulary import CandidateVocabulary

        if self._made is None:
            can, now = self._session.source.capabilities, self._session.now()
            self._made = CandidateVocabulary(
                self._columns, self._directions, now, no_ci=can.ci.reason, no_cost=can.cost.reason
            )
        return self._made.at(self._session.now())

    async def tallies(self, column: Column) -> Sequence[Tally]:
        """The values of all candidates at hand, whatever the filter is; none where the source fails."""
        try:
            page = await at_hand(self._session.source.values(replace(self._query(), where=None, order=()), column))
        except SourceError:
            return ()
        return await asyncio.to_thread(tallied, page.items)


class ExperimentSearch(Searching):
    """Filters of experiments, which are all at hand."""

    def __init__(self, session: Session, experiments: Callable[[], Sequence[Experiment]]) -> None:
        super().__init__()
        self._session = session
        self._experiments = experiments
        self._made: ExperimentVocabulary | None = None

    async def names(self) -> "Vocabulary":
        """The vocabulary."""
        return self.now_known()

    def now_known(self) -> "ExperimentVocabulary":
        """The vocabulary; relative times count from now."""
        from mltrack_tui.search.vocabulary import ExperimentVocabulary

        experiments = self._experiments()
        if self._made is None or self._made.experiments is not experiments:
            self._made = ExperimentVocabulary(experiments, self._session.now())
        return self._made.at(self._session.now())

    async def tallies(self, column: Column) -> Sequence[Tally]:
        """The values of all experiments."""
        from mltrack_tui.search.evaluate import ExperimentSubject

        return tallied(ExperimentSubject(each).value(column) for each in self._experiments())

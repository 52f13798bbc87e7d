"""Candidates that the user wants to hear of: when they end, or when a condition becomes true of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mltrack_tui.domain.changes import Changes
from mltrack_tui.domain.entities import ENDED, Candidate, CandidateId
from mltrack_tui.domain.filter import Filter, Words
from mltrack_tui.domain.query import Column, Columns
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.dialogs import Dialog
from mltrack_tui.screens.session import Session
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.evaluate import CandidateSubject, columns_of, matches
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import CandidateVocabulary
from mltrack_tui.sources.base import SourceError

if TYPE_CHECKING:
    from mltrack_tui.screens.place import Place

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody wants to hear of a candidate.

    Attributes:
        called: what it is called, to be told.
        text: the condition as it was typed; '' waits for its end alone.
        where: what the condition means.
    """

    called: str
    text: str = ""
    where: Filter | None = None

    def heard(self, candidate: Candidate | None) -> str:
        """What is to be told of it as it is now; '' for nothing yet. None is a candidate that is gone."""
        if candidate is None:
            return f"{self.called} is gone."
        if self.where is not None and matches(self.where, CandidateSubject(candidate)):
            return f"{self.called}: {self.text}"
        if candidate.status in ENDED:
            unmet = f", and {self.text} did not come true" if self.text else ""
            return f"{self.called} {_ENDS[candidate.status]}{unmet}."
        return ""


_ENDS = {"FINISHED": "has finished", "FAILED": "has failed", "KILLED": "was killed"}


def condition(text: str, candidate: Candidate, session: Session) -> Filter | None:
    """What a condition means, over what the candidate logged so far; None of no condition. Raises FilterError."""
    names = Columns(tuple(candidate.params), tuple(candidate.metrics), tuple(candidate.tags))
    where = parse_filter(text, CandidateVocabulary(names, {}, session.now())) if text.strip() else None
    if isinstance(where, Words):
        raise FilterError("Write a condition, such as  loss < 0.1", 0, len(text))
    return where


async def look_after(session: Session, changes: Changes, tell: Callable[[str], None]) -> None:
    """Read the watched candidates that a change names, and tell what there is to hear; each is told once.

    Where the source fails, they are looked at with the next change.
    """
    watched = session.live.watched
    for id_ in [each for each in watched if each in session.live.unread or changes.concerns(each.candidate_id)]:
        watch = watched[id_]
        try:
            found = await session.source.read([id_], _asked(watch))
        except SourceError:
            session.live.unread.add(id_)
            continue
        session.live.unread.discard(id_)
        if (words := watch.heard(found[0] if found else None)) and watched.get(id_) is watch:
            del watched[id_]
            tell(words)


def _asked(watch: Watch) -> list[Column]:
    return list(columns_of(watch.where))


async def turn_watch(place: "Place", id_: CandidateId) -> None:
    """Watch a candidate, or no longer."""
    live = place.session.live
    if (watch := live.watched.pop(id_, None)) is not None:
        place.status.show_notice(f"{watch.called} is watched no longer.", "success")
        place.watched_others()
        return
    here = place.app.focused
    found = await place.answer(partial(place.session.source.read, [id_]))
    if not found or place.app.focused is not here:  # who types elsewhere by now is not interrupted
        return
    if found[0].status in ENDED:
        place.status.show_notice(f"{_called(found[0])} has ended already: there is nothing to wait for.")
        return

    def chosen(watch: Watch | None) -> None:
        if watch is not None:
            live.watched[id_] = watch
            place.status.show_notice(_promise(watch, looking=live.every != inf), "success")
            place.watched_others()

    place.app.push_screen(WatchDialog(place.session, found[0]), chosen)


def _promise(watch: Watch, *, looking: bool) -> str:
    when = f"{watch.text}, or when it ends" if watch.text else "it ends"
    off = "" if looking else "  Changes are not looked for now: R turns that on."
    return f"The bell rings for {watch.called} when {when}.{off}"


def _called(candidate: Candidate) -> str:
    return clean(candidate.name or candidate.id.candidate_id, _LONGEST)


class WatchDialog(Dialog[Watch]):
    """Asks for a condition; without one, the candidate's end is waited for."""

    def __init__(self, session: Session, candidate: Candidate) -> None:
        super().__init__()
        self._session, self._candidate = session, candidate

    def compose(self) -> ComposeResult:
        """A box and a sentence."""
        with Vertical(classes="dialog small") as frame:
            frame.border_title = Content(f"Watch {_called(self._candidate)}")
            frame.border_subtitle = "enter watches · esc cancels"
            yield Static("The bell rings when it ends, or earlier, when", classes="label")
            yield Input(placeholder=self._example())
            yield Static(id="progress")

    def _example(self) -> str:
        metric = next((name for name in self._candidate.metrics if "/" in name or "loss" in name), "loss")
        return clean(f"such as  {metric} < 0.1", _LONGEST)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        text, told = event.value, self.query_one("#progress", Static)
        try:
            where = condition(text, self._candidate, self._session)
        except FilterError as error:
            told.update(Content.styled(clean(str(error)), "$error"))
            return
        if where is not None and matches(where, CandidateSubject(self._candidate)):
            told.update(Content.styled("That is true already.", "$warning"))
        else:
            self.dismiss(Watch(_called(self._candidate), " ".join(text.split()), where))

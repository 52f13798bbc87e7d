"""The filter of a place: what is typed becomes a tree, a mistake is told at its place, and what may follow is offered.

A key is echoed before anything else is done; whatever takes time is a worker that the next key supersedes.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from mltrack_tui.domain.filter import Filter, Words
from mltrack_tui.domain.text import clean
from mltrack_tui.screens.completing import Completer, Offer
from mltrack_tui.screens.earlier import Earlier
from mltrack_tui.screens.languages import Language
from mltrack_tui.search.errors import FilterError
from mltrack_tui.widgets.filter_box import FilterInput
from mltrack_tui.widgets.suggestions import Suggestions

_READING = 0.25
"""Seconds that may pass between enter and the table's having the keys."""


class Filtering(Vertical):
    """The box of a filter and the list below it; it is there while it has text or the keys.

    Attributes:
        where: what the last text means that could be read: while the one in the box is wrong, this is still shown.
        good_text: that text.
    """

    class Changed(Message):
        """Other things are to be shown."""

    class Typing(Message):
        """The box has the keys now, or no longer."""

    class Accepted(Message):
        """Somebody goes on with the filter that is in the box."""

    def __init__(self, language: Language, leave: Callable[[], None]) -> None:
        """``leave`` gives the keys to the table, at once."""
        super().__init__(id="filtering")
        self.where: Filter | None = None
        self.good_text = ""
        self._language = language
        self._leave = leave
        self._completer = Completer(language)
        self._earlier = Earlier()
        self._input = FilterInput(self, language.placeholder)
        self._note = Static(id="filter-note")
        self._said = ""
        self._suggestions = Suggestions()
        self._offer: tuple[tuple[str, int], Offer] = (("", 0), Offer())
        self._read: str | None = ""
        """The text that was understood last, or found to be wrong."""
        self._error: FilterError | None = None
        self._shown: tuple[Filter | None, str] = (None, "")
        self._shut = self._withheld = self._awaited = False

    def compose(self) -> ComposeResult:
        """The box between a sign and a word; below it, the list."""
        self.display = False
        with Horizontal(id="filter-line"):
            yield Static("╱", id="filter-sign")
            yield self._input
            yield self._note
        yield self._suggestions

    # For the place

    @property
    def text(self) -> str:
        """What is in the box."""
        return self._input.value

    @property
    def meant(self) -> str:
        """The text in the box, or, while that is wrong or visibly unfinished, what is shown meanwhile."""
        if self._withheld:
            return self._shown[1]
        return self.text if self._error is None else self.good_text

    @property
    def is_typing(self) -> bool:
        """Whether the box has the keys."""
        return self._input.has_focus

    def open(self) -> None:
        """Have the keys."""
        self.display = True
        self.screen.set_focus(self._input)
        self._input.action_home()
        self._input.action_end()  # which scrolls there

    def write(self, text: str) -> None:
        """Have another text in the box, with the cursor at its end."""
        self._input.value = clean(text)
        self._input.cursor_position = len(text)
        self.display = bool(text) or self.is_typing
        if not self.is_typing:
            self.call_after_refresh(self._show_beginning)

    async def toggle(self, clause: str) -> None:
        """Have a clause more, or, if the filter has it already, without it."""
        await self._language.prepare()
        from mltrack_tui.screens.clauses import toggled
        from mltrack_tui.search.parse import parse_filter

        if (vocabulary := self._language.vocabulary) is not None:
            self.write(toggled(self.good_text, clause, lambda text: parse_filter(text, vocabulary)))

    def remember(self, texts: Iterable[str]) -> None:
        """Take in filters of other days, the latest first."""
        self._earlier.learn(texts)

    def settle(self) -> bool:
        """Whether ``where`` is what the text means; if not yet, `Changed` is posted when it is."""
        self._awaited = self._read != self.text
        return not self._awaited

    def read_again(self) -> None:
        """Other names are known: the same text may mean something else now, and other values may occur."""
        self._completer.forget()
        if self.text:
            self._read = None
            self._follow()

    def withholds(self, found: int, shown: int) -> bool:
        """Whether an answer is kept back: nothing, for what is visibly not typed to its end. The box says so."""
        self._withheld = not found and shown > 0 and self.is_typing and self._is_begun()
        if not self._withheld:
            self._shown = self.where, self.good_text
        self._tell()
        return self._withheld

    def _is_begun(self) -> bool:
        """Whether the text is plain words, as any filter is at first, or ends in what can be completed."""
        offer = self._offered()
        goes_on = bool(offer.choices) or offer.wanted is not None
        return isinstance(self.where, Words) or (goes_on and offer.start < len(self.text) == offer.end)

    # Keys of the box

    async def accept(self) -> None:
        """Take the choice that was gone to, else go on in the table; where the text is wrong, go to its mistake."""
        with suppress(TimeoutError):  # names that are long in coming are waited for in the table
            async with asyncio.timeout(_READING):
                await self._follow_now()
        if self._suggestions.is_open and self._suggestions.highlighted is not None:
            self._take(self._suggestions.highlighted)
        elif self._error is not None and self._read == self.text:
            self._shut = True
            self._input.cursor_position = min(self._error.end, len(self.text))
            self._tell(loud=True)
        else:
            self._earlier.keep(self.text)
            self.post_message(self.Accepted())
            self._leave()

    def complete(self) -> None:
        """Take the first choice, or the one that was gone to; a list that was closed is opened first."""
        if not self._shut or self._suggestions.is_open:
            self._take(self._suggestions.highlighted or 0)
        self._shut = False
        self._suggest()

    async def step(self, by: int) -> None:
        """Down goes into the choices, up through earlier filters; without either, down leads to the table."""
        if self._suggestions.is_open and (by > 0 or self._suggestions.highlighted is not None):
            self._suggestions.step(by)
        elif by < 0 or self._earlier.current is not None:
            self.write(self._earlier.step(-by, self.text))
        else:
            await self.accept()

    def leave(self) -> None:
        """Close the list; or else clear the box and go back to the table."""
        if self._suggestions.is_open:
            self._shut = True
            self._tell()
        else:
            self.clear()
            self._leave()

    def clear(self) -> None:
        """Show everything again."""
        self._earlier.rest()
        self.write("")

    def _take(self, index: int) -> None:
        """Put a choice in the place of what was typed of it; what was typed in this moment counts."""
        offer = self._offered()
        if index >= len(offer.choices):
            return
        before, after = self.text[: offer.start], self.text[offer.end :]
        chosen = before + offer.choices[index].text
        gap = "" if after.startswith((" ", ")", ",")) else " "
        self._input.value = chosen + gap + after
        self._input.cursor_position = len(chosen) + (1 if gap or after.startswith(" ") else 0)

    def _offered(self) -> Offer:
        here = (self.text, self._input.cursor_position)
        if self._offer[0] != here:
            self._offer = here, self._completer.offer(*here)
        return self._offer[1]

    # Work

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._shut = False
        if self.text != self._earlier.current:
            self._earlier.rest()
        self.call_after_refresh(self._follow)

    def on_mount(self) -> None:
        """What may be typed next depends on where the cursor is."""
        self.watch(self._input, "selection", self._cursor_moved, init=False)

    def _cursor_moved(self) -> None:
        self.call_after_refresh(self._suggest)

    @work(exclusive=True, group="read")
    async def _follow(self) -> None:
        """Understand what was typed, and have it shown if it means something else."""
        await self._follow_now()

    async def _follow_now(self) -> None:
        before = self.where
        if self._read != self.text:
            await self._understand()
        self._tell()
        if self.where != before or self._awaited:
            self._awaited = False
            self.post_message(self.Changed())

    async def _understand(self) -> None:
        text, error, where = self.text, None, self.where
        try:
            where = await self._language.read(text)
        except FilterError as wrong:
            error = wrong
        if text != self.text:
            return  # more was typed meanwhile, and is read by another
        self._read, self._error = text, error
        if error is None:
            self.where, self.good_text = where, text

    @work(exclusive=True, group="suggest")
    async def _suggest(self) -> None:
        """Offer what may follow; values when they are known."""
        if not self.is_typing:
            return
        await self._language.prepare()
        wanted = self._offered().wanted
        self._tell()
        if wanted is not None:
            await self._completer.ask(wanted)
            self._offer = ("", -1), Offer()
            self._tell()
        if self._withheld and not self._is_begun():
            self.post_message(self.Changed())

    def _tell(self, *, loud: bool = False) -> None:
        """Show the mistake and the choices. At the end of what is being typed, nothing is wrong yet, but unfinished."""
        text, cursor = self.text, self._input.cursor_position
        error = self._error if self._read == text else None
        unfinished = error is not None and cursor >= len(text) and error.end >= len(text.rstrip())
        wrong = error is not None and (loud or not unfinished)
        self._input.wrong = (error.start, error.end) if error is not None and wrong else None
        self._say("no match yet" if self._withheld and error is None else "")
        if not self.is_typing:
            self._suggestions.show(())
            return
        before_a_word = bool(text[cursor : cursor + 1].strip()) and not text[max(cursor - 1, 0) : cursor].strip()
        shy = self._shut or self._earlier.current is not None or not text.strip() or before_a_word
        offer = Offer() if shy else self._offered()
        message = "" if error is None or (offer.choices and not wrong) else str(error)
        start = error.start if error is not None and not offer.choices else offer.start
        self._suggestions.show(offer.choices, message, error=wrong, x=self._place_of(start))

    def _say(self, word: str) -> None:
        """Say something behind the text; the same again would cost a layout of the whole screen."""
        if word != self._said:
            self._said = word
            self._note.update(word)

    def _show_beginning(self) -> None:
        """What somebody reads begins at its beginning."""
        self._input.scroll_to(x=0, animate=False, force=True, immediate=True)

    def _place_of(self, position: int) -> int:
        """Where a letter of the text is on the screen."""
        before = cell_len(self.text[:position]) if position < 1000 else 0
        return max(self._input.region.x + before - round(self._input.scroll_x) - 1, 0)

    @on(Suggestions.Pressed)
    def _pressed(self, event: Suggestions.Pressed) -> None:
        event.stop()
        self._take(event.index)

    def on_descendant_focus(self) -> None:
        """Be ready before the first letter."""
        self.display = True
        self.post_message(self.Typing())
        self._suggest()

    def on_descendant_blur(self) -> None:
        """An empty box is in the way; what was kept back is shown now, unless the text is wrong."""
        self.display = bool(self.text)
        self._completer.rest()
        if self._error is not None:
            self.where, self.good_text = self._shown
        elif self._withheld and self._read == self.text:
            self.post_message(self.Changed())
        self._withheld = False
        self._show_beginning()
        self._tell()
        self.post_message(self.Typing())

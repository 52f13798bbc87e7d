"""Tables that are sorted by their columns, by the keys of lists or from a list of all there is to sort by."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import on
from textual.dom import DOMNode

from mltrack_tui.analysis.sorting import Keys, only_by, then_by
from mltrack_tui.domain.text import clean
from mltrack_tui.widgets.grid import Grid

ASCENDING, DESCENDING = "▲", "▼"
RANKS = "¹²³⁴⁵⁶⁷⁸⁹"

K = TypeVar("K")


class Sorted(Generic[K], DOMNode):  # noqa: PYI059 - in this order Textual's Screen has them
    """What has a ``grid`` that the user sorts; ``K`` is what tells the columns that it is sorted by."""

    order: Keys[K] = ()
    """What the rows are sorted by."""
    grid: Grid

    # What the subclass knows

    def rearrange(self) -> None:
        """Filter and sort anew, and show the result with the cursor on the same row."""
        raise NotImplementedError

    def sort_key(self, column: int) -> K | None:
        """What the rows are sorted by in a column of the table; None where there is nothing to sort by."""
        raise NotImplementedError

    def sort_choices(self) -> Sequence[tuple[str, K]]:
        """All that the rows can be sorted by, on screen or not, with its name."""
        raise NotImplementedError

    def sort_place(self, key: K) -> int | None:
        """The column of the table that is sorted by this, if there is one."""
        raise NotImplementedError

    def sort_name(self, key: K) -> str:
        """What is sorted by, in words."""
        return str(key)

    def tell_unsortable(self, why: str) -> None:
        """Say why nothing is sorted."""
        raise NotImplementedError

    # Order

    def action_sort(self, descending: bool) -> None:
        """Sort by the cursor's column."""
        if (key := self._key_here()) is not None:
            self.sort(only_by(key, descending))

    def action_sort_also(self, descending: bool) -> None:
        """Sort by the cursor's column where the other keys are equal; again: the other way round, or no more."""
        if (key := self._key_here()) is not None:
            self.sort(then_by(self.order, key, descending))

    def _key_here(self) -> K | None:
        key = self.sort_key(self.grid.cursor_column)
        if key is None:
            self.tell_unsortable("There is nothing to sort by in this column.")
        return key

    def sort(self, order: Keys[K]) -> None:
        """Sort by these keys, with the cursor in the last one's column."""
        self.order = order
        column = self.sort_place(order[-1][0]) if order else None
        if column is not None:
            self.grid.move(self.grid.cursor_row, column)
        self.rearrange()

    def action_pick_sort(self) -> None:
        """Choose what to sort by from a list."""
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        choices: list[tuple[str, Keys[K]]] = [
            (f"{name}  {word}", only_by(key, descending))
            for name, key in self.sort_choices()
            for word, descending in (("ascending", False), ("descending", True))
        ]

        if not choices:
            return  # nothing was read yet

        def chosen(order: Keys[K] | None) -> None:
            if order is not None:
                self.sort(order)

        self.app.push_screen(Picker("Sort by", choices), chosen)

    def sort_marks(self) -> dict[int, str]:
        """The signs at the titles of sorted columns, with the weight of each where there are several."""
        marks = self._marked_keys()
        return {place: mark for key, mark in marks if (place := self.sort_place(key)) is not None}

    def _marked_keys(self) -> list[tuple[K, str]]:
        ranks = RANKS[: len(self.order)] if len(self.order) > 1 else ""
        return [
            (key, (DESCENDING if descending else ASCENDING) + ranks[rank : rank + 1])
            for rank, (key, descending) in enumerate(self.order)
        ]

    def sorted_words(self) -> str:
        """What is sorted by, the first three keys with their signs: a column's title may be out of sight."""
        return "".join(f"   {mark} {clean(self.sort_name(key), 24)}" for key, mark in self._marked_keys()[:3])

    @on(Grid.TitlePressed)
    def _title_pressed(self) -> None:
        if (key := self._key_here()) is not None:
            self.sort(only_by(key, self.order == only_by(key, False)))

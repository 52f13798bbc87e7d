"""The commands of tables and trees in files, and what they have of lists."""

from mltrack_tui.commands.kinds import Command, Group

FILTER = Command("filter", "/", "filter", "filter", "Filter as you type", hint=True)
SORT = Command("sort", "s", "pick_sort", "sort", "Choose a column to sort by", hint=True)

SORTS = (
    SORT,
    Command("sort-rows-ascending", "{", "sort(False)", "ascending", "Sort by the cursor's column, ascending"),
    Command("sort-rows-descending", "}", "sort(True)", "descending", "Sort by the cursor's column, descending"),
)

TABLE = Group("A table in a file", (FILTER, *SORTS))

TREE = Group(
    "A tree in a file",
    (
        Command("unfold-all", "+", "fold_all(False)", "unfold all", "Unfold all there is, as far as there is room"),
        Command("fold-all-keys", "-", "fold_all(True)", "fold all", "Fold all but what lies at the top"),
    ),
)

MATRIX = Group(
    "A matrix in a file",
    (
        Command("cell-left", "h,left", "cell(0, -1)", "left", "The cell to the left"),
        Command("cell-right", "l,right", "cell(0, 1)", "right", "The cell to the right"),
        Command("cell-up", "k,up", "cell(-1, 0)", "up", "The cell above"),
        Command("cell-down", "j,down", "cell(1, 0)", "down", "The cell below"),
    ),
)

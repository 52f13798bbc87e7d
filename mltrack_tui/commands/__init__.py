"""Every command, declared once: its key, footer hint, palette entry, help row and the id to remap it by."""

from mltrack_tui.commands import files, preview
from mltrack_tui.commands.artifacts import ARTIFACTS, DOWNLOAD, DOWNLOADS
from mltrack_tui.commands.files import FILTER, SORT
from mltrack_tui.commands.kinds import Command, Group, Keys, hints, shown_key
from mltrack_tui.commands.plotting import CHARTS, LARGE, LOOKS, PLOT_TABS, STATISTICS

__all__ = [
    "ARTIFACTS",
    "CHARTS",
    "DOWNLOAD",
    "DOWNLOADS",
    "LARGE",
    "LOOKS",
    "PLOT_TABS",
    "STATISTICS",
    "Command",
    "Group",
    "Keys",
    "hints",
    "shown_key",
]

HELP = Command("help", "?", "app.help", "help", "Show the keys that work here")
ENLARGE = Command("enlarge", "z", "enlarge", "enlarge", "Full value of the cell, or the plot alone")
COPY = Command("copy", "y", "copy", "copy", "Copy the value under the cursor, or more of its row")
OPEN_WEB = Command("open-web", "o", "open_web", "browser", "Open its page in a browser, or show its URL")
REFRESH = Command("refresh", "r", "refresh", "refresh", "Read everything here again")
BACK = Command("back", "q", "back", "back", "Go back; quit at the top")
SOURCES = Command("sources", "S", "app.sources", "sources", "See all sources and how they are, or open another one")
LOAD_ALL = Command(
    "load-all", "M", "load_all", "load all", "Load all there are, or a metric's whole history; esc stops"
)
PLOT = Command("plot", "m", "plot", "plot", "Draw the metrics of the marked candidates, or of this one", hint=True)
WATCH = Command("watch", "w", "watch", "watch", "Tell when the candidate ends or crosses a threshold")

EVERYWHERE = Group(
    "Everywhere",
    (
        HELP,
        Command("palette", "ctrl+p,:", "app.palette", "palette", "Find a command by its name"),
        Command("up", "escape", "up", "up", "Go one place up, or leave what is open"),
        BACK,
        Command("quit", "ctrl+q", "app.quit", "quit", "Quit mltrack", priority=True),
        Command("suspend", "ctrl+z", "app.suspend_process", "suspend", "Suspend to the shell; fg comes back"),
        REFRESH,
        Command("refresh-interval", "R", "refresh_interval", "interval", "Choose how often changes are looked for"),
        SOURCES,
        Command("running", "W", "app.running", "running", "See all candidates that are running"),
        Command("downloads", "T", "app.downloads", "downloads", "See what is downloaded, and what was"),
        ENLARGE,
        COPY,
        OPEN_WEB,
        Command("export", "x", "export", "export", "Write the table as it is shown to a file or the clipboard"),
    ),
)

OPEN = Command("open", "enter", "open", "open", "Open what is under the cursor", hint=True)
_DOWN = (
    Command("cursor-down", "j,down", "cursor(1, 0)", "down", "Next row"),
    Command("cursor-up", "k,up", "cursor(-1, 0)", "up", "Previous row"),
)
_ACROSS = (
    Command("cursor-left", "h,left", "cursor(0, -1)", "left", "Previous column"),
    Command("cursor-right", "l,right", "cursor(0, 1)", "right", "Next column"),
)
_TO_ROWS = (
    Command("first-row", "g,home", "row_edge(-1)", "first row", "First row"),
    Command("last-row", "G,end", "row_edge(1)", "last row", "Last row"),
)
_TO_COLUMNS = (
    Command("first-column", "^", "column_edge(-1)", "first column", "First column"),
    Command("last-column", "$", "column_edge(1)", "last column", "Last column"),
)
_PAGES = (
    Command("page-down", "ctrl+d,pagedown", "page(1)", "page down", "A page down"),
    Command("page-up", "ctrl+u,pageup", "page(-1)", "page up", "A page up"),
)
GRID = Group("Lists and tables", (*_DOWN, *_ACROSS, *_TO_ROWS, *_TO_COLUMNS, *_PAGES, OPEN))
ROWS = Group("Lists and tables", (*_DOWN, *_TO_ROWS, *_PAGES, OPEN))
"""The same for a list in which the cursor goes up and down only."""

READING = Group(
    "Text",
    (
        Command("scroll-down", "j,down", "scroll_down", "down", "A line down"),
        Command("scroll-up", "k,up", "scroll_up", "up", "A line up"),
        Command("scroll-page-down", "ctrl+d,pagedown", "page_down", "page down", "A page down"),
        Command("scroll-page-up", "ctrl+u,pageup", "page_up", "page up", "A page up"),
        Command("scroll-home", "g,home", "scroll_home", "top", "To the beginning"),
        Command("scroll-end", "G,end", "scroll_end", "bottom", "To the end"),
    ),
)

LIST = Group(
    "Lists and tables",
    (
        FILTER,
        SORT,
        Command("sort-ascending", "[", "sort(False)", "ascending", "Sort by the cursor's column, ascending"),
        Command("sort-descending", "]", "sort(True)", "descending", "Sort by the cursor's column, descending"),
        Command(
            "sort-also-ascending", "{", "sort_also(False)", "then up", "Sort by the cursor's column too, ascending"
        ),
        Command(
            "sort-also-descending", "}", "sort_also(True)", "then down", "Sort by the cursor's column too, descending"
        ),
        Command("deleted", ".", "toggle_deleted", "deleted", "Show deleted ones too, or hide them"),
    ),
)

MODELS = Group(
    "Models",
    (Command("models", "tab", "models", "models", "Go to the project's models", hint=True),),
)

OF_MODELS = Group(
    "Models",
    (Command("experiments", "tab", "experiments", "experiments", "Go to the project's experiments", hint=True),),
)

LOADING = Group("What a server holds", (LOAD_ALL,))

FILTER_BOX = Group(
    "While a filter is typed",
    (
        Command(
            "filter-accept", "enter", "accept", "accept", "Go on in the table, or take the choice gone to", hint=True
        ),
        Command(
            "filter-complete", "tab", "complete", "complete", "Take the first choice, or the one gone to", hint=True
        ),
        Command("filter-down", "down", "step(1)", "choose", "Go into the choices; a later filter", hint=True),
        Command("filter-up", "up", "step(-1)", "earlier", "An earlier filter; the choice before", hint=True),
        Command("filter-leave", "escape", "leave_box", "clear", "Close the choices, or clear the filter", hint=True),
    ),
)

FILTERS = Group(
    "Filters and views",
    (
        Command("filter-cell", "f", "filter_cell", "this value", "Filter by the value under the cursor, or no longer"),
        Command("filter-values", "F", "filter_values", "values", "Choose among the values of the cursor's column"),
        Command("views", "V", "views", "views", "Save how the table looks, or choose a view that was saved"),
    ),
)

OF_CANDIDATES = Group("Candidates", (PLOT, WATCH, DOWNLOAD))

OF_RUNNING = Group(
    "Candidates that run",
    (Command("total-steps", "t", "total_steps", "steps", "Say how many steps the candidate will take", hint=True),),
)

VALUES = Group(
    "Values of a column",
    (Command("mark-value", "space", "mark_value", "mark", "Mark or unmark the value"),),
)

MARKS = Group(
    "Marks",
    (
        Command("mark", "space", "mark", "mark", "Mark or unmark what the cursor is on"),
        Command("mark-range", "v", "mark_range", "mark range", "Begin a range of marks, or mark up to the cursor"),
        Command("invert-marks", "*", "invert_marks", "invert marks", "Mark the unmarked ones shown, unmark the rest"),
        Command("unmark-all", "u", "unmark_all", "unmark all", "Unmark all"),
    ),
)

COLUMNS = Group(
    "Columns",
    (
        Command("columns", "C", "pick_columns", "columns", "Choose which columns are shown, and how", hint=True),
        Command("hide-column", "-", "hide_column", "hide column", "Hide the cursor's column"),
        Command("everything", "=", "toggle_everything", "all columns", "Show all columns, or those that say something"),
        Command("aggregate", "a", "turn_aggregate", "aggregate", "Turn a metric: last, best, min, max, mean, first"),
        Command("target", "t", "target", "target", "Set the target metric, and which values are better"),
    ),
)

NESTING = Group(
    "Tree and groups",
    (Command("nesting", "#", "turn_nesting", "nesting", "Turn: flat, a tree of parents and children, groups"),),
)

TREE = Group(
    "Tree and groups",
    (
        Command("fold", "tab", "screen.fold", "fold", "Fold or unfold what lies under the candidate"),
        Command("fold-all", "shift+tab", "screen.fold_all", "fold all", "Unfold the whole tree, or fold it"),
    ),
)

PICKER = Group(
    "Column picker",
    (
        Command("toggle-column", "space", "show_or_hide", "shows or hides", "Show the column, or hide it"),
        Command("move-column-up", "[,shift+up", "move(-1)", "up", "Move the column to the left"),
        Command("move-column-down", "],shift+down", "move(1)", "down", "Move the column to the right"),
        Command("widen-column", "+", "widen(1)", "wider", "Make the column wider"),
        Command("narrow-column", "-", "widen(-1)", "narrower", "Make the column narrower"),
        Command("pin-column", "p", "pin", "pins", "Have the column stay on the left, or scroll"),
        Command("look-of-column", "b", "turn_look", "bar", "Show a number alone, with a bar, with its history"),
        Command("narrow-columns", "/", "narrow", "narrows", "Type words of the columns' names"),
    ),
)

CANDIDATE = Group(
    "Candidate",
    (
        Command("tab-overview", "1", "tab(0)", "overview", "Overview"),
        Command("tab-parameters", "2", "tab(1)", "parameters", "Parameters"),
        Command("tab-metrics", "3", "tab(2)", "metrics", "Metrics"),
        Command("tab-tags", "4", "tab(3)", "tags", "Tags"),
        Command("tab-artifacts", "5", "tab(4)", "artifacts", "Artifacts"),
        Command("next-tab", "tab", "step_tab(1)", "next tab", "Next tab"),
        Command("previous-tab", "shift+tab", "step_tab(-1)", "previous tab", "Previous tab"),
        Command("previous-candidate", "[", "step(-1)", "previous", "Previous candidate of the table", hint=True),
        Command("next-candidate", "]", "step(1)", "next", "Next candidate of the table", hint=True),
        Command("download-all", "A", "download_all", "all", "Download all artifacts of the candidate"),
    ),
)

GROUPS = (
    EVERYWHERE,
    GRID,
    LIST,
    MODELS,
    OF_MODELS,
    LOADING,
    FILTER_BOX,
    FILTERS,
    VALUES,
    MARKS,
    COLUMNS,
    NESTING,
    TREE,
    PICKER,
    OF_CANDIDATES,
    OF_RUNNING,
    CANDIDATE,
    ARTIFACTS,
    DOWNLOADS,
    PLOT_TABS,
    CHARTS,
    LOOKS,
    STATISTICS,
    READING,
    files.TABLE,
    files.TREE,
    files.MATRIX,
    preview.PREVIEW,
    preview.PAGER,
    preview.TEXT,
    preview.IMAGE,
)
TOGETHER = (
    (EVERYWHERE, GRID, LIST, LOADING, FILTERS, MARKS, COLUMNS, NESTING, TREE, OF_CANDIDATES),
    (EVERYWHERE, GRID, LIST, MODELS),
    (EVERYWHERE, GRID, LIST, OF_MODELS),
    (EVERYWHERE, GRID, LIST, OF_RUNNING),
    (EVERYWHERE, GRID, LOADING, CANDIDATE, OF_CANDIDATES, LOOKS),
    (EVERYWHERE, ROWS, LOADING, CANDIDATE, OF_CANDIDATES, MARKS, ARTIFACTS),
    (EVERYWHERE, GRID, DOWNLOADS),
    (EVERYWHERE, PLOT_TABS, CHARTS, LOOKS, LOADING),
    (EVERYWHERE, PLOT_TABS, STATISTICS),
    (EVERYWHERE, READING, LOADING, CANDIDATE, OF_CANDIDATES),
    (EVERYWHERE, preview.PREVIEW, GRID, LOADING, files.TABLE),
    (EVERYWHERE, preview.PREVIEW, GRID, files.TREE),
    (EVERYWHERE, preview.PREVIEW, files.MATRIX),
    (EVERYWHERE, preview.PREVIEW, preview.PAGER, preview.TEXT),
    (EVERYWHERE, preview.PREVIEW, GRID),
    (EVERYWHERE, preview.PREVIEW, READING),
    (EVERYWHERE, preview.PREVIEW, preview.IMAGE),
    (GRID, PICKER),
    (GRID, VALUES),
    (FILTER_BOX,),
)
"""Groups whose commands work in one place, where each key can mean one thing only."""

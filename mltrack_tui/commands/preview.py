"""The commands of looking into artifacts."""

from mltrack_tui.commands.kinds import Command, Group

PREVIEW = Group(
    "Looking into an artifact",
    (
        *(
            Command(
                f"look-{number}", str(number), f"look({number - 1})", f"look {number}", f"Way {number} to look at it"
            )
            for number in range(1, 6)
        ),
        Command("next-look", "tab", "step_look(1)", "next way", "Next way to look at it"),
        Command("previous-look", "shift+tab", "step_look(-1)", "previous way", "Way to look at it before"),
        Command("previous-file", "[", "step_file(-1)", "previous", "Previous file of the folder", hint=True),
        Command("next-file", "]", "step_file(1)", "next", "Next file of the folder", hint=True),
    ),
)

SEARCH = Command("search", "/", "search", "search", "Search forward", hint=True)
WRAP = Command("wrap", "=", "turn_wrap", "wrap", "Show long lines whole, or cut them")
FOLLOW = Command("follow", "F", "follow", "follow", "Stay at the end of a file that grows, or no longer")

PAGER = Group(
    "Text and bytes of a file",
    (
        Command("pager-down", "j,down", "rows(1)", "down", "A line down"),
        Command("pager-up", "k,up", "rows(-1)", "up", "A line up"),
        Command("pager-left", "h,left", "across(-1)", "left", "Where long lines are cut: to the left"),
        Command("pager-right", "l,right", "across(1)", "right", "Where long lines are cut: to the right"),
        Command("pager-page-down", "ctrl+d,pagedown,space", "pages(1)", "page down", "A page down"),
        Command("pager-page-up", "ctrl+u,pageup", "pages(-1)", "page up", "A page up"),
        Command("pager-top", "g,home", "edge(-1)", "top", "To the beginning of the file"),
        Command("pager-end", "G,end", "edge(1)", "end", "To the end of the file"),
    ),
)

TEXT = Group(
    "Text of a file",
    (
        SEARCH,
        Command("search-next", "n", "search_on(1)", "next", "The next place that has the text"),
        Command("search-previous", "N", "search_on(-1)", "previous", "The place before that has the text"),
        WRAP,
        FOLLOW,
    ),
)

IMAGE = Group(
    "Images",
    (
        Command("image-in", "+", "zoom(1)", "zoom", "Zoom in", hint=True),
        Command("image-out", "-", "zoom(-1)", "zoom out", "Zoom out", hint=True),
        Command("image-whole", "0", "zoom(0)", "all", "Show the whole image again", hint=True),
        Command("image-left", "h,left", "pan(-1, 0)", "left", "What lies to the left"),
        Command("image-right", "l,right", "pan(1, 0)", "right", "What lies to the right"),
        Command("image-up", "k,up", "pan(0, -1)", "up", "What lies above"),
        Command("image-down", "j,down", "pan(0, 1)", "down", "What lies below"),
    ),
)

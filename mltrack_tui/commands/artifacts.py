"""The commands of artifacts: the tree they are in, and what is downloaded of them."""

from mltrack_tui.commands.kinds import Command, Group

DOWNLOAD = Command("download", "d", "download", "download", "Download what is marked, or what the cursor is on")

ARTIFACTS = Group(
    "Artifacts",
    (
        Command(
            "look-inside", "i", "look_inside", "look inside", "Look into the file without downloading it", hint=True
        ),
        Command("unfold", "l,right", "unfold", "unfold", "Unfold the folder, or go to what lies in it"),
        Command("fold-up", "h,left", "fold_up", "fold", "Fold the folder, or go to the one that it lies in"),
        Command("filter-artifacts", "/", "narrow", "filter", "Show what has these words in its path", hint=True),
        Command("sort-artifacts", "s", "turn_order", "sort", "Sort by size, the largest first, or by name", hint=True),
        Command("folder-total", "a", "count_total", "total", "Count all that lies in the folder; esc stops", hint=True),
    ),
)

DOWNLOADS = Group(
    "Downloads",
    (
        Command("pause-download", "space", "pause", "pause", "Pause the download, or go on with it", hint=True),
        Command("cancel-download", "ctrl+x", "cancel", "cancel", "Cancel the download", hint=True),
    ),
)

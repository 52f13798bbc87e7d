"""The commands of plots."""

from mltrack_tui.commands.kinds import Command, Group

LARGE = Command("large", "enter", "large", "large", "One metric large, or all of them again", hint=True)

CHARTS = Group(
    "Plots",
    (
        Command("chart-left", "h,left", "across(-1)", "left", "The value before; in the grid, the metric to the left"),
        Command("chart-right", "l,right", "across(1)", "right", "The next value; in the grid, the metric to the right"),
        Command("chart-up", "k,up", "along(-1)", "up", "The candidate above; in the grid, the metric above"),
        Command("chart-down", "j,down", "along(1)", "down", "The candidate below; in the grid, the metric below"),
        Command("chart-start", "g,home", "edge(-1)", "start", "The first value, or the first metric"),
        Command("chart-end", "G,end", "edge(1)", "end", "The last value, or the last metric"),
        LARGE,
        Command("next-page", "n,pagedown", "turn(1)", "next", "The next page of metrics; of a large one, the next"),
        Command(
            "previous-page", "N,pageup", "turn(-1)", "previous", "The page of metrics before, or the metric before"
        ),
        Command("zoom-in", "+", "zoom(0.5)", "zoom", "Zoom in around the value cursor", hint=True),
        Command("zoom-out", "-", "zoom(2.0)", "zoom out", "Zoom out"),
        Command("zoom-reset", "0", "zoom_reset", "all", "Show the whole picture again"),
        Command("zoom-in-y", ">", "zoom_y(0.5)", "heights in", "Zoom in on the values"),
        Command("zoom-out-y", "<", "zoom_y(2.0)", "heights out", "Zoom out of the values"),
        Command("pan-left", "H,shift+left", "pan(-1, 0)", "pan left", "Pan to the left"),
        Command("pan-right", "L,shift+right", "pan(1, 0)", "pan right", "Pan to the right"),
        Command("pan-down", "J,shift+down", "pan(0, -1)", "pan down", "Pan down"),
        Command("pan-up", "K,shift+up", "pan(0, 1)", "pan up", "Pan up"),
        Command("narrow-metrics", "/", "narrow", "filter", "Show the metrics whose names have these words", hint=True),
        Command("hide-series", "space", "hide_series", "hide", "Hide the candidate of the legend's cursor, or show it"),
        Command("isolate-series", "i", "isolate_series", "isolate", "Show this candidate alone, or all again"),
        Command("baseline", "b", "baseline", "baseline", "Draw differences to this candidate, or values again"),
    ),
)

LOOKS = Group(
    "How curves are drawn",
    (
        Command("x-axis", "X", "turn_x", "x axis", "Turn: step, relative time, wall time, another metric", hint=True),
        Command("y-scale", "Y", "turn_y", "y scale", "Turn: linear, log, symlog", hint=True),
        Command("smoothing", "s", "turn_smoothing", "smooth", "Smooth more; after the most, not at all", hint=True),
        Command("outliers", "O", "clip_outliers", "outliers", "Draw outliers at the edge, or everything"),
        Command("slope", "'", "slope", "slope", "Draw how fast values change, or values again"),
        Command("band", "#", "band", "mean ± spread", "Draw the mean and the spread of candidates, or each"),
    ),
)

STATISTICS = Group(
    "Scatter, histogram, boxes, bars",
    (
        Command("pick-x", "X", "pick_x", "x axis", "Choose the column that is drawn over", hint=True),
        Command("pick-y", "Y", "pick_y", "y axis", "Choose the column that is drawn", hint=True),
        Command("chart-next", "l,right,j,down", "step(1)", "next", "The next candidate or bar"),
        Command("chart-previous", "h,left,k,up", "step(-1)", "previous", "The candidate or bar before"),
        Command("open-charted", "enter", "open_charted", "open", "Open the candidate", hint=True),
    ),
)

PLOT_TABS = Group(
    "Plots",
    (
        Command("plot-curves", "1", "tab(0)", "curves", "Curves"),
        Command("plot-scatter", "2", "tab(1)", "scatter", "Scatter"),
        Command("plot-histogram", "3", "tab(2)", "histogram", "Histogram"),
        Command("plot-boxes", "4", "tab(3)", "boxes", "Boxes"),
        Command("plot-bars", "5", "tab(4)", "bars", "Bars"),
        Command("next-plot", "tab", "step_tab(1)", "next tab", "Next tab"),
        Command("previous-plot", "shift+tab", "step_tab(-1)", "previous tab", "Previous tab"),
    ),
)

"""How curves are looked at: the keys that change it, and the words that say it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from mltrack_tui.commands import LOOKS
from mltrack_tui.domain.curves import SMOOTHINGS, CurveLook, Scale, Shape, XAxis
from mltrack_tui.domain.text import clean
from mltrack_tui.sources.base import Capability

_X_WORDS = {XAxis.RELATIVE: "x: relative time", XAxis.WALL: "x: time of day"}


class LookingPane(Widget):
    """A pane with curves whose look the keys change, all of them at once."""

    BINDINGS: ClassVar[list[BindingType]] = [*LOOKS.bindings()]

    @property
    def look(self) -> CurveLook:
        """How curves are drawn."""
        raise NotImplementedError

    def relook(self, look: CurveLook) -> None:
        """Draw the curves in another way."""
        raise NotImplementedError

    def say(self, text: str, tone: str = "warning") -> None:
        """Say why not."""
        raise NotImplementedError

    def metrics_to_draw_over(self) -> list[str]:
        """The metrics that x may be."""
        return []

    @property
    def times(self) -> Capability:
        """Whether it is known when points were logged."""
        return Capability()

    def action_turn_x(self) -> None:
        """Draw over steps, over time, over another metric."""
        axes = [XAxis.STEP, *([XAxis.RELATIVE, XAxis.WALL] if self.times else [])]
        names = self.metrics_to_draw_over()
        place = axes.index(self.look.x) + 1 if self.look.x in axes else len(axes)
        if place < len(axes):
            self.relook(replace(self.look, x=axes[place], x_metric=None))
        elif self.look.x is XAxis.METRIC or not names:
            self.relook(replace(self.look, x=XAxis.STEP, x_metric=None))
            if reason := self.times.reason:
                self.say(reason)
        else:
            self._pick_x_metric(names)

    def _pick_x_metric(self, names: list[str]) -> None:
        from mltrack_tui.screens.dialogs import Picker  # when the first dialog is opened

        def chosen(metric: str | None) -> None:
            x = XAxis.STEP if metric is None else XAxis.METRIC
            self.relook(replace(self.look, x=x, x_metric=metric))

        self.app.push_screen(Picker("Draw over a metric", [(name, name) for name in names]), chosen)

    def action_turn_y(self) -> None:
        """Linear, logarithmic, both."""
        scales = list(Scale)
        self.relook(replace(self.look, y=scales[(scales.index(self.look.y) + 1) % len(scales)]))

    def action_turn_smoothing(self) -> None:
        """Smooth more, or not at all after the most."""
        more = next((each for each in SMOOTHINGS if each > self.look.smoothing), SMOOTHINGS[0])
        self.relook(replace(self.look, smoothing=more))

    def action_clip_outliers(self) -> None:
        """Let the heights go by most values, or by all."""
        self.relook(replace(self.look, clips_outliers=not self.look.clips_outliers))

    def action_slope(self) -> None:
        """Draw how fast values change, or values again."""
        self.reshape(Shape.SLOPE)

    def action_band(self) -> None:
        """Draw the mean and the spread of all candidates, or each."""
        self.reshape(Shape.BAND)

    def reshape(self, shape: Shape) -> None:
        """Draw this of the values, or the values again where it is drawn."""
        self.relook(replace(self.look, shape=Shape.VALUES if self.look.shape is shape else shape))


def look_words(look: CurveLook, baseline: str = "", by: Sequence[str] = ()) -> str:
    """What is not as usual in how curves are drawn; '' where everything is.

    ``by`` are the parameters by which groups of candidates differ, of each of which a band is drawn.
    """
    words = []
    if look.x is XAxis.METRIC:
        words.append(f"x: {clean(look.x_metric or '', 40)}")
    elif look.x in _X_WORDS:
        words.append(_X_WORDS[look.x])
    if look.y is not Scale.LINEAR:
        words.append(str(look.y))
    if look.smoothing:
        words.append(f"smooth {look.smoothing:g}")
    if look.clips_outliers:
        words.append("outliers clipped")
    shapes = {Shape.SLOPE: "slope", Shape.DIFFERENCE: f"less {baseline}", Shape.BAND: "mean ± spread"}
    if look.shape is Shape.BAND and by:
        shapes[Shape.BAND] += f" by {clean(', '.join(by), 60)}"
    if look.shape in shapes:
        words.append(shapes[look.shape])
    return " · ".join(words)


def drawn_word(look: CurveLook) -> str:
    """What is drawn of a value, in a word; '' of the value itself."""
    shapes = {Shape.SLOPE: "slope", Shape.DIFFERENCE: "difference", Shape.BAND: "mean"}
    return shapes.get(look.shape, "smoothed" if look.smoothing else "")

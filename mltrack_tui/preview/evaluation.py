"""What evaluations write, told by what it holds: matrices of counts, ROC and precision-recall curves.

mlflow's own evaluation (3.17) logs its confusion matrix and curves as PNG only, and ``per_class_metrics.csv``, which is
a table. The files read here are what `mlflow.models.evaluate` writes of custom artifacts (a dict or list as JSON, a
DataFrame as CSV without its index), and what people log themselves: scikit-learn's results by `log_dict`, `log_table`,
`to_csv`, `to_json`.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mltrack_tui.domain.numbers import number_of
from mltrack_tui.preview.tree import Number, Pairs, Value, Word

MOST_CLASSES = 200
MOST_CURVES = 8
"""As many as can be told apart."""
_CONFUSION = re.compile(r"confusion|matrix", re.IGNORECASE)
_HELD_AS = ("confusion_matrix", "matrix", "cm", "counts", "values", "data")
_LABELLED_AS = ("labels", "classes", "class_names", "target_names", "columns", "index")
_BESIDE = frozenset({"threshold", "thresholds", "auc", "average_precision", "f1"})
"""What may stand beside recall and precision: a report of classes has these too, and is no curve."""
_GROUPED_BY = ("class", "label", "positive_class", "curve", "fold")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers by two kinds of labels.

    Attributes:
        rows, columns: the labels.
        values: a row for each of ``rows``.
        is_confusion: whether these are counts of what is true (rows) and what was predicted (columns).
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    is_confusion: bool

    def share(self, row: int, column: int) -> float | None:
        """A cell's part of its row, of counts; None where there is nothing in the row."""
        whole = sum(self.values[row])
        return self.values[row][column] / whole if self.is_confusion and whole > 0 else None

    @property
    def accuracy(self) -> float | None:
        """The part of all that lies on the diagonal."""
        whole = sum(map(sum, self.values))
        right = sum(row[place] for place, row in enumerate(self.values))
        return right / whole if self.is_confusion and whole > 0 else None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of curve: what it is called, what lies on its axes, and whether chance is the diagonal."""

    name: str
    x: str
    y: str
    diagonal: bool = False


ROC = Kind("ROC curve", "false positive rate", "true positive rate", diagonal=True)
PRECISION_RECALL = Kind("precision-recall curve", "recall", "precision")
CALIBRATION = Kind("calibration curve", "mean predicted probability", "fraction of positives", diagonal=True)
_AXES = (
    (ROC, ("fpr", "false_positive_rate"), ("tpr", "true_positive_rate")),
    (PRECISION_RECALL, ("recall",), ("precision",)),
    (CALIBRATION, ("prob_pred", "mean_predicted_value"), ("prob_true", "fraction_of_positives")),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """One curve: its points by growing x, and how many others were no numbers."""

    name: str
    points: tuple[tuple[float, float], ...]
    left_out: int

    def area(self, kind: Kind) -> float | None:
        """What lies under it: by trapezoids, as scikit-learn's ``auc``; of precision by recall its steps, as
        ``average_precision_score``.
        """
        points = self.points
        if len(points) < 2 or kind is CALIBRATION:
            return None
        if kind is PRECISION_RECALL:
            return sum((x2 - x1) * y2 for (x1, _), (x2, y2) in pairwise(points))
        return sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairwise(points))


@dataclass(frozen=True, slots=True)
class Rates:
    """Curves of one kind, and how many more there are than can be told apart."""

    kind: Kind
    curves: tuple[Rate, ...]
    left_out: int = 0


Picture = Matrix | Rates


def picture_of_value(name: str, value: Value) -> Picture | None:
    """What a file of JSON says that can be drawn, if it does."""
    if isinstance(value, Pairs):
        return _rates(value) or _labelled(name, value)
    return _matrix(_numbers(value), (), named=bool(_CONFUSION.search(name)))


def picture_of_rows(name: str, names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Picture | None:
    """The same of a table."""
    held = list(rows)
    columns = {title: [row[place] if place < len(row) else None for row in held] for place, title in enumerate(names)}
    by = next((title for title in names if title.lower() in _GROUPED_BY), None)
    groups: dict[str, dict[str, list[str | None]]] = {}
    for place, key in enumerate(columns[by] if by is not None else [""] * len(held)):
        group = groups.setdefault(key or "", {title: [] for title in columns})
        for title, cells in columns.items():
            group[title].append(cells[place])
    if (found := _rates_of({key: _as_numbers(group) for key, group in groups.items()})) is not None:
        return found
    titled = bool(names) and list(columns[names[0]]) == list(names[1:])
    labels = names[1:] if titled else names
    body = [[number_of(cell or "") for cell in (row[1:] if titled else row)] for row in held]
    return _matrix(body, labels, named=titled or bool(_CONFUSION.search(name)))


def _matrix(values: Sequence[Sequence[float | None]] | None, labels: Sequence[str], *, named: bool) -> Matrix | None:
    """A square of finite numbers, if it is one; the labels are those of rows and columns alike."""
    size = len(values) if values is not None else 0
    if values is None or not named or not 2 <= size <= MOST_CLASSES or any(len(row) != size for row in values):
        return None
    rows = tuple(tuple(each for each in row if each is not None and math.isfinite(each)) for row in values)
    if any(len(row) != size for row in rows):
        return None
    names = tuple(labels) if len(labels) == size else tuple(map(str, range(size)))
    counts = all(each >= 0 and each.is_integer() for row in rows for each in row)
    return Matrix(names, names, rows, counts)


def _labelled(name: str, value: Pairs) -> Matrix | None:
    """A matrix beside its labels, or as pandas writes it: a key for each column, in that one for each row."""
    held = {key.lower(): each for key, each in value}
    labels = next((texts for key in _LABELLED_AS if (texts := _texts(held.get(key)))), ())
    for key in _HELD_AS:
        numbers = _numbers(held.get(key))
        if (found := _matrix(numbers, labels, named=bool(_CONFUSION.search(f"{name} {key}") or labels))) is not None:
            return found
    columns = [key for key, _ in value]
    inner = [each for _, each in value if isinstance(each, Pairs)]
    if len(inner) != len(columns) or any([key for key, _ in each] != columns for each in inner):
        return None
    by_column = [[_number(cell) for _, cell in each] for each in inner]
    return _matrix(list(zip(*by_column, strict=True)), columns, named=True)


def _rates(value: Pairs) -> Rates | None:
    """Curves as lists of equal length under the names of their axes; or several of those, by their names."""
    whole = {key: numbers for key, each in value if (numbers := _list_of_numbers(each)) is not None}
    if (found := _rates_of({"": whole})) is not None:
        return found
    several = {
        key: {inner: numbers for inner, each in group if (numbers := _list_of_numbers(each)) is not None}
        for key, group in value
        if isinstance(group, Pairs)
    }
    return _rates_of(several)


def _rates_of(groups: Mapping[str, Mapping[str, Sequence[float | None]]]) -> Rates | None:
    for kind, x_names, y_names in _AXES:
        curves = []
        for name, columns in groups.items():
            folded = {key.lower().replace(" ", "_"): numbers for key, numbers in columns.items()}
            xs = next((folded[key] for key in x_names if key in folded), ())
            ys = next((folded[key] for key in y_names if key in folded), ())
            others = folded.keys() - {*x_names, *y_names} - _BESIDE - set(_GROUPED_BY)
            if len(xs) == len(ys) > 1 and not (kind is PRECISION_RECALL and others):
                curves.append(_rate(name, xs, ys))
        if curves and all(curve.points for curve in curves):
            return Rates(kind, tuple(curves[:MOST_CURVES]), max(len(curves) - MOST_CURVES, 0))
    return None


def _rate(name: str, xs: Sequence[float | None], ys: Sequence[float | None]) -> Rate:
    """A curve; where it stands still in x, it goes the way it goes in the file, read towards growing x."""
    pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if x is not None and y is not None]
    points = [(x, y) for x, y in pairs if math.isfinite(x) and math.isfinite(y)]
    if points and points[0][0] > points[-1][0]:
        points.reverse()
    return Rate(name, tuple(sorted(points, key=lambda point: point[0])), len(xs) - len(points))


def _as_numbers(columns: Mapping[str, Sequence[str | None]]) -> dict[str, list[float | None]]:
    return {title: [number_of(cell or "") for cell in cells] for title, cells in columns.items()}


def _number(value: Value) -> float | None:
    return number_of(value) if isinstance(value, Number) else None


def _list_of_numbers(value: Value) -> list[float | None] | None:
    """A list that has numbers; NaN and null are no places on an axis."""
    if not isinstance(value, list) or not value:
        return None
    known = all(isinstance(each, Number | Word) or each is None for each in value)
    return [_number(each) for each in value] if known else None


def _numbers(value: Value) -> list[list[float | None]] | None:
    if not isinstance(value, list) or not value:
        return None
    rows = [_list_of_numbers(each) for each in value]
    return [row for row in rows if row is not None] if None not in rows else None


def _texts(value: Value) -> tuple[str, ...]:
    """A list's plain items as text."""
    if not isinstance(value, list):
        return ()
    return tuple(str(each) for each in value) if all(isinstance(each, str | bool) for each in value) else ()

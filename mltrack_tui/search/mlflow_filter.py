"""A filter and an order in MLflow's language, as far as it can say them: what is asked of a server.

The text admits at least what the tree admits: whoever asks evaluates the tree once more over what comes. MLflow joins
clauses by AND alone (`SearchUtils` in mlflow), so an ``or`` is not said, nor a number in a parameter, an aggregate, a
regular expression that is more than plain letters, or ``!=`` of a metric, which servers before 3.17 answer wrongly
where it is NaN.

Two things are narrower than the tree, and accepted: a word or a text in any case is looked for as MLflow's ILIKE, which
does not find the few letters beyond ASCII that casefold to ASCII ones (``ß`` for ``ss``, the Kelvin sign for ``k``);
and a candidate's name is looked for in its tag, which MLflow keeps the same.
"""

import re
from collections.abc import Iterator, Sequence
from math import ceil, floor, isnan

from mltrack_tui.domain.filter import Among, And, Compare, Comparison, Filter, Like, Matches, Missing, Not, Or, Words
from mltrack_tui.domain.numbers import as_stored
from mltrack_tui.domain.query import FIXED_NAMES, Column, Kind, Order

_ATTRIBUTES = {
    "name": "run_name",
    "status": "status",
    "created": "start_time",
    "ended": "end_time",
    "user": "user_id",
    "id": "run_id",
    "artifact_uri": "artifact_uri",
}
_TIMES = {"created", "ended"}
_NEVER_MISSING = {"id", "status", "created"}
_NAME = Column(Kind.ATTRIBUTE, "name")
_INVERSE = {
    Comparison.EQUAL: Comparison.DIFFERENT,
    Comparison.DIFFERENT: Comparison.EQUAL,
    Comparison.LESS: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.LESS,
    Comparison.GREATER: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.GREATER,
}
_UNORDERED = (Comparison.EQUAL, Comparison.DIFFERENT)
_MOST_CLAUSES = 20
"""Each is a join on the server, and SQLite joins at most 64 tables."""
_UNSENDABLE = re.compile(r"[\x00\ud800-\udfff]")
_UNORDERABLE = re.compile(r"['\"`\\]|^\s|\s$")
"""Keys that MLflow, which reads an order with shlex and strips it, would take for others."""
_LISTABLE = re.compile(r"[^'\"\\\x00-\x1f\x7f\ud800-\udfff]+")
"""Texts that a list can hold, which MLflow reads as Python does."""
_LITERAL = re.compile(r"(\^?)([A-Za-z0-9 /:,=@_-]+)")
"""Regular expressions that are a plain text."""
_BY_SERVER_AS_HERE = {"created", "ended", "id"}


def filter_text(tree: Filter | None, *, absence: bool = True) -> str | None:
    """The part of a filter that MLflow can say, or None where it can say nothing of it.

    ``absence`` allows IS [NOT] NULL, which servers before 3.12 refuse.
    """
    clauses = [] if tree is None else _clauses(tree, negated=False)
    allowed = (clause for clause in clauses if absence or not clause.endswith(" NULL"))
    return " AND ".join(list(dict.fromkeys(allowed))[:_MOST_CLAUSES]) or None


def order_texts(orders: Sequence[Order]) -> tuple[str, ...] | None:
    """What MLflow sorts by in the same order, or None where that is not the whole order.

    MLflow, too, puts NaN after the numbers and what is missing last, in both directions, and where all is equal the
    latest start first, then the smaller id.
    """
    texts: dict[Column, str] = {}
    for order in orders:
        name = _order_name(order)
        if name is None:
            return None
        texts.setdefault(order.column, f"{name} {'DESC' if order.descending else 'ASC'}")
    return tuple(texts.values())


def _order_name(order: Order) -> str | None:
    column = order.column
    alike = column.kind is Kind.METRIC or (column.kind is Kind.ATTRIBUTE and column.name in _BY_SERVER_AS_HERE)
    if column.aggregate is not None or not (alike or order.as_mlflow):
        return None
    if column.kind is not Kind.ATTRIBUTE and _UNORDERABLE.search(column.name):
        return None
    return _operand(column)


def _clauses(tree: Filter, *, negated: bool) -> Iterator[str]:
    """Clauses that all hold wherever the tree, or its contrary, does."""
    match tree:
        case Not(part):
            yield from _clauses(part, negated=not negated)
        case And(parts) | Or(parts) if len(parts) == 1 or isinstance(tree, Or) is negated:
            for part in parts:
                yield from _clauses(part, negated=negated)
        case Missing(column):
            yield from _absence(column, present=negated)
        case Compare(column, comparison, _) if not negated or _is_exact_negation(tree):
            comparison = _INVERSE[comparison] if negated else comparison
            yield from _compare(column, comparison, tree.value, any_case=tree.any_case)
        case _ if not negated:
            yield from _clause(tree)


def _clause(tree: Filter) -> Iterator[str]:
    match tree:
        case Words(words):
            for word in words:
                yield from _like(_NAME, f"%{''.join(map(_uncased, word))}%", any_case=True)
        case Like(column, pattern, any_case):
            yield from _like(column, pattern, any_case=any_case)
        case Matches(column, pattern) if (literal := _LITERAL.fullmatch(pattern)) is not None:
            start = "" if literal[1] else "%"
            yield from _like(column, f"{start}{literal[2]}%", any_case=literal[2] == literal[2].lower())
        case Among():
            yield from _among(tree)


def _is_exact_negation(clause: Compare) -> bool:
    """Whether the contrary of a clause is the other comparison: not where a value may be missing."""
    return clause.column.kind is Kind.ATTRIBUTE and clause.column.name in _NEVER_MISSING and not clause.any_case


def _compare(column: Column, comparison: Comparison, value: float | str, *, any_case: bool) -> Iterator[str]:
    operand = _operand(column)
    if operand is None:
        return
    if not isinstance(value, str):
        if column.kind is Kind.METRIC and comparison is not Comparison.DIFFERENT and not isnan(value):
            yield f"{operand} {comparison} {_number(value)}"
        elif column.kind is Kind.ATTRIBUTE and column.name in _TIMES:
            yield from _compare_time(operand, comparison, value)
    elif _is_text(column) and comparison is Comparison.EQUAL and any_case:
        yield from _like(column, "".join(map(_uncased, value)), any_case=True)
    elif _is_text(column) and comparison in _UNORDERED and (quoted := _quoted(value)) is not None:
        yield f"{operand} {comparison} {quoted}"


def _compare_time(operand: str, comparison: Comparison, value: float) -> Iterator[str]:
    """A comparison with whole milliseconds, which MLflow keeps in 64 bits."""
    if isnan(value) or abs(value) >= 2**63:
        return
    if value == floor(value):
        yield f"{operand} {comparison} {floor(value)}"
    elif comparison in {Comparison.LESS, Comparison.AT_MOST}:
        yield f"{operand} < {ceil(value)}"
    elif comparison in {Comparison.GREATER, Comparison.AT_LEAST}:
        yield f"{operand} > {floor(value)}"


def _among(clause: Among) -> Iterator[str]:
    column, values = clause.column, clause.values
    if clause.negated:
        for value in values:
            yield from _compare(column, Comparison.DIFFERENT, value, any_case=clause.any_case)
    elif len(values) == 1:
        yield from _compare(column, Comparison.EQUAL, values[0], any_case=clause.any_case)
    elif column.kind is Kind.DATASET or column == Column(Kind.ATTRIBUTE, "id"):
        texts = [value for value in values if isinstance(value, str) and _LISTABLE.fullmatch(value)]
        if values and len(texts) == len(values) and not clause.any_case:
            yield f"{_operand(column)} IN ({', '.join(map(repr, texts))})"


def _absence(column: Column, *, present: bool) -> Iterator[str]:
    operand = _operand(column)
    if operand is not None and column.kind in {Kind.PARAM, Kind.TAG}:
        yield f"{operand} IS {'NOT ' * present}NULL"


def _like(column: Column, pattern: str, *, any_case: bool) -> Iterator[str]:
    r"""A pattern in which ``\`` and ``[`` stand for any character: to some of MLflow's databases they are special."""
    operand, quoted = _operand(column), _quoted(re.sub(r"[\\[]", "_", pattern))
    if operand is not None and quoted is not None and _is_text(column):
        yield f"{operand} {'I' * any_case}LIKE {quoted}"


def _is_text(column: Column) -> bool:
    return column.kind is not Kind.METRIC and not (column.kind is Kind.ATTRIBUTE and column.name in _TIMES)


def _operand(column: Column) -> str | None:
    """A column's name; None where MLflow has none for it, or no quotes hold it."""
    if column.aggregate is not None or column.kind in FIXED_NAMES:
        return None
    if column.kind is Kind.ATTRIBUTE:
        name = _ATTRIBUTES.get(column.name)
        return None if name is None else f"attributes.{name}"
    if column.kind is Kind.DATASET:
        return f"datasets.{column.name}"
    key = column.name
    if not key or _UNSENDABLE.search(key) or "\\" in key:
        return None
    if "`" not in key:
        return f"{column.kind}.`{key}`"
    return f'{column.kind}."{key}"' if '"' not in key and not _in_backticks(key) else None


def _in_backticks(key: str) -> bool:
    return key.startswith("`") and key.endswith("`")


def _quoted(value: str) -> str | None:
    """A text in quotes; None where none can hold it: MLflow knows no escape, and the lexer under it half knows one."""
    quote = next((quote for quote in "'\"" if quote not in value), None)
    if quote is None or value.endswith("\\") or _UNSENDABLE.search(value):
        return None
    return f"{quote}{value}{quote}"


def _number(value: float) -> str:
    """A number as MLflow's lexer takes it: without a plus sign in the exponent."""
    return repr(float(as_stored(value))).replace("e+", "e")


def _uncased(letter: str) -> str:
    """A letter of which ILIKE finds each case: those beyond ASCII that have cases stand for anything."""
    return letter if letter.isascii() or letter.lower() == letter.upper() else "%"

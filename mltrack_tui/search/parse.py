"""A filter's text, read: the tree that it means, or what is wrong with it and where."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from mltrack_tui.domain.filter import Comparison, Filter, IsNan, Like, Matches, Missing, Not, Words
from mltrack_tui.domain.numbers import number_of
from mltrack_tui.domain.query import Aggregate, Column
from mltrack_tui.domain.text import clean
from mltrack_tui.search.clauses import all_of, among, any_of, between, compared, present
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.grammar import NotInGrammar, tree_of
from mltrack_tui.search.literals import Literal, list_of_strings, literal
from mltrack_tui.search.mistakes import LONGEST, mistake, require_reasonable
from mltrack_tui.search.moments import Period
from mltrack_tui.search.place import places
from mltrack_tui.search.regular import compiled
from mltrack_tui.search.tokens import KINDS, OPERATORS, Token, Type, key_of, tokens_of, value_of
from mltrack_tui.search.vocabulary import Holds, Vocabulary, is_mlflow_attribute

if TYPE_CHECKING:
    import lark

    Leaf = lark.Token
    Tree = lark.Tree[lark.Token]

_COMPARISONS = {**{each.value: each for each in Comparison}, "==": Comparison.EQUAL, "<>": Comparison.DIFFERENT}
_TEXTS = {Holds.LOGGED, Holds.TEXT, Holds.STATUS, Holds.EXPERIMENT_ID}
_UNORDERED = {Comparison.EQUAL, Comparison.DIFFERENT}
_LONGEST_LIKE = 50_000
"""Bytes of a pattern of LIKE that SQLite takes."""
_WORD = re.compile(r"""(["'])([^"']+)\1(?!\S)|(\S+)""")


def plain_words(text: str) -> Words | None:
    """What a text without any operator means: words to look for, those in quotes as they stand; None of a filter."""
    return _plain_words(text, tokens_of(text))


def _plain_words(text: str, tokens: Sequence[Token]) -> Words | None:
    if any(token.type in OPERATORS for token in tokens):
        return None
    return Words(tuple((match[2] or match[3]).casefold() for match in _WORD.finditer(text)))


def is_everything(text: str) -> bool:
    """Whether a filter admits everything: it is empty, or holds nothing but AND, as MLflow lets it."""
    return all(token.type is Type.AND for token in tokens_of(text))


def needs_names(text: str) -> bool:
    """Whether a filter holds bare names, so that it is known what it means only once the columns are."""
    return any(
        place.operator is not None
        and place.column is not None
        and place.column.type in {Type.WORD, Type.QUOTED}
        and (place.aggregate is not None or not is_mlflow_attribute(key_of(place.column.text)))
        for place in places(tokens_of(text[:LONGEST]))
    )


def parse_filter(text: str, vocabulary: Vocabulary) -> Filter | None:
    """The tree that a filter means; None where it admits everything.

    A text without operators is plain words. Whatever MLflow accepts means what it means there (`SearchUtils` and
    `SearchExperimentsUtils` in mlflow).

    Raises:
        FilterError: it cannot be read.
    """
    if len(text) > LONGEST:
        raise FilterError(f"the filter is longer than {LONGEST} characters", LONGEST, len(text))
    tokens = tokens_of(text)
    if all(token.type is Type.AND for token in tokens):
        return None
    if (words := _plain_words(text, tokens)) is not None:
        return words
    require_reasonable(tokens)
    try:
        tree = tree_of(tokens)
    except NotInGrammar as error:
        raise mistake(tokens, error.position) from None
    return _Reader(text, vocabulary).filter(tree)


def column_named(name: str, vocabulary: Vocabulary, *, qualified: bool, aggregate: str | None = None) -> Column:
    """The column that a name in a filter means. Raises ValueError with a sentence that says why there is none."""
    kind = None
    if qualified:
        entity, _, name = name.partition(".")
        kind = KINDS[entity.strip("`")]
    if aggregate is None:
        return vocabulary.column(kind, key_of(name))
    return vocabulary.aggregated(Aggregate(aggregate), kind, key_of(name))


class _Operand(NamedTuple):
    """The column that a clause is about, and what it holds."""

    column: Column
    holds: Holds


class _Reader:
    """Gives each clause of a syntax tree its meaning."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._clauses = {
            "compare": self._compare,
            "range": self._range,
            "like": self._like,
            "among": self._among,
            "absent": self._absent,
        }

    def filter(self, tree: "Tree") -> Filter:
        """The meaning of a filter, or of a part of it: no deeper than the text is nested, which has a limit."""
        parts = [part for part in tree.children if not isinstance(part, str)]
        match str(tree.data):
            case "any":
                return any_of([self.filter(part) for part in parts])
            case "all" if not parts:
                raise FilterError("and joins nothing here", *_place(_leaves(tree)[0]))
            case "all":
                return all_of([self.filter(part) for part in parts])
            case "inverse":
                return Not(self.filter(parts[0]))
            case clause:
                return self._clauses[clause](tree)

    def _compare(self, tree: "Tree") -> Filter:
        operand, (operator, value), _ = self._parts(tree)
        if operator in {"~", "!~", "=~"}:
            return self._matches(operand, operator, value)
        comparison = _COMPARISONS[operator]
        return compared(operand.column, comparison, self._literal(operand, value, comparison))

    def _matches(self, operand: _Operand, operator: "Leaf", value: "Leaf") -> Filter:
        pattern = self._pattern(operand, operator, value)
        try:
            compiled(pattern)
        except ValueError as error:
            raise FilterError(f"the regular expression is wrong: {error}", *_place(value)) from None
        return present(operand.column, Matches(operand.column, pattern), negated=operator == "!~")

    def _range(self, tree: "Tree") -> Filter:
        operand, (low, high), negated = self._parts(tree)
        bounds = [self._literal(operand, value, Comparison.LESS) for value in (low, high)]
        return between(operand.column, *bounds, negated=negated)

    def _like(self, tree: "Tree") -> Filter:
        operand, (operator, value), negated = self._parts(tree)
        pattern = self._pattern(operand, operator, value)
        if len(pattern.encode("utf-8", "replace")) > _LONGEST_LIKE:
            raise FilterError(f"{operator} takes a pattern of at most {_LONGEST_LIKE} bytes", *_place(value))
        like = Like(operand.column, pattern, operator.lower() == "ilike")
        return present(operand.column, like, negated=negated)

    def _among(self, tree: "Tree") -> Filter:
        operand, values, negated = self._parts(tree)
        plain = [self._literal(operand, value) for value in values]
        return among(operand.column, self._quoted_list(operand, values) or plain, negated=negated)

    def _quoted_list(self, operand: _Operand, values: "list[Leaf]") -> Sequence[Literal] | None:
        """A list of text that is not plainly what stands in its quotes: MLflow reads lists as Python does."""
        text = self._text[values[0].start_pos : values[-1].end_pos]
        loose = [
            (value, following)
            for value, following in pairwise(values)
            if "," not in self._text[value.end_pos : following.start_pos]
        ]
        plain = not loose and "\\" not in text and "''" not in text and '""' not in text
        if plain or operand.holds not in _TEXTS or any(value[0] not in "'\"" for value in values):
            strings = None
        else:
            strings = list_of_strings(text)
        if strings is None and loose:
            raise FilterError("a comma is missing before this", *_place(loose[0][1]))
        return None if strings is None else [Literal(each) for each in strings]

    def _absent(self, tree: "Tree") -> Filter:
        operand, (said,), negated = self._parts(tree)
        if said.lower() in {"null", "missing"}:
            missing = Missing(operand.column)
            return Not(missing) if negated else missing
        if said.lower() != "nan":
            raise FilterError(f"after is comes missing, null or nan, not {clean(said, 40)}", *_place(said))
        if operand.holds not in {Holds.NUMBER, Holds.LOGGED}:
            raise FilterError(f"{clean(str(operand.column), 60)} is {operand.holds}, never nan", *_place(said))
        return present(operand.column, IsNan(operand.column), negated=negated)

    def _parts(self, tree: "Tree") -> "tuple[_Operand, list[Leaf], bool]":
        """A clause's column, its operator and values, and whether it holds a not."""
        column, *others = tree.children
        leaves = [leaf for leaf in others if isinstance(leaf, str)]
        spoken = [leaf for leaf in leaves if leaf.type not in {Type.NOT, Type.AND}]
        return self._operand(column), spoken, any(leaf.type == Type.NOT for leaf in leaves)

    def _operand(self, named: "Tree | Leaf") -> _Operand:
        aggregate, name = (None, named) if isinstance(named, str) else _leaves(named)
        try:
            column = column_named(
                str(name), self._vocabulary, qualified=name.type == Type.QUALIFIED, aggregate=aggregate
            )
        except ValueError as error:
            raise FilterError(str(error), _place(aggregate or name)[0], _place(name)[1]) from None
        return _Operand(column, self._vocabulary.holds(column))

    def _literal(self, operand: _Operand, value: "Leaf", comparison: Comparison = Comparison.EQUAL) -> Literal | Period:
        if value.type == Type.QUALIFIED:
            text = f"{clean(value, 40)} is a column where a value is expected; if it is text, put quotes around it"
            raise FilterError(text, *_place(value))
        quoted = value.type == Type.QUOTED
        now, zone = self._vocabulary.now, self._vocabulary.zone
        try:
            found = literal(value_of(str(value)), operand.holds, now, zone, quoted=quoted)
        except ValueError as error:
            raise FilterError(str(error), *_place(value)) from None
        if comparison not in _UNORDERED and isinstance(found, Literal) and isinstance(found.value, str):
            hint = (
                "leave the quotes out" if number_of(found.value) is not None else "text is compared by = != in like ~"
            )
            raise FilterError(f"{comparison} wants a number; {hint}", *_place(value))
        return found

    def _pattern(self, operand: _Operand, operator: "Leaf", value: "Leaf") -> str:
        if operand.holds not in _TEXTS:
            name = clean(str(operand.column), 60)
            raise FilterError(f"{operator} looks into text, and {name} is {operand.holds}", *_place(operator))
        return value_of(str(value))


def _leaves(tree: "Tree") -> "list[Leaf]":
    return [leaf for leaf in tree.children if isinstance(leaf, str)]


def _place(leaf: "Leaf") -> tuple[int, int]:
    start = leaf.start_pos or 0
    return start, leaf.end_pos or start + len(leaf)

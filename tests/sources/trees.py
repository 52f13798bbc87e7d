"""Trees of filters to try, over columns and values that occur and some that do not."""

from collections.abc import Mapping, Sequence
from math import inf, nan

from hypothesis import strategies as st

from mltrack_tui.domain.filter import (
    Among,
    And,
    Compare,
    Comparison,
    Filter,
    IsNan,
    Like,
    Matches,
    Missing,
    Not,
    Or,
    Words,
)
from mltrack_tui.domain.query import Column, Kind, Value

HOSTILE = (
    "' OR 1=1 --",
    '"; drop table runs',
    "%",
    "_",
    "\\",
    "",
    " ",
    "\n",
    "🚀",
    "ﬁ",
    "ß",
    "İ",
    "\ud800",
    "NaN",
    "1e999",
)
NUMBERS = (0.0, -1.0, 1.0, 0.1, 1e308, 1e400, -1e400, inf, -inf, nan, 2.0**63, 1e30, 5e-324)
PATTERNS = ("a", "A", "^s.d", "[0-9]+$", "(a+)+$", "", ".", r"\bada", "実")


def trees(known: Mapping[Column, Sequence[Value]]) -> st.SearchStrategy[Filter]:
    """Trees over columns of which these values occur."""
    columns = (*known, Column(Kind.PARAM, "'nobody"), Column(Kind.METRIC, "no\ud800"), *_DATASETS)
    clauses = [_clauses(column, known.get(column, ())) for column in columns]
    return st.recursive(st.one_of(*clauses, _WORDS), _joined, max_leaves=12)


_DATASETS = tuple(Column(Kind.DATASET, name) for name in ("name", "digest", "context"))
_WORDS = st.lists(st.sampled_from(["a", "sgd", "large", "実験", "]", "ß", "'"]), min_size=1, max_size=2).map(
    lambda words: Words(tuple(words))
)


def _joined(parts: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    some = st.lists(parts, max_size=4).map(tuple)
    return some.map(And) | some.map(Or) | parts.map(Not)


def _clauses(column: Column, known: Sequence[Value]) -> st.SearchStrategy[Filter]:
    occurring = [value for value in known if value is not None]
    texts = st.sampled_from([*(value for value in occurring if isinstance(value, str)), *HOSTILE])
    numbers = st.sampled_from([*(float(value) for value in occurring if not isinstance(value, str)), *NUMBERS])
    texts |= texts.map(str.swapcase)
    values = texts | numbers
    patterns = texts.flatmap(
        lambda text: st.sampled_from([text, f"%{text[:3]}%", f"{text[:2]}%", f"%{text[-2:]}", "_" * len(text)])
    )
    return st.one_of(
        st.builds(
            Compare, st.just(column), st.sampled_from([Comparison.EQUAL, Comparison.DIFFERENT]), texts, st.booleans()
        ),
        st.builds(Compare, st.just(column), st.sampled_from(Comparison), numbers),
        st.builds(Among, st.just(column), st.lists(values, max_size=4).map(tuple), st.booleans(), st.booleans()),
        st.builds(Missing, st.just(column)),
        st.builds(IsNan, st.just(column)),
        st.builds(Like, st.just(column), patterns, st.booleans()),
        st.builds(Matches, st.just(column), st.sampled_from(PATTERNS)),
    )

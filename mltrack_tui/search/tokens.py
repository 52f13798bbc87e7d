"""The pieces that a filter's text is made of.

They are cut as MLflow cuts them (it uses sqlparse), so that what it accepts is read alike; beyond that, a word without
quotes may hold almost anything.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from mltrack_tui.domain.query import FIXED_NAMES, Kind


class Type(StrEnum):
    """What a piece is: a terminal of the grammar (with a _ it leaves no trace in its tree), or nothing of use."""

    QUALIFIED = "QUALIFIED"
    AGGREGATE = "AGGREGATE"
    WORD = "WORD"
    QUOTED = "QUOTED"
    COMPARE = "COMPARE"
    OPEN = "_OPEN"
    CLOSE = "_CLOSE"
    COMMA = "_COMMA"
    AND = "AND"
    OR = "_OR"
    NOT = "NOT"
    IN = "_IN"
    IS = "_IS"
    LIKE = "LIKE"
    BETWEEN = "_BETWEEN"
    UNCLOSED = "UNCLOSED"
    ODD = "ODD"


class Token(NamedTuple):
    """A piece of a filter and its place in it."""

    type: Type
    text: str
    start: int
    end: int


KINDS = {
    **dict.fromkeys(("metrics", "metric"), Kind.METRIC),
    **dict.fromkeys(("params", "param", "parameters", "parameter"), Kind.PARAM),
    **dict.fromkeys(("tags", "tag"), Kind.TAG),
    **dict.fromkeys(("attributes", "attribute", "attr", "run"), Kind.ATTRIBUTE),
    **dict.fromkeys(("datasets", "dataset"), Kind.DATASET),
    "ci": Kind.CI,
    "usage": Kind.USAGE,
}
"""What may stand before the dot of a name: what MLflow lets stand there, and what has `FIXED_NAMES` before these."""

OPERATORS = frozenset({Type.COMPARE, Type.AND, Type.OR, Type.NOT, Type.IN, Type.IS, Type.LIKE, Type.BETWEEN})
"""What makes a text a filter; one without any of them is plain words."""

_KEYWORDS = {
    "and": Type.AND,
    "or": Type.OR,
    "not": Type.NOT,
    "&&": Type.AND,
    "||": Type.OR,
    "in": Type.IN,
    "is": Type.IS,
    "like": Type.LIKE,
    "ilike": Type.LIKE,
    "between": Type.BETWEEN,
}

# sqlparse takes \' for a quote within the text, but only where another quote follows to end it
_QUOTED = r"""'(?:''|\\'|[^'])*'|"(?:""|\\"|[^"])*"|`(?:``|[^`])*`"""
_PLAIN = r"""[^\s'"`()<>=!~,;]+"""
_ENTITY = "|".join(entity for entity, kind in KINDS.items() if kind not in FIXED_NAMES)
_FIXED = "|".join(rf"{kind}\.(?:{'|'.join(names)})" for kind, names in FIXED_NAMES.items())
_TOKEN = re.compile(
    rf"""
      (?P<QUALIFIED> (?:`(?:{_ENTITY})`|(?:{_ENTITY}))\.\s*
                     (?:{_QUOTED}|{_PLAIN})(?:(?<=\.)(?:{_QUOTED})|(?=\.){_PLAIN})*
                   | (?:{_FIXED})(?!{_PLAIN}))
    | (?P<AGGREGATE> (?:first|last|min|max|mean|best)(?=\s*\() )
    | (?P<WORD>      \d{{4}}-\d\d-\d\d\ \d\d:\d\d{_PLAIN[:-1]}*|{_PLAIN})
    | (?P<QUOTED>    {_QUOTED})
    | (?P<COMPARE>   <=|>=|!=|==|<>|!~|=~|[=<>~])
    | (?P<OPEN>      \( )
    | (?P<CLOSE>     \) )
    | (?P<COMMA>     , )
    | (?P<UNCLOSED>  ['"`] )
    | (?P<ODD>       [!;] )
    """,
    re.VERBOSE,
)
_WHOLE_WORD = re.compile(_PLAIN)


def tokens_of(text: str) -> list[Token]:
    """Cut a filter into its pieces; whatever the text is, they are all of it but blanks."""
    found = []
    for match in _TOKEN.finditer(text):
        type_ = Type[match.lastgroup or "ODD"]
        if type_ is Type.WORD:
            type_ = _KEYWORDS.get(match[0].lower(), Type.WORD)
        found.append(Token(type_, match[0], match.start(), match.end()))
    return found


def is_plain_word(text: str) -> bool:
    """Whether a name can be written without quotes and is then nothing but a name."""
    cut = tokens_of(text) if _WHOLE_WORD.fullmatch(text) else []
    return len(cut) == 1 and cut[0].type is Type.WORD


def key_of(text: str) -> str:
    """A name without its quotes and backticks, taken off as MLflow does: one of each kind, at both ends or not."""
    return _trimmed(_trimmed(text, "'\""), "`")


def value_of(text: str) -> str:
    """A value without its quotes: one from each end, as MLflow does, and whatever is doubled within stays so."""
    return _trimmed(text, "'\"`")


def _trimmed(text: str, quotes: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in quotes else text

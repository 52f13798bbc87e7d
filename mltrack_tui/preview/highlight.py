"""What the words of a source text are, for the eye."""

from collections.abc import Iterator, Sequence
from time import monotonic

LARGEST = 256_000
"""Bytes of a text that is highlighted."""
_LONGEST = 1.0  # seconds; a lexer is a heap of regular expressions, and the text is somebody's
_LEXERS = {
    "py": "python", "ipy": "python", "json": "json", "yaml": "yaml", "yml": "yaml", "toml": "toml", "sh": "bash",
    "bash": "bash", "xml": "xml", "svg": "xml", "html": "html", "js": "javascript", "ts": "typescript", "css": "css",
    "sql": "sql", "r": "r", "jl": "julia", "c": "c", "h": "c", "cpp": "cpp", "cu": "cuda", "go": "go", "rs": "rust",
    "java": "java", "md": "markdown", "ini": "ini", "cfg": "ini", "diff": "diff", "patch": "diff", "tf": "terraform",
    "mlmodel": "yaml", "dockerfile": "docker", "makefile": "make",
}  # fmt: skip
"""Pygments' names by endings, or by whole names; its own search would import every plugin there is."""

Span = tuple[str, str]
"""What some characters are, one of ``plain keyword name string literal comment``, and these characters."""


def lexer_of(name: str) -> str | None:
    """Pygments' name of the language that a file of this name is written in; None where it is in none."""
    return _LEXERS.get(name.lower().rpartition(".")[2])


def highlighted(language: str, lines: Sequence[str]) -> list[list[Span]]:
    """Each line in parts; as far as it took no longer than a second, the rest as it is."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return []
    result: list[list[Span]] = [[]]
    until = monotonic() + _LONGEST
    for kind, text in lexer.get_tokens("\n".join(lines)):
        if monotonic() > until:
            return result[:-1]
        first, *others = text.split("\n")
        ink = _ink(str(kind))
        result[-1].append((ink, first))
        result += [[(ink, other)] for other in others]
    return result


def _ink(kind: str) -> str:
    """Which ink a kind of token has: ``Token.Literal.String.Doc``."""
    return next((ink for start, ink in _INKS if kind.startswith(start)), "plain")


_INKS = (
    ("Token.Comment", "comment"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Tag", "keyword"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Decorator", "name"),
    ("Token.Name.Attribute", "name"),
    ("Token.Generic.Heading", "keyword"),
    ("Token.Generic.Subheading", "keyword"),
    ("Token.Generic.Inserted", "string"),
    ("Token.Generic.Deleted", "literal"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "literal"),
)


def cut(spans: Sequence[Span], start: int, stop: int) -> Iterator[Span]:
    """The characters from ``start`` to before ``stop`` of a line in parts."""
    at = 0
    for ink, text in spans:
        part = text[max(start - at, 0) : max(stop - at, 0)]
        if part:
            yield ink, part
        at += len(text)

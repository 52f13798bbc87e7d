"""A few hundred names that mean harm."""

from urllib.parse import quote

_ESCAPES = ["../x", "..", "../../x", "a/../../x", "/x", "//x", "/etc/x", ".", "./x", "a//b", "a/./b", "", "a/"]
_WINDOWS = [
    "..\\x",
    "\\x",
    "\\\\host\\x",
    "C:x",
    "c:\\x",
    "C:/x",
    "a:stream",
    "CON",
    "nul.txt",
    "com1",
    "LPT¹",
    "aux .",
]
_CONTROL = ["a\0b", "a\nb", "a\rb", "a\x1b[2Jb", "a\x9bb", "a\x7fb", "a\u2028b", "\udcffa"]
_ENDINGS = ["a.", "a ", "...", " ", "a" * 256, "ä" * 128, "/".join(["d" * 200] * 21)]
LOOK_ALIKES = ["\uff0e\uff0e/x", "a\u2215..\u2215x"]


def _coded(name: str) -> list[str]:
    """A name as it comes decoded and coded once, twice, thrice, in part and in capitals."""
    once = quote(name, safe="", errors="surrogateescape")
    dots = name.replace(".", "%2e")
    slashes = name.replace("/", "%2F")
    twice = quote(dots, errors="surrogateescape")
    return [name, once, once.lower(), quote(once), quote(quote(once)), dots, slashes, twice]


ALL = _ESCAPES + _WINDOWS + _CONTROL + _ENDINGS + LOOK_ALIKES
HOSTILE = list(dict.fromkeys(coded for name in ALL for coded in _coded(name)))
"""Some of them are harmless as they are, for the disk has no percent codes: those may come under their own names."""

"""The commands there are. Nothing is imported to know them: opening the explorer needs no more than this."""

EXPLORE = "open"

COMMANDS = {
    "projects": "listing:projects",
    "experiments": "listing:experiments",
    "candidates": "listing:candidates",
    "models": "models:models",
    "show": "one:show",
    "history": "one:history",
    "plot": "picture:plot",
    "artifacts": "files:artifacts",
    "cat": "files:cat",
    "download": "bringing:download",
    "demo": "demo:demo",
    "sources": "sources:sources",
    "doctor": "doctor:doctor",
    EXPLORE: "explore:explore",
}
"""A command's name, and in which module beside this one it is written, under which name."""

PRINTING = (
    "projects",
    "experiments",
    "candidates",
    "models",
    "show",
    "history",
    "plot",
    "artifacts",
    "cat",
    "download",
)
"""Those that print what a source holds."""


def is_explored(words: list[str]) -> bool:
    """Whether these words are the plain way into the explorer: none at all, or one that is a source."""
    return not words or (len(words) == 1 and not words[0].startswith("-") and words[0] not in COMMANDS)

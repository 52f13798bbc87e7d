"""From the keys that a user wants to the keys that commands have: never two commands with one key in one place."""

import unicodedata
from collections.abc import Iterator, Mapping

from textual.keys import KEY_NAME_REPLACEMENTS
from textual.keys import Keys as TextualKeys

from mltrack_tui.commands import GROUPS, TOGETHER, Command, Keys, shown_key
from mltrack_tui.config.settings import likely

NO_KEY = "no-key"
"""What no keyboard sends: Textual's keymap has no other way to take a command's keys."""
_MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}
_NAMES = {key.value for key in TextualKeys if not key.value.startswith("<")}


def keymap(keys: Keys) -> Mapping[str, str]:
    """The changed keys as Textual's keymap."""
    return {id_: ",".join(changed) or NO_KEY for id_, changed in keys.changed.items()}


def keys_from(wanted: Mapping[str, str]) -> tuple[Keys, list[str]]:
    """The keys of all commands where a user wants these, by the commands' ids, and what to tell the user.

    What one command is given, others that work in the same place lose, unless the user gave it to them before.
    """
    problems: list[str] = []
    changed: dict[str, tuple[str, ...]] = {}
    commands = {command.id: command for group in GROUPS for command in group.commands}
    for id_, text in wanted.items():
        if id_ not in commands:
            problems.append(f"keys.{id_}: there is no such command{likely(id_, commands)}")
        elif keys := _read(commands[id_], text, problems):
            changed[id_] = keys
    for id_ in tuple(changed):
        _settle(commands[id_], changed, problems)
    return Keys(changed), problems


def _read(command: Command, text: str, problems: list[str]) -> tuple[str, ...]:
    keys = []
    for word in text.split(","):
        key = _key(word.strip())
        if key is None:
            problems.append(f"keys.{command.id}: no key is called “{word.strip()}”{likely(word.strip(), _NAMES)}")
        elif command.priority and len(key) == 1:
            problems.append(f"keys.{command.id}: it works in text boxes, where {key} is typed; take one such as ctrl+x")
        else:
            keys.append(key)
    return tuple(dict.fromkeys(keys))


def _key(word: str) -> str | None:
    """A key's name as commands are declared with it: a character for itself, but ``comma``."""
    *modifiers, name = word.split("+") if len(word) > 1 else [word]
    modifiers = [modifier.lower() for modifier in modifiers]
    if not name or not set(modifiers) <= _MODIFIERS:
        return None
    if len(name) > 1:
        name = name.lower() if modifiers else _character(name.lower())
    if len(name) == 1:
        if modifiers == ["shift"] and name.isalpha():
            return name.upper()
        if modifiers and not name.isalnum():
            return None
        name = name.lower() if modifiers else "comma" if name == "," else name
    elif name not in _NAMES and "+".join([*modifiers, name]) not in _NAMES:
        return None
    return "+".join([*modifiers, name])


def _character(name: str) -> str:
    """The character that Textual has a long name for, such as ``question_mark``; other names stay."""
    unicode_name = {textuals: unicodes for unicodes, textuals in KEY_NAME_REPLACEMENTS.items()}.get(name, name)
    for between in " -":
        try:
            character = unicodedata.lookup(unicode_name.replace("_", between))
        except KeyError:
            continue
        return character if character.isprintable() and not character.isspace() else name
    return name


def _settle(command: Command, changed: dict[str, tuple[str, ...]], problems: list[str]) -> None:
    """See that no other command has a key of this one, or the other way round where the other was settled before."""
    for rival in _rivals(command):
        keys, theirs = changed[command.id], Keys(changed).of(rival)
        both = [key for key in keys if key in theirs]
        if not both:
            continue
        told = " ".join(map(shown_key, both))
        order = list(changed)
        if rival.id in changed and order.index(rival.id) < order.index(command.id):
            changed[command.id] = tuple(key for key in keys if key not in both)
            problems.append(f"keys.{command.id}: {told} is {rival.id}'s already; choose another")
        elif rival.id not in changed:
            changed[rival.id] = tuple(key for key in theirs if key not in both)
            left = " ".join(map(shown_key, changed[rival.id])) or "none"
            problems.append(f"keys.{command.id}: {told} was {rival.id}'s, which has {left} now; give it one too")


def _rivals(command: Command) -> Iterator[Command]:
    """The other commands that work in some place where this one works."""
    rivals = {
        other.id: other
        for groups in TOGETHER
        if any(command in group.commands for group in groups)
        for group in groups
        for other in group.commands
    }
    yield from (rival for rival in rivals.values() if rival.id != command.id)

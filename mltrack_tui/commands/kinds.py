"""What a command is, which keys it has, and how a key is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """Something a user can do.

    Attributes:
        id: stable name, for remapping keys.
        keys: Textual's key names, separated by commas; the first is the one shown.
        action: the Textual action that does it.
        label: two words at most, for the footer and the palette.
        help: what it does, in a line.
        hint: whether the footer shows it.
        priority: whether it works in a text box too.
    """

    id: str
    keys: str
    action: str
    label: str
    help: str
    hint: bool = False
    priority: bool = False

    @property
    def shown_key(self) -> str:
        """The first key it is declared with, as a person reads it."""
        return shown_key(self.keys.partition(",")[0])


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that commands have: those they are declared with, but for those that ``changed``, by their ids."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, command: Command) -> tuple[str, ...]:
        """Textual's names of a command's keys; there may be none."""
        return self.changed.get(command.id, tuple(command.keys.split(",")))

    def shown(self, command: Command) -> str:
        """The first of them, as a person reads it, or ''."""
        return next(map(shown_key, self.of(command)), "")


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that work in one kind of place."""

    title: str
    commands: tuple[Command, ...]

    def bindings(self) -> list[Binding]:
        """These commands as Textual wants them."""
        return [
            Binding(
                command.keys,
                command.action,
                command.label,
                tooltip=command.help,
                id=command.id,
                priority=command.priority,
            )
            for command in self.commands
        ]


_KEY_NAMES = {
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "comma": ",",
}


def shown_key(key: str) -> str:
    """A key's name as a person reads it: ``esc``, ``PgDn``, ``↓``."""
    return _KEY_NAMES.get(key, key)


def hints(*groups: Group) -> tuple[Command, ...]:
    """The commands of some groups that the line at the bottom shows."""
    return tuple(command for group in groups for command in group.commands if command.hint)

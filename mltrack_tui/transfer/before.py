"""What is looked at before the first byte of a download: names, what is there, room. For use in threads."""

import shutil
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from mltrack_tui.domain.artifacts import Artifact
from mltrack_tui.domain.paths import no_name
from mltrack_tui.domain.sizes import bytes_text
from mltrack_tui.transfer.errors import NoRoomError, TargetExistsError, TransferError, shown, told
from mltrack_tui.transfer.folders import opened
from mltrack_tui.transfer.order import Existing, Failure, Wanted
from mltrack_tui.transfer.parts import Target
from mltrack_tui.transfer.plan import Plan

Parts = tuple[str, ...]
"""A path below the chosen folder."""


def tops(wanted: Sequence[Wanted], plans: Sequence[Plan], folder: Path, existing: Existing) -> list[Parts]:
    """Where each of what was wanted comes to lie below the chosen folder; no two at one place.

    Raises TransferError.
    """
    found: list[Parts] = []
    for each, planned in zip(wanted, plans, strict=True):
        if each.below and (why := no_name(each.below)) is not None:
            raise TransferError(f"{shown(each.below)} is refused: {why}.")
        below = tuple(each.below.split("/")) if each.below else ()
        place = (*below, planned.name) if each.path or not below else below
        found.append(next(other for other in _others(place) if _is_free(other, folder, existing, found)))
    return found


def _is_free(place: Parts, folder: Path, existing: Existing, others: Sequence[Parts]) -> bool:
    if place in others:
        return False
    return existing is not Existing.RENAME or not _lies_there(folder.joinpath(*place))


def _lies_there(path: Path) -> bool:
    with told(str(path)):
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True


def _others(place: Parts) -> Iterator[Parts]:
    """The place itself, then as many beside it as are tried: ``model``, ``model (1)``, …"""
    yield place
    *around, last = place
    name = Path(last)
    for number in range(1, 10_000):
        yield (*around, f"{name.stem} ({number}){name.suffix}")
    raise TransferError(f"{shown(last)}: there are too many of that name. Choose another folder.")


def targets_of(
    wanted: Sequence[Wanted], plans: Sequence[Plan], places: Sequence[Parts], folder: Path
) -> dict[Target, Artifact]:
    """What is to be brought, and where each file comes to lie."""
    found = {}
    for each, planned, place in zip(wanted, plans, places, strict=True):
        for artifact, below in planned.files:
            *parts, name = (*place, *below.split("/")) if below else place
            found[Target(folder, tuple(parts), name, each.candidate, artifact.path)] = artifact
    return found


def there(targets: Iterable[Target]) -> dict[Target, int]:
    """Those whose names are taken, with the sizes of what has them."""
    together: dict[tuple[Path, Parts], list[Target]] = defaultdict(list)
    for target in targets:
        together[target.chosen, target.parts].append(target)
    found = {}
    for some in together.values():
        with suppress(OSError), some[0].folder(make=False) as folder:  # what is wrong with it is told when it is made
            for target in some:
                if (about := folder.stat(target.name)) is not None:
                    found[target] = -1 if stat.S_ISDIR(about.st_mode) else about.st_size
    return found


def taken(targets: Sequence[Target]) -> TargetExistsError:
    """What is said where nothing is to be replaced."""
    first = shown(str(targets[0].path))
    if len(targets) == 1:
        return TargetExistsError(f"{first} is there already. Skip it, replace it, or choose another folder.")
    return TargetExistsError(
        f"{len(targets):,} of the files are there already, {first} first."
        " Skip them, replace them, or choose another folder."
    )


def check_room(folder: Path, sizes: Sequence[tuple[Target, int | None]]) -> None:
    """Raise NoRoomError where the disk cannot hold what is still to come."""
    with told(str(folder)):
        free = shutil.disk_usage(folder).free
    needed = sum(size or 0 for _, size in sizes)
    if needed > free:
        needed -= sum(sum(target.found().values()) for target, _ in sizes)
    if needed > free:
        raise NoRoomError(
            f"There is no room in {shown(str(folder))}: {bytes_text(needed)} are to come, {bytes_text(free)} are free."
            " Make room, or choose another folder."
        )


def make_folders(chosen: Path, top: Parts, below: Sequence[str]) -> list[Failure]:
    """Make the folders of what is downloaded; empty ones are part of it. Answers with those that could not be made."""
    failures = []
    for path in ["", *below]:
        parts = (*top, *path.split("/")) if path else top
        try:
            with told("/".join(parts)), opened(chosen) as folder, folder.below(parts):
                pass
        except TransferError as error:
            failures.append(Failure("/".join(parts), str(error)))
    return failures

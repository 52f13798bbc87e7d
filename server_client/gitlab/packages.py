"""Packages: those for models, and generic ones, where GitLab kept a run's artifacts before it had these."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from server_client.channel import Channel, Params
from server_client.decode import Json, members, size, text
from server_client.errors import Hint, UnexpectedAnswerError
from server_client.gitlab.decode import number
from server_client.gitlab.projects import next_page
from server_client.values import FileInfo

T = TypeVar("T")

_FILES_OF_PAGE = 100
_MOST_PAGES = 1000  # of a list whose next page is always said to be there


class Packages:
    """What can be asked about a project's packages. Every call raises TrackingError."""

    def __init__(self, channel: Channel, project_root: str) -> None:
        self._channel, self._root = channel, project_root

    async def files(self, name: str, version: str) -> tuple[FileInfo, ...]:
        """The files of a generic package, their names as they are stored; none where there is no such package."""
        asked = [("package_type", "generic"), ("package_name", name), ("package_version", version)]
        return tuple(await self._stored(asked, lambda package: package[1:] == (name, version), _file))

    async def checksums(self, version: str) -> dict[str, str]:
        """The SHA-256 of each file of the model packages of a version, by the names as they are stored."""
        asked = [("package_type", "ml_model"), ("package_version", version)]
        return dict(await self._stored(asked, lambda package: package[2] == version, _sha256))

    async def _stored(
        self, asked: Params, meant: Callable[[tuple[int, str, str]], bool], decode: Callable[[Json], T]
    ) -> list[T]:
        files: list[T] = []
        for package in await self._all("/packages", asked, _package):
            if meant(package):  # GitLab also answers what only contains the name
                files += await self._all(f"/packages/{package[0]}/package_files", (), decode)
        return files

    def content_path(self, name: str, version: str, file: str) -> str:
        """Where a file is had from, by its name without its percent-encoding."""
        return f"{self._root}/packages/generic/{quote(name, safe='')}/{quote(version, safe='')}/{_quoted(file)}"

    async def _all(self, path: str, params: Params, decode: Callable[[Json], T]) -> list[T]:
        found: list[T] = []
        number: int | None = 1
        while number is not None and number <= _MOST_PAGES:
            asked = [*params, ("per_page", _FILES_OF_PAGE), ("page", number)]
            rows, headers = await self._channel.rows("rows", self._root + path, asked, _each(decode))
            found += rows
            if (following := next_page(headers)) is not None and following <= number:
                raise UnexpectedAnswerError(Hint.STUCK_TOKEN, method="GET", path=path)
            number = following
        return found


def _quoted(path: str) -> str:
    return quote(path, safe="/", errors="replace")


def _each(decode: Callable[[Json], T]) -> Callable[[Json], list[T]]:
    return lambda answer: [decode(item) for item in members(answer, "rows")]


def _package(item: Json) -> tuple[int, str, str]:
    return number(item, "id"), text(item, "name"), text(item, "version")


def _file(item: Json) -> FileInfo:
    return FileInfo(text(item, "file_name"), is_dir=False, file_size=size(item, "size"))


def _sha256(item: Json) -> tuple[str, str]:
    return text(item, "file_name"), text(item, "file_sha256").lower()

"""Runs' artifacts, as GitLab has them: files of packages, without folders."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from server_client.artifacts import MOST_LISTED, ArtifactsResource, file_at
from server_client.channel import Channel
from server_client.checksums import Checksum
from server_client.decode import Json, listing, size, text
from server_client.errors import ForbiddenError, Hint, NotFoundError, RefusedError, UnexpectedAnswerError
from server_client.files import WHOLE, OpenFile, Span
from server_client.gitlab.kept import Kept
from server_client.gitlab.packages import Packages
from server_client.gitlab.runs import GitLabRuns
from server_client.values import Artifacts, FileInfo

_PROXY = "/api/2.0/mlflow-artifacts/artifacts"
_RUNS_KEPT = 8
_CANDIDATE = "candidate:"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_OF_MODELS = re.compile(r"(?:.*/packages/ml_models)?/(candidate:\d+|\d+)(?:/files)?/?")
_GENERIC = re.compile(r".*/packages/generic/([^/]+)/([^/]+)/?")


class _Root(NamedTuple):
    """Where a run's files lie: what the project's MLflow API calls it, or a generic package's name and version."""

    name: str
    version: str | None = None


class _Files(NamedTuple):
    root_uri: str
    files: tuple[FileInfo, ...]


class GitLabArtifacts(ArtifactsResource):
    """What can be asked about the artifacts of a project's runs. Every call raises TrackingError.

    GitLab keeps a run's files in a package, flat, their names percent-encoded where they have folders in them.
    Of the URI that it tells for them only the end counts: its host is never asked.
    """

    def __init__(self, channel: Channel, instance: Channel, runs: GitLabRuns, packages: Packages) -> None:
        super().__init__(channel)
        self._instance, self._runs, self._packages = instance, runs, packages
        self._kept: Kept[str, _Files] = Kept(_RUNS_KEPT)
        self._checksums: Kept[str, dict[str, str]] = Kept(_RUNS_KEPT)

    async def list(self, run_id: str, path: str = "", *, most: int = MOST_LISTED) -> Artifacts:
        """What lies directly in a folder of a run's artifacts.

        A run's files are asked for once, and kept for half a minute: folders are made of their names. A file whose
        name leads out of the artifacts is listed in the root, and is in no folder; one that has the name of a folder is
        left out. A folder that is not there, and a file, hold nothing.

        Raises:
            NotFoundError: there is no such run.
            ForbiddenError: the project's model registry, which keeps the files, is switched off or not for us.
        """
        found = await self._kept.get(run_id, lambda: self._listed(run_id))
        here = _directly_in(path.strip("/"), found.files)
        return Artifacts(found.root_uri, here[:most], len(here) > most)

    @asynccontextmanager
    async def open(
        self, run_id: str, path: str, span: Span = WHOLE, *, root_uri: str | None = None
    ) -> AsyncIterator[OpenFile]:
        """A file, as `ArtifactsResource.open`. GitLab may send us elsewhere for it: without our token.

        Where all that is left of it is wanted, its checksum is what its package says, which is asked for once a run.
        """
        if not _is_inside(path):
            raise NotFoundError(404, message="there can be no such file")
        root = _root(root_uri or (await self._runs.get(run_id)).artifact_uri)
        if root.version is None:
            channel, where = self._channel, f"{_PROXY}/{root.name}/{quote(path, errors='replace')}"
        else:
            channel, where = self._instance, self._packages.content_path(root.name, root.version, path)
        checksum = await self._checksum(root, path) if span.stop is None else None
        async with file_at(channel, where, (), span) as file:
            yield replace(file, checksum=checksum or file.checksum)

    async def _checksum(self, root: _Root, path: str) -> Checksum | None:
        candidate = root.name.removeprefix(_CANDIDATE)
        if root.version is not None or candidate == root.name:
            return None
        known = await self._checksums.get(candidate, lambda: self._checksums_of(f"candidate_{candidate}"))
        told = known.get(quote(path, safe="", errors="replace")) or ""
        return Checksum("sha256", told) if _SHA256.fullmatch(told) else None

    async def _checksums_of(self, version: str) -> dict[str, str]:
        try:
            return await self._packages.checksums(version)
        except (RefusedError, UnexpectedAnswerError):  # packages are for fewer than files are
            return {}

    def readable(self, path: str) -> str | None:  # noqa: ARG002 - as MLflow is asked
        """GitLab sends any file."""
        return None

    def forget(self) -> None:
        """Rely no longer on what was kept."""
        self._kept.clear()
        self._checksums.clear()

    async def _listed(self, run_id: str) -> _Files:
        root_uri = (await self._runs.get(run_id)).artifact_uri
        root = _root(root_uri)
        try:
            if root.version is not None:
                return _Files(root_uri, await self._packages.files(root.name, root.version))
            page = await self._channel.get(_PROXY, [("path", root.name)], listing("files", _stored))
        except NotFoundError as error:
            if error.error_code is not None:  # there is no package yet
                return _Files(root_uri, ())
            words = "the project's model registry, which keeps artifacts, is switched off, or not for us"
            refusal = ForbiddenError(error.status, method=error.method, path=error.path, message=words)
        else:
            return _Files(root_uri, page.items)
        raise refusal


def _root(uri: str) -> _Root:
    """What the end of an artifact URI says, whichever GitLab wrote it."""
    try:
        path = urlsplit(uri).path
    except ValueError:
        path = ""
    if generic := _GENERIC.fullmatch(path):
        return _Root(unquote(generic[1]), unquote(generic[2]))
    if of_models := _OF_MODELS.fullmatch(path):
        return _Root(of_models[1])
    raise UnexpectedAnswerError(Hint.MALFORMED, "an artifact URI of an unknown kind")


def _stored(item: Json) -> FileInfo:
    """A file of a package. Whatever has no name stays without one, and is left out with the others that can be none."""
    return FileInfo(text(item, "path"), is_dir=False, file_size=size(item, "file_size"))


def _directly_in(folder: str, stored: Iterable[FileInfo]) -> tuple[FileInfo, ...]:
    """What lies in a folder, of files whose names are percent-encoded; in the root also what leads out of it."""
    found: dict[str, FileInfo] = {}
    above = f"{folder}/" if folder else ""
    for file in stored:
        path = unquote(file.path)
        if not _is_inside(path):
            if path and not folder:
                found[path] = FileInfo(path, is_dir=False, file_size=file.file_size)
            continue
        if not path.startswith(above):
            continue
        name, _, below = path[len(above) :].partition("/")
        here = above + name
        if below:
            found[here] = FileInfo(here, is_dir=True)
        elif here not in found or not found[here].is_dir:
            found[here] = FileInfo(here, is_dir=False, file_size=file.file_size)
    return tuple(found.values())


def _is_inside(path: str) -> bool:
    """Whether a path stays below its root: RFC 3986 takes dots for a way out."""
    return not {"", ".", ".."}.intersection(path.split("/"))

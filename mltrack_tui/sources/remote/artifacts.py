"""A candidate's artifacts, as a server lists and sends them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import NamedTuple

from mltrack_tui.domain.artifacts import MODELS_FOLDER, Artifact, ArtifactKind
from mltrack_tui.domain.paths import way_out
from mltrack_tui.sources.artifact_roots.names import ascending, by_title, dataset_entry, model_entry, refused, rest_of
from mltrack_tui.sources.artifacts import MOST_ENTRIES, WHOLE, Checksum, Content, Part
from mltrack_tui.sources.base import ChangedError, NotFoundError
from mltrack_tui.sources.remote.pool import Pool, UnlessGone
from server_client import Artifacts as Listed
from server_client import BadRequestError, FileInfo, LoggedModel, OpenFile, Span
from server_client import ChangedError as AnotherFileError
from server_client import NotFoundError as NotThereError
from server_client.artifacts import ArtifactsResource
from server_client.dialect import Tracker
from server_client.paging import in_order
from server_client.together import together

_MOST_MODELS = 100
"""Logged models that are asked for one by one."""


class _Place(NamedTuple):
    """Where a path leads: to the candidate's own files, or to those of a logged model."""

    candidate_id: str
    model_id: str | None
    path: str

    @property
    def above(self) -> str:
        """What the paths there begin with."""
        return "" if self.model_id is None else f"{MODELS_FOLDER}{self.model_id}/"


class Artifacts:
    """The artifacts of one workspace's candidates."""

    def __init__(self, client: Tracker, pool: Pool) -> None:
        self._client, self._pool = client, pool
        self._roots: dict[tuple[str, str | None], str] = {}

    async def listing(self, candidate_id: str, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder, by name; of a file, that file alone.

        Raises NotFoundError of ours and server_client's.
        """
        place = self._place(candidate_id, path.removesuffix("/"))
        if not path:
            own, beside = await together(self._directly_in(place), self._beside(candidate_id))
            return [*own, *beside]

        async def directly_in(folder: str) -> list[Artifact]:
            return await self._directly_in(place._replace(path=folder))

        return await folder_or_file(place.path, directly_in, place.above)

    @asynccontextmanager
    async def content(self, candidate_id: str, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened. Raises as `listing` does, and ChangedError of ours."""
        place = self._place(candidate_id, path)
        if (why := self._client.artifacts.readable(place.path)) is not None:
            raise NotFoundError(f"The server cannot send {path!r}: {why}.")
        with told(path):
            root = await self._root(place)
            async with self._opened(place, Span(part.start, part.stop, part.version), root) as file:
                yield content_of(file)

    def _place(self, candidate_id: str, path: str) -> _Place:
        """Where a path leads. Raises NotFoundError where it could lead anywhere else."""
        model_id, inside = None, path
        if path.startswith(MODELS_FOLDER) and self._client.dialect.keeps_models_and_datasets:
            model_id, _, inside = path.removeprefix(MODELS_FOLDER).partition("/")
        why = "it names no logged model" if model_id == "" else way_out(model_id or "") or refused(inside)
        if why is not None:
            raise NotFoundError(f"{path!r} is not a path below the artifact folder: {why}.")
        return _Place(candidate_id, model_id, inside)

    def _opened(self, place: _Place, span: Span, root: str) -> AbstractAsyncContextManager[OpenFile]:
        ours = self._client.artifacts
        if place.model_id is not None:
            return ours.open_of_model(place.model_id, place.path, span, root_uri=root)
        return ours.open(place.candidate_id, place.path, span, root_uri=root)

    async def _root(self, place: _Place) -> str:
        key = place.candidate_id, place.model_id
        if key not in self._roots:
            if place.model_id is None:
                self._roots[key] = (await self._client.runs.get(place.candidate_id)).artifact_uri
            else:
                self._roots[key] = (await self._client.artifacts.model(place.model_id)).artifact_uri
        return self._roots[key]

    async def _directly_in(self, place: _Place) -> list[Artifact]:
        listed = await self._listed(place)
        self._roots[place.candidate_id, place.model_id] = listed.root_uri
        return await artifacts_of(listed, place.path, self._client.artifacts, place.above)

    async def _listed(self, place: _Place) -> Listed:
        ours = self._client.artifacts
        if place.model_id is None:
            return await ours.list(place.candidate_id, place.path, most=MOST_ENTRIES)
        return await ours.list_of_model(place.model_id, place.path, most=MOST_ENTRIES)

    async def _beside(self, candidate_id: str) -> list[Artifact]:
        """The logged models and datasets of a candidate, of a server that has any."""
        if not self._client.dialect.keeps_models_and_datasets:
            return []
        candidate = await self._pool.one(candidate_id)
        found = {
            each.model_id: each
            for each in await self._client.artifacts.models(candidate_id, candidate.id.experiment_id)
        }
        others = [each for each in self._pool.models(candidate_id) if each not in found]
        for model in await in_order(others[:_MOST_MODELS], self._model):
            found[model.model_id] = model
        models = sorted(map(_entry, found.values()), key=by_title)
        return [*models, *map(dataset_entry, self._pool.datasets(candidate_id))]

    async def _model(self, model_id: str) -> LoggedModel:
        with UnlessGone():
            return await self._client.artifacts.model(model_id)
        return LoggedModel(model_id, status="DELETED")


def _entry(model: LoggedModel) -> Artifact:
    return model_entry(model.model_id, model.name, model.status.replace("_", " ").lower())


async def folder_or_file(
    path: str, directly_in: Callable[[str], Awaitable[list[Artifact]]], above: str = ""
) -> list[Artifact]:
    """What lies in a folder; of a file, that file alone: a server answers that it holds nothing.

    ``above`` is what the paths that are listed begin with.

    Raises:
        NotFoundError: there is nothing of this path.
    """
    found = await directly_in(path)
    if found or not path:
        return found
    for artifact in await directly_in(path.rpartition("/")[0]):
        if artifact.path == above + path:
            return [] if artifact.is_dir else [artifact]
    raise NotFoundError(f"There is no artifact {path!r}.")


async def artifacts_of(listed: Listed, folder: str, files: ArtifactsResource, above: str = "") -> list[Artifact]:
    """What a server lists in a folder, by name; ``above`` is what the paths of it begin with."""

    def shown() -> list[Artifact]:
        found = (_artifact(each, folder, files, above) for each in listed.files)
        rest = [rest_of(f"{above}{folder}".removesuffix("/"))] if listed.cut else []
        return ascending(each for each in found if each is not None) + rest

    return await asyncio.to_thread(shown)


def _artifact(listed: FileInfo, folder: str, files: ArtifactsResource, above: str) -> Artifact | None:
    """An entry of a folder; None of what lies elsewhere."""
    why = refused(listed.path) or files.readable(listed.path)
    if why is None and listed.path.rpartition("/")[0] != folder:
        return None
    kind = ArtifactKind.LOGGED if why is None else ArtifactKind.REFUSED
    return Artifact(above + listed.path, listed.is_dir, listed.file_size, kind, why or "")


def content_of(file: OpenFile) -> Content:
    """A server's file as ours."""
    checksum = Checksum(*file.checksum) if file.checksum is not None else None
    return Content(file.chunks, file.size, file.version, file.ranged, checksum)


@contextmanager
def told(path: str) -> Iterator[None]:
    """What a server says of a file, in our words. Raises NotFoundError and ChangedError of ours."""
    try:
        yield
    except NotThereError:
        raise NotFoundError(f"There is no artifact {path!r}.") from None
    except BadRequestError:
        raise NotFoundError(f"The artifact {path!r} is a folder, not a file.") from None
    except AnotherFileError:
        raise ChangedError(f"The artifact {path!r} was written anew meanwhile.") from None

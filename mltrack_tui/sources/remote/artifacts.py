"""A candidate's artifacts, as a server lists and sends them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import NamedTuple

from mltrack_tui.domain.entities import DATASETS_FOLDER, MODELS_FOLDER, Artifact, ArtifactKind, Dataset
from mltrack_tui.domain.paths import way_out
from mltrack_tui.sources.artifact_roots.names import ascending, refused, rest_of
from mltrack_tui.sources.artifacts import MOST_ENTRIES, WHOLE, Checksum, Content, Part
from mltrack_tui.sources.base import ChangedError, NotFoundError
from mltrack_tui.sources.remote.pool import Pool, UnlessGone
from server_client import Artifacts as Listed
from server_client import BadRequestError, FileInfo, LoggedModel, OpenFile, Span
from server_client import ChangedError as AnotherFileError
from server_client import NotFoundError as NotThereError
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
        found = await self._directly_in(place)
        if found or not place.path:
            return found
        above = await self._directly_in(place._replace(path=place.path.rpartition("/")[0]))
        for artifact in above:
            if artifact.path == place.above + place.path:
                return [] if artifact.is_dir else [artifact]
        raise NotFoundError(f"There is no artifact {path!r}.")

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
        found = [self._artifact(each, place) for each in listed.files]
        shown = ascending(each for each in found if each is not None)
        return [*shown, rest_of(f"{place.above}{place.path}".removesuffix("/"))] if listed.cut else shown

    async def _listed(self, place: _Place) -> Listed:
        ours = self._client.artifacts
        if place.model_id is None:
            return await ours.list(place.candidate_id, place.path, most=MOST_ENTRIES)
        return await ours.list_of_model(place.model_id, place.path, most=MOST_ENTRIES)

    def _artifact(self, listed: FileInfo, place: _Place) -> Artifact | None:
        """What a server lists in a folder; None of what lies elsewhere."""
        why = refused(listed.path) or self._client.artifacts.readable(listed.path)
        if why is None and listed.path.rpartition("/")[0] != place.path:
            return None
        kind = ArtifactKind.LOGGED if why is None else ArtifactKind.REFUSED
        return Artifact(place.above + listed.path, listed.is_dir, listed.file_size, kind, why or "")

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
        models = sorted(map(_model, found.values()), key=lambda each: (each.title, each.path))
        return [*models, *map(_dataset, self._pool.datasets(candidate_id))]

    async def _model(self, model_id: str) -> LoggedModel:
        with UnlessGone():
            return await self._client.artifacts.model(model_id)
        return LoggedModel(model_id, status="DELETED")


def _model(model: LoggedModel) -> Artifact:
    path, status = f"{MODELS_FOLDER}{model.model_id}", model.status.replace("_", " ").lower()
    why = way_out(model.model_id) or ("it holds a slash" if "/" in model.model_id else None)
    if why is not None:
        return Artifact(path, is_dir=True, kind=ArtifactKind.REFUSED, about=why)
    return Artifact(path, is_dir=True, kind=ArtifactKind.MODEL, about=status, title=model.name)


def _dataset(dataset: Dataset) -> Artifact:
    about = ", ".join(filter(None, (dataset.context, dataset.source_type)))
    path = f"{DATASETS_FOLDER}{dataset.name}@{dataset.digest}"
    return Artifact(path, is_dir=False, kind=ArtifactKind.DATASET, about=about)


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

"""What a store knows of its candidates' artifacts: their folder, and what MLflow 3 keeps beside it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from mltrack_tui.domain.artifacts import DATASETS_FOLDER, MODELS_FOLDER, Artifact
from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.artifact_roots.names import by_title, dataset_entry, model_entry
from mltrack_tui.sources.artifact_roots.roots import Root, Roots
from mltrack_tui.sources.artifacts import WHOLE, Content, Part, ServerOfArtifacts
from mltrack_tui.sources.base import NotFoundError
from mltrack_tui.sources.sqlite.detail import artifact_place, datasets_of
from mltrack_tui.sources.sqlite.logged_models import LoggedModel, logged_models
from mltrack_tui.sources.sqlite.store import Store


class Artifacts:
    """The artifacts of a store's candidates; ``server`` is where those are that lie behind one."""

    def __init__(self, store: Store, server: ServerOfArtifacts) -> None:
        self._store, self._roots = store, Roots(store.path, server)
        self.server_at, self.aclose = self._roots.server_at, self._roots.aclose

    async def listing(self, candidate: CandidateId, path: str = "") -> Sequence[Artifact]:
        """What lies directly in a folder; at the root also the logged models and the datasets."""
        if path.startswith(DATASETS_FOLDER):
            raise NotFoundError(f"{path!r} is a dataset, which lies elsewhere: there is nothing to be read.")
        if path.startswith(MODELS_FOLDER):
            model, root, rest = await self._model(candidate, path)
            return [replace(each, path=_joined(model, each.path)) for each in await root.listing(rest)]
        root = await self._root(candidate)
        if path.strip("/"):
            return await root.listing(path)
        linked = await self._store.run(
            lambda reader: [
                *sorted(map(_entry, logged_models(reader, candidate.candidate_id)), key=by_title),
                *dict.fromkeys(map(dataset_entry, datasets_of(reader, candidate))),
            ]
        )
        return [*await root.listing(), *linked]

    @asynccontextmanager
    async def content(self, candidate: CandidateId, path: str, part: Part = WHOLE) -> AsyncIterator[Content]:
        """A file, opened."""
        if path.startswith(DATASETS_FOLDER):
            raise NotFoundError(f"{path!r} is a dataset, which lies elsewhere: there is nothing to be read.")
        if path.startswith(MODELS_FOLDER):
            _, root, path = await self._model(candidate, path)
        else:
            root = await self._root(candidate)
        async with root.content(path, part) as content:
            yield content

    async def _root(self, candidate: CandidateId) -> Root:
        uri, location = await self._store.run(lambda reader: artifact_place(reader, candidate))
        return self._roots.at(uri, location)

    async def _model(self, candidate: CandidateId, path: str) -> tuple[str, Root, str]:
        """A logged model's path, its root, and the path below it. Raises NotFoundError."""
        model_id, _, rest = path.removeprefix(MODELS_FOLDER).partition("/")
        models = await self._store.run(lambda reader: logged_models(reader, candidate.candidate_id))
        for model in models:
            if model.model_id == model_id:
                return f"{MODELS_FOLDER}{model_id}", self._roots.at(model.location), rest
        raise NotFoundError(f"The candidate has no logged model {model_id!r}.")


def _joined(model: str, path: str) -> str:
    return f"{model}/{path}" if path else model


def _entry(model: LoggedModel) -> Artifact:
    return model_entry(model.model_id, model.name, model.status)

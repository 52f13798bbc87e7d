"""Registered models, in as few requests as a server needs to tell them with all of their versions."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from typing import Protocol

from mltrack_tui.domain.entities import Model, ModelVersion, is_prompt, newest_first
from mltrack_tui.domain.page import Page
from server_client import ModelVersion as TheirVersion
from server_client import Pager, RegisteredModel
from server_client.together import together

_MODELS_AT_ONCE = 200
_NO_STAGE = "None"


class Registry(Protocol):
    """What is asked of a client's ``models``."""

    def search(self, *, page_size: int) -> Pager[RegisteredModel]:
        """All models, by name."""
        ...

    def versions(self) -> Pager[TheirVersion]:
        """All versions of all models."""
        ...


async def models(
    registry: Registry,
    project: str,
    *,
    tells_all_versions: bool = False,
    experiments: Mapping[str, str] | None = None,
) -> AsyncGenerator[Page[Model], None]:
    """A project's models, by name; raises TrackingError.

    MLflow's search tells only the newest version of each stage. All versions of all models come from one search
    beside it: a thousand a request, where asking by model takes one each (``name IN`` is too young to rely on).
    What they tell is shown as it comes; further pages of models are on demand.

    Args:
        tells_all_versions: a model's ``latest_versions`` are all of its versions, so that nothing else is asked.
        experiments: the ids of the experiments that hold models' candidates, by the models' names.
    """
    known = _Known(project, experiments or {})
    listing = registry.search(page_size=_MODELS_AT_ONCE)
    versions = None if tells_all_versions else registry.versions()
    try:
        more, more_versions = await together(known.read_models(listing), known.read_versions(versions))
        while more_versions:
            yield known.page(complete=False)
            more_versions = await known.read_versions(versions)
        while more:
            yield known.page(complete=False, on_demand=True)
            more = await known.read_models(listing)
        yield known.page(complete=True)
    finally:
        await listing.aclose()
        if versions is not None:
            await versions.aclose()


class _Known:
    """What a server told of its models so far."""

    def __init__(self, project: str, experiments: Mapping[str, str]) -> None:
        self._project, self._experiments = project, experiments
        self._models: dict[str, RegisteredModel] = {}
        self._versions: dict[str, dict[str, TheirVersion]] = {}

    async def read_models(self, pager: Pager[RegisteredModel]) -> bool:
        """Take in a page of models; says whether there is another."""
        async for batch in pager:
            for model in batch.items:
                if not is_prompt(model.tags):  # MLflow before 2.21 does not leave prompts out
                    self._models[model.name] = model
                    self._take(model.latest_versions)
            return batch.more
        return False

    async def read_versions(self, pager: Pager[TheirVersion] | None) -> bool:
        """Take in a page of versions; says whether there is another."""
        if pager is not None:
            async for batch in pager:
                self._take(batch.items)
                return batch.more
        return False

    def page(self, *, complete: bool, on_demand: bool = False) -> Page[Model]:
        """The models that are known, in the order they came."""
        found = [self._model(each) for each in self._models.values()]
        return Page(found, len(found), len(found) if complete else None, complete, on_demand)

    def _take(self, versions: Iterable[TheirVersion]) -> None:
        for version in versions:
            self._versions.setdefault(version.name, {}).setdefault(version.version, version)

    def _model(self, model: RegisteredModel) -> Model:
        aliases: dict[str, list[str]] = {}
        for each in model.aliases:
            aliases.setdefault(each.version, []).append(each.alias)
        versions = self._versions.get(model.name, {}).values()
        return Model(
            name=model.name,
            project=self._project,
            creation_time=model.creation_timestamp,
            last_update_time=model.last_updated_timestamp,
            description=model.description,
            tags=model.tags,
            versions=newest_first(_version(each, aliases.get(each.version, ())) for each in versions),
            experiment_id=self._experiments.get(model.name),
        )


def _version(version: TheirVersion, aliases: Iterable[str]) -> ModelVersion:
    """A version; MLflow tells aliases with the model, others with the version, where its own name is none."""
    named = {*aliases, *version.aliases} - {version.version}
    return ModelVersion(
        model=version.name,
        version=version.version,
        candidate_id=version.run_id or None,
        creation_time=version.creation_timestamp,
        description=version.description,
        stage=None if version.current_stage == _NO_STAGE else version.current_stage or None,
        status=version.status or None,
        user=version.user_id or None,
        aliases=tuple(sorted(named)),
    )

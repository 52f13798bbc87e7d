"""Registered models of a server: what is asked for, and when; the real server's are in tests/sources/test_models.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from mltrack_tui.domain.entities import Model
from mltrack_tui.domain.page import Page
from mltrack_tui.sources.base import SourceError
from mltrack_tui.sources.pages import at_hand, final
from mltrack_tui.sources.remote import RemoteSource
from mltrack_tui.sources.remote.models import models
from server_client import ModelVersion, Pager, RegisteredModel
from server_client.paging import Listing
from tests.servers.process import MlflowServer

T = TypeVar("T")


@dataclass
class Registry:
    """Models and versions in pages; ``asked`` says what was asked for, in order."""

    models: Sequence[RegisteredModel]
    every_version: Sequence[ModelVersion] = ()
    page: int = 2
    asked: list[str] = field(default_factory=list)

    def search(self, *, page_size: int) -> Pager[RegisteredModel]:
        return self._pager("models", self.models)

    def versions(self) -> Pager[ModelVersion]:
        return self._pager("versions", self.every_version)

    def _pager(self, what: str, items: Sequence[T]) -> Pager[T]:
        async def fetch(token: str | None, size: int) -> Listing[T]:
            self.asked.append(what)
            end = int(token or 0) + self.page
            return Listing(tuple(items[end - self.page : end]), str(end) if end < len(items) else None)

        return Pager(fetch, page_size=self.page)


def told(page: Page[Model]) -> dict[str, list[str]]:
    return {model.name: [version.version for version in model.versions] for model in page.items}


def registry() -> Registry:
    names = [f"m{number}" for number in range(6)]
    versions = {name: [ModelVersion(name, str(number)) for number in (3, 2, 1)] for name in names[:3]}
    return Registry(
        [RegisteredModel(name, latest_versions=tuple(versions.get(name, ())[:1])) for name in names],
        [version for some in versions.values() for version in some],
    )


async def test_versions_come_unasked_and_further_models_on_demand() -> None:
    server = registry()
    pages = [page async for page in models(server, "default")]
    assert [page.on_demand for page in pages] == [False] * 4 + [True] * 2 + [False]
    assert [page.complete for page in pages] == [False] * (len(pages) - 1) + [True]
    assert told(pages[0]) == {"m0": ["3", "2"], "m1": ["3"]}
    assert told(pages[-1]) == {**{f"m{number}": ["3", "2", "1"] for number in range(3)}, "m3": [], "m4": [], "m5": []}
    assert (pages[-1].loaded, pages[-1].total) == (6, 6)


async def test_models_that_nobody_wants_are_not_asked_for_but_all_versions_of_those_on_screen_are() -> None:
    server = registry()
    page = await at_hand(models(server, "default"))
    assert told(page) == {"m0": ["3", "2", "1"], "m1": ["3", "2", "1"]}
    assert server.asked.count("models") == 1


async def test_a_server_that_tells_all_versions_with_the_model_is_asked_for_nothing_else() -> None:
    version = ModelVersion("m", "1.10.0", run_id="r", aliases=("1.10.0",), current_stage="development")
    every = (ModelVersion("m", "1.9.0", aliases=("champion",)), version)
    server = Registry([RegisteredModel("m", creation_timestamp=5, latest_versions=every)])
    page = await final(models(server, "default", tells_all_versions=True, experiments={"m": "7"}))
    (model,) = page.items
    assert (model.experiment_id, model.creation_time) == ("7", 5)
    assert [(each.version, each.candidate_id, each.aliases, each.stage) for each in model.versions] == [
        ("1.10.0", "r", (), "development"),
        ("1.9.0", None, ("champion",), None),
    ]
    assert server.asked == ["models"]


async def test_prompts_of_a_server_that_does_not_leave_them_out_are_no_models() -> None:
    prompt = RegisteredModel("greeting", tags={"mlflow.prompt.is_prompt": "true"})
    page = await final(models(Registry([prompt, RegisteredModel("m")]), "default"))
    assert list(told(page)) == ["m"]


async def test_a_server_without_workspaces_has_no_models_in_another_project(
    mlflow_server: MlflowServer, opened: Callable[[str], RemoteSource]
) -> None:
    assert not (await final(opened(mlflow_server.uri).models("elsewhere"))).items


async def test_a_server_that_is_down_is_told_in_a_sentence(opened: Callable[[str], RemoteSource]) -> None:
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:9"):
        await final(opened("http://127.0.0.1:9").models("default"))

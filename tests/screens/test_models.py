"""Registered models: from the experiments and back, their versions, and the candidates these were made of."""

import pytest

from mltrack_tui.domain.entities import Model, ModelVersion
from mltrack_tui.domain.times import DAY, HOUR
from mltrack_tui.export.shape import Value
from mltrack_tui.screens.candidate.place import CandidatePlace
from mltrack_tui.screens.candidates.place import CandidatesPlace
from mltrack_tui.screens.models import ModelPlace, ModelsPlace
from mltrack_tui.screens.overviews import ExperimentsPlace
from mltrack_tui.sources.base import Capabilities, Capability, SourceError
from tests.app.hostile import TEXTS
from tests.screens.given import HeldSource, workshop
from tests.screens.harness import NOW, Explorer, explore

FIRST, GONE = "01" * 16, "f" * 32
ROWS = [*(f"1.{minor}.0" for minor in (10, 9, 2)), "1.0.0"]


def registry(capabilities: Capabilities | None = None) -> HeldSource:
    """Experiments with three models: one with versions, one whose candidates have an experiment, one with nothing."""
    source = workshop(capabilities=capabilities)
    versions = [
        ModelVersion("fraud-net", ROWS[0], GONE, NOW - HOUR, "the best\nso far", "Production", "READY", "ada"),
        ModelVersion("fraud-net", ROWS[1], FIRST, NOW - DAY, aliases=("champion", "stable")),
        ModelVersion("fraud-net", ROWS[2], None, NOW - 2 * DAY),
        ModelVersion("fraud-net", ROWS[3], FIRST, NOW - 9 * DAY, status="FAILED_REGISTRATION"),
    ]
    source.all_models = [
        Model("fraud-net", "default", NOW - 9 * DAY, NOW - HOUR, "# Fraud\nCatches it.", {}, tuple(versions)),
        Model("digits-net", "default", NOW - DAY, NOW - DAY, experiment_id="1"),
        Model("another", "default", NOW, NOW, versions=(ModelVersion("another", "2"),)),
        Model("elsewhere", "vision"),
    ]
    return source


async def at_models(explorer: Explorer) -> None:
    await explorer.shows("3 experiments", "tab models")
    await explorer.press("tab")
    await explorer.shows("3 models", "tab experiments")


async def at_fraud(explorer: Explorer) -> None:
    await at_models(explorer)
    await explorer.press("G")
    await explorer.cursor_on("fraud-net")
    await explorer.enter("4 versions", "1.10.0")


def first_words(explorer: Explorer) -> list[str]:
    return [words[0] for line in explorer.lines[2:-2] if (words := line.split())]


async def exported(explorer: Explorer) -> list[dict[str, Value]]:
    table = explorer.place.exportable()
    assert table is not None
    names = [heading.name for heading in table.headings]
    return [dict(zip(names, row, strict=True)) async for rows in table.batches() for row in rows]


async def test_tab_leads_from_the_experiments_to_the_models_and_back_to_the_same_row() -> None:
    async with explore(registry()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("G")
        await explorer.cursor_on("empty one")
        await explorer.press("tab")
        await explorer.shows("memory › default › models", "3 models")
        await explorer.press("tab")
        await explorer.shows("3 experiments")
        await explorer.cursor_on("empty one")
        await explorer.press("tab")
        await explorer.shows("3 models")
        await explorer.press("escape")
        await explorer.shows("3 experiments")


async def test_models_come_by_name_with_their_latest_version_and_aliases() -> None:
    async with explore(registry(), size=(120, 24)) as explorer:
        await at_models(explorer)
        assert first_words(explorer) == ["another", "digits-net", "fraud-net"]
        (line,) = [line for line in explorer.lines if "fraud-net" in line]
        assert line.split() == ["fraud-net", "4", "1.10.0", "@champion", "@stable", "1.9.0", "1h", "ago", "Fraud"]
        (line,) = [line for line in explorer.lines if "digits-net" in line]
        assert line.split() == ["digits-net", "0", "–", "–", "1d", "ago"]


async def test_models_are_filtered_and_sorted_as_every_list() -> None:
    async with explore(registry(), size=(120, 24)) as explorer:
        await at_models(explorer)
        await explorer.press("/")
        await explorer.type("net")
        await explorer.shows("2 of 3 models")
        await explorer.press("enter", "l", "]")
        await explorer.shows("▼versions")
        assert first_words(explorer)[-2:] == ["fraud-net", "digits-net"]


async def test_versions_come_the_newest_first_and_sort_as_versions_not_as_text() -> None:
    async with explore(registry(), size=(120, 24)) as explorer:
        await at_fraud(explorer)
        assert first_words(explorer) == ROWS
        await explorer.shows("default › models › fraud-net", "Production", "@champion @stable", "the best")
        await explorer.press("[")
        await explorer.shows("▲version")
        assert first_words(explorer) == ROWS[::-1]
        await explorer.press("/")
        await explorer.type("stable")
        await explorer.shows("1 of 4 versions")
        assert ROWS[1] in explorer.text


async def test_enter_opens_the_candidate_that_a_version_was_made_of_and_it_names_its_versions() -> None:
    async with explore(registry()) as explorer:
        await at_fraud(explorer)
        await explorer.press("j")
        await explorer.enter("started", "adam-wide")
        assert isinstance(explorer.place, CandidatePlace)
        await explorer.shows("fraud-net › 1.9.0", "fraud-net 1.9.0   @champion @stable", "fraud-net 1.0.0")
        await explorer.press("escape")
        await explorer.shows("4 versions")
        await explorer.cursor_on("1.9.0")


async def test_a_version_whose_candidate_is_gone_or_unknown_says_so() -> None:
    async with explore(registry()) as explorer:
        await at_fraud(explorer)
        await explorer.press("enter")
        await explorer.tells(f"memory has no candidate '{GONE}'")
        await explorer.press("j", "j", "enter")
        await explorer.tells("This version does not say which candidate it was made of.")
        assert isinstance(explorer.place, ModelPlace)


async def test_all_candidates_of_a_model_are_its_experiments_where_there_is_no_version_yet_too() -> None:
    async with explore(registry()) as explorer:
        await at_models(explorer)
        await explorer.press("j")
        await explorer.enter("All candidates", "0 versions")
        await explorer.enter("7 candidates", "adam-wide")
        assert isinstance(explorer.place, CandidatesPlace)
        await explorer.press("escape")
        await explorer.shows("0 versions")


async def test_an_experiment_that_is_gone_is_told_where_all_candidates_of_a_model_were() -> None:
    source = registry()
    async with explore(source) as explorer:
        await at_models(explorer)
        await explorer.press("j")
        await explorer.enter("All candidates")
        del source.all_experiments[0]
        await explorer.press("enter")
        await explorer.tells("The experiment of this model's candidates is not there any more.")


async def test_a_refresh_shows_versions_that_are_new_and_a_model_that_is_gone() -> None:
    source = registry()
    async with explore(source) as explorer:
        await at_models(explorer)
        await explorer.enter("1 version")
        source.all_models[2] = Model("another", "default", versions=(ModelVersion("another", "3"),) * 2)
        await explorer.press("r")
        await explorer.shows("2 versions")
        del source.all_models[2]
        await explorer.press("r")
        await explorer.tells("memory has no model “another” any more.")
        await explorer.shows("2 versions")


async def test_models_that_come_in_pages_are_all_shown() -> None:
    source = registry()
    source.page_size = 1
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("tab")
        await explorer.shows("3 models", "another", "digits-net", "fraud-net")
        await explorer.lacks("counting")


async def test_no_models_say_how_one_comes_about() -> None:
    async with explore(workshop()) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("tab")
        await explorer.shows("0 models", "No registered models here yet.", "mlflow.register_model(")


async def test_a_source_without_models_says_why() -> None:
    async with explore(registry(Capabilities(models=Capability("No models here: it is too old.")))) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("tab")
        await explorer.tells("No models here: it is too old.")
        assert isinstance(explorer.place, ExperimentsPlace)


async def test_a_source_that_fails_says_so_in_place_of_the_models() -> None:
    source = registry()
    async with explore(source) as explorer:
        await explorer.shows("3 experiments")
        source.fail_at("models", SourceError("The disk is gone."))
        await explorer.press("tab")
        await explorer.until(lambda: "The disk is gone." in "\n".join(explorer.lines[2:-2]))
        source.mend()
        await explorer.press("r")
        await explorer.shows("3 models", "fraud-net")


async def test_what_is_exported_is_exact() -> None:
    async with explore(registry()) as explorer:
        await at_models(explorer)
        assert (await exported(explorer))[2] == {
            "name": "fraud-net",
            "versions": 4,
            "latest_version": "1.10.0",
            "aliases": "@champion @stable 1.9.0",
            "last_update_time": NOW - HOUR,
            "creation_time": NOW - 9 * DAY,
            "description": "# Fraud\nCatches it.",
        }
        await explorer.press("G")
        await explorer.enter("4 versions")
        assert (await exported(explorer))[0] == {
            "version": "1.10.0",
            "candidate_id": GONE,
            "aliases": None,
            "stage": "Production",
            "status": "READY",
            "user": "ada",
            "creation_time": NOW - HOUR,
            "description": "the best\nso far",
        }


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (200, 50)])
async def test_hostile_texts_are_data(size: tuple[int, int]) -> None:
    source = workshop()
    source.all_models = [
        Model(
            text,
            "default",
            description=text,
            tags={text: text},
            versions=(ModelVersion(text, text, text, NOW, text, text, text, text, (text,)),),
        )
        for text in TEXTS
    ]
    async with explore(source, size=size) as explorer:
        await explorer.shows("3 experiments")
        await explorer.press("tab")
        await explorer.shows("13 models")
        for _ in TEXTS:
            await explorer.press("enter")
            await explorer.until(lambda: isinstance(explorer.app.screen, ModelPlace))
            assert not any(code in explorer.text for code in ("\x1b", "\x07", "\x9d", "\x00", "\u202e"))
            await explorer.press("enter")
            await explorer.tells("has no candidate")
            await explorer.press("escape", "j")
        assert isinstance(explorer.place, ModelsPlace)

"""Experiments are found as MLflow finds them, and by more."""

from itertools import product
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from mltrack_tui.domain.entities import Experiment
from mltrack_tui.domain.query import Lifecycle
from mltrack_tui.search.errors import FilterError
from mltrack_tui.search.evaluate import ExperimentSubject, matches
from mltrack_tui.search.parse import parse_filter
from mltrack_tui.search.vocabulary import ExperimentVocabulary
from mltrack_tui.sources.pages import final
from mltrack_tui.sources.sqlite import open_store
from tests.search.vocabularies import NOW

pytestmark = pytest.mark.filterwarnings("ignore")  # those that mlflow gives are not ours to mend

TEXTS = ("name", "attribute.name", "tags.team", "tag.`a b`", 'tags."mlflow.note.content"', "tags.nosuch")
COMPARISONS = (
    *(
        "= 'Digits'",
        "!= 'digits'",
        "LIKE 'd%'",
        "ILIKE 'D%'",
        "ILIKE '%É%'",
        "= ''",
        "= 'it''s'",
        'LIKE "%s%"',
        "!= ''",
    ),
)
TIMES = ("creation_time", "last_update_time", "attribute.creation_time")
INSTANTS = ("0", "1000", "99999999999999", "-1")
IDS = ("= '1'", "!= '2'", "= '01'", "IN ('1', '3')", "NOT IN ('0')", "IN ('2',)", "= '99'")
ODDITIES = (
    *(
        "",
        "AND",
        "name = 'digits' AND tags.team = 'vision'",
        "name = 'digits'tags.team = 'vision'",
        "AND name = 'Digits'",
    ),
    *(
        "AND name = 'Digits'",
        "tags.team IS NULL",
        "tag.team IS NOT NULL",
        "tags.nosuch IS NULL AND name LIKE 'd%'",
        "'name' = 'x'",
    ),
)
FILTERS = (
    *(" ".join(each) for each in product(TEXTS, COMPARISONS)),
    *(" ".join(each) for each in product(TIMES, ("=", "!=", "<", "<=", ">", ">="), INSTANTS)),
    *(f"{name} {rest}" for name, rest in product(("experiment_id", "attribute.experiment_id"), IDS)),
    *ODDITIES,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> MlflowClient:
    client = MlflowClient(f"sqlite:///{tmp_path_factory.mktemp('experiments') / 'mlflow.db'}")
    client.create_experiment("digits", tags={"team": "vision", "a b": "it's", "mlflow.note.content": "Déjà"})
    client.create_experiment("Digits", tags={"team": "", "a b": "digits"})
    client.create_experiment("résumé", tags={"a b": "it''s"})
    client.delete_experiment(client.create_experiment("deleted", tags={"team": "vision"}))
    return client


@pytest.fixture
async def ours(client: MlflowClient) -> list[Experiment]:
    source = open_store(Path(client.tracking_uri.removeprefix("sqlite:///")))
    page = await final(source.experiments("default", Lifecycle.ALL))
    await source.aclose()
    return list(page.items)


async def test_the_same_experiments_as_the_clients(client: MlflowClient, ours: list[Experiment]) -> None:
    vocabulary = ExperimentVocabulary(ours, NOW)
    asked = 0
    for text in FILTERS:
        try:
            theirs = client.search_experiments(ViewType.ALL, filter_string=text)
        except MlflowException:
            continue
        tree = parse_filter(text, vocabulary)
        found = {each.experiment_id for each in ours if matches(tree, ExperimentSubject(each))}
        assert found == {each.experiment_id for each in theirs}, text
        asked += 1
    assert asked > 130


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("digits", {"digits", "Digits"}),
        ("team = vision", {"digits", "deleted"}),
        ("team = vision and lifecycle = active", {"digits"}),
        ("candidates > 0", set()),
        ("name ~ ^Di or description ~ déjà", {"Digits", "digits"}),
        ("created < 1970-01-02", set()),
        ("id in (1, 2)", {"digits", "Digits"}),
        ("last_activity is missing and not name = Default", {"digits", "Digits", "résumé", "deleted"}),
    ],
)
async def test_more_than_mlflow_has(ours: list[Experiment], text: str, names: set[str]) -> None:
    tree = parse_filter(text, ExperimentVocabulary(ours, NOW))
    assert {each.name for each in ours if matches(tree, ExperimentSubject(each))} == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("metrics.acc > 1", "attributes and tags only"),
        ("max(acc) > 1", "no metrics"),
        ("nme = 'x'", "nearest: name"),
    ],
)
async def test_what_experiments_do_not_have_is_told(ours: list[Experiment], text: str, words: str) -> None:
    with pytest.raises(FilterError, match=words):
        parse_filter(text, ExperimentVocabulary(ours, NOW))

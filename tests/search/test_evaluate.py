"""The meaning of each node, as the domain tells it, of a candidate in memory."""

from math import inf, nan

import pytest

from mltrack_tui.domain.entities import Candidate, CandidateId, Dataset
from mltrack_tui.search.evaluate import CandidateSubject, matches
from mltrack_tui.search.parse import parse_filter
from tests.search.vocabularies import VOCABULARY


def dataset(name: str, context: str | None) -> Dataset:
    return Dataset(name, "d1", context, None, None, None, None)


SUBJECT = CandidateSubject(
    Candidate(
        CandidateId("", "", "1", "abc"),
        name="ResNet Straße",
        status="FINISHED",
        start_time=1000,
        end_time=61_000,
        params={"lr": "1e-3", "optimizer": "Adam", "a b": "line\nend", "both": "nan"},
        metrics={"acc": 0.9, "nan": nan, "loss": inf, "val/loss": 0.0},
        tags={"team": "x" * 5000},
    ),
    (dataset("digits", "train"), dataset("letters", None)),
)


ADMITTED = r"""
acc > 0.5; acc != 0.5; metrics.nan != 0; nan is nan; not nan = 0; loss = inf; loss < 1e400; not loss > 1e400
loss != 1e400; not nan < 1e400; not metrics.nosuch != 1e400; loss > -1e400; acc not in (1, 2); nan not in (1)
lr < 0.01; lr = 0.001; lr != 0.002; lr in (0.001, 5); optimizer = adam; optimizer != 5; lr != 'x'; lr not in (1, a)
params.both is nan; params.both != 3; not params.both > 0; not params.nosuch != 1; user is missing; not user !~ x
name ~ resnet; name ~ ResNet; not name ~ RESNET; name ~ '\Sesnet'; strasse resnet; name !~ vgg; name ~ '(?i)RESNET'
name ilike 'RESNET %'; not name ilike '%STRASSE'; not name like 'resnet%'; optimizer like '%%d%'
not optimizer like '%d'; `a b` like 'line%end'; `a b` like 'line_end'; `a b` ~ end$; not `a b` like 'line'
duration = 1m; duration between 59s and 61s; created < 2000; status = finished; status != failed
datasets.name = 'digits'; datasets.name != 'digits'; datasets.context = 'train'; not datasets.context != 'train'
datasets.name in ('letters', 'a'); datasets.name not in ('digits'); datasets.context is not missing
id = ABC; experiment_id = 1; lifecycle = active; not metrics.nosuch = 1
"""


@pytest.mark.parametrize("text", [text.strip() for line in ADMITTED.splitlines() for text in line.split(";") if text])
def test_it_is_admitted(text: str) -> None:
    assert matches(parse_filter(text, VOCABULARY), SUBJECT)


SLOW = ("team like '" + "%x" * 40 + "y'", "team like '" + "%x_" * 200 + "y'", "team ~ '(x+x+)+y'")


@pytest.mark.parametrize("text", SLOW)
def test_no_pattern_is_slow(text: str) -> None:
    assert not matches(parse_filter(text, VOCABULARY), SUBJECT)

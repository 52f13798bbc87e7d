"""Candidates that differ by their seeds only are repeats of each other."""

from mltrack_tui.analysis.repeats import Repeats


def test_candidates_that_differ_by_a_seed_only_are_a_group() -> None:
    found = Repeats.of(
        [
            {"lr": "0.1", "depth": "3", "seed": "0"},
            {"lr": "0.1", "depth": "3", "model.Random_State": "1"},
            {"lr": "0.2", "depth": "3", "seed": "0"},
            {"depth": "3", "data_seed": "7"},
        ]
    )

    assert found.by == ["lr"]
    assert found.groups == ["lr 0.1", "lr 0.1", "lr 0.2", "no lr"]


def test_candidates_of_which_none_or_each_is_another_are_one_group() -> None:
    for params in ([], [{"seed": "1"}, {"seed": "2"}], [{"lr": "1"}, {"lr": "2"}]):
        assert Repeats.of(params) == Repeats((), [""] * len(params))

"""Paths that somebody else wrote."""

import pytest

from mltrack_tui.domain.paths import no_name, way_out


@pytest.mark.parametrize("path", ["%" + "25" * 500_000, "%" + "25" * 12 + "2e%2e", "%2525252525252525252525252e./x"])
def test_a_path_that_was_encoded_without_end_is_refused_at_once(path: str) -> None:
    assert way_out(path) == "it is percent-encoded too many times"


@pytest.mark.parametrize("path", ["a/%252e%252e/b", "%25252e%2e", "%2fetc", "a%5cb", "a%00"])
def test_a_path_is_looked_at_as_whoever_decodes_it_sees_it(path: str) -> None:
    assert way_out(path) is not None


@pytest.mark.parametrize("path", ["", "100%", "a%20b/ü 実.csv", "x#y", "~/a", "ab:c", "...", "a../b"])
def test_names_that_lead_nowhere_else_are_read(path: str) -> None:
    assert way_out(path) is None


@pytest.mark.parametrize(
    "path", ["", "a/NUL", "com1.txt", "LPT³", "a ", "a./b", "a:b", "x" * 256, "ü" * 128, "/".join(["x" * 200] * 20)]
)
def test_nothing_is_written_under_a_name_that_some_system_takes_for_another(path: str) -> None:
    assert no_name(path) is not None

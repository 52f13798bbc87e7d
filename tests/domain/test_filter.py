"""Plain words in names."""

import pytest

from mltrack_tui.domain.filter import Words, words_filter


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("Adam large", "large ADAM", True),
        ("Adam large", "larger", False),
        ("STRASSE", "straße", True),
        (None, "", True),
        (None, "a", False),
    ],
)
def test_a_name_matches_when_each_word_is_in_it(name: str | None, words: str, found: bool) -> None:
    assert (words_filter(words) or Words(())).occur_in(name) is found

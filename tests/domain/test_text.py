import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from mltrack_tui.domain.text import clean, clean_lines

HOSTILE = "a\x1b]0;title\x07b\x9b31mc\x00d\x7f\u202ee\u2066f\u2028g\ud800h\nij\tk"


def is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} and character not in "\u202e\u2066\u200f"


def test_control_codes_become_visible_and_line_ends_blanks() -> None:
    assert clean(HOSTILE) == "a·]0;title·b·31mc·d·\u00b7e·f g·h ij k"


def test_what_is_harmless_stays_as_it_is() -> None:
    assert clean("naïve 実験 🚀 [bold] [/] [@click=app.quit]x[/]") == "naïve 実験 🚀 [bold] [/] [@click=app.quit]x[/]"


@given(st.text(st.characters(codec=None)))
def test_no_text_has_anything_harmful_left(text: str) -> None:
    assert all(map(is_harmless, clean(text)))
    assert all(character == "\n" or is_harmless(character) for character in clean_lines(text))


@given(st.text(), st.integers(1, 50))
def test_a_limit_cuts_and_says_so(text: str, limit: int) -> None:
    cut = clean(text, limit)
    assert len(cut) == min(len(text), limit)
    assert cut.endswith("…") or len(text) <= limit


def test_lines_stay_lines_and_tabs_become_blanks() -> None:
    assert clean_lines("a\r\nb\tc\nd\x1b[2J") == "a\nb    c\nd·[2J"

import re
from pathlib import Path

import pytest

from tests.readme import README, ROOT, Shell, with_answers, with_keys


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text("utf-8")


def test_the_readme_shows_the_keys_that_the_commands_have(readme: str) -> None:
    assert with_keys(readme) == readme


def test_the_examples_print_what_the_readme_says(readme: str, tmp_path: Path) -> None:
    assert with_answers(readme, Shell(tmp_path)) == readme


def test_one_line_sets_up_and_tests_as_the_ci_expects(readme: str) -> None:
    lines = re.findall(r"^ *python3 -m venv .* && .*-m pytest$", readme, re.MULTILINE)
    assert len(lines) == 1


def test_the_readme_links_to_files_that_are_there(readme: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", readme)
    assert links
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_the_picture_loads_nothing_from_elsewhere() -> None:
    for picture in (ROOT / ".assets").glob("*.svg"):
        svg = picture.read_text("utf-8")
        assert "@font-face" not in svg
        assert "url(http" not in svg

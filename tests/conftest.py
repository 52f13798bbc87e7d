from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

pytest_plugins = ["tests.gitlab.fixtures", "tests.servers.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the processes that test side by side, one has all tests of a file, and one all those of real servers."""
    for item in items:
        of_servers = "servers" in getattr(item, "fixturenames", ()) or item.get_closest_marker("servers") is not None
        item.add_marker(pytest.mark.xdist_group("servers" if of_servers else str(item.path)))


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for each test, numbered here: pytest looks through all that there are whenever it names one."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders and terminal: no test meets what whoever runs it has set, or what mltrack remembers of them."""
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("TMUX", "STY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return home

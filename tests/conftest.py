from pathlib import Path

import pytest

pytest_plugins = ["tests.gitlab.fixtures", "tests.servers.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the processes that test side by side, one has all tests of a file, and one all those of real servers."""
    for item in items:
        of_servers = "servers" in getattr(item, "fixturenames", ()) or item.get_closest_marker("servers") is not None
        item.add_marker(pytest.mark.xdist_group("servers" if of_servers else str(item.path)))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders and terminal: no test meets what whoever runs it has set, or what mltrack remembers of them."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("TMUX", "STY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return home

"""Tokens that a command or the keyring gives."""

import asyncio
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import httpx
import pytest

from server_client import Access, AccessError, TrackingClient, UnauthorizedError, auth

TWO_COMMANDS, NO_COMMAND = "echo a; echo $HOME", "no-such-command --now"


class Server:
    """Lets in whoever has the right token."""

    def __init__(self, right: str) -> None:
        self.right, self.said = right, list[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.said.append(request.headers["Authorization"])
        return httpx.Response(200 if self.said[-1] == f"Bearer {self.right}" else 401, json={})


async def asked(server: Server, access: Access, times: int = 1) -> None:
    async with TrackingClient("http://mlflow.example", access, transport=httpx.MockTransport(server)) as client:
        await asyncio.gather(*(anext(client.runs.search(["1"])) for _ in range(times)))


def script(tmp_path: Path, text: str) -> str:
    path = tmp_path / "token of mine.py"
    path.write_text(text)
    return f"'{sys.executable}' '{path}'"


async def test_a_command_prints_the_token_once_for_many_questions(tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = script(tmp_path, f"open({str(count)!r}, 'a').write('x'); print('  t0ken\\n')")
    server = Server("t0ken")
    await asked(server, Access.from_environment({}, token_command=command), times=5)
    assert server.said == ["Bearer t0ken"] * 5
    assert count.read_text() == "x"


async def test_a_token_that_is_refused_is_asked_for_once_more(tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = script(tmp_path, f"f = open({str(count)!r}, 'a+'); f.write('x'); print('t', f.tell(), sep='')")
    server = Server("t2")
    await asked(server, Access.from_environment({}, token_command=command))
    assert server.said == ["Bearer t1", "Bearer t2"]


async def test_a_token_that_stays_wrong_is_a_refusal(tmp_path: Path) -> None:
    server = Server("right")
    with pytest.raises(UnauthorizedError):
        await asked(server, Access.from_environment({}, token_command=script(tmp_path, "print('wrong')")))
    assert len(server.said) == 2


async def test_a_shell_is_not_involved(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="not one token"):
        await asked(Server("a"), Access.from_environment({}, token_command=TWO_COMMANDS))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import sys; print('s3cret'); sys.exit('s3cret')", "failed with status 1"),
        ("print('s3cret s3cret')", "not one token"),
        ("print('s3cret' * 20_000)", "not one token"),
        ("pass", "not one token"),
        ("print('s3cret'); import time; time.sleep(60)", "took longer"),
    ],
)
async def test_a_command_that_fails_is_told_without_its_output(
    text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "COMMAND_SECONDS", 1.0)
    with pytest.raises(AccessError, match=says) as error:
        await asked(Server("a"), Access.from_environment({}, token_command=script(tmp_path, text)))
    assert "s3cret" not in str(error.value)


async def test_a_command_that_is_not_there_is_told() -> None:
    with pytest.raises(AccessError, match="no-such-command"):
        await asked(Server("a"), Access.from_environment({}, token_command=NO_COMMAND))


@pytest.mark.parametrize("command", ["'open", "  "])
def test_a_command_that_is_none_is_told_at_once(command: str) -> None:
    with pytest.raises(AccessError, match=r"empty|no command"):
        Access.from_environment({}, token_command=command)


class Keyring(ModuleType):
    """A keyring that holds these, by service and user."""

    def __init__(self, held: dict[tuple[str, str], str]) -> None:
        super().__init__("keyring")
        self.held = held
        self.errors = ModuleType("keyring.errors")
        self.errors.KeyringError = OSError  # type: ignore[attr-defined] # as a module would

    def get_password(self, service: str, user: str) -> str | None:
        return self.held.get((service, user))

    def get_credential(self, service: str, _: None) -> SimpleNamespace | None:
        found = [secret for (name, _), secret in self.held.items() if name == service]
        return SimpleNamespace(password=found[0]) if found else None


@pytest.mark.parametrize("user", ["token", "ada"])
async def test_the_keyring_gives_a_token(user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = Keyring({("mlflow", user): "k3y"})
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", keyring.errors)
    server = Server("k3y")
    await asked(server, Access.from_environment({}, keyring="mlflow"))
    assert server.said == ["Bearer k3y"]


async def test_a_keyring_without_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = Keyring({})
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", keyring.errors)
    with pytest.raises(AccessError, match="holds no token for the service mlflow"):
        await asked(Server("k3y"), Access.from_environment({}, keyring="mlflow"))


async def test_a_keyring_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(AccessError, match="not installed"):
        await asked(Server("k3y"), Access.from_environment({}, keyring="mlflow"))

"""A real client and a server that lies about a file: nothing wrong is left under a final name."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mltrack_tui.domain.entities import CandidateId
from mltrack_tui.sources.remote import RemoteSource
from mltrack_tui.sources.remote.kinds import server_of
from mltrack_tui.transfer.downloads import State
from server_client import Timeouts, TrackingClient
from tests.servers.proxy import Answer, Exchange
from tests.transfer.given import all_below, fetch
from tests.transfer.servers import Send, saying

DATA = bytes(range(256)) * 12_000
OTHER = DATA[::-1]
HALF = len(DATA) // 2
_LONG_AGO = "Mon, 02 Jan 2023 00:00:00 GMT"


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mltrack_tui.transfer.patience._FIRST_PAUSE", 0.001)


def headers_of(data: bytes) -> dict[str, str]:
    return {"ETag": f'"{hash(data)}"', "Last-Modified": _LONG_AGO, "Accept-Ranges": "bytes"}


def ranged(exchange: Exchange, data: bytes, more: Mapping[str, str] | None = None) -> None:
    """What an honest server sends, of the part that was asked for."""
    asked = exchange.asked.headers.get("range")
    if asked is None:
        exchange.send(Answer(200, data, {**headers_of(data), **(more or {})}))
        return
    first, last = asked.removeprefix("bytes=").split("-")
    stop = min(int(last) + 1, len(data)) if last else len(data)
    told = {"Content-Range": f"bytes {first}-{stop - 1}/{len(data)}"}
    exchange.send(Answer(206, data[int(first) : stop], {**headers_of(data), **told, **(more or {})}))


def broken(exchange: Exchange) -> None:
    """Half of it, then the connection ends."""
    exchange.send(Answer(200, DATA[:HALF], headers_of(DATA)), length=len(DATA))
    exchange.hang_up()


def honest(exchange: Exchange) -> None:
    ranged(exchange, DATA)


def all_the_time(exchange: Exchange) -> None:
    exchange.send(Answer(200, DATA, headers_of(DATA)))


def fewer_than_listed(exchange: Exchange) -> None:
    exchange.send(Answer(200, DATA[:HALF], headers_of(DATA)))


def fewer_and_no_length(exchange: Exchange) -> None:
    exchange.send_raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + DATA[:HALF])


def more_than_announced(exchange: Exchange) -> None:
    exchange.send(Answer(200, DATA + b"and more", headers_of(DATA)), length=len(DATA))
    exchange.hang_up()


def more_and_no_length(exchange: Exchange) -> None:
    exchange.send_raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + DATA + b"and more")


def silent(exchange: Exchange) -> None:
    exchange.send(Answer(200, DATA[:HALF], headers_of(DATA)), length=len(DATA))
    exchange.wait(600)


def another_part(exchange: Exchange) -> None:
    told = {"Content-Range": f"bytes 0-{HALF - 1}/{len(DATA)}"}
    exchange.send(Answer(206, DATA[:HALF], headers_of(DATA) | told))


def a_part_of_its_own(exchange: Exchange) -> None:
    """The right place is announced, and another size of the whole."""
    told = {"Content-Range": f"bytes {HALF}-{len(DATA) - 2}/{len(DATA) - 1}"}
    exchange.send(Answer(206, DATA[HALF:-1], headers_of(DATA) | told))


def another_sum(exchange: Exchange) -> None:
    ranged(exchange, DATA, {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="})


def another_file(exchange: Exchange) -> None:
    ranged(exchange, OTHER)


def another_file_all_the_time(exchange: Exchange) -> None:
    exchange.send(Answer(200, OTHER, headers_of(OTHER)))


CASES: list[tuple[bytes | None, list[Send]]] = [
    (DATA, [honest]),
    (DATA, [more_than_announced]),  # HTTP itself cuts it off
    (DATA[:HALF], [fewer_than_listed]),  # the listing is the older word
    (DATA, [broken, honest]),
    (DATA, [broken, all_the_time]),
    (DATA, [silent, broken, all_the_time]),
    (OTHER, [broken, another_file]),
    (OTHER, [broken, another_file_all_the_time]),
    (None, [broken]),
    (None, [silent]),
    (None, [fewer_and_no_length]),
    (None, [more_and_no_length]),
    (None, [another_sum]),
    (None, [broken, another_part]),
    (None, [broken, a_part_of_its_own]),
]
"""What is here at the end, None for no file; and how the server answers, the last of it again and again."""


@pytest.mark.parametrize(
    ("whole", "answers"), CASES, ids=[", ".join(each.__name__ for each in answers) for _, answers in CASES]
)
async def test_a_file_comes_as_the_server_has_it_or_not_at_all(
    tmp_path: Path, whole: bytes | None, answers: list[Send]
) -> None:
    left = iter(answers)

    def send(exchange: Exchange) -> None:
        next(left, answers[-1])(exchange)

    with saying(lambda _: [{"path": "file", "file_size": len(DATA)}], send) as proxy:
        client = TrackingClient(proxy.uri, timeouts=Timeouts(connect=2, read=0.3, first_pause=0.001))
        source = RemoteSource(server_of(client, "liar", 100), "liar")
        one = await fetch(source, "", tmp_path, candidate=CandidateId(source.location, "default", "1", "c0ffee"))
        await source.aclose()

    found = {path: data for path, data in all_below(tmp_path / "c0ffee").items() if not path.endswith(".part")}
    assert found == ({} if whole is None else {"file": whole})
    assert one.state is (State.FAILED if whole is None else State.DONE)
    assert all(each.reason for each in one.failures)

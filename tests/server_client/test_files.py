"""Files of servers that lie, change their minds, or stop: what is read is what was asked for, or an error."""

import asyncio
import base64
import hashlib
from collections.abc import Callable

import pytest

from server_client import (
    ChangedError,
    Checksum,
    ConnectionLostError,
    OpenFile,
    Span,
    TimedOutError,
    Timeouts,
    TrackingClient,
    UnexpectedAnswerError,
)
from server_client.files import WHOLE
from tests.server_client.loopback import QUICK, Answer, Heard, reply, reset, serving

Write = Callable[[asyncio.StreamWriter], None]
PARTIAL = "206 Partial Content"
LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"


def always(write: Write) -> Answer:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        write(writer)

    return answer


async def opened(answer: Answer, span: Span = WHOLE, timeouts: Timeouts = QUICK) -> tuple[bytes, OpenFile]:
    """A file's bytes, and what was known of it before."""
    async with (
        serving(answer) as server,
        TrackingClient(server.uri, timeouts=timeouts) as asked,
        asked.artifacts.open("r", "a", span) as file,
    ):
        return b"".join([chunk async for chunk in file.chunks]), file


def chunked(writer: asyncio.StreamWriter, *chunks: bytes, status: str = "200 OK", **headers: str) -> None:
    reply(writer, b"", status, content_length=None, transfer_encoding="chunked", **headers)
    for chunk in chunks:
        writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")


def ending(write: Write) -> Write:
    def write_and_end(writer: asyncio.StreamWriter) -> None:
        write(writer)
        writer.close()

    return write_and_end


@pytest.mark.parametrize(
    "changed",
    [
        lambda writer: reply(writer, b"another", etag='"two"'),  # as If-Range wants it
        lambda writer: reply(writer, b"ther", PARTIAL, content_range="bytes 3-6/7", etag='"two"'),
        lambda writer: reply(writer, b"ther", PARTIAL, content_range="bytes 3-6/7"),
        lambda writer: reply(writer, b"another"),
        lambda writer: reply(writer, b"", "412 Precondition Failed"),
    ],
)
async def test_a_file_that_changed_between_two_parts_is_never_mixed(changed: Write) -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if heard.headers["range"] == "bytes=0-2":
            reply(writer, b"one", PARTIAL, content_range="bytes 0-2/7", etag='"one"')
        else:
            assert heard.headers["if-range"] == '"one"'
            changed(writer)

    _, first = await opened(answer, Span(0, 3))
    with pytest.raises(ChangedError):
        await opened(answer, Span(3, None, first.version))


async def test_what_changed_is_told_of_by_its_time_where_there_is_no_etag() -> None:
    span, head = "bytes 2-3/4", {"last_modified": LONG_AGO, "date": "Sun, 06 Nov 1994 09:00:00 GMT"}
    part = always(lambda writer: reply(writer, b"cd", PARTIAL, content_range=span, **head))
    _, first = await opened(part, Span(2))
    assert (await opened(part, Span(2, None, first.version)))[0] == b"cd"
    other = {**head, "last_modified": "Sun, 06 Nov 1994 08:49:38 GMT"}
    with pytest.raises(ChangedError):
        await opened(
            always(lambda writer: reply(writer, b"cd", PARTIAL, content_range=span, **other)),
            Span(2, None, first.version),
        )


async def test_the_etag_of_a_copy_made_for_this_answer_is_no_version() -> None:
    head = {"etag": '"copy"', "last_modified": LONG_AGO, "date": "Sun, 06 Nov 1994 08:49:38 GMT"}
    assert (await opened(always(lambda writer: reply(writer, b"x", **head))))[1].version is None


@pytest.mark.parametrize(
    "told",
    [
        *("bytes 0-2/3", "bytes 3-3/4", "bytes 2-1/3", "bytes 2-2/2", "bytes */3", "2-2/3", "bytes 2-2"),
        *("items 2-2/3", None, f"bytes 2-{'9' * 40}/*", "bytes ²-2/3"),
    ],
)
async def test_another_part_than_was_asked_for_is_no_answer(told: str | None) -> None:
    with pytest.raises(UnexpectedAnswerError, match="another part"):
        await opened(always(lambda writer: reply(writer, b"c", PARTIAL, content_range=told)), Span(2))


@pytest.mark.parametrize(
    ("write", "span"),
    [
        (lambda writer: reply(writer, b"cdefgh", PARTIAL, content_range="bytes 2-3/4"), Span(2)),
        (lambda writer: reply(writer, b"cdefgh", PARTIAL, content_range="bytes 2-7/8"), Span(2, 4)),
        (lambda writer: chunked(writer, b"cd", b"ef", status=PARTIAL, content_range="bytes 2-3/4"), Span(2)),
        (lambda writer: chunked(writer, b"cde", status=PARTIAL, content_range="bytes 2-3/*"), Span(2)),
        (lambda writer: chunked(writer, b"abc", b"def"), Span(2, 4)),
        (lambda writer: reply(writer, b"abcdef"), Span(2, 4)),
    ],
)
async def test_more_than_is_wanted_or_announced_is_not_handed_on(write: Write, span: Span) -> None:
    assert (await opened(always(write), span))[0] == b"cd"


@pytest.mark.parametrize(
    ("write", "span"),
    [
        (lambda writer: reply(writer, b"cd", PARTIAL, content_range="bytes 2-9/10"), Span(2)),
        (lambda writer: reply(writer, b"cd", PARTIAL, content_range="bytes 2-3/10"), Span(2)),
        (lambda writer: chunked(writer, b"cd", b"", status=PARTIAL, content_range="bytes 2-9/*"), Span(2)),
        (ending(lambda writer: reply(writer, b"abcd", content_length=9)), WHOLE),
        (ending(lambda writer: chunked(writer, b"abcd")), WHOLE),
    ],
)
async def test_fewer_bytes_than_announced_are_an_error(write: Write, span: Span) -> None:
    with pytest.raises(ConnectionLostError):
        await opened(always(write), span)


async def test_a_connection_that_breaks_in_the_middle_is_an_error() -> None:
    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        reply(writer, b"abcd", content_length=9)
        await writer.drain()
        reset(writer)

    with pytest.raises(ConnectionLostError):
        await opened(answer)


async def test_an_answer_without_a_length_is_read_to_its_end() -> None:
    content, file = await opened(always(lambda writer: chunked(writer, b"ab", b"cd", b"")), Span(1))
    assert (content, file.size, file.ranged) == (b"bcd", None, False)


async def test_an_empty_file_has_no_bytes_wherever_it_is_opened() -> None:
    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if "range" in heard.headers:
            reply(writer, b"", "416 Range Not Satisfiable", content_range="bytes */0")
        else:
            reply(writer, b"", etag='"e"', accept_ranges="bytes")

    for span in (WHOLE, Span(0, 9), Span(5), Span(0, 9, '"e"')):
        content, file = await opened(answer, span)
        assert (content, file.size, file.version, file.ranged) == (b"", 0, '"e"', True)


async def test_a_server_that_stalls_is_given_up() -> None:
    impatient = Timeouts(connect=5, read=0.05, first_pause=0.001)
    with pytest.raises(TimedOutError, match="no answer in time"):
        await opened(always(lambda writer: reply(writer, b"abcd", content_length=9)), timeouts=impatient)


async def test_parts_that_are_read_to_their_end_share_a_connection() -> None:
    ports = set()

    async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
        ports.add(writer.get_extra_info("peername"))
        reply(writer, b"cd", PARTIAL, content_range="bytes 2-3/9")

    async with serving(answer) as server, TrackingClient(server.uri, timeouts=QUICK) as asked:
        for _ in range(3):
            async with asked.artifacts.open("r", "a", Span(2, 4)) as file:
                assert [chunk async for chunk in file.chunks] == [b"cd"]
    assert len(ports) == 1


CONTENT = b"content"
MD5 = hashlib.md5(CONTENT, usedforsecurity=False)
SHA = hashlib.sha256(CONTENT)


def base64_of(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"repr_digest": f"md5=:{base64_of(MD5.digest())}:, sha-256=:{base64_of(SHA.digest())}:"}, SHA),
        ({"digest": f"unixsum=30637,SHA-256={base64_of(SHA.digest())}"}, SHA),
        ({"x_goog_hash": f"crc32c=n03x6A==, md5={base64_of(MD5.digest())}"}, MD5),
        ({"content_md5": base64_of(MD5.digest())}, MD5),
        ({"server": "AmazonS3", "etag": f'"{MD5.hexdigest()}"'}, MD5),
        ({"server": "AmazonS3", "etag": f'"{MD5.hexdigest()}-3"'}, None),
        ({"server": "AmazonS3", "etag": f'"{MD5.hexdigest()}"', "x_amz_server_side_encryption": "aws:kms"}, None),
        ({"etag": f'"{MD5.hexdigest()}"'}, None),
        ({"content_digest": f"sha-256=:{base64_of(SHA.digest())}:"}, None),
        ({"digest": "sha-256=no base64", "repr_digest": "sha-256=:AAAA:, =,,", "content_md5": "AAAA"}, None),
    ],
)
async def test_a_checksum_is_told_where_it_is_sure(headers: dict[str, str], expected: "hashlib._Hash | None") -> None:
    _, file = await opened(always(lambda writer: reply(writer, CONTENT, **headers)))
    assert file.checksum == (Checksum(expected.name, expected.hexdigest()) if expected is not None else None)


async def test_the_md5_of_a_part_is_not_that_of_the_file() -> None:
    told = {"content_range": "bytes 2-3/9", "content_md5": base64_of(MD5.digest())}
    assert (await opened(always(lambda writer: reply(writer, b"cd", PARTIAL, **told)), Span(2, 4)))[1].checksum is None


async def test_twenty_files_leave_connections_for_questions() -> None:
    hold = asyncio.Event()

    async def answer(heard: Heard, writer: asyncio.StreamWriter) -> None:
        if heard.target.startswith("/get-artifact"):
            await hold.wait()
            reply(writer, b"x")
        else:
            reply(writer, {"experiment": {"experiment_id": "1", "name": "one"}})

    async def read() -> bytes:
        async with client.artifacts.open("r", "a") as file:
            return b"".join([chunk async for chunk in file.chunks])

    async with serving(answer) as server, TrackingClient(server.uri, timeouts=QUICK) as client:
        files = [asyncio.ensure_future(read()) for _ in range(20)]
        assert (await client.experiments.get("1")).name == "one"
        hold.set()
        assert await asyncio.gather(*files) == [b"x"] * 20

"""A file of a server, opened: what is known of it before its bytes are read, and then those that are wanted."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from server_client.checksums import Checksum, checksum_of
from server_client.errors import ChangedError, ConnectionLostError, Hint, RefusedError, UnexpectedAnswerError
from server_client.question import Answer

_CONTENT_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)")
_JUST_WRITTEN = timedelta(seconds=2)


class Span(NamedTuple):
    """Which bytes of a file are wanted: from ``start`` on to before ``stop``, or to its end.

    ``version`` is the `OpenFile.version` that they have to be of; None is any.
    """

    start: int = 0
    stop: int | None = None
    version: str | None = None


WHOLE = Span()


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that a server sends.

    Attributes:
        chunks: the bytes that were asked for and no others, as they are stored, in chunks of whatever size they come.
            Raises ConnectionLostError where fewer come than were announced.
        size: bytes of the whole file; None where the server does not tell.
        version: is another where the file is another; None where the server does not tell.
        ranged: the server begins where it is asked to. Else it sends all that lies before, too.
        checksum: of the whole file, where the server tells one.
    """

    chunks: AsyncIterator[bytes]
    size: int | None = None
    version: str | None = None
    ranged: bool = True
    checksum: Checksum | None = None


class _Range(NamedTuple):
    """What part of a file is sent; ``behind`` it comes what is not, ``size`` is that of all."""

    first: int
    behind: int | None
    size: int | None


Ask = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Answer]]
"""Asks for a file with some headers more."""


@asynccontextmanager
async def opened(ask: Ask, span: Span, path: str) -> AsyncIterator[OpenFile]:
    """A file as one address sends it.

    Nothing is decoded, whatever Content-Encoding a server derives from a file's name. The beginning is asked for again
    where that may help; a connection that breaks after it raises ConnectionLostError: open the file where it broke.

    Args:
        ask: asks there.
        span: what is wanted.
        path: what errors call the address.

    Raises:
        ChangedError: the file is another than ``span.version``, or nobody can tell.
        RefusedError: the server does not send it.
    """
    async with AsyncExitStack() as held:
        try:
            answer = await held.enter_async_context(ask(_headers(span)))
        except RefusedError as error:
            if error.status == 412:
                raise _changed(path) from None
            if error.status != 416 or "Range" not in _headers(span):
                raise
            # There is nothing where it should begin. Only an answer from the beginning tells what the file is.
            answer = await held.enter_async_context(ask(_headers(WHOLE)))
        there = _there(answer, span, path)
        version = _version(answer, there.size)
        if span.version is not None and version != span.version:
            raise _changed(path)
        chunks = await held.enter_async_context(aclosing(_chunks(answer, span, there, path)))
        checksum = checksum_of(answer, whole=answer.status == 200)
        yield OpenFile(chunks, there.size, version, _is_ranged(answer), checksum)


def _headers(span: Span) -> dict[str, str]:
    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    if not span.start and span.stop is None:
        return headers
    last = "" if span.stop is None else str(max(span.stop, span.start + 1) - 1)
    headers["Range"] = f"bytes={span.start}-{last}"
    if span.version is not None and span.version.startswith('"'):  # no weak one, and no date (RFC 9110, 13.1.5)
        headers["If-Range"] = span.version
    return headers


def _is_ranged(answer: Answer) -> bool:
    if "Range" in answer.response.request.headers:
        return answer.status == 206
    return (answer.header("Accept-Ranges") or "").lower() == "bytes"


def _there(answer: Answer, span: Span, path: str) -> _Range:
    """What part is sent. Raises UnexpectedAnswerError where it is another than was asked for."""
    if answer.status != 206:
        size = _length(answer)
        return _Range(0, size, size)
    match = _CONTENT_RANGE.fullmatch(answer.header("Content-Range") or "")
    if match is not None:
        first, behind = int(match[1]), int(match[2]) + 1
        size = None if match[3] == "*" else int(match[3])
        if first == span.start and first < behind and (size is None or behind <= size):
            return _Range(first, behind, size)
    raise UnexpectedAnswerError(Hint.MALFORMED, "another part of the file", method="GET", path=path)


def _length(answer: Answer) -> int | None:
    told = answer.header("Content-Length") or ""
    plain = told.isascii() and told.isdigit() and answer.header("Transfer-Encoding") is None
    return int(told) if plain else None


def _version(answer: Answer, size: int | None) -> str | None:
    """The ETag, else the time of the last change and the size; None where that is not to be relied on.

    What was changed within the same second or two may be changed again without being told (RFC 9110, 8.8.2.2). And a
    file that MLflow had to fetch from a cloud is told with the ETag of its copy, which is another each time.
    """
    changed = _date(answer.header("Last-Modified"))
    sent = [each for told in answer.response.headers.get_list("Date") if (each := _date(told)) is not None]
    if changed is not None and sent and max(sent) - changed <= _JUST_WRITTEN:
        return None
    return answer.header("ETag") or (f"{changed.isoformat()} {size}" if changed is not None else None)


def _date(told: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(told) if told else None
    except (ValueError, OverflowError):
        return None
    return date if date is not None and date.tzinfo is not None else None


async def _chunks(answer: Answer, span: Span, there: _Range, path: str) -> AsyncGenerator[bytes]:
    """What was asked for of what comes: without what lies before, behind, or behind what was announced."""
    ends = [each for each in (span.stop, there.behind if there.size is None else there.size) if each is not None]
    start, stop = span.start, min(ends, default=None)
    if stop is not None and stop <= start:
        return
    length = _length(answer)
    at, sent = there.first, None if length is None else there.first + length
    async for chunk in answer.raw():
        begin, at = at, at + len(chunk)
        if begin >= start and (stop is None or at <= stop):
            yield chunk
        elif wanted := chunk[max(start - begin, 0) : None if stop is None else max(stop - begin, 0)]:
            yield wanted
        if stop is not None and at >= stop and at != sent:  # at the end of the answer its connection can be kept
            return
    if stop is not None and at < stop and (there.behind is not None):
        came = f"{max(at - start, 0):,} of {stop - start:,} bytes came"
        raise ConnectionLostError(came, method="GET", path=path)


def _changed(path: str) -> ChangedError:
    return ChangedError("it is another file by now", method="GET", path=path)

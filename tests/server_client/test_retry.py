"""Whether a question is asked again."""

from datetime import UTC, datetime

import pytest

from server_client.errors import (
    AccessError,
    ConnectionLostError,
    ConnectionRefusedByHostError,
    Hint,
    NameNotResolvedError,
    ProxyError,
    TimedOutError,
    TlsError,
    TrackingError,
    UnexpectedAnswerError,
    WorkspacesDisabledError,
    refusal_class,
)
from server_client.retry import pause


def refused(status: int) -> TrackingError:
    return refusal_class(status)(status)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_what_passes_is_repeated_three_times(status: int) -> None:
    pauses = [pause(attempt, refused(status), 0.5) for attempt in range(4)]
    assert pauses == [0.25, 0.5, 1.0, None]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 501])
def test_a_refusal_is_final(status: int) -> None:
    assert pause(0, refused(status), 0.5) is None


@pytest.mark.parametrize(
    "failure",
    [
        AccessError(""),
        NameNotResolvedError(""),
        TlsError(""),
        ProxyError(""),
        WorkspacesDisabledError(503),
        UnexpectedAnswerError(Hint.HTML),
        UnexpectedAnswerError(Hint.STUCK_TOKEN),
    ],
)
def test_what_will_be_the_same_is_final(failure: TrackingError) -> None:
    assert pause(0, failure, 0.5) is None


@pytest.mark.parametrize(
    "failure", [ConnectionLostError(""), ConnectionRefusedByHostError(""), UnexpectedAnswerError(Hint.TRUNCATED)]
)
def test_a_broken_connection_is_repeated(failure: TrackingError) -> None:
    assert pause(2, failure, 0.5) == 1.0


def test_a_timeout_is_repeated_once() -> None:
    assert pause(0, TimedOutError(""), 0.5) is not None
    assert pause(1, TimedOutError(""), 0.5) is None


def test_chance_spreads_the_pauses() -> None:
    assert (pause(0, refused(503), 0.0), pause(0, refused(503), 1.0)) == (0.125, 0.375)


NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.25),
        ("60", 60.0),
        ("61", None),
        ("99999999999999999999", None),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 12:00:30 -0000", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.25),
        ("Thu, 01 Jan 2099 12:00:30 GMT", None),
        ("-5", 0.25),
        ("soon", 0.25),
        ("", 0.25),
    ],
)
def test_the_server_says_how_long_to_wait(header: str, seconds: float | None) -> None:
    assert pause(0, refused(429), 0.5, header, now=NOW) == seconds

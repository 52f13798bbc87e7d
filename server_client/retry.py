"""Whether a question that failed is asked again, and after how long."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from server_client.errors import (
    ConnectionLostError,
    ConnectionRefusedByHostError,
    Hint,
    RefusedError,
    TimedOutError,
    TrackingError,
    UnexpectedAnswerError,
    WorkspacesDisabledError,
)

MOST_RETRIES = 3
LONGEST_WAIT = 60.0
"""Seconds. A server that asks for more patience than this is not asked again."""
FIRST_PAUSE = 0.25
"""Seconds before the first repetition, half more or less; each next is twice as long."""

_PASSING = frozenset({408, 429, 502, 503, 504})  # not 500: MLflow's word for ordinary refusals


def pause(
    attempt: int,
    failure: TrackingError,
    random: float,
    retry_after: str | None = None,
    *,
    first: float = FIRST_PAUSE,
    now: datetime | None = None,
) -> float | None:
    """Seconds to wait before a question that only reads is asked again; None gives up.

    What passes is repeated: a busy server (408, 429, 502, 503, 504), a connection that was refused or broke, an answer
    that is cut off; a timeout once only, for it has cost a minute already. A name that does not resolve, a
    certificate, a proxy or any other refusal will be the same in a second.

    Args:
        attempt: how often the question was repeated so far, from 0.
        failure: what became of it.
        random: from 0 to 1: spreads many clients' repetitions.
        retry_after: the header (RFC 9110, 10.2.3): seconds or a date. A shorter pause than it says is never made.
        first: seconds before the first repetition.
        now: the time that a date is compared with; None is the clock's.
    """
    if attempt >= (1 if isinstance(failure, TimedOutError) else MOST_RETRIES) or not _passing(failure):
        return None
    ours = first * 2**attempt * (0.5 + random)
    asked = _seconds(retry_after, now or datetime.now(UTC)) if retry_after else 0.0
    return None if asked > LONGEST_WAIT else max(ours, asked)


def _passing(failure: TrackingError) -> bool:
    if isinstance(failure, RefusedError):
        return failure.status in _PASSING and not isinstance(failure, WorkspacesDisabledError)
    if isinstance(failure, UnexpectedAnswerError):
        return failure.hint is Hint.TRUNCATED
    return isinstance(failure, ConnectionLostError | ConnectionRefusedByHostError | TimedOutError)


def _seconds(retry_after: str, now: datetime) -> float:
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max((date - now).total_seconds(), 0.0)

"""Each kind of failure is an error of its own, says what to do, and shows nobody."""

import pytest

from channels.failures import Cause, FailureKind, FailureRow
from channels.sending import (
    MAX_DETAILS,
    Rejected,
    Retryable,
    SendError,
    Throttled,
    UnknownOutcome,
    error_of_transport,
    send_error,
)
from channels.transport import AnswerLost, NotSent

ADVICE = "Wait a little."


def row(kind: FailureKind, wait: int | None = None) -> FailureRow:
    return FailureRow(kind=kind, cause=Cause.TEMPORARY, advice=ADVICE, retry_after_seconds=wait)


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        (FailureKind.RETRYABLE, Retryable),
        (FailureKind.THROTTLED, Throttled),
        (FailureKind.FINAL, Rejected),
        (FailureKind.UNKNOWN, UnknownOutcome),
    ],
)
def test_the_kind_decides_the_class(kind: FailureKind, raised: type[SendError]) -> None:
    error = send_error(row(kind), code="451", details="try <grace@example.cg> later")

    assert type(error) is raised
    assert (error.kind, error.cause, error.code) == (kind, Cause.TEMPORARY, "451")
    assert str(error) == "(451) try <…> later. Wait a little."


def test_the_provider_knows_best_how_long_to_wait() -> None:
    assert send_error(row(FailureKind.RETRYABLE, wait=300)).retry_after_seconds == 300
    assert send_error(row(FailureKind.RETRYABLE, wait=300), retry_after_seconds=0).retry_after_seconds == 0
    assert send_error(row(FailureKind.RETRYABLE)).retry_after_seconds is None


def test_a_page_instead_of_an_answer_is_cut() -> None:
    error = send_error(row(FailureKind.FINAL), details="<html>\n\n" + "a " * 5000)

    assert len(error.details) == MAX_DETAILS
    assert "\n" not in str(error)


def test_what_has_not_left_may_be_sent_again_and_what_may_have_left_may_not() -> None:
    not_reached = row(FailureKind.RETRYABLE)

    assert type(error_of_transport(NotSent("refused"), not_reached)) is Retryable
    assert type(error_of_transport(AnswerLost("time-out"), not_reached)) is UnknownOutcome


def test_what_a_provider_says_can_be_stored_whatever_its_encoding_was() -> None:
    latin_1 = b"bo\xeete pleine\x00".decode("utf-8", "surrogateescape")

    assert send_error(row(FailureKind.FINAL), details=latin_1).details == "bo\ufffdte pleine\ufffd"

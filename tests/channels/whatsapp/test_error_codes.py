"""Each of Meta's codes has one row, and the row says what to do in words."""

import pytest

from channels.whatsapp.error_codes import Cause, FailureKind, look_up
from channels.whatsapp.errors import (
    PairThrottled,
    Rejected,
    Retryable,
    Throttled,
    UnknownOutcome,
    WhatsAppError,
    error_of,
)

RETRYABLE, THROTTLED, FINAL = FailureKind.RETRYABLE, FailureKind.THROTTLED, FailureKind.FINAL

# The classes of Meta's codes as others act on them in production.
EXPECTED: list[tuple[FailureKind, Cause, list[int]]] = [
    (RETRYABLE, Cause.TEMPORARY, [1, 2, 131000, 131016, 131057, 133004]),
    (THROTTLED, Cause.RATE, [4, 80007, 130429]),
    (THROTTLED, Cause.PAIR_RATE, [131056]),
    (RETRYABLE, Cause.MEDIA, [131052, 131053]),
    (FINAL, Cause.LATER, [131049, 130472, 131048]),
    (FINAL, Cause.WINDOW_CLOSED, [131047]),
    (FINAL, Cause.OPTED_OUT, [131050]),
    (FINAL, Cause.RECIPIENT, [131026, 131021, 131030, 131062, 137000]),
    (FINAL, Cause.REQUEST, [33, 100, 131008, 131009, 131051, 132000, 132001, 132005, 132007, 132008]),
    (FINAL, Cause.REQUEST, [132012, 132018, 132068, 132069, 135000]),
    (FINAL, Cause.TEMPLATE_STATE, [132015, 132016, 131063]),
    (FINAL, Cause.ACCOUNT, [0, 3, 10, 190, *range(200, 300), 368, 130497, 131005, 131031, 131037, 131042]),
    (FINAL, Cause.ACCOUNT, [131045, 131064, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016]),
]
CODES = [(code, kind, cause) for kind, cause, codes in EXPECTED for code in codes]


@pytest.mark.parametrize(("code", "kind", "cause"), CODES)
def test_each_code_has_its_row(code: int, kind: FailureKind, cause: Cause) -> None:
    row = look_up(code)

    assert row is not None
    assert (row.kind, row.cause) == (kind, cause)
    assert row.advice.endswith(".")
    assert len(row.advice) > 20


@pytest.mark.parametrize(("code", "subcode", "words"), [(100, 33, "media id"), (190, 463, "expired")])
def test_some_subcodes_say_more(code: int, subcode: int, words: str) -> None:
    finer, row = look_up(code, subcode), look_up(code)

    assert finer is not None
    assert row is not None
    assert words in finer.advice
    assert (finer.kind, finer.cause) == (row.kind, row.cause)


def test_a_subcode_without_a_row_of_its_own_has_that_of_its_code() -> None:
    assert look_up(190, 467) == look_up(190)


@pytest.mark.parametrize("code", [-1, 5, 199, 300, 999999])
def test_a_code_not_known_yet_has_none(code: int) -> None:
    assert look_up(code) is None


@pytest.mark.parametrize(
    ("code", "raised"),
    [(131000, Retryable), (130429, Throttled), (131056, PairThrottled), (131047, Rejected)],
)
def test_the_row_decides_the_class_of_the_error(code: int, raised: type[WhatsAppError]) -> None:
    row = look_up(code)
    assert row is not None

    error = error_of(row, code=code, title="Refused", retry_after_seconds=7)

    assert type(error) is raised
    assert (error.kind, error.cause, error.advice) == (row.kind, row.cause, row.advice)
    assert str(error) == f"({code}) Refused {row.advice}"
    assert error.retry_after_seconds == 7


def test_the_pair_limit_is_told_from_the_others() -> None:
    assert issubclass(PairThrottled, Throttled)
    assert not issubclass(PairThrottled, UnknownOutcome)

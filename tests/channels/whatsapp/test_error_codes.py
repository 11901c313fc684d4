"""Each of Meta's codes has one row, and the row says what to do in words."""

import pytest

from channels.failures import Cause, FailureKind, Remedy
from channels.whatsapp.error_codes import all_rows, look_up
from channels.whatsapp.errors import (
    PairThrottled,
    Rejected,
    Retryable,
    Throttled,
    UnknownOutcome,
    WhatsAppError,
    error_in_receipt,
    error_of,
)

RETRYABLE, THROTTLED, FINAL = FailureKind.RETRYABLE, FailureKind.THROTTLED, FailureKind.FINAL

# The classes of Meta's codes as others act on them in production, and what follows here.
EXPECTED: list[tuple[FailureKind, Cause, Remedy, list[int]]] = [
    (RETRYABLE, Cause.TEMPORARY, Remedy.TRY_A_FEW_TIMES, [1, 131000]),
    (RETRYABLE, Cause.TEMPORARY, Remedy.TRY_AGAIN, [2, 131016, 131057, 133004]),
    (THROTTLED, Cause.RATE, Remedy.SLOW_NUMBER, [4, 80007, 130429]),
    (THROTTLED, Cause.PAIR_RATE, Remedy.SLOW_PERSON, [131056]),
    (RETRYABLE, Cause.MEDIA, Remedy.RENEW_FILE, [131052, 131053]),
    (FINAL, Cause.LATER, Remedy.TOMORROW, [131049]),
    (FINAL, Cause.LATER, Remedy.OTHER_CHANNEL, [130472]),
    (FINAL, Cause.LATER, Remedy.PAUSE_MARKETING, [131048]),
    (FINAL, Cause.WINDOW_CLOSED, Remedy.USE_TEMPLATE, [131047]),
    (FINAL, Cause.OPTED_OUT, Remedy.KEEP_OPT_OUT, [131050]),
    (FINAL, Cause.RECIPIENT, Remedy.OTHER_CHANNEL, [131026, 131021, 131030, 131062, 137000]),
    (FINAL, Cause.REQUEST, Remedy.MEND_REQUEST, [33, 100, 131008, 131009, 131051, 132000, 132001, 132005, 132007]),
    (FINAL, Cause.REQUEST, Remedy.MEND_REQUEST, [132008, 132012, 132018, 132068, 132069, 135000]),
    (FINAL, Cause.TEMPLATE_STATE, Remedy.STOP_TEMPLATE, [132015, 132016, 131063]),
    # One country alone is closed: the number must go on for everybody else.
    (FINAL, Cause.ACCOUNT, Remedy.OTHER_CHANNEL, [130497]),
    (FINAL, Cause.ACCOUNT, Remedy.STOP_NUMBER, [0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131037, 131042]),
    (FINAL, Cause.ACCOUNT, Remedy.STOP_NUMBER, [131045, 131064, 133000, 133005, 133006, 133008, 133009, 133010]),
    (FINAL, Cause.ACCOUNT, Remedy.STOP_NUMBER, [133015, 133016]),
]
CODES = [(code, *expected) for *expected, codes in EXPECTED for code in codes]


@pytest.mark.parametrize(("code", "kind", "cause", "remedy"), CODES)
def test_each_code_has_its_row(code: int, kind: FailureKind, cause: Cause, remedy: Remedy) -> None:
    row = look_up(code)

    assert row is not None
    assert (row.kind, row.cause, row.remedy) == (kind, cause, remedy)
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
    assert str(error) == f"({code}) Refused. {row.advice}"
    assert error.retry_after_seconds == 7


def test_the_pair_limit_is_told_from_the_others() -> None:
    assert issubclass(PairThrottled, Throttled)
    assert not issubclass(PairThrottled, UnknownOutcome)


def test_every_row_can_be_printed_and_found_again_by_its_code() -> None:
    lines = list(all_rows())

    assert len({line.codes for line in lines}) == len(lines)
    for line in lines:
        code, _, subcode = line.codes.partition("-")[0].partition("/")
        assert look_up(int(code), int(subcode) if subcode else None) == line.row
    singles = {int(line.codes) for line in lines if line.codes.isdigit()}
    assert singles == {code for code, *_ in CODES if code not in range(200, 300)}


def test_a_code_of_a_receipt_that_is_not_known_yet_is_final() -> None:
    error = error_in_receipt(999999, "New", "Call +242 06 123 45 67")

    assert (error.kind, error.remedy) == (FINAL, Remedy.MEND_REQUEST)
    assert "06 123" not in error.details

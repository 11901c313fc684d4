"""Each of Twilio's codes says what it means and what to do."""

import pytest

from channels.failures import Cause, FailureKind
from channels.sms.twilio_codes import look_up

RETRYABLE, THROTTLED, FINAL = FailureKind.RETRYABLE, FailureKind.THROTTLED, FailureKind.FINAL


@pytest.mark.parametrize(
    ("kind", "cause", "codes"),
    [
        (RETRYABLE, Cause.TEMPORARY, [20500, 20503, 30008, 30009, 30017, 30036, 30410]),
        (RETRYABLE, Cause.RECIPIENT, [30003]),
        (THROTTLED, Cause.RATE, [20429, 21611, 30001, 30022]),
        (FINAL, Cause.LATER, [30023]),
        (FINAL, Cause.OPTED_OUT, [21610]),
        (FINAL, Cause.RECIPIENT, [21211, 21214, 21217, 21266, 21608, 21612, 21614, 21635, 30004, 30005, 30006]),
        (FINAL, Cause.CONTENT, [21617, 30007]),
        (FINAL, Cause.REQUEST, [21602, 21603, 21604, 21609]),
        (FINAL, Cause.ACCOUNT, [20003, 20005, 20404, 21212, 21408, 21601, 21606, 21659, 21660, 21703, 21704, 21705]),
        (FINAL, Cause.ACCOUNT, [30002, 30010, 30034]),
    ],
)
def test_each_code_has_its_row(kind: FailureKind, cause: Cause, codes: list[int]) -> None:
    for code in codes:
        row = look_up(code)
        assert row is not None
        assert (row.kind, row.cause) == (kind, cause)
        assert row.advice.endswith(".")


@pytest.mark.parametrize("code", [0, -1, 63016, 99999])
def test_a_code_not_known_yet_has_none(code: int) -> None:
    assert look_up(code) is None

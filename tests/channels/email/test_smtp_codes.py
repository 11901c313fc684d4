"""Every reply of a mail server has a meaning, and the finer code speaks before the coarse one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.smtp_codes import GREYLIST_SECONDS, Stage, finer_code, row_of
from channels.failures import Cause, FailureKind

RETRYABLE, THROTTLED, FINAL, UNKNOWN = FailureKind


@pytest.mark.parametrize(
    ("code", "text", "stage", "kind", "cause"),
    [
        (421, "4.3.2 shutting down", Stage.CONNECT, THROTTLED, Cause.RATE),
        (450, "4.2.0 mailbox busy", Stage.RECIPIENT, THROTTLED, Cause.PAIR_RATE),
        (450, "4.2.0 <…>: Greylisted for 60 seconds", Stage.RECIPIENT, RETRYABLE, Cause.PAIR_RATE),
        (451, "4.7.1 Try again later", Stage.RECIPIENT, RETRYABLE, Cause.TEMPORARY),
        (452, "4.2.2 The email account is over quota", Stage.RECIPIENT, RETRYABLE, Cause.RECIPIENT),
        (454, "4.7.0 Temporary authentication failure", Stage.SIGN_IN, RETRYABLE, Cause.TEMPORARY),
        (499, "", Stage.CONTENT, RETRYABLE, Cause.TEMPORARY),
        (535, "5.7.8 Username and Password not accepted", Stage.SIGN_IN, FINAL, Cause.ACCOUNT),
        (530, "5.7.0 Must issue a STARTTLS command first", Stage.SENDER, FINAL, Cause.ACCOUNT),
        (550, "5.1.1 unknown", Stage.RECIPIENT, FINAL, Cause.RECIPIENT),
        (550, "unknown", Stage.RECIPIENT, FINAL, Cause.RECIPIENT),
        (550, "not as this sender", Stage.SENDER, FINAL, Cause.ACCOUNT),
        (550, "5.7.1 blocked", Stage.CONTENT, FINAL, Cause.CONTENT),
        (550, "5.7.26 no SPF, no DKIM", Stage.CONTENT, FINAL, Cause.ACCOUNT),
        (550, "5.4.1 no such domain", Stage.CONTENT, FINAL, Cause.RECIPIENT),
        (552, "size exceeded", Stage.SENDER, FINAL, Cause.CONTENT),
        (552, "over quota", Stage.RECIPIENT, FINAL, Cause.RECIPIENT),
        (554, "no service for you", Stage.CONNECT, FINAL, Cause.ACCOUNT),
        (556, "null MX", Stage.RECIPIENT, FINAL, Cause.RECIPIENT),
        (451, "host mx.example.cg said: 5.1.1 unknown", Stage.CONTENT, RETRYABLE, Cause.TEMPORARY),
        (502, "what?", Stage.CONTENT, FINAL, Cause.REQUEST),
        (550, "5.7.28 too much unsolicited mail", Stage.CONTENT, THROTTLED, Cause.RATE),
        (251, "will forward", Stage.CONTENT, UNKNOWN, Cause.LOST_ANSWER),
        (-1, "not SMTP", Stage.RECIPIENT, RETRYABLE, Cause.TEMPORARY),
    ],
)
def test_what_a_reply_means(code: int, text: str, stage: Stage, kind: FailureKind, cause: Cause) -> None:
    row = row_of(code, text, stage)

    assert (row.kind, row.cause) == (kind, cause)


@pytest.mark.parametrize("words", ["Greylisted", "GREY-LISTED", "graylisting in effect", "grey listed, come back"])
def test_greylisting_is_known_by_its_name_under_any_code(words: str) -> None:
    for code in (421, 450, 451, 499):
        row = row_of(code, words, Stage.RECIPIENT)
        assert (row.kind, row.retry_after_seconds) == (RETRYABLE, GREYLIST_SECONDS)
    assert row_of(550, words, Stage.RECIPIENT).kind is FINAL


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5.1.1 unknown", "5.1.1"),
        ("<a@b.cg>: 4.7.28 slow down", "4.7.28"),
        ("no code", None),
        ("from 10.5.1.1", None),
        ("version 3.1.1", None),
        ("5.1.1234", None),
        ("", None),
    ],
)
def test_the_finer_code_is_found_in_the_text(text: str, code: str | None) -> None:
    assert finer_code(text) == code


@given(code=st.integers(400, 599), text=st.text(), stage=st.sampled_from(Stage))
def test_every_refusal_has_advice_and_is_never_left_open(code: int, text: str, stage: Stage) -> None:
    row = row_of(code, text, stage)

    assert row.kind is not UNKNOWN
    assert row.advice.endswith(".")
    if code < 500:
        assert row.kind is not FINAL

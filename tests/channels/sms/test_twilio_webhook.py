"""Twilio's reports are believed when Twilio signed them, blank fields and all."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.failures import Cause, FailureKind
from channels.reports import Report
from channels.sms.twilio_webhook import BadCallback, parse, verify_signature

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
CALL_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
REPORT_URL = "https://example.com/cb?nid=01H"
REPORT = b"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003&ChannelStatusMessage="
REPORT_SIGNATURE = "R3G3bXJuOIvGaechT//tEkdzhzs="


def form(*fields: tuple[str, str]) -> bytes:
    return urlencode(fields).encode()


# The first three are vectors of Twilio's own library, the last one is signed with it.
@pytest.mark.parametrize(
    ("url", "body", "signature"),
    [
        (URL, form(*CALL), CALL_SIGNATURE),
        (URL.replace(".com", ".com:1234"), form(*CALL), CALL_SIGNATURE),
        (
            URL,
            form(("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")),
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (REPORT_URL, REPORT, REPORT_SIGNATURE),
    ],
)
def test_what_twilio_signed_is_believed(url: str, body: bytes, signature: str) -> None:
    assert verify_signature([TOKEN], url, body, signature)


def test_the_order_of_the_fields_does_not_matter() -> None:
    assert verify_signature([TOKEN], URL, form(*reversed(CALL)), CALL_SIGNATURE)


def signed(url: str, fields: str = "", token: str = TOKEN) -> str:
    return base64.b64encode(hmac.new(token.encode(), (url + fields).encode(), hashlib.sha1).digest()).decode()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("https://a.example/t?x=1", "https://a.example:443/t?x=1"),
        ("https://a.example:443/t?x=1", "https://a.example/t?x=1"),
        ("http://a.example/t", "http://a.example:80/t"),
        ("https://u:p@a.example:8443/t", "https://u:p@a.example/t"),
        ("https://u:p@a.example/t", "https://u:p@a.example:443/t"),
        ("https://[::1]:8443/t", "https://[::1]/t"),
        ("https://[::1]/t", "https://[::1]:443/t"),
    ],
)
def test_the_usual_port_may_be_named_or_not(ours: str, theirs: str) -> None:
    assert verify_signature([TOKEN], ours, b"", signed(theirs))


def test_a_body_that_is_no_form_is_signed_by_its_hash() -> None:
    body = b'{"status":"delivered"}'
    url = f"https://a.example/t?bodySHA256={hashlib.sha256(body).hexdigest()}"

    assert verify_signature([TOKEN], url, body, signed(url))
    assert not verify_signature([TOKEN], url, body + b" ", signed(url))
    assert not verify_signature([TOKEN], url.replace("t?", "u?"), body, signed(url))


def test_while_a_token_changes_both_are_believed() -> None:
    assert verify_signature(["new", TOKEN], URL, form(*CALL), CALL_SIGNATURE)
    assert not verify_signature(["new"], URL, form(*CALL), CALL_SIGNATURE)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": URL + "&baz=3"},
        {"url": URL.replace("https", "http")},
        {"url": "https://[broken"},
        {"body": form(*CALL, ("Extra", ""))},
        {"body": form(*CALL[1:])},
        {"body": b"\xff"},
        {"body": b""},
        {"signature": None},
        {"signature": ""},
        {"signature": "é"},
        {"signature": CALL_SIGNATURE.lower()},
        {"tokens": []},
        {"tokens": [""]},
    ],
    ids=str,
)
def test_anything_else_is_refused_and_breaks_nothing(changes: dict[str, Any]) -> None:
    told: dict[str, Any] = {"tokens": [TOKEN], "url": URL, "body": form(*CALL), "signature": CALL_SIGNATURE}

    assert not verify_signature(**(told | changes))


def test_an_empty_token_signs_nothing() -> None:
    assert not verify_signature([""], URL, b"", signed(URL, token=""))


@given(url=st.text(), body=st.binary(max_size=60), signature=st.text())
def test_no_stranger_is_believed_whatever_they_send(url: str, body: bytes, signature: str) -> None:
    assert not verify_signature([TOKEN], url, body, signature)


fields = st.lists(st.tuples(st.text("AbZ9_é", min_size=1, max_size=5), st.text(max_size=8)), max_size=8)


@given(fields)
def test_any_fields_that_twilio_signs_are_believed(told: list[tuple[str, str]]) -> None:
    """As Twilio describes it: by name, each value once, in order, blank ones as nothing."""
    names = sorted({name for name, _ in told})
    words = "".join(
        name + value for name in names for value in sorted({value for other, value in told if other == name})
    )

    assert verify_signature([TOKEN], URL, form(*told), signed(URL, words))


def one(url: str = REPORT_URL, **told: str) -> Report:
    return parse(url, form(*({"MessageSid": "SM1", "To": "+242061234567"} | told).items()), NOW)


def test_a_report_says_what_became_of_which_message() -> None:
    report = parse(REPORT_URL, REPORT, NOW)

    assert (report.provider, report.provider_message_id, report.our_id) == ("twilio", "SM1", "01H")
    assert (report.what, report.at, report.code, report.reason) == ("failed", NOW, "30003", None)
    assert report.failure is not None
    assert (report.failure.kind, report.failure.cause) == (FailureKind.RETRYABLE, Cause.RECIPIENT)
    assert report.raw["ChannelStatusMessage"] == ""


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("accepted", "other"),
        ("queued", "other"),
        ("sending", "other"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("undelivered", "failed"),
        ("failed", "failed"),
        ("read", "read"),
        ("canceled", "other"),
        ("partially_delivered", "other"),
        ("something_new", "other"),
    ],
)
def test_each_status_has_its_word(status: str, what: str) -> None:
    assert one(MessageStatus=status).what == what


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("21610", Cause.OPTED_OUT),
        ("30005", Cause.RECIPIENT),
        ("30006", Cause.RECIPIENT),
        ("30007", Cause.CONTENT),
        ("30008", Cause.TEMPORARY),
        ("99999", Cause.RECIPIENT),
        ("", Cause.RECIPIENT),
        ("what", Cause.RECIPIENT),
        ("9" * 5000, Cause.RECIPIENT),
    ],
)
def test_a_failure_says_why_in_the_words_of_a_refused_send(code: str, cause: Cause) -> None:
    report = one(MessageStatus="failed", ErrorCode=code)

    assert report.failure is not None
    assert report.failure.cause is cause


def test_a_repeat_is_known_and_the_next_status_is_no_repeat() -> None:
    assert one(MessageStatus="sent").event_id == one(MessageStatus="sent", NewField="1").event_id
    assert one(MessageStatus="sent").event_id != one(MessageStatus="delivered").event_id


def test_an_address_without_our_id_is_a_report_nonetheless() -> None:
    assert one("https://example.com/cb", MessageStatus="sent").our_id is None


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"MessageSid=SM1", b"MessageStatus=sent", b"MessageSid=&MessageStatus="]
)
def test_a_body_that_reports_nothing_is_refused(body: bytes) -> None:
    with pytest.raises(BadCallback):
        parse(REPORT_URL, body, NOW)


def test_what_no_database_stores_is_replaced() -> None:
    report = parse("https://example.com/cb?nid=a%00", b"MessageSid=SM1&MessageStatus=failed&ErrorMessage=a%00b", NOW)

    assert (report.our_id, report.reason) == ("a\ufffd", "a\ufffdb")


def test_no_repr_shows_the_recipient() -> None:
    assert "242061234567" not in repr(one(MessageStatus="failed", ErrorMessage="+242061234567 is off"))

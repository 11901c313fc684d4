"""SendGrid's events are believed when SendGrid signed them, and read as reports."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email.sendgrid_webhook import BadEvents, parse, verify_signature
from channels.failures import Cause, FailureKind
from channels.reports import Report

# The vector of sendgrid-python's own tests.
KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eN"
    "Ec6wEA3F+g=="
)
SIGNATURE = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
TIMESTAMP = "1600112502"
BODY = (
    b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
    b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
    b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
    b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
)
THEN = datetime.fromtimestamp(int(TIMESTAMP), UTC)
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)


def believed(**changes: Any) -> bool:
    told: dict[str, Any] = {"public_keys": [KEY], "body": BODY, "signature": SIGNATURE, "timestamp": TIMESTAMP}
    return verify_signature(**(told | {"now": THEN} | changes))


def test_what_sendgrid_signed_is_believed() -> None:
    assert believed()


@pytest.mark.parametrize(
    "changes",
    [
        {"body": BODY.rstrip()},
        {"body": BODY + b"\n"},
        {"body": b""},
        {"timestamp": "1600112503"},
        {"timestamp": None},
        {"timestamp": ""},
        {"timestamp": " 1600112502"},
        {"timestamp": "1600112502.0"},
        {"timestamp": "1" * 40},
        {"timestamp": "١٦٠٠١١٢٥٠٢"},
        {"signature": None},
        {"signature": ""},
        {"signature": "not base64!"},
        {"signature": SIGNATURE[:-2]},
        {"signature": "é"},
        {"signature": base64.b64encode(b"no signature").decode()},
        {"public_keys": []},
        {"public_keys": [""]},
        {"public_keys": ["not base64!"]},
        {"public_keys": [base64.b64encode(b"no key").decode()]},
    ],
    ids=str,
)
def test_anything_else_is_refused_and_breaks_nothing(changes: dict[str, Any]) -> None:
    assert not believed(**changes)


def test_while_a_key_changes_both_are_believed() -> None:
    other = public(ec.generate_private_key(ec.SECP256R1()))

    assert believed(public_keys=[other, KEY])
    assert not believed(public_keys=[other])


def test_a_key_of_another_kind_signs_nothing() -> None:
    assert not believed(public_keys=[public(ed25519.Ed25519PrivateKey.generate())])


@pytest.mark.parametrize(
    ("later", "fresh"),
    [
        (timedelta(hours=29), True),
        (timedelta(hours=48), True),
        (timedelta(hours=48, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
        (timedelta(days=3650), False),
    ],
)
def test_what_was_signed_long_ago_or_in_the_future_is_no_news(later: timedelta, fresh: bool) -> None:
    assert believed(now=THEN + later) is fresh


@given(signature=st.text(), timestamp=st.text(), body=st.binary(max_size=50))
def test_no_stranger_is_believed_whatever_they_send(signature: str, timestamp: str, body: bytes) -> None:
    assert not believed(signature=signature, timestamp=timestamp, body=body)


@given(st.binary(max_size=300))
def test_what_our_key_signed_is_believed_byte_by_byte(body: bytes) -> None:
    signed = PRIVATE.sign(TIMESTAMP.encode() + body, ec.ECDSA(hashes.SHA256()))

    assert believed(public_keys=[public(PRIVATE)], body=body, signature=base64.b64encode(signed).decode())


PRIVATE = ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    encoded = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(encoded).decode()


def read(*events: Any) -> list[Report]:
    return parse(json.dumps(events).encode(), NOW)


def one(**event: Any) -> Report:
    told = {"sg_event_id": "e-1", "sg_message_id": "s-1.filter0001.16648", "timestamp": 1600112492, "nid": "m-1"}
    (report,) = read(told | {"email": "grace@example.cg"} | event)
    return report


def test_an_event_says_what_became_of_which_message() -> None:
    report = one(event="delivered", response="250 OK", category="marketing")

    assert (report.provider, report.provider_message_id, report.our_id) == ("sendgrid", "s-1", "m-1")
    assert (report.what, report.event_id, report.recipient) == ("delivered", "e-1", "grace@example.cg")
    assert report.at == datetime(2020, 9, 14, 19, 41, 32, tzinfo=UTC)
    assert report.failure is None
    assert report.raw["category"] == "marketing"


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ("processed", "sent"),
        ("delivered", "delivered"),
        ("deferred", "deferred"),
        ("bounce", "failed"),
        ("dropped", "failed"),
        ("open", "opened"),
        ("click", "clicked"),
        ("spamreport", "complained"),
        ("unsubscribe", "unsubscribed"),
        ("group_unsubscribe", "unsubscribed"),
        ("group_resubscribe", "other"),
        ("account_status_change", "other"),
        ("something_new", "other"),
    ],
)
def test_each_event_has_its_word(event: str, what: str) -> None:
    assert one(event=event).what == what


def test_a_machine_that_fetches_pictures_has_opened_nothing() -> None:
    assert one(event="open", sg_machine_open=True).what == "other"
    assert one(event="open", sg_machine_open=False).what == "opened"


@pytest.mark.parametrize(
    ("event", "kind", "cause", "code"),
    [
        ({"status": "5.1.1", "reason": "550 5.1.1 unknown"}, FailureKind.FINAL, Cause.RECIPIENT, "5.1.1"),
        ({"status": "5.0.0", "reason": "550 5.1.1 unknown"}, FailureKind.FINAL, Cause.RECIPIENT, "5.0.0"),
        ({"reason": "550 5.1.1 unknown"}, FailureKind.FINAL, Cause.RECIPIENT, "5.1.1"),
        (
            {"type": "blocked", "status": "5.7.1", "reason": "554 5.7.1 spam"},
            FailureKind.FINAL,
            Cause.CONTENT,
            "5.7.1",
        ),
        ({"type": "blocked", "status": "4.0.0"}, FailureKind.RETRYABLE, Cause.TEMPORARY, "4.0.0"),
        ({"type": "blocked", "reason": "421 4.7.28 rate"}, FailureKind.THROTTLED, Cause.RATE, "4.7.28"),
        ({"reason": "unable to get mx info"}, FailureKind.FINAL, Cause.RECIPIENT, None),
        ({}, FailureKind.FINAL, Cause.RECIPIENT, None),
    ],
    ids=str,
)
def test_a_bounce_says_why_in_the_words_of_mail_servers(
    event: dict[str, str], kind: FailureKind, cause: Cause, code: str | None
) -> None:
    report = one(event="bounce", **event)

    assert report.failure is not None
    assert (report.what, report.failure.kind, report.failure.cause, report.code) == ("failed", kind, cause, code)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("Bounced Address", Cause.RECIPIENT),
        ("Invalid", Cause.RECIPIENT),
        ("Unsubscribed Address", Cause.OPTED_OUT),
        ("Spam Reporting Address", Cause.OPTED_OUT),
        ("Spam Content", Cause.CONTENT),
        ("Recipient List over Package Quota", Cause.ACCOUNT),
        ("A reason of tomorrow", Cause.CONTENT),
    ],
)
def test_what_sendgrid_did_not_even_try_says_why(reason: str, cause: Cause) -> None:
    report = one(event="dropped", reason=reason)

    assert report.failure is not None
    assert (report.what, report.failure.cause) == ("failed", cause)


def test_the_message_id_is_the_one_that_the_send_was_answered_with() -> None:
    (report,) = parse(BODY, NOW)
    assert report.provider_message_id == "LRzXl_NHStOGhQ4kofSm_A"
    assert one(event="open", sg_message_id="14c5d75ce93.dfd.64b469.recvd-1-5F").provider_message_id == (
        "14c5d75ce93.dfd.64b469"
    )
    assert one(event="open", sg_message_id="plain").provider_message_id == "plain"


def test_a_repeat_is_known_by_its_id_with_or_without_one_from_sendgrid() -> None:
    first, second = read({"event": "open", "timestamp": 1}, {"timestamp": 1, "event": "open"})
    (other,) = read({"event": "open", "timestamp": 2})

    assert first.event_id == second.event_id != other.event_id


@pytest.mark.parametrize("body", [b"", b"{}", b'"a"', b"[", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(BadEvents, match="array"):
        parse(body, NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(
    [
        "event",
        "email",
        "timestamp",
        "reason",
        "response",
        "status",
        "type",
        "nid",
        "sg_event_id",
        "sg_message_id",
        "sg_machine_open",
    ]
)


@settings(max_examples=40)
@given(st.lists(json_values | st.dictionaries(fields, json_values | st.just("bounce"))))
def test_whatever_an_event_holds_it_is_reported_and_costs_its_neighbours_nothing(events: list[Any]) -> None:
    *reports, last = read(*events, {"event": "delivered", "sg_event_id": "the-last"})

    assert len(reports) == len(events)
    assert (last.what, last.event_id) == ("delivered", "the-last")


def test_what_no_database_stores_is_replaced() -> None:
    assert one(event="bounce", reason="a\x00 \ud83d").reason == "a\ufffd \ufffd"


def test_no_repr_shows_the_recipient() -> None:
    report = one(event="bounce", reason="550 <grace@example.cg> unknown", url="https://kimia.example/u/token")

    assert "grace" not in repr(report)
    assert "token" not in repr(report)

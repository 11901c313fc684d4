"""Webhooks of Relais are believed, and nobody else's; the reference library signs what is checked here."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from channels.webhook import derived_secret, signed_headers
from relais_client import BadAnswer, BadSignature, verify_webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 1, 27, 13, 30, tzinfo=UTC)
BODY = json.dumps(
    {"type": "message.delivered", "timestamp": "2026-01-27T13:29:58.113000Z", "data": {"id": "m-1", "status": "é"}}
)


def headers(body: str = BODY, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    signature = Webhook(secret).sign("msg_1", at, body)
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature,
    }


def test_what_the_reference_library_signs_is_believed() -> None:
    for body in (BODY, BODY.encode()):
        told = verify_webhook(SECRET, headers(), body, now=NOW)
        assert (told.id, told.type, told.data["status"]) == ("msg_1", "message.delivered", "é")
        assert told.timestamp == datetime(2026, 1, 27, 13, 29, 58, 113000, tzinfo=UTC)


def test_what_relais_signs_is_believed_also_while_the_secret_changes() -> None:
    old, new = (derived_secret("a server's secret", "hooks", "1", generation) for generation in (1, 2))
    both = signed_headers([new, old], "msg_1", BODY, NOW)

    assert verify_webhook(old, both, BODY, now=NOW) == verify_webhook(new, both, BODY, now=NOW)


@given(st.text())
def test_any_body_is_checked_as_the_reference_library_does(text: str) -> None:
    body = json.dumps({"type": text, "timestamp": "2026-01-27T13:30:00Z", "data": {}}, ensure_ascii=True)
    assert verify_webhook(SECRET, headers(body), body, now=NOW).type == text


@pytest.mark.parametrize("minutes", [-4.9, 4.9])
def test_clocks_may_differ_a_little(minutes: float) -> None:
    verify_webhook(SECRET, headers(), BODY, now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "told",
    [
        {},
        headers() | {"Webhook-Id": "msg_2"},
        headers() | {"Webhook-Timestamp": str(int(NOW.timestamp()) + 1)},
        headers() | {"Webhook-Timestamp": "yesterday"},
        headers() | {"Webhook-Timestamp": "9" * 40},
        headers() | {"Webhook-Signature": ""},
        headers() | {"Webhook-Signature": "v1,%%%"},
        headers() | {"Webhook-Signature": headers()["Webhook-Signature"].replace("v1,", "v2,")},
        headers(BODY.replace("delivered", "read")),
        headers(secret="whsec_" + "A" * 32),
        headers(at=NOW - timedelta(minutes=5, seconds=1)),
        headers(at=NOW + timedelta(minutes=5, seconds=1)),
    ],
)
def test_anything_else_is_not(told: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify_webhook(SECRET, told, BODY, now=NOW)


def test_what_is_signed_and_not_known_is_told_apart() -> None:
    with pytest.raises(BadAnswer):
        verify_webhook(SECRET, headers("[]"), "[]", now=NOW)


def test_a_secret_that_is_none_is_named_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="secret must be") as refused:
        verify_webhook("rk_live_not_a_secret!", headers(), BODY, now=NOW)
    assert "not_a_secret" not in str(refused.value)

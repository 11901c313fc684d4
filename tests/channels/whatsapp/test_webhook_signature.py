"""Only Meta, and nobody who lacks the secret, is believed."""

import hashlib
import hmac

import pytest

from channels.whatsapp.webhook import verify_challenge, verify_signature

SIGNED = (
    ("secret", b"test", "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"),
    (
        "app-secret",
        rb'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":'
        rb'{"statuses":[{"id":"wamid.X","status":"failed","errors":[{"title":"caf\u00e9"}]}]}}]}]}',
        "3b9d2f5233978c3f362e80c300b534b4c7b878ce2fa0870c377b8685c4244830",
    ),
)
HELLO = hmac.new(b"secret", b"hello", hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("secret", "body", "signature"), SIGNED)
def test_a_body_signed_with_our_secret_is_believed(secret: str, body: bytes, signature: str) -> None:
    assert verify_signature(secret, body, f"sha256={signature}")


@pytest.mark.parametrize(("secret", "body", "signature"), SIGNED)
def test_one_byte_more_and_it_is_not(secret: str, body: bytes, signature: str) -> None:
    assert not verify_signature(secret, body + b" ", f"sha256={signature}")


def test_a_body_written_anew_no_longer_matches() -> None:
    secret, body, signature = SIGNED[1]

    assert not verify_signature(secret, body.replace(rb"\u00e9", "é".encode()), f"sha256={signature}")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256",
        HELLO,
        f"sha1={HELLO}",
        f"SHA256={HELLO}",
        f"sha256={HELLO} ",
        f"sha256= {HELLO}",
        f"sha256={HELLO.upper()}",
        f"sha256={HELLO[:-1]}",
        f"sha256={HELLO}00",
        f"sha256={HELLO},sha256={HELLO}",
        "sha256=é" + HELLO[1:],
        "sha256=\ud83d" + HELLO[1:],
        "sha256=" + "0" * 64,
    ],
)
def test_a_missing_or_odd_header_is_not_believed(header: str | None) -> None:
    assert not verify_signature("secret", b"hello", header)


def test_without_a_secret_nobody_is_believed() -> None:
    signature = hmac.new(b"", b"hello", hashlib.sha256).hexdigest()

    assert not verify_signature("", b"hello", f"sha256={signature}")


def test_the_challenge_is_handed_back_to_who_knows_the_token() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "jeton", "hub.challenge": "1158201444"}

    assert verify_challenge(asked, "jeton") == "1158201444"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "autre", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "jetôn", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "jeton", "hub.challenge": "1"},
        {"hub.verify_token": "jeton", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "jeton"},
    ],
)
def test_any_other_challenge_is_refused(asked: dict[str, str]) -> None:
    assert verify_challenge(asked, "jeton") is None


def test_without_a_token_of_ours_every_challenge_is_refused() -> None:
    assert verify_challenge({"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}, "") is None

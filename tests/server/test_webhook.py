"""The public port: only Meta gets in, everything it brings is kept, and nothing else is reachable."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import sqlalchemy as sa

from conversations.tables import channel_events, inbound_messages, turns
from notifications.tables import messages
from storage.database import DatabaseBusy
from storage.tables import conversations
from tests.house import APP_SECRET, House
from tests.waiting import until


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


async def test_meta_confirms_the_address_with_our_word(house: House) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "a-word-for-tests-only", "hub.challenge": "1158201444"}

    answer = await house.public.get("/webhooks/whatsapp", params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("word", ["", "wrong", "é"])
async def test_another_word_is_refused(house: House, word: str) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "1"}
    assert (await house.public.get("/webhooks/whatsapp", params=asked)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "nonsense"},
        signed(b'{"object":"whatsapp_business_account"}', "another secret"),
    ],
)
async def test_a_body_that_meta_did_not_sign_is_refused(house: House, headers: dict[str, str]) -> None:
    body = b'{"object":"whatsapp_business_account"}'
    assert (await house.public.post("/webhooks/whatsapp", content=body, headers=headers)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"object":"page"}'])
async def test_a_body_that_is_no_webhook_is_a_clear_400(house: House, body: bytes) -> None:
    answer = await house.public.post("/webhooks/whatsapp", content=body, headers=signed(body))
    assert answer.status_code == 400
    assert "WhatsApp webhook" in answer.json()["detail"]


async def test_an_endless_body_is_cut_off(house: House) -> None:
    body = b" " * (4 * 1024 * 1024 + 1)
    answer = await house.public.post("/webhooks/whatsapp", content=body, headers=signed(body))
    assert answer.status_code == 413


async def test_what_we_do_not_know_is_acknowledged_and_kept(house: House) -> None:
    change = {"field": "account_update", "value": {"event": "DISABLED_UPDATE"}}
    body = {"entry": [{"id": "1", "changes": [change]}]}
    assert (await house.post_raw(body)).status_code == 200

    kept = await house.rows(channel_events)
    assert [(row.field, row.problem, row.raw["entry"]) for row in kept] == [("account_update", None, body["entry"])]


async def test_a_number_that_is_not_ours_starts_no_conversation(house: House) -> None:
    assert (await house.post(house.message("hello"), number="999")).status_code == 200

    assert await house.rows(turns) == []
    assert [row.problem for row in await house.rows(channel_events)] == ["not a number of ours"]


@pytest.mark.parametrize("text", ["a\x00b", "half a pair \ud83d", "مرحبا 👩‍👩‍👧‍👦", "x" * 5000])
async def test_any_text_a_phone_can_send_is_kept_and_answered(house: House, text: str) -> None:
    await house.says(text)

    assert len(await house.heard(1)) == 1
    assert len(await house.rows(inbound_messages)) == 1


async def test_a_database_that_cannot_commit_makes_meta_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*args: object, **kwargs: object) -> None:
        raise DatabaseBusy("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(house.parts.database, "write", busy)
        answer = await house.post(house.message("bonjour"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


async def test_stop_is_heeded_and_confirmed_while_the_bot_is_down(house: House) -> None:
    house.to_bot.is_away = True
    await house.says("STOP !")

    assert (await house.heard(1))[0].startswith("✅ C'est noté")
    assert await house.rows(turns) == []


async def test_start_means_something_only_after_a_stop(house: House) -> None:
    await house.says("start")
    assert (await house.heard(1))[0] == "you said start"
    await house.says("Arrêt")
    await house.says("start")
    heard = await house.heard(3)
    assert heard[1].startswith("✅ C'est noté : plus d'offres")
    assert heard[2].startswith("✅ C'est noté : vous recevrez de nouveau")


async def test_the_actions_learn_who_a_sender_is_and_strangers_do_not(house: House) -> None:
    await house.says("bonjour")
    await house.heard(1)
    sender = house.bot.turns[0]["sender_id"]
    secret = {"Authorization": "Bearer a-secret-for-tests-only"}

    known = (await house.private.get(f"/internal/people/{sender}", headers=secret)).json()
    assert known["phone"] == "+242061234567"
    assert known["business"]["slug"] == "kimia"
    assert (await house.private.get(f"/internal/people/{sender}")).status_code == 401
    stranger = "00000000-0000-0000-0000-000000000000"
    assert (await house.private.get(f"/internal/people/{stranger}", headers=secret)).status_code == 404
    assert (await house.public.get(f"/internal/people/{sender}", headers=secret)).status_code == 404


async def test_health_says_degraded_with_200_when_only_the_bot_is_away(house: House) -> None:
    house.bot.is_ready = False

    answer = await house.public.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["parts"]["bot"] == "degraded"
    assert answer.json()["parts"]["database"] == "ok"
    assert (await house.public.get("/health/live")).status_code == 200


async def test_an_outgoing_message_explains_itself(house: House) -> None:
    await house.says("bonjour")
    await house.heard(1)
    await house.settled()
    message_id = (await house.rows(messages))[0].id
    secret = {"Authorization": "Bearer a-secret-for-tests-only"}

    told = (await house.private.get(f"/v1/messages/{message_id}/explain", headers=secret)).json()
    assert told["status"] == "sent"
    assert told["story"][0]["what"] == "queued"


async def test_a_gate_that_refuses_says_why(house: House) -> None:
    house.to_bot.is_away = True
    await house.says("bonjour")
    yesterday = datetime.now(UTC) - timedelta(hours=25)
    await house.parts.database.write(
        lambda connection: connection.execute(sa.update(conversations).values(last_inbound_at=yesterday))
    )
    house.to_bot.is_away = False

    async def skipped() -> httpx.Response | None:
        rows = await house.rows(messages, messages.c.status == "skipped")
        secret = {"Authorization": "Bearer a-secret-for-tests-only"}
        return await house.private.get(f"/v1/messages/{rows[0].id}/explain", headers=secret) if rows else None

    story = (await until(skipped)).json()["story"]
    assert "window is closed" in story[1]["why"]

"""A message comes in, is answered once and in order, whatever happens to the bot."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.responses import JSONResponse

from conversations import claim, parked
from conversations.settle import MAX_FAILURES
from conversations.tables import inbound_messages, received_media, turn_events, turns
from notifications.tables import messages
from server.parts import build
from storage.tables import conversations
from tests.house import GRACE, JASMIN, KIMIA, PATRICK, House, echo, text_of
from tests.waiting import until


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conversations.settle.RETRY_SECONDS", (0.05, 0.05))
    monkeypatch.setattr("conversations.settle.AWAY_RETRY_SECONDS", (0.05, 0.1))


async def test_a_message_is_answered(house: House) -> None:
    await house.says("bonjour")

    assert await house.heard(1) == ["you said bonjour"]
    assert house.whatsapp.sent[0]["to"] == GRACE
    assert house.whatsapp.sent[0]["phone_number_id"] == KIMIA


async def test_the_bot_sees_no_number_and_no_message_id(house: House) -> None:
    await house.says("bonjour")
    await house.heard(1)

    assert GRACE not in str(house.bot.turns)
    assert "wamid" not in str(house.bot.turns)


async def test_the_same_webhook_three_times_is_one_turn(house: House) -> None:
    message = house.message("bonjour")
    for _ in range(3):
        assert (await house.post(message)).status_code == 200
    await house.says("et ensuite")

    assert await house.heard(2) == ["you said bonjour", "you said et ensuite"]
    assert len(await house.rows(inbound_messages)) == 2


async def test_every_message_of_one_webhook_is_answered(house: House) -> None:
    await house.post(house.message("un"), house.message("deux"), house.message("trois", PATRICK))

    assert await house.heard(2, GRACE) == ["you said un", "you said deux"]
    assert await house.heard(1, PATRICK) == ["you said trois"]


async def test_each_senders_messages_are_answered_in_order_beside_the_others(house: House) -> None:
    async def slower_first(asked: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.02 if text_of(asked).endswith("0") else 0)
        return await echo(asked)

    house.bot.answer = slower_first
    senders = [f"24206000{index:04}" for index in range(8)]
    await asyncio.gather(*(house.post(*(house.message(f"{n}", sender) for n in range(5))) for sender in senders))
    for sender in senders:
        assert await house.heard(5, sender) == [f"you said {n}" for n in range(5)]


async def test_whatsapps_timestamp_decides_the_order_not_the_arrival(house: House) -> None:
    now = int(datetime.now(UTC).timestamp())
    await house.post(house.message("second", timestamp=str(now)), house.message("first", timestamp=str(now - 5)))

    assert await house.heard(2) == ["you said first", "you said second"]


async def test_an_unreachable_bot_costs_nothing_but_time(house: House) -> None:
    house.to_bot.is_away = True
    await house.says("bonjour")
    await house.says("toujours là ?")

    async def tried() -> bool:
        return bool(await house.rows(turns, turns.c.started_at.is_not(None), turns.c.status == "waiting"))

    await until(tried)
    house.to_bot.is_away = False

    assert await house.heard(2) == ["you said bonjour", "you said toujours là ?"]
    assert [turn.failures for turn in await house.rows(turns)] == [0, 0]


async def test_a_person_who_waits_for_the_bot_is_told_once(house: House) -> None:
    house.bot.is_ready = False
    await house.says("bonjour")
    await _age_the_turns(house, timedelta(seconds=20))

    assert await house.heard(1) == ["⏳ Un instant, je m'occupe de vous…"]
    house.bot.is_ready = True
    assert (await house.heard(2))[1:] == ["you said bonjour"]
    assert house.bot.turns[-1]["notes"][0]["text"].startswith("⏳ Un instant")


async def test_a_turn_that_always_fails_is_parked_and_does_not_block_its_sender(house: House) -> None:
    async def fail_on_bad(asked: dict[str, Any]) -> Any:
        if text_of(asked) == "bad":
            return JSONResponse({"detail": "boom"}, status_code=500)
        return await echo(asked)

    house.bot.answer = fail_on_bad
    await house.says("bad")
    await house.says("good")

    heard = await house.heard(2)
    assert heard[0].startswith("😔 Désolé")
    assert heard[1] == "you said good"
    assert house.whatsapp.sent[0]["interactive"]["action"]["buttons"][0]["reply"]["title"] == "📋 Menu"
    parked = await house.rows(turns, turns.c.status == "parked")
    assert [(turn.failures, turn.error) for turn in parked] == [(3, "the bot answered 500")]


async def test_a_parked_turn_can_be_tried_again_once_the_cause_is_mended(house: House) -> None:
    async def fail(asked: dict[str, Any]) -> Any:
        return JSONResponse({"detail": "boom"}, status_code=500)

    house.bot.answer = fail
    await house.says("où est mon colis")
    await house.heard(1)
    given_up = await house.parts.database.read(parked.parked, 10)
    assert [(turn.business, turn.error) for turn in given_up] == [("kimia", "the bot answered 500")]
    house.bot.answer = echo
    assert await house.parts.database.write(parked.retry, given_up[0].id)

    assert (await house.heard(2))[1] == "you said où est mon colis"
    assert not await house.parts.database.write(parked.retry, given_up[0].id)


async def test_silence_of_the_bot_becomes_an_apology(house: House) -> None:
    async def nothing(asked: dict[str, Any]) -> dict[str, Any]:
        return {"responses": [], "events": []}

    house.bot.answer = nothing
    await house.says("bonjour")

    assert (await house.heard(1))[0].startswith("😔 Désolé")


async def test_old_messages_are_summed_up_not_answered_one_by_one(house: House) -> None:
    old = str(int((datetime.now(UTC) - timedelta(hours=2)).timestamp()))
    await house.post(house.message("où est mon colis ?", timestamp=old), house.message("*allo*", timestamp=old))
    heard = await house.heard(1)

    assert "Vos 2 messages sont bien arrivés" in heard[0]
    assert "où est mon colis ?" in heard[0]
    assert house.bot.turns == []
    assert {turn.status for turn in await house.rows(turns)} == {"summed_up"}


async def test_we_are_back_is_said_when_the_bot_is_back(house: House) -> None:
    house.bot.is_ready = False
    old = str(int((datetime.now(UTC) - timedelta(hours=2)).timestamp()))
    await house.says("où est mon colis ?", timestamp=old)

    async def tried() -> bool:
        return bool(await house.rows(turns, turns.c.started_at.is_not(None), turns.c.status == "waiting"))

    await until(tried)
    house.bot.is_ready = True
    assert "indisponibles" in (await house.heard(1))[-1]


async def test_a_turn_that_takes_its_workers_down_is_parked(house: House) -> None:
    await house.rest(house.parts.turns)
    await house.says("poison")
    for _ in range(MAX_FAILURES + 1):
        claimed = (await house.parts.database.write(claim.claim, "mortal", 1, datetime.now(UTC)))[0]
        await house.parts.database.write(claim.forget_leases)
    assert claimed.turn.failures == MAX_FAILURES == (await house.rows(turns))[0].failures
    fresh = build(house.parts.settings, house.parts.transports)
    running = asyncio.create_task(fresh.turns.run())

    assert (await house.heard(1))[0].startswith("😔 Désolé")
    assert [turn.error for turn in await house.rows(turns, turns.c.status == "parked")] == ["its workers died"]
    assert house.bot.turns == []
    fresh.turns.stop()
    await running
    await fresh.wakeup.close()
    await fresh.database.close()


@pytest.mark.parametrize("text", ["\u200b", "\ufeff\u200e", " \n\t"])
async def test_words_that_nobody_can_see_are_answered_without_the_bot(house: House, text: str) -> None:
    await house.says(text)

    assert (await house.heard(1))[0].startswith("🙏 Je n'arrive pas à lire")
    assert house.bot.turns == []


async def test_what_the_bot_can_never_take_is_answered_at_once(house: House) -> None:
    async def refuse(asked: dict[str, Any]) -> Any:
        return JSONResponse({"error": "no such intent", "field": "parse_data.intent.name"}, status_code=422)

    house.bot.answer = refuse
    await house.says("bonjour")

    assert (await house.heard(1))[0].startswith("🙏 Je n'arrive pas à lire")
    assert len(house.bot.turns) == 1


async def test_a_reaction_does_not_open_the_service_window(house: House) -> None:
    await house.says("", type="reaction", reaction={"message_id": "wamid.1", "emoji": "👍"})
    assert [row.last_inbound_at for row in await house.rows(conversations)] == [None]
    await house.says("bonjour")
    assert [row.last_inbound_at is None for row in await house.rows(conversations)] == [False]


async def test_a_tap_means_what_its_button_said_and_no_text_travels_as_a_command(house: House) -> None:
    async def offer(asked: dict[str, Any]) -> dict[str, Any]:
        button = {"title": "Suivre", "payload": '/track_delivery{"delivery_code": "COUR-20250127-061"}'}
        return {"responses": [{"text": "Que faire ?", "buttons": [button]}], "events": []}

    house.bot.answer = offer
    await house.says("bonjour")
    await house.heard(1)
    reply = house.whatsapp.sent[0]["interactive"]["action"]["buttons"][0]["reply"]
    assert "/" not in reply["id"][0]
    tap = {"type": "button_reply", "button_reply": reply}
    await house.says("", type="interactive", interactive=tap)
    await house.heard(2)

    assert house.bot.turns[1]["parse_data"] == {
        "text": "Suivre",
        "intent": {"name": "track_delivery", "confidence": 1.0},
        "entities": [{"entity": "delivery_code", "value": "COUR-20250127-061"}],
    }


@pytest.mark.parametrize(
    ("button", "asked"),
    [
        ({"title": "Hours", "payload": "when are you open?"}, {"text": "when are you open?"}),
        ({"title": "Hours"}, {"text": "Hours"}),
        ({"title": "Hours", "payload": "/faq/hours@0.9"}, {"intent": "faq/hours"}),
    ],
)
async def test_a_tap_may_say_words_or_mean_any_intent_of_rasa(
    house: House, button: dict[str, str], asked: dict[str, str]
) -> None:
    async def offer(turn: dict[str, Any]) -> dict[str, Any]:
        return {"responses": [{"text": "?", "buttons": [button]}], "events": []}

    house.bot.answer = offer
    await house.says("bonjour")
    await house.heard(1)
    await house.taps(house.whatsapp.sent[0]["interactive"]["action"]["buttons"][0]["reply"])
    await house.heard(2)
    turn = house.bot.turns[1]

    assert (turn.get("text"), turn.get("parse_data", {}).get("intent", {}).get("name")) == (
        asked.get("text"),
        asked.get("intent"),
    )


async def test_a_list_in_a_payload_is_one_entity_several_times(house: House) -> None:
    async def offer(turn: dict[str, Any]) -> dict[str, Any]:
        button = {"title": "Both", "payload": '/order{"size": ["small", "large"]}'}
        return {"responses": [{"text": "?", "buttons": [button]}], "events": []}

    house.bot.answer = offer
    await house.says("bonjour")
    await house.heard(1)
    await house.taps(house.whatsapp.sent[0]["interactive"]["action"]["buttons"][0]["reply"])
    await house.heard(2)

    assert house.bot.turns[1]["parse_data"]["entities"] == [
        {"entity": "size", "value": "small"},
        {"entity": "size", "value": "large"},
    ]


async def test_a_place_is_told_in_words_to_a_bot_that_knows_no_places(house: House) -> None:
    async def knows_no_places(turn: dict[str, Any]) -> Any:
        if "parse_data" in turn:
            return JSONResponse({"error": "no such intent", "field": "parse_data.intent.name"}, status_code=422)
        return await echo(turn)

    house.bot.answer = knows_no_places
    await house.says("", type="location", location={"latitude": -4.25, "longitude": 15.5})

    assert await house.heard(1) == ["you said 📍 -4.25, 15.5"]


CARDS = {
    "known to WhatsApp": (
        [
            {
                "name": {"formatted_name": "Marie O."},
                "phones": [{"phone": "06 11"}, {"phone": "x", "wa_id": "242061234576"}],
            }
        ],
        [("contact_name", "Marie O."), ("contact_phone", "+242061234576")],
    ),
    "as it was typed": (
        [{"name": {"first_name": "Marie", "last_name": "Okemba"}, "phones": [{"phone": "06 123 45 76"}]}],
        [("contact_name", "Marie Okemba"), ("contact_phone", "06 123 45 76")],
    ),
    "without a number": ([{"name": {"formatted_name": "Marie"}}], [("contact_name", "Marie")]),
    "two of them": ([{"name": {"formatted_name": "Marie"}}, {"name": {"formatted_name": "Paul"}}], []),
}


@pytest.mark.parametrize(("cards", "told"), CARDS.values(), ids=CARDS)
async def test_the_bot_hears_what_stands_on_a_contact_card(
    cards: list[dict[str, Any]], told: list[tuple[str, str]], house: House
) -> None:
    await house.says("", type="contacts", contacts=cards)
    await house.heard(1)
    meant = house.bot.turns[0]["parse_data"]

    assert meant["intent"]["name"] == "share_contact"
    assert [(each["entity"], each["value"]) for each in meant["entities"]] == told


async def test_a_bot_that_knows_no_cards_leaves_them_to_the_services(house: House) -> None:
    async def knows_no_cards(turn: dict[str, Any]) -> Any:
        return JSONResponse({"error": "no such intent", "field": "parse_data.intent.name"}, status_code=422)

    house.bot.answer = knows_no_cards
    await house.says("", type="contacts", contacts=CARDS["as it was typed"][0])

    assert (await house.heard(1))[0].startswith("👤 Bien reçu")


async def test_somebody_elses_button_is_stale(house: House) -> None:
    async def offer(asked: dict[str, Any]) -> dict[str, Any]:
        return {"responses": [{"text": "?", "buttons": [{"title": "Oui", "payload": "/affirm"}]}], "events": []}

    house.bot.answer = offer
    await house.says("bonjour")
    await house.heard(1)
    tap = {
        "type": "button_reply",
        "button_reply": house.whatsapp.sent[0]["interactive"]["action"]["buttons"][0]["reply"],
    }
    await house.says("", PATRICK, type="interactive", interactive=tap)

    assert (await house.heard(1, PATRICK))[0].startswith("⌛")
    assert len(house.bot.turns) == 1


async def test_what_stands_under_a_photo_is_answered(house: House) -> None:
    photo = {"id": "1", "mime_type": "image/jpeg", "sha256": "x", "caption": "où est ce colis ?"}
    await house.post(house.message("", type="image", image=photo))

    assert await house.heard(1) == ["you said où est ce colis ?"]
    (file,) = await house.rows(received_media)
    assert house.bot.turns[0]["entities"] == [
        {"entity": "media_id", "value": file.id},
        {"entity": "media_type", "value": "image/jpeg"},
    ]


async def test_a_photo_alone_is_an_intent_that_only_the_server_can_mean(house: House) -> None:
    photo = {"id": "1", "mime_type": "image/jpeg", "sha256": "x", "caption": " \u200b"}
    await house.post(house.message("", type="image", image=photo))

    assert await house.heard(1) == ["you said 📎"]
    (file,) = await house.rows(received_media)
    meant = house.bot.turns[0]["parse_data"]
    assert meant["intent"]["name"] == "share_media"
    assert {each["entity"]: each["value"] for each in meant["entities"]} == {
        "media_id": file.id,
        "media_type": "image/jpeg",
    }


async def test_a_bot_that_says_nothing_on_purpose_is_not_apologised_for(house: House) -> None:
    async def thanks_once(asked: dict[str, Any]) -> dict[str, Any]:
        said = {"text": "Thanks"} if len(house.bot.turns) == 1 else {"custom": {"silence": True}}
        return {"responses": [said], "events": []}

    house.bot.answer = thanks_once
    photo = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
    await house.post(house.message("", type="image", image=photo), house.message("", type="image", image=photo))
    await house.quiet()

    assert house.whatsapp.texts() == ["Thanks"]


async def test_a_photo_is_kept_and_answered_politely_where_the_bot_has_no_intent_for_it(house: House) -> None:
    async def only_words(asked: dict[str, Any]) -> Any:
        return JSONResponse({}, status_code=422) if "parse_data" in asked else await echo(asked)

    house.bot.answer = only_words
    photo = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
    await house.post(house.message("", type="image", image=photo), house.message("", type="image", image=photo))
    await house.says("et voilà")

    heard = await house.heard(2)
    assert heard[0].startswith("📎 Bien reçu")
    assert heard[1] == "you said et voilà"
    assert house.bot.turns[-1]["notes"][0]["text"] == heard[0]


async def test_a_reaction_is_kept_and_nobody_answers(house: House) -> None:
    await house.says("", type="reaction", reaction={"message_id": "wamid.1", "emoji": "👍"})
    await house.says("merci")

    assert await house.heard(1) == ["you said merci"]
    assert [row.kind for row in await house.rows(inbound_messages)] == ["reaction", "text"]


async def test_the_message_is_marked_read_and_typing_is_shown(house: House) -> None:
    await house.says("bonjour")

    async def marked() -> bool:
        return bool(house.whatsapp.read)

    await until(marked)
    assert house.whatsapp.read[0]["typing_indicator"] == {"type": "text"}


async def test_the_events_of_a_turn_are_kept_for_review(house: House) -> None:
    await house.says("bonjour")
    await house.heard(1)

    assert [row.event for row in await house.rows(turn_events)] == [{"event": "user"}]


async def test_the_same_person_at_two_businesses_has_two_conversations(house: House) -> None:
    await house.post(house.message("à kimia"), number=KIMIA)
    await house.post(house.message("à jasmin"), number=JASMIN)
    await house.heard(2)

    senders = {turn["text"]: turn["sender_id"] for turn in house.bot.turns}
    assert senders["à kimia"] != senders["à jasmin"]
    names = {turn["text"]: turn["slots"]["business_name"] for turn in house.bot.turns}
    assert names == {"à kimia": "Kimia Express", "à jasmin": "Jasmin Livraison"}
    by_number = {each["phone_number_id"]: each["text"]["body"] for each in house.whatsapp.sent}
    assert by_number == {KIMIA: "you said à kimia", JASMIN: "you said à jasmin"}
    assert len({row.business_id for row in await house.rows(messages)}) == 2


async def _age_the_turns(house: House, by: timedelta) -> None:
    import sqlalchemy as sa

    earlier = datetime.now(UTC) - by
    await house.parts.database.write(
        lambda connection: connection.execute(sa.update(turns).values(received_at=earlier))
    )

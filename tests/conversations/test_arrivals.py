"""What becomes of each kind of thing that arrives: who answers it, and what it changes."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from fastapi.responses import JSONResponse

from conversations.tables import inbound_messages, turns
from notifications.tables import consents, messages
from storage.tables import conversations
from tests.house import GRACE, KIMIA, House, echo


def of_kind(house: House, kind: str, **members: Any) -> dict[str, Any]:
    message = house.message("", type=kind, **members)
    del message["text"]
    return message


SERVICES_ANSWER: dict[str, tuple[dict[str, Any], str]] = {
    "a form": (
        {
            "type": "interactive",
            "interactive": {
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"flow_token": "x", "a": 1}'},
            },
        },
        "✅ Merci, vos réponses",
    ),
    "a poll": ({"type": "unsupported", "errors": [{"code": 131051, "title": "Unsupported"}]}, "🙏"),
    "a tap without its content": ({"type": "interactive"}, "🙏"),
    "a kind of tomorrow": ({"type": "hologram", "hologram": {}}, "🙏"),
}


@pytest.mark.parametrize(("members", "opening"), SERVICES_ANSWER.values(), ids=SERVICES_ANSWER)
async def test_what_the_bot_cannot_read_the_services_answer(
    house: House, members: dict[str, Any], opening: str
) -> None:
    await house.post(of_kind(house, members["type"]) | members)

    (said,) = await house.heard(1)
    assert said.startswith(opening)
    assert house.bot.turns == []


CART = {
    "catalog_id": "1",
    "text": "Pour samedi",
    "product_items": [
        {"product_retailer_id": "sku-1", "quantity": 2, "item_price": 9.5, "currency": "XAF"},
        {"product_retailer_id": "sku-2", "quantity": 1, "item_price": 7, "currency": "XAF"},
        {"product_retailer_id": "sku-1", "quantity": 1, "item_price": 9.5, "currency": "XAF"},
    ],
}


async def test_a_cart_is_an_intent_that_only_the_server_can_mean(house: House) -> None:
    await house.post(of_kind(house, "order") | {"order": CART})

    assert await house.heard(1) == ["you said 🛒"]
    meant = house.bot.turns[0]["parse_data"]
    assert meant["intent"]["name"] == "send_cart"
    *items, note = meant["entities"]
    assert [(each["entity"], json.loads(each["value"])) for each in items] == [
        ("catalogue_item", {"id": "sku-1", "quantity": 3, "price": "9.5", "currency": "XAF"}),
        ("catalogue_item", {"id": "sku-2", "quantity": 1, "price": "7", "currency": "XAF"}),
    ]
    assert note == {"entity": "catalogue_note", "value": "Pour samedi"}


async def test_a_cart_that_the_bot_has_no_meaning_for_is_answered_by_the_services(house: House) -> None:
    async def has_no_such_intent(asked: dict[str, Any]) -> Any:
        return JSONResponse({"detail": "not an intent"}, status_code=422)

    house.bot.answer = has_no_such_intent
    await house.post(of_kind(house, "order") | {"order": CART})

    (said,) = await house.heard(1)
    assert said.startswith("🛒 Merci, votre panier est bien arrivé")


NOBODY_ANSWERS: dict[str, dict[str, Any]] = {
    "a reaction": {"type": "reaction", "reaction": {"message_id": "wamid.out1", "emoji": "👍"}},
    "a reaction taken back": {"type": "reaction", "reaction": {"message_id": "wamid.out1"}},
    "an edit": {
        "type": "edit",
        "edit": {"original_message_id": "wamid.x", "message": {"type": "text", "text": {"body": "x"}}},
    },
    "a deletion": {"type": "revoke", "revoke": {"original_message_id": "wamid.x"}},
    "another phone": {"type": "system", "system": {"type": "customer_identity_changed", "body": "x"}},
    "something said in a group": {"type": "text", "text": {"body": "bonjour"}, "group_id": "G1"},
    "a stop that is said to a group": {"type": "text", "text": {"body": "STOP"}, "group_id": "G1"},
}


@pytest.mark.parametrize("members", NOBODY_ANSWERS.values(), ids=NOBODY_ANSWERS)
async def test_what_is_no_message_to_us_is_kept_and_answered_by_nobody(house: House, members: dict[str, Any]) -> None:
    assert (await house.post(of_kind(house, members["type"]) | members)).status_code == 200

    assert len(await house.rows(inbound_messages)) == 1
    assert await house.rows(turns) == []
    (talk,) = await house.rows(conversations)
    assert talk.last_inbound_at is None


async def test_a_template_button_says_its_words_where_nobody_gave_it_a_meaning(house: House) -> None:
    await house.post(of_kind(house, "button") | {"button": {"payload": "Où est mon colis", "text": "Où est mon colis"}})

    assert await house.heard(1) == ["you said Où est mon colis"]


async def test_a_template_button_can_say_stop(house: House) -> None:
    tapped = {"button": {"payload": "any-payload", "text": "Stop promotions"}}
    await house.post(of_kind(house, "button") | tapped)

    assert [row.granted for row in await house.rows(consents)] == [False]
    assert (await house.heard(1))[0].startswith("✅ C'est noté")


async def test_somebody_without_a_number_can_say_stop_and_start(house: House) -> None:
    hidden = {"from_user_id": "CG.13491208655302741918"}
    for word in ("Arrêter les promotions !", "START"):
        message = {**house.message(word), **hidden}
        del message["from"]
        await house.post(message)

    assert [row.granted for row in await house.rows(consents)] == [False, True]
    assert len(await house.heard(2, to="CG.13491208655302741918")) == 2


async def test_a_start_that_comes_late_does_not_undo_the_stop_said_after_it(house: House) -> None:
    await house.says("stop", timestamp="1760000060")
    await house.says("start", timestamp="1760000000")

    assert [row.granted for row in await house.rows(consents)] == [False]


@pytest.fixture
async def busy_bot(house: House) -> AsyncIterator[asyncio.Event]:
    """The bot is at an earlier message of the same person until the event is set."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow_at_first(asked: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        await go_on.wait()
        return await echo(asked)

    house.bot.answer = slow_at_first
    await house.says("bonjour")
    await begun.wait()
    yield go_on
    go_on.set()


async def test_a_message_edited_before_its_answer_is_answered_as_it_reads_now(
    house: House, busy_bot: asyncio.Event
) -> None:
    first = house.message("où est COUR-1")
    await house.post(first)
    edit = {"original_message_id": first["id"], "message": {"type": "text", "text": {"body": "où est COUR-2"}}}
    await house.post(of_kind(house, "edit", edit=edit))
    busy_bot.set()

    assert (await house.heard(2))[1] == "you said où est COUR-2"


async def test_a_message_deleted_before_its_answer_gets_none(house: House, busy_bot: asyncio.Event) -> None:
    first = house.message("oups")
    await house.post(first)
    await house.post(of_kind(house, "revoke", revoke={"original_message_id": first["id"]}))
    await house.says("au revoir")
    busy_bot.set()

    assert (await house.heard(2))[1] == "you said au revoir"
    await house.settled()
    assert sorted(row.status for row in await house.rows(turns)) == ["done", "done", "withdrawn"]


async def test_an_edit_of_a_message_that_was_answered_says_nothing_again(house: House) -> None:
    first = house.message("où est COUR-1")
    await house.post(first)
    await house.heard(1)
    edit = {"original_message_id": first["id"], "message": {"type": "text", "text": {"body": "où est COUR-2"}}}
    await house.post(of_kind(house, "edit", edit=edit))
    await house.says("merci")

    assert (await house.heard(2))[1] == "you said merci"


async def test_nobody_edits_what_somebody_else_wrote(house: House, busy_bot: asyncio.Event) -> None:
    first = house.message("où est COUR-1")
    await house.post(first)
    edit = {"original_message_id": first["id"], "message": {"type": "text", "text": {"body": "annuler tout"}}}
    await house.post(of_kind(house, "edit", edit=edit) | {"from": "242055551234"})
    busy_bot.set()

    assert (await house.heard(2))[1] == "you said où est COUR-1"


def news(field: str, value: dict[str, Any]) -> dict[str, Any]:
    about = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": KIMIA}}
    return {"entry": [{"id": "200000000000001", "changes": [{"field": field, "value": {**about, **value}}]}]}


def preference(value: str, timestamp: int = 1760000000) -> dict[str, Any]:
    said = {"wa_id": GRACE, "detail": "…", "category": "marketing_messages", "value": value, "timestamp": timestamp}
    return news("user_preferences", {"contacts": [{"wa_id": GRACE}], "user_preferences": [said]})


async def test_whatsapps_own_switch_for_marketing_is_heeded(house: House) -> None:
    await house.post_raw(preference("stop"))
    await house.post_raw(preference("resume"))

    kept = [(row.granted, row.source, row.inbound_message_id) for row in await house.rows(consents)]
    assert kept == [(False, "whatsapp", None), (True, "whatsapp", None)]


async def test_whatsapps_own_switch_finds_whom_it_names_by_a_linked_portfolio_s_id_alone(house: House) -> None:
    parent = {"parent_user_id": "CG.ENT.118157"}
    await house.post(house.message("bonjour", from_user_id="CG.134", from_parent_user_id=parent["parent_user_id"]))
    said = {**parent, "category": "marketing_messages", "value": "stop", "timestamp": 1760000000}
    await house.post_raw(news("user_preferences", {"user_preferences": [said]}))

    assert [row.granted for row in await house.rows(consents)] == [False]


async def test_whatsapps_own_yes_does_not_undo_a_later_no(house: House) -> None:
    await house.post_raw(preference("stop", timestamp=1760000060))
    await house.post_raw(preference("resume", timestamp=1760000000))

    assert [row.granted for row in await house.rows(consents)] == [False]


def app_echo(text: str, at: datetime | None = None, wamid: str = "wamid.app1") -> dict[str, Any]:
    said = {
        "from": "242065000001",
        "to": GRACE,
        "id": wamid,
        "timestamp": str(int(at.timestamp())) if at else "1760000000",
        "type": "text",
        "text": {"body": text},
    }
    return news("smb_message_echoes", {"message_echoes": [said]})


async def test_what_a_human_writes_in_the_app_is_part_of_the_talk_and_the_bot_is_told(house: House) -> None:
    for _ in range(3):
        await house.post_raw(app_echo("Je vous rappelle dans 5 minutes"))
    await house.says("merci")
    await house.heard(1)

    kept = await house.rows(messages, messages.c.origin == "app")
    assert [(row.status, row.payload) for row in kept] == [
        ("sent", {"type": "text", "text": {"body": "Je vous rappelle dans 5 minutes"}})
    ]
    assert [note["text"] for note in house.bot.turns[0]["notes"]] == ["Je vous rappelle dans 5 minutes"]


async def test_the_same_echo_twice_at_once_is_kept_once(house: House) -> None:
    await asyncio.gather(*(house.post_raw(app_echo("Bonjour")) for _ in range(8)))

    assert len(await house.rows(messages, messages.c.origin == "app")) == 1


async def test_more_options_than_a_list_holds_are_shown_by_the_services_page_by_page(house: House) -> None:
    async def many(asked: dict[str, Any]) -> dict[str, Any]:
        if "parse_data" in asked:
            return await echo(asked)
        buttons = [{"title": f"Produit {n}", "payload": f'/product{{"n": "{n}"}}'} for n in range(1, 24)]
        return {"responses": [{"text": "Voici", "buttons": buttons}], "events": []}

    house.bot.answer = many
    await house.says("catalogue")
    seen: list[str] = []
    for page in range(1, 4):
        await house.heard(page)
        rows = [row for section in _list(house)["sections"] for row in section["rows"]]
        seen += [row["title"] for row in rows if row["title"].startswith("Produit")]
        if page < 3:
            assert rows[-1]["title"] == "Plus…"
            await house.taps(rows[-1])

    assert seen == [f"Produit {n}" for n in range(1, 24)]
    assert len(house.bot.turns) == 1
    await house.taps(rows[0])
    assert (await house.heard(4))[-1] == "you said Produit 19"
    assert house.bot.turns[-1]["parse_data"]["entities"][0]["value"] == "19"


def _list(house: House) -> dict[str, Any]:
    action: dict[str, Any] = house.whatsapp.sent[-1]["interactive"]["action"]
    return action

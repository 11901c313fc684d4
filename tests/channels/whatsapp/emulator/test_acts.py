"""What a person does on a phone, and the webhook it becomes."""

import json
from datetime import timedelta
from typing import Any

from tests.channels.whatsapp.emulator.sends import (
    card,
    carousel,
    contact_request,
    flow,
    location_request,
    product,
    reaction,
)
from tests.channels.whatsapp.emulator.world import GRACE, KIMIA, PATRICK, PROGRAM, Emulator, buttons, text

KIMIAS_GOODS = "800000000000001"
DIGITS = "242065000001"  # Kimia's number, as webhooks write it


async def told(emulator: Emulator, what: str = "messages") -> list[dict[str, Any]]:
    """What the webhooks so far say, of one sort: messages, statuses, user_preferences."""
    log = (await emulator.http.get("/api/webhooks")).json()["webhooks"]
    values = [change["value"] for each in log for change in json.loads(each["body"])["entry"][0]["changes"]]
    return [item for value in values for item in value.get(what, [])]


async def act(emulator: Emulator, **command: Any) -> dict[str, Any]:
    """Grace does something; returns what the webhook says of it, without who, when and which."""
    await emulator.phone(GRACE, **command)
    around = ("from", "from_user_id", "id", "timestamp")
    return {name: value for name, value in (await told(emulator))[-1].items() if name not in around}


async def refused(emulator: Emulator, **command: Any) -> str:
    body = {"phone_number_id": KIMIA, **command}
    before = len(await told(emulator))
    response = await emulator.http.post(f"/api/phones/{GRACE}/send", json=body, headers=PROGRAM)
    assert response.status_code == 422, response.text
    assert len(await told(emulator)) == before
    return str(response.json()["detail"])


async def test_files_of_every_kind_arrive_as_meta_sends_them(offline: Emulator) -> None:
    image = await act(offline, type="image", caption="Voici")
    assert set(image["image"]) >= {"id", "mime_type", "sha256", "caption"}
    video = await act(offline, type="video")
    assert (video["type"], video["video"]["mime_type"]) == ("video", "video/mp4")
    document = await act(offline, type="document", filename="bon.txt", mime_type="text/plain", data_base64="Ym9u")
    assert (document["document"]["filename"], document["document"]["mime_type"]) == ("bon.txt", "text/plain")
    sticker = await act(offline, type="sticker")
    assert (sticker["sticker"]["mime_type"], sticker["sticker"]["animated"]) == ("image/webp", False)
    voice = await act(offline, type="audio")
    assert (voice["audio"]["mime_type"], voice["audio"]["voice"]) == ("audio/ogg; codecs=opus", True)
    await refused(offline, type="video", data_base64="YXVkaW8=")


async def test_a_reaction_is_put_on_a_message_and_taken_away(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, text("Livré !"))
    assert await act(offline, type="reaction", wamid=wamid, emoji="🎉") == {
        "type": "reaction",
        "reaction": {"message_id": wamid, "emoji": "🎉"},
    }
    page = f"/?open={KIMIA}-{GRACE}"
    assert "<span>🎉</span>" in (await offline.http.get(page)).text
    assert (await act(offline, type="reaction", wamid=wamid))["reaction"]["emoji"] == ""
    assert "<span>🎉</span>" not in (await offline.http.get(page)).text
    await refused(offline, type="reaction", wamid=wamid, emoji="bravo")
    await refused(offline, type="reaction", wamid="wamid.nobody", emoji="🎉")


async def test_a_business_reacts_too_and_is_told_of_a_message_that_is_not_there(offline: Emulator) -> None:
    mine = (await offline.phone(GRACE, type="text", text="Merci"))["wamid"]
    await offline.say(GRACE, reaction(mine, "❤️"))
    assert "<span>❤️</span>" in (await offline.http.get(f"/?open={KIMIA}-{GRACE}")).text
    await offline.say(GRACE, reaction("wamid.nobody"))
    statuses = [
        (each["status"], [error["code"] for error in each.get("errors", [])])
        for each in await told(offline, "statuses")
    ]
    assert statuses == [("sent", []), ("failed", [131009])]


async def test_an_own_message_is_edited_and_taken_back(offline: Emulator) -> None:
    wamid = (await offline.phone(GRACE, type="text", text="Ou est mon coli"))["wamid"]
    assert await act(offline, type="edit", wamid=wamid, text="Où est mon colis ?") == {
        "type": "edit",
        "edit": {
            "original_message_id": wamid,
            "message": {"type": "text", "text": {"body": "Où est mon colis ?"}},
        },
    }
    page = (await offline.http.get(f"/?open={KIMIA}-{GRACE}")).text
    assert "Où est mon colis ?</div>" in page
    assert "Ou est mon coli</div>" not in page
    assert await act(offline, type="delete", wamid=wamid) == {
        "type": "revoke",
        "revoke": {"original_message_id": wamid},
    }
    assert "This message was deleted" in (await offline.http.get(f"/?open={KIMIA}-{GRACE}")).text
    await refused(offline, type="edit", wamid=wamid, text="zu spät")
    await refused(offline, type="delete", wamid=wamid)
    await refused(offline, type="reaction", wamid=wamid, emoji="👍")


async def test_the_words_under_a_file_are_edited_and_the_file_stays(offline: Emulator) -> None:
    sent = await offline.phone(GRACE, type="image", caption="hier")
    edited = await act(offline, type="edit", wamid=sent["wamid"], text="ici")
    assert edited["edit"]["message"]["image"] == {**sent["payload"]["image"], "caption": "ici"}


async def test_edits_and_deletions_have_their_time(offline: Emulator) -> None:
    wamid = (await offline.phone(GRACE, type="text", text="a"))["wamid"]
    await _wait(offline, timedelta(minutes=16))
    assert "15 minutes" in await refused(offline, type="edit", wamid=wamid, text="b")
    await _wait(offline, timedelta(hours=60))
    assert "two days" in await refused(offline, type="delete", wamid=wamid)


async def test_nobody_edits_what_the_business_wrote(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, text("Bonjour"))
    await refused(offline, type="edit", wamid=wamid, text="Au revoir")
    await refused(offline, type="delete", wamid=wamid)


async def test_cards_are_shared_and_only_ones_own_answers_a_request(offline: Emulator) -> None:
    shared = await act(
        offline, type="contacts", contacts=[{"name": "Jean; Malonga", "phone": "+242069876543", "company": "Kimia"}]
    )
    assert shared["origin"] == "other"
    (contact,) = shared["contacts"]
    assert contact["name"]["formatted_name"] == "Jean; Malonga"
    assert contact["phones"] == [{"phone": "+242069876543", "type": "CELL"}]
    assert "FN:Jean\\; Malonga\n" in contact["vcard"]
    wamid = await offline.say(GRACE, contact_request())
    own = await act(offline, type="contacts", contacts="me", reply_to=wamid)
    assert (own["origin"], own["context"]["id"]) == ("contact_request", wamid)
    assert own["contacts"][0]["phones"][0]["wa_id"] == GRACE
    assert (await act(offline, type="contacts", contacts="me"))["origin"] == "other"
    await refused(offline, type="contacts", contacts=[])


async def test_a_request_for_a_place_is_answered(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, location_request())
    answer = await act(offline, type="location", latitude=-4.26, longitude=15.28, reply_to=wamid)
    assert answer["location"] == {"latitude": -4.26, "longitude": 15.28}
    assert answer["context"] == {"from": DIGITS, "id": wamid}


async def test_a_reply_under_a_card_is_tapped(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, carousel(card(0, "Buy"), card(1, "Buy")))
    tapped = await act(offline, type="button", id="1-Buy")
    assert tapped["interactive"] == {"type": "button_reply", "button_reply": {"id": "1-Buy", "title": "Buy"}}
    assert tapped["context"]["id"] == wamid


async def test_a_flow_is_done(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, flow(flow_token="f-7"))
    done = await act(offline, type="flow", answers={"day": "lundi", "seats": 2})
    reply = done["interactive"]["nfm_reply"]
    assert (done["interactive"]["type"], reply["name"], done["context"]["id"]) == ("nfm_reply", "flow", wamid)
    assert json.loads(reply["response_json"]) == {"day": "lundi", "seats": 2, "flow_token": "f-7"}
    plain = await offline.say(GRACE, text("no flow"))
    await refused(offline, type="flow", wamid=plain)


async def test_a_cart_is_sent_at_the_catalogues_prices(offline: Emulator) -> None:
    wanted = [{"product_retailer_id": "poulet-mayo", "quantity": 2}, {"product_retailer_id": "unknown"}]
    order = (await act(offline, type="order", items=wanted, text="Sans piment"))["order"]
    assert (order["catalog_id"], order["text"]) == (KIMIAS_GOODS, "Sans piment")
    assert order["product_items"] == [
        {"product_retailer_id": "poulet-mayo", "quantity": 2, "item_price": 2500, "currency": "XAF"},
        {"product_retailer_id": "unknown", "quantity": 1, "item_price": 0, "currency": "USD"},
    ]
    own = {"product_retailer_id": "x", "quantity": 99, "item_price": 9.5, "currency": "EUR"}
    assert (await act(offline, type="order", catalog_id="7", items=[own]))["order"] == {
        "catalog_id": "7",
        "text": "",
        "product_items": [own],
    }
    for items in ([], [{**own, "quantity": 0}], [{**own, "quantity": 100}], [{**own, "item_price": -1}]):
        await refused(offline, type="order", items=items)


async def test_one_asks_about_a_product(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, product("poulet-mayo"))
    asked = await act(
        offline, type="text", text="Encore ?", product={"product_retailer_id": "poulet-mayo"}, reply_to=wamid
    )
    assert asked["context"] == {
        "from": DIGITS,
        "id": wamid,
        "referred_product": {"catalog_id": KIMIAS_GOODS, "product_retailer_id": "poulet-mayo"},
    }


async def test_forwarded_messages_answer_nothing(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, text("Bonjour"))
    assert await act(offline, type="text", text="lis ça", forwarded=True, reply_to=wamid) == {
        "type": "text",
        "text": {"body": "lis ça"},
        "context": {"forwarded": True},
    }
    often = await act(offline, type="image", forwarded="often")
    assert often["context"] == {"frequently_forwarded": True}


async def test_somebody_comes_from_an_advertisement(offline: Emulator) -> None:
    arrived = await act(offline, type="text", text="Bonjour", ad={"headline": "Promo", "welcome": "Bienvenue"})
    referral = arrived["referral"]
    assert (referral["headline"], referral["source_type"]) == ("Promo", "ad")
    assert referral["welcome_message"] == {"text": "Bienvenue"}
    assert "Promo" in (await offline.http.get(f"/?open={KIMIA}-{GRACE}")).text


async def test_what_businesses_cannot_receive_arrives_as_an_error(offline: Emulator) -> None:
    poll = await act(offline, type="unsupported", kind="poll_creation")
    assert (poll["type"], poll["unsupported"]) == ("unsupported", {"type": "poll_creation"})
    assert poll["errors"][0]["code"] == 131051


async def test_the_page_does_all_of_it_with_forms(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, buttons("Oui"))
    mine = (await offline.phone(GRACE, type="text", text="a"))["wamid"]
    chosen = await offline.say(GRACE, product("poulet-mayo"))
    opened = await offline.say(GRACE, flow())
    asked = await offline.say(GRACE, location_request())
    goods = {"catalog_id": KIMIAS_GOODS, "product": ["poulet-mayo", "saka-saka"], "quantity": ["0", "3"]}
    forms: list[tuple[str, dict[str, Any], str]] = [
        ("text", {"text": "cité", "reply_to": wamid}, "text"),
        ("text", {"text": "b", "edits": mine}, "edit"),
        ("react", {"wamid": wamid, "emoji": "👍"}, "reaction"),
        ("forward", {"wamid": mine}, "text"),
        ("delete", {"wamid": mine}, "revoke"),
        ("place", {"place": "0", "reply_to": asked}, "location"),
        ("coordinates", {"latitude": "-4.2", "longitude": "15.2", "reply_to": asked}, "location"),
        ("contact", {"who": "me"}, "contacts"),
        ("contact", {"who": PATRICK}, "contacts"),
        ("contact", {"name": "Ali", "number": "+216 20 000 000"}, "contacts"),
        ("order", {**goods, "text": "vite"}, "order"),
        ("inquiry", {"wamid": chosen, "text": "Encore ?"}, "text"),
        ("flow", {"wamid": opened, "field": ["day", ""], "answer": ["lundi", "x"]}, "interactive"),
        ("ad", {"text": "Bonjour"}, "text"),
        ("unsupported", {}, "unsupported"),
        *(("media", {"sample": kind}, kind) for kind in ("image", "video", "audio", "document", "sticker")),
    ]
    for path, fields, _ in forms:
        response = await _form(offline, path, fields)
        assert response.status_code == 303, (path, response.text)
    items = (await told(offline))[1:]
    assert [item["type"] for item in items] == [kind for *_, kind in forms]
    assert items[3]["text"]["body"] == "b", "what is forwarded is what is read now"
    assert items[10]["order"]["product_items"][0]["quantity"] == 3
    assert json.loads(items[12]["interactive"]["nfm_reply"]["response_json"]) == {"day": "lundi", "flow_token": "f-1"}
    assert (await offline.http.get(f"/?open={KIMIA}-{GRACE}")).status_code == 200


SENSELESS: list[tuple[str, dict[str, Any], int]] = [
    ("order", {"catalog_id": "1", "product": ["a"], "quantity": ["0"]}, 422),
    ("order", {"catalog_id": "1", "product": ["a"], "quantity": ["100"]}, 422),
    ("contact", {"name": "Ali"}, 422),
    ("coordinates", {"latitude": "91", "longitude": "0"}, 422),
    ("coordinates", {"latitude": "nan", "longitude": "0"}, 422),
    ("react", {"wamid": "wamid.nobody", "emoji": "👍"}, 422),
    ("forward", {"wamid": "wamid.nobody"}, 404),
    ("inquiry", {"wamid": "wamid.nobody", "text": "a"}, 404),
    ("text", {"text": " "}, 422),
    ("marketing", {"wish": "perhaps"}, 422),
    ("place", {"place": "99"}, 404),
]


async def test_a_senseless_form_is_refused(offline: Emulator) -> None:
    answers = [(await _form(offline, path, fields)).status_code for path, fields, _ in SENSELESS]
    assert answers == [status for *_, status in SENSELESS]
    assert await told(offline) == []


async def test_offers_are_stopped_and_the_business_is_blocked(offline: Emulator) -> None:
    await _form(offline, "marketing", {"wish": "stop"})
    (preference,) = await told(offline, "user_preferences")
    assert (preference["value"], preference["category"]) == ("stop", "marketing_messages")
    assert "Get offers" in (await offline.http.get(f"/?open={KIMIA}-{GRACE}")).text
    await _form(offline, "block", {"blocked": "true"})
    await offline.say(GRACE, text("never seen"))
    assert [status["status"] for status in await told(offline, "statuses")] == ["sent"]


async def _form(emulator: Emulator, path: str, fields: dict[str, Any]) -> Any:
    headers = {"Origin": emulator.address}
    return await emulator.http.post(f"/chats/{KIMIA}-{GRACE}/{path}", data=fields, headers=headers)


async def _wait(emulator: Emulator, time: timedelta) -> None:
    body = {"advance_seconds": time.total_seconds()}
    response = await emulator.http.post("/api/clock", json=body, headers=PROGRAM)
    assert response.status_code == 200, response.text

"""Templates on the phone page: what is filled in, and what each of their buttons does."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.whatsapp.emulator.sends import LINK, Message, component, said, template
from tests.channels.whatsapp.emulator.test_acts import act
from tests.channels.whatsapp.emulator.world import GRACE, KIMIA, Emulator, asking, settings_in

TEMPLATES = Path(__file__).with_name("ready_templates.yml")
PICTURE = {"type": "image", "image": {"link": LINK}}
PLACE = {"type": "location", "location": {"latitude": -4.28, "longitude": 15.25, "name": "Marché Total"}}


def button(index: int, sub_type: str, **parameter: Any) -> dict[str, Any]:
    return component("button", parameter, sub_type=sub_type, index=index)


def card(index: int, dish: str, payload: str) -> dict[str, Any]:
    parts = [
        component("header", PICTURE),
        component("body", said(dish)),
        button(0, "quick_reply", type="payload", payload=payload),
    ]
    return {"card_index": index, "components": parts}


ARRIVED = template(
    component("header", PICTURE),
    component("body", said("Grâce"), said("COUR-7")),
    button(0, "quick_reply", type="payload", payload="coming"),
    button(2, "url", type="text", text="7"),
)
CODE = template(
    component("header", PLACE), button(0, "copy_code", type="coupon_code", coupon_code="KIMIA25"), name="welcome_code"
)
GOODS = template(name="our_goods")
CHOSEN = template(
    button(
        0,
        "mpm",
        type="action",
        action={
            "thumbnail_product_retailer_id": "saka-saka",
            "sections": [{"title": "Plats", "product_items": [{"product_retailer_id": "saka-saka"}]}],
        },
    ),
    name="chosen_goods",
)
BOOKING = template(button(0, "flow", type="action", action={"flow_token": "f-9"}), name="booking")
DISHES = template(
    {"type": "carousel", "cards": [card(0, "saka-saka", "dish-0"), card(1, "liboké", "dish-1")]}, name="dishes"
)


@pytest.fixture
async def approved(tmp_path: Path) -> AsyncIterator[Emulator]:
    """An emulator whose businesses have the templates of ready_templates.yml."""
    settings = settings_in(tmp_path).model_copy(update={"emulator_templates": TEMPLATES})
    async with asking(settings) as emulator:
        yield emulator


async def test_a_template_is_read_as_it_was_filled_in(approved: Emulator) -> None:
    seen: list[tuple[Message, list[str]]] = [
        (ARRIVED, [LINK, "Bonjour Grâce, votre colis <strong>COUR-7</strong>", "https://kimia.example/t/7", "Appeler"]),
        (CODE, ["Marché Total", 'data-copies="KIMIA25"']),
        (GOODS, ["Notre catalogue", "Poulet Mayo"]),
        (CHOSEN, ["Menu", "Saka-saka"]),
        (BOOKING, ["Réserver", "Choisissez"]),
        (DISHES, ["Le plat saka-saka", "Le plat liboké", "https://kimia.example/plats", 'value="dish-1"']),
    ]
    for message, _ in seen:
        await approved.say(GRACE, message)
    page = (await approved.http.get(f"/?open={KIMIA}-{GRACE}")).text
    assert [part for _, parts in seen for part in parts if part not in page] == []


async def test_a_quick_reply_says_its_payload_or_else_its_own_words(approved: Emulator) -> None:
    wamid = await approved.say(GRACE, ARRIVED)
    tapped = await act(approved, type="button", title="Je passe")
    assert tapped["button"] == {"payload": "coming", "text": "Je passe"}
    assert tapped["context"]["id"] == wamid
    assert (await act(approved, type="button", title="Plus tard"))["button"]["payload"] == "Plus tard"
    await approved.say(GRACE, DISHES)
    assert (await act(approved, type="button", id="dish-1"))["button"] == {"payload": "dish-1", "text": "Commander"}


async def test_a_templates_flow_is_done_with_its_token(approved: Emulator) -> None:
    await approved.say(GRACE, BOOKING)
    done = await act(approved, type="flow", answers={"hour": "10"})
    assert json.loads(done["interactive"]["nfm_reply"]["response_json"]) == {"hour": "10", "flow_token": "f-9"}

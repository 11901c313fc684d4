"""The price of a delivery: told where both places are known, asked for where one is missing, and a parcel offered."""

import json
from typing import Any

import pytest

from actions.affirming import Affirm
from actions.delivery_price import LeaveWay, TellDeliveryPrice, ValidateWayForm
from actions.fallback import DefaultFallback
from actions.parcel import SendParcel
from actions.people import PeopleClient
from actions.shop import PriceQuestion
from backend import BackendClient
from tests.actions.parcels import QUOTED, refusal
from tests.actions.rasa import TURN_ID, play, said_at, said_by_person, tapped, tracker
from tests.actions.shops import CHICKEN, slot
from tests.backend.fake_backend import Backend, as_json

FORM = "way_form"
PICKUP, DROPOFF = {"address": "Bacongo"}, {"address": "Moungali"}
FRESH = {"way_pickup": None, "way_dropoff": None, "way_problem": "none", "way_attempts": 0}


def asked(text: str) -> dict[str, Any]:
    return said_by_person("price_question", text=text)


def entities_of(payload: str) -> dict[str, str]:
    """What a button carries beside its intent."""
    entities: dict[str, str] = json.loads(payload[payload.index("{") :])
    return entities


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("fr", "cb pour livrer de Bacongo à Moungali ?", ("De *Bacongo* à *Moungali* : *", "FCFA", "arriverait")),
        ("en", "how much from Bacongo to Moungali", ("From *Bacongo* to *Moungali*: *", "FCFA", "would arrive")),
    ],
)
async def test_the_price_and_the_arrival_are_told_and_a_parcel_offered(
    people: PeopleClient, backend: BackendClient, language: str, text: str, words: tuple[str, ...]
) -> None:
    question = await play(PriceQuestion(people, backend), tracker(asked(text), language=language))
    played = await play(TellDeliveryPrice(people, backend), tracker(asked(text), language=language))

    assert (question.said, question.next_action) == ([], "action_delivery_price")
    for each in words:
        assert each in played.text
    assert entities_of(played.payloads[0]) == {"offered_pickup": "Bacongo", "offered_dropoff": "Moungali"}
    assert {name: played.slots[name] for name in FRESH} == FRESH


async def test_the_price_is_that_of_the_backend(people: PeopleClient) -> None:
    backend = Backend(as_json(QUOTED))

    played = await play(TellDeliveryPrice(people, backend.client()), tracker(asked("combien de Bacongo à Moungali")))

    assert "1\u00a0600\u00a0FCFA" in played.text
    assert json.loads(backend.requests[0].content) == {"pickup": PICKUP, "dropoff": DROPOFF}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("combien pour livrer à Moungali", {"way_pickup": None, "way_dropoff": DROPOFF}),
        ("livraison depuis Bacongo jusqu'à ma mère ?", {"way_pickup": PICKUP, "way_dropoff": None}),
    ],
)
async def test_what_is_missing_is_asked_for(
    people: PeopleClient, backend: BackendClient, text: str, known: dict[str, Any]
) -> None:
    played = await play(TellDeliveryPrice(people, backend), tracker(asked(text)))

    assert (played.said, played.next_action) == ([], FORM)
    assert known.items() <= played.slots.items()


async def test_a_form_that_asks_something_else_waits(people: PeopleClient, backend: BackendClient) -> None:
    whole = tracker(asked("combien de Bacongo à Moungali"), form="parcel_form")
    half = tracker(asked("combien pour livrer à Moungali"), form="parcel_form")

    told = await play(TellDeliveryPrice(people, backend), whole)
    begun = await play(TellDeliveryPrice(people, backend), half)

    assert told.next_action == "parcel_form"
    assert begun.next_action == FORM
    assert {"event": "active_loop", "name": None, "timestamp": None} in begun.events


@pytest.mark.parametrize(
    ("code", "will_do", "problem"),
    [("address_unclear", False, ("way_pickup", "unclear")), ("outside_area", True, ("way_dropoff", "outside"))],
)
async def test_a_place_that_will_not_do_is_asked_for_again(
    people: PeopleClient, code: str, will_do: bool, problem: tuple[str, str]
) -> None:
    backend = Backend(refusal(code), as_json(QUOTED) if will_do else refusal(code))

    played = await play(TellDeliveryPrice(people, backend.client()), tracker(asked("combien de Bacongo à Moungali")))

    assert (played.slots[problem[0]], played.slots["way_problem"]) == (None, problem[1])
    assert played.next_action == FORM


async def test_a_business_that_carries_nothing_says_so(people: PeopleClient) -> None:
    backend = Backend(as_json({"status": 404}, 404))

    played = await play(TellDeliveryPrice(people, backend.client()), tracker(asked("combien de Bacongo à Moungali")))

    assert played.names == ["utter_no_delivery_price"]


async def test_a_backend_that_is_away_is_asked_again_about_the_same_way(people: PeopleClient) -> None:
    away = TellDeliveryPrice(people, Backend(as_json({}, 500)).client())
    point = {"latitude": -4.26, "longitude": 15.28}

    played = await play(away, tracker(asked("…"), way_pickup=point, way_dropoff=DROPOFF))
    again = tapped("price_question", **entities_of(played.payloads[0]))
    backend = Backend(as_json(QUOTED))
    told = await play(TellDeliveryPrice(people, backend.client()), tracker(again))

    assert played.names == ["utter_apology"]
    assert (await play(PriceQuestion(people, backend.client()), tracker(again))).next_action == "action_delivery_price"
    assert told.names == ["utter_delivery_price_told"]
    assert json.loads(backend.requests[0].content)["pickup"] == {"location": point}


async def test_who_has_a_cart_hears_what_bringing_that_costs(people: PeopleClient, backend: BackendClient) -> None:
    question = tracker(asked("c'est combien la livraison à Moungali ?"), cart=slot(CHICKEN))

    played = await play(TellDeliveryPrice(people, backend), question)

    assert played.names == ["utter_cart_delivery_price"]
    assert "*Moungali*" in played.text
    assert played.payloads[0] == "/checkout"


async def test_a_product_is_no_place(people: PeopleClient, backend: BackendClient) -> None:
    played = await play(PriceQuestion(people, backend), tracker(asked("combien de poulets à Bacongo")))

    assert played.next_action != "action_delivery_price"


@pytest.mark.parametrize("message", [said_by_person("affirm", text="oui"), None])
async def test_a_yes_or_the_button_begins_the_parcel_with_both_places(
    people: PeopleClient, backend: BackendClient, message: dict[str, Any] | None
) -> None:
    question = asked("combien de Bacongo à Moungali")
    told = await play(TellDeliveryPrice(people, backend), tracker(question))
    before = [said_at(0.0, question) | {"message_id": TURN_ID}]

    if message is None:
        button = tapped("create_delivery", **entities_of(told.payloads[0]))
        played = await play(SendParcel(), tracker(button, form="checkout_form"))
    else:
        played = await play(Affirm(people, backend), tracker(message, before=before, **told.slots))

    assert (played.slots["parcel_pickup"], played.slots["parcel_dropoff"]) == (PICKUP, DROPOFF)
    assert played.next_action == "parcel_form"


async def test_asking_for_a_parcel_without_an_offer_asks_for_everything_or_goes_on() -> None:
    for form in (None, "parcel_form"):
        played = await play(SendParcel(), tracker(said_by_person("create_delivery"), form=form))

        assert (played.slots, played.next_action) == ({}, "parcel_form")


async def test_both_places_after_the_request_for_them_are_understood(
    people: PeopleClient, backend: BackendClient
) -> None:
    general = asked("combien la livraison")
    told = await play(PriceQuestion(people, backend), tracker(general))
    before = [said_at(0.0, general) | {"message_id": TURN_ID}]
    answer = said_by_person("nlu_fallback", text="de Bacongo à Moungali")

    played = await play(DefaultFallback(people, backend), tracker(answer, before=before, **told.slots))
    later = await play(DefaultFallback(people, backend), tracker(answer))

    assert told.names == ["utter_delivery_price"]
    assert played.next_action == "action_delivery_price"
    assert later.next_action != "action_delivery_price"


async def validated(people: PeopleClient, end: str, value: str, message: dict[str, Any], **slots: Any) -> Any:
    talk = tracker(message, form=FORM, requested_slot=f"way_{end}", **slots)
    talk.events.append({"event": "slot", "name": f"way_{end}", "value": value})
    return await play(ValidateWayForm(people), talk)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Bacongo", {"way_pickup": PICKUP}),
        ("de Bacongo à Moungali", {"way_pickup": PICKUP, "way_dropoff": DROPOFF}),
        ("ici", {"way_pickup": None, "way_problem": "unreadable", "way_attempts": 1}),
    ],
)
async def test_an_answer_is_one_place_or_both(people: PeopleClient, text: str, taken: dict[str, Any]) -> None:
    played = await validated(people, "pickup", text, said_by_person("nlu_fallback", text=text))

    assert taken.items() <= played.slots.items()


async def test_who_cannot_say_where_is_handed_over_and_may_go_on(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("nlu_fallback", text="ici")
    second = await validated(people, "dropoff", "ici", message, way_pickup=PICKUP, way_attempts=1)
    third = await validated(people, "dropoff", "ici", message, way_pickup=PICKUP, way_attempts=2)
    again = tracker(tapped("price_question"), way_pickup=PICKUP)

    assert second.names == ["utter_way_stuck"]
    assert third.names == ["utter_handed_over"]
    assert third.payloads[0] == "/price_question"
    assert (await play(PriceQuestion(people, backend), again)).next_action == "action_delivery_price"
    begun = await play(TellDeliveryPrice(people, backend), again)
    assert (begun.slots["way_pickup"], begun.next_action) == (PICKUP, FORM)


async def test_leaving_it_forgets_it() -> None:
    played = await play(LeaveWay(), tracker(said_by_person("cancel"), way_pickup=PICKUP))

    assert (played.names, played.slots) == (["utter_cancelled"], FRESH)

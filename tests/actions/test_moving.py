"""Another address: for what, at which price, done once, and what is said where it cannot be."""

import json
from typing import Any

import httpx
import pytest

from actions.moving import AskNewDropoffConfirmation, ChangeAddress, LeaveMove, MoveDropoff, ValidateAddressForm
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.orders import ORDER, ORDER_CODE
from tests.actions.parcels import refusal
from tests.actions.rasa import TURN_ID, Played, play, said_by_person, tracker
from tests.backend.fake_backend import CODE, MISSION, Backend, as_json, fails

FORM = "address_form"
PLACE = {"address": "14 Rue Malanda"}
FRANCS = {"currency": "XAF"}
ASKED: dict[str, dict[str, Any]] = {
    "an order": {"moving_code": ORDER_CODE, "moving_entity": "order_code", "new_dropoff": PLACE},
    "a delivery": {"moving_code": CODE, "moving_entity": "delivery_code", "new_dropoff": PLACE},
}
PARCEL = MISSION | {"price": FRANCS | {"amount": "1300"}, "allowed": ["change_dropoff"]}
FOUND: dict[str, dict[str, Any]] = {"an order": ORDER, "a delivery": PARCEL}
ORDER_QUOTE: dict[str, Any] = {
    "lines": [],
    "subtotal": FRANCS | {"amount": "0"},
    "discount": FRANCS | {"amount": "0"},
    "total": FRANCS | {"amount": "1500"},
    "delivery_fee": FRANCS | {"amount": "1500"},
    "problems": [{"code": "merchant_closed"}],
}
QUOTE: dict[str, dict[str, Any]] = {
    "an order": ORDER_QUOTE,
    "a delivery": {"total": FRANCS | {"amount": "1000"}, "expected_at": "2025-01-27T09:40:00Z"},
}
SUMMARY: dict[str, Any] = {"moving_quote": {"id": "0198-summary", "amount": "7500", "currency": "XAF"}}
kinds = pytest.mark.parametrize("kind", ASKED)


async def summary(people: PeopleClient, backend: Backend, **slots: Any) -> Played:
    action = AskNewDropoffConfirmation(people, backend.client())
    return await play(action, tracker(said_by_person(), form=FORM, **slots))


async def confirm(people: PeopleClient, backend: Backend, tapped: str | None = "0198-summary", **slots: Any) -> Played:
    message = said_by_person("affirm", **({"dropoff_summary": tapped} if tapped else {}))
    return await play(MoveDropoff(people, backend.client()), tracker(message, **slots))


def entities_of(payload: str) -> dict[str, str]:
    """What a row carries beside its intent."""
    entities: dict[str, str] = json.loads(payload[payload.index("{") :])
    return entities


async def test_what_may_still_move_is_asked_for_its_new_address(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("change_address", delivery_code="COUR-20250127-074")

    played = await play(ChangeAddress(people, backend), tracker(message, form="checkout_form"))

    assert played.next_action == FORM
    assert played.slots["moving_code"] == "COUR-20250127-074"
    assert {"event": "active_loop", "name": None, "timestamp": None} in played.events


@pytest.mark.parametrize(
    ("sender", "entities", "said"),
    [
        ("grace", {"delivery_code": CODE}, "utter_too_late_to_move"),
        ("patrick", {"delivery_code": CODE}, "utter_delivery_not_found"),
        ("grace", {}, "utter_choose_moved"),
        ("aline", {}, "utter_nothing_movable"),
    ],
)
async def test_what_may_not_move_is_told(
    people: PeopleClient, backend: BackendClient, sender: str, entities: dict[str, str], said: str
) -> None:
    played = await play(ChangeAddress(people, backend), tracker(said_by_person("change_address", **entities), sender))

    assert played.names == [said]


async def test_in_the_middle_of_it_another_address_is_wanted(people: PeopleClient, backend: BackendClient) -> None:
    message = said_by_person("change_address")

    played = await play(ChangeAddress(people, backend), tracker(message, form=FORM, **ASKED["an order"], **SUMMARY))

    assert played.next_action == FORM
    assert played.slots["new_dropoff"] is None
    assert "moving_code" not in played.slots


@pytest.mark.parametrize(
    ("text", "language"), [("livrez plutôt rue Malanda", "fr"), ("deliver to rue Malanda instead", "en")]
)
async def test_an_address_in_the_same_message_is_not_asked_for_again(
    people: PeopleClient, backend: BackendClient, text: str, language: str
) -> None:
    change, place = ChangeAddress(people, backend), {"address": "rue Malanda"}
    named = said_by_person("change_address", text=text, delivery_code="COUR-20250127-074")

    begun = await play(change, tracker(named, language=language))
    which = await play(change, tracker(said_by_person("change_address", text=text), language=language))
    row = said_by_person("change_address", ["change_address"], "…", **entities_of(which.payloads[0]))
    chosen = await play(change, tracker(row, language=language))
    meanwhile = said_by_person("change_address", text=text)
    again = await play(change, tracker(meanwhile, form=FORM, **ASKED["an order"], **SUMMARY))

    assert which.names == ["utter_choose_moved"]
    for played in (begun, chosen, again):
        assert (played.slots["new_dropoff"], played.next_action, played.said) == (place, FORM, [])
    assert again.slots["moving_quote"] is None


@pytest.mark.parametrize(
    ("kind", "words"), [("an order", ("7 500 FCFA", "500 FCFA de plus")), ("a delivery", ("300 FCFA de moins",))]
)
async def test_the_summary_tells_what_changes_and_what_it_costs(
    people: PeopleClient, kind: str, words: tuple[str, ...]
) -> None:
    played = await summary(people, Backend(as_json(FOUND[kind]), as_json(QUOTE[kind])), **ASKED[kind])

    for text in ("14 Rue Malanda", *words):
        assert text in played.text.replace("\u00a0", " ")
    assert played.slots["moving_quote"]["id"] == TURN_ID
    assert TURN_ID in played.payloads[0]


async def test_where_the_shop_cannot_price_it_any_more_the_price_is_that_of_then(people: PeopleClient) -> None:
    backend = Backend(as_json(ORDER), as_json(ORDER_QUOTE | {"delivery_fee": None}))

    assert "ne change pas" in (await summary(people, backend, **ASKED["an order"])).text


@kinds
async def test_where_it_goes_already_is_no_new_address(people: PeopleClient, kind: str) -> None:
    old = {"an order": ORDER["dropoff"]["address"], "a delivery": PARCEL["dropoff"]["address"]}[kind]
    backend = Backend(as_json(FOUND[kind]))

    played = await summary(people, backend, **ASKED[kind] | {"new_dropoff": {"address": f" {old.upper()}"}})

    assert played.slots["dropoff_problem"] == "same"
    assert played.next_action == FORM
    assert len(backend.requests) == 1


@kinds
@pytest.mark.parametrize(("code", "problem"), [("address_unclear", "unclear"), ("outside_area", "outside")])
async def test_an_address_that_will_not_do_is_asked_for_again(
    people: PeopleClient, kind: str, code: str, problem: str
) -> None:
    no = refusal(code) if kind == "a delivery" else as_json(ORDER_QUOTE | {"problems": [{"code": code}]})

    played = await summary(people, Backend(as_json(FOUND[kind]), no), **ASKED[kind])

    assert played.slots["dropoff_problem"] == problem
    assert played.slots["new_dropoff"] is None
    assert played.next_action == FORM


async def test_the_same_summary_shown_again_is_the_same_wish(people: PeopleClient) -> None:
    played = await summary(people, Backend(as_json(ORDER), as_json(ORDER_QUOTE)), **ASKED["an order"], **SUMMARY)

    assert played.slots["moving_quote"]["id"] == "0198-summary"


@pytest.mark.parametrize(
    ("found", "slots", "said"),
    [
        (httpx.Response(404), ASKED["an order"], "utter_delivery_not_found"),
        (as_json(ORDER | {"allowed": []}), ASKED["an order"], "utter_too_late_to_move"),
        (httpx.Response(404), {}, "utter_dropoff_summary_gone"),
    ],
)
async def test_what_cannot_be_moved_by_now_ends_the_questions(
    people: PeopleClient, found: httpx.Response, slots: dict[str, Any], said: str
) -> None:
    played = await summary(people, Backend(found), **slots)

    assert played.names == [said]
    assert played.slots["moving_code"] is None
    assert played.next_action == "action_listen"


@kinds
async def test_the_yes_hands_it_on_once(people: PeopleClient, kind: str) -> None:
    backend = Backend(as_json(FOUND[kind]))

    played = await confirm(people, backend, **ASKED[kind], **SUMMARY)

    assert played.names == ["utter_moved"]
    assert backend.requests[-1].headers["Idempotency-Key"] == "0198-summary:move:1"
    assert played.slots["new_dropoff"] is None
    again = await confirm(people, Backend(), moved=played.slots["moved"])
    assert again.names == ["utter_already_moved"]


@pytest.mark.parametrize(
    ("slots", "tapped", "said"),
    [
        ({}, "0198-summary", "utter_dropoff_summary_gone"),
        (ASKED["an order"] | SUMMARY, "0197-older", "utter_dropoff_summary_gone"),
        (ASKED["an order"] | SUMMARY | {"form": FORM}, "0197-older", "utter_dropoff_summary_replaced"),
    ],
)
async def test_a_stale_button_changes_nothing(
    people: PeopleClient, slots: dict[str, Any], tapped: str, said: str
) -> None:
    backend = Backend(as_json(ORDER))

    assert (await confirm(people, backend, tapped, **slots)).names == [said]
    assert not backend.requests


async def test_another_price_is_asked_about_as_the_backend_told_it(people: PeopleClient) -> None:
    no = refusal("price_changed", total=FRANCS | {"amount": "8000"})

    played = await confirm(people, Backend(no), **ASKED["an order"], **SUMMARY)

    assert played.next_action == FORM
    told = {"moving_quote": played.slots["moving_quote"]}
    shown = await summary(people, Backend(as_json(ORDER)), **ASKED["an order"], **told)
    assert "Le prix a changé" in shown.text
    assert "8 000 FCFA" in shown.text.replace("\u00a0", " ")
    assert shown.slots["moving_quote"]["id"] == TURN_ID


@pytest.mark.parametrize(
    ("answer", "said", "following"),
    [
        (refusal("too_late_to_change"), ["utter_too_late_to_move"], None),
        (refusal("outside_area"), [], FORM),
        (fails(httpx.ReadError), ["utter_move_in_doubt"], None),
        (httpx.Response(403), ["utter_apology"], None),
    ],
)
async def test_a_no_and_a_lost_answer_are_told(
    people: PeopleClient, answer: Any, said: list[str], following: str | None
) -> None:
    played = await confirm(people, Backend(answer), **ASKED["an order"], **SUMMARY)

    assert (played.names, played.next_action) == (said, following)
    assert played.slots["dropoff_confirmed"] is None
    if played.names == ["utter_move_in_doubt"]:
        assert played.payloads[0] == '/affirm{"dropoff_summary": "0198-summary"}'


async def validate(people: PeopleClient, slot: str, value: Any, message: dict[str, Any], **slots: Any) -> Played:
    conversation = tracker(message, requested_slot=slot, **slots)
    conversation.events.append({"event": "slot", "name": slot, "value": value})
    return await play(ValidateAddressForm(people), conversation)


@pytest.mark.parametrize(
    ("message", "value", "place"),
    [
        (said_by_person("nlu_fallback", text="14  Rue Malanda"), "14  Rue Malanda", PLACE),
        (
            said_by_person("share_location", latitude="-4.26", longitude="15.28"),
            "shared",
            {"latitude": -4.26, "longitude": 15.28},
        ),
        (said_by_person("nlu_fallback", text="ici"), "ici", None),
    ],
)
async def test_an_answer_is_an_address_or_a_point(
    people: PeopleClient, message: dict[str, Any], value: str, place: Any
) -> None:
    assert (await validate(people, "new_dropoff", value, message)).slots["new_dropoff"] == place


async def test_the_second_answer_that_is_none_offers_the_team(people: PeopleClient) -> None:
    played = await validate(
        people, "new_dropoff", "ici", said_by_person("nlu_fallback", text="ici"), dropoff_attempts=1
    )

    assert played.names == ["utter_move_stuck"]


@pytest.mark.parametrize(("tapped", "confirmed"), [("0198-summary", True), ("0197-older", None)])
async def test_only_the_yes_to_what_is_on_the_screen_counts(
    people: PeopleClient, tapped: str, confirmed: bool | None
) -> None:
    message = said_by_person("affirm", dropoff_summary=tapped)

    assert (await validate(people, "dropoff_confirmed", True, message, **SUMMARY)).slots[
        "dropoff_confirmed"
    ] is confirmed


async def test_leaving_it_forgets_it() -> None:
    played = await play(LeaveMove(), tracker(said_by_person("cancel"), **ASKED["an order"]))

    assert played.slots["moving_code"] is None
    assert played.slots["new_dropoff"] is None

"""The summary of a parcel and its yes: priced before, created once, and honest about whatever goes wrong."""

import json
from typing import Any

import httpx
import pytest

from actions.affirming import Affirm
from actions.parcel import AskParcelConfirmation, CreateParcel
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.parcels import ASKER, CREATED, FILLED, FORM, QUOTE, QUOTED, SUMMARY, refusal
from tests.actions.rasa import TURN_ID, play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json, fails

YES = said_by_person("affirm")
TAP = said_by_person("affirm", parcel_summary=SUMMARY)
READY = FILLED | {"parcel_quote": QUOTE}


def conversation(message: dict[str, Any], **slots: Any) -> Any:
    return tracker(message, ASKER, **slots)


@pytest.mark.parametrize(("language", "price"), [("fr", "1\u00a0600\u00a0FCFA"), ("en", "1,600\u00a0FCFA")])
async def test_the_summary_tells_all_that_was_said_and_the_price(
    people: PeopleClient, backend: BackendClient, language: str, price: str
) -> None:
    ask = AskParcelConfirmation(people, backend)

    played = await play(ask, tracker(YES, ASKER, language, form=FORM, **FILLED))

    for part in ("10 Avenue de la Paix", "Marie Okemba · 06 123 4576", "Sonner deux fois", price):
        assert part in played.text
    assert played.payloads[0] == f'/affirm{{"parcel_summary": "{TURN_ID}"}}'
    assert played.slots["parcel_quote"]["id"] == TURN_ID


async def test_a_number_from_abroad_is_shown_in_full(people: PeopleClient) -> None:
    ask = AskParcelConfirmation(people, Backend(as_json(QUOTED)).client())

    played = await play(ask, conversation(YES, **FILLED | {"parcel_recipient_phone": "+33612345678"}))

    assert "+33 6 12 34 56 78" in played.text


async def test_a_summary_shown_again_is_the_same_wish(people: PeopleClient) -> None:
    ask = AskParcelConfirmation(people, Backend(as_json(QUOTED)).client())

    assert (await play(ask, conversation(YES, **READY))).slots["parcel_quote"] == QUOTE


async def test_another_price_is_pointed_out_and_another_wish(people: PeopleClient) -> None:
    dearer = QUOTED | {"total": {"amount": "1900", "currency": "XAF"}}
    ask = AskParcelConfirmation(people, Backend(as_json(dearer)).client())

    played = await play(ask, conversation(YES, **READY))

    assert "Le prix a changé" in played.text
    assert played.slots["parcel_quote"]["id"] == TURN_ID


@pytest.mark.parametrize(("code", "problem"), [("address_unclear", "unclear"), ("outside_area", "outside")])
@pytest.mark.parametrize(("pickup_alone", "asked"), [("no", "parcel_pickup"), ("yes", "parcel_dropoff")])
async def test_the_place_that_will_not_do_is_asked_for_again(
    people: PeopleClient, code: str, problem: str, pickup_alone: str, asked: str
) -> None:
    backend = Backend(refusal(code), as_json(QUOTED) if pickup_alone == "yes" else refusal(code))

    played = await play(AskParcelConfirmation(people, backend.client()), conversation(YES, **FILLED))

    assert played.said == []
    assert played.slots[asked] is None
    assert played.slots["parcel_problem"] == problem
    assert played.next_action == FORM


async def test_without_a_price_one_may_try_again(people: PeopleClient) -> None:
    ask = AskParcelConfirmation(people, Backend(httpx.Response(503)).client())

    played = await play(ask, conversation(YES, **FILLED))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == "/create_delivery"


async def test_without_cash_the_first_way_to_pay_is_taken(people: PeopleClient) -> None:
    options = [{"method": "mobile_money", "provider": "MTN MoMo", "pay_to": "+242065000001"}]
    ask = AskParcelConfirmation(people, Backend(as_json(QUOTED | {"payment_options": options})).client())

    played = await play(ask, conversation(YES, **FILLED))

    assert "MTN MoMo" in played.text
    assert played.slots["parcel_quote"]["method"] == "mobile_money"


async def test_the_parcel_is_created_as_it_was_said(people: PeopleClient) -> None:
    backend = Backend(as_json(CREATED, 201))

    played = await play(CreateParcel(people, backend.client()), conversation(YES, **READY))

    (request,) = backend.requests
    assert request.headers["Idempotency-Key"] == f"{SUMMARY}:create_parcel:1"
    assert json.loads(request.content) == {
        "pickup": {"address": "10 Avenue de la Paix, Poto-Poto"},
        "dropoff": {"location": {"latitude": -4.288, "longitude": 15.261}},
        "value": {"amount": "10000", "currency": "XAF"},
        "recipient": {"name": "Marie Okemba", "phone": "+242061234576"},
        "payment": {"method": "cash"},
        "expected_total": {"amount": "1600", "currency": "XAF"},
        "note": "Sonner deux fois",
    }
    assert "COUR-20250127-099" in played.text
    assert played.titles == ["Suivre", "Partager le suivi", "Menu"]
    assert all(played.slots[name] is None for name in FILLED)
    assert played.slots["parcel_created"] == {"summary": SUMMARY, "code": "COUR-20250127-099"}


async def test_what_was_passed_over_is_not_sent(people: PeopleClient) -> None:
    backend = Backend(as_json(CREATED, 201))

    await play(
        CreateParcel(people, backend.client()), conversation(YES, **READY | {"parcel_value": "", "parcel_note": ""})
    )

    assert {"value", "note"} & set(json.loads(backend.requests[0].content)) == set()


async def test_the_same_yes_twice_is_one_parcel(people: PeopleClient, backend: BackendClient) -> None:
    shown = await play(AskParcelConfirmation(people, backend), conversation(YES, **FILLED))
    ready = conversation(YES, **FILLED | {"parcel_quote": shown.slots["parcel_quote"] | {"id": "0198-once"}})
    before = len(await backend.missions(await people.customer(ASKER), 50))

    first = await play(CreateParcel(people, backend), ready)
    again = await play(CreateParcel(people, backend), ready)

    assert first.slots["parcel_created"] == again.slots["parcel_created"]
    assert len(await backend.missions(await people.customer(ASKER), 50)) == before + 1


async def test_a_second_tap_on_confirm_tells_the_code(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(500))
    created = {"summary": SUMMARY, "code": "COUR-20250127-099"}

    played = await play(Affirm(people, backend.client()), conversation(TAP, parcel_created=created))

    assert played.names == ["utter_parcel_already_created"]
    assert backend.requests == []


@pytest.mark.parametrize("slots", [{}, FILLED, READY | {"parcel_quote": QUOTE | {"id": "0199-later"}}])
async def test_the_button_of_a_summary_that_is_gone_creates_nothing(
    people: PeopleClient, slots: dict[str, Any]
) -> None:
    backend = Backend(httpx.Response(500))

    played = await play(Affirm(people, backend.client()), conversation(TAP, **slots))

    assert played.names == ["utter_parcel_summary_gone"]
    assert backend.requests == []


async def test_a_changed_price_is_asked_about_under_a_new_key(people: PeopleClient) -> None:
    backend = Backend(refusal("price_changed", total={"amount": "1900", "currency": "XAF"}))

    played = await play(CreateParcel(people, backend.client()), conversation(YES, **READY, parcel_confirmed=True))

    assert played.next_action == FORM
    assert played.slots["parcel_confirmed"] is None
    assert played.slots["parcel_quote"] == QUOTE | {"id": ""}


async def test_an_address_refused_at_the_end_is_asked_for_again(people: PeopleClient) -> None:
    backend = Backend(refusal("outside_area"), as_json(QUOTED))

    played = await play(CreateParcel(people, backend.client()), conversation(YES, **READY))

    assert played.slots["parcel_dropoff"] is None
    assert played.slots["parcel_quote"] is None
    assert played.next_action == FORM


async def test_another_refusal_is_apologised_for_and_its_key_not_used_again(people: PeopleClient) -> None:
    backend = Backend(refusal("payment_method_unavailable"))

    played = await play(CreateParcel(people, backend.client()), conversation(YES, **READY))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == "/create_delivery"
    assert played.slots["parcel_quote"]["id"] == ""


async def test_a_lost_answer_is_told_as_such_and_the_next_try_has_the_same_key(people: PeopleClient) -> None:
    backend = Backend(fails(httpx.ReadError), fails(httpx.ReadError), as_json(CREATED, 201))

    lost = await play(CreateParcel(people, backend.client()), conversation(YES, **READY, parcel_confirmed=True))
    found = await play(Affirm(people, backend.client()), conversation(TAP, **READY))

    assert lost.names == ["utter_parcel_in_doubt"]
    assert lost.payloads[0] == f'/affirm{{"parcel_summary": "{SUMMARY}"}}'
    assert lost.payloads[1] == f'/cancel{{"parcel_summary": "{SUMMARY}"}}'
    assert lost.slots == {"parcel_confirmed": None, "parcel_quote": QUOTE | {"in_doubt": True}}
    assert found.names == ["utter_parcel_created"]
    assert len({request.headers["Idempotency-Key"] for request in backend.requests}) == 1


async def test_a_backend_that_is_away_keeps_all_for_the_next_try(people: PeopleClient) -> None:
    played = await play(CreateParcel(people, Backend(fails(httpx.ConnectError)).client()), conversation(YES, **READY))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == f'/affirm{{"parcel_summary": "{SUMMARY}"}}'
    assert played.slots == {"parcel_confirmed": None}


async def test_an_old_confirm_in_the_middle_of_the_questions_confirms_nothing(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(500))

    played = await play(Affirm(people, backend.client()), conversation(TAP, form=FORM, **FILLED))

    assert played.names == ["utter_parcel_summary_replaced"]
    assert played.next_action == FORM
    assert backend.requests == []


async def test_whoever_hides_their_number_is_told(people: PeopleClient, backend: BackendClient) -> None:
    assert (await play(CreateParcel(people, backend), tracker(YES, "shy", **READY))).names == ["utter_number_hidden"]


async def test_the_longest_answers_fit_into_one_message(people: PeopleClient) -> None:
    longest = {
        "parcel_pickup": {"address": "Avenue " * 70},
        "parcel_dropoff": {"address": "Avenue " * 70},
        "parcel_recipient_name": "Jean-Baptiste " * 14,
        "parcel_recipient_phone": "+242061234576",
        "parcel_value": "1000000000000000",
        "parcel_note": "Sonner deux fois " * 60,
    }
    ask = AskParcelConfirmation(people, Backend(as_json(QUOTED)).client())

    played = await play(ask, conversation(YES, **longest))

    assert len(played.text) <= 1024

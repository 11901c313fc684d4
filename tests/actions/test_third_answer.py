"""Answers to a form that do not do: the second offers buttons, the third hands over, and the form can go on later."""

import json
from typing import Any

import httpx
import pytest
from rasa_sdk import Action

from actions.checkout.answering import ValidateCheckoutForm
from actions.checkout.paying import ValidateReferenceForm
from actions.claims import ValidateClaimForm
from actions.moving import ValidateAddressForm
from actions.parcel import ValidateParcelForm
from actions.people import PeopleClient
from actions.rating import ValidateRatingForm
from actions.shop import AnswerShop
from actions.tracking import ValidateTrackingForm
from backend import BackendClient
from tests.actions.orders import ORDER_CODE
from tests.actions.people import SmallServer
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.actions.shops import CHICKEN, slot

NO_ANSWER = "?"
#: Each form: the question, the slot that counts, what was said before, and what takes it up again.
FORMS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "parcel_form": (
        "parcel_recipient_name",
        "parcel_attempts",
        {"parcel_pickup": {"address": "10 Avenue de la Paix"}},
        "/create_delivery",
    ),
    "checkout_form": ("checkout_dropoff", "checkout_attempts", {"cart": slot(CHICKEN)}, "/checkout"),
    "address_form": (
        "new_dropoff",
        "dropoff_attempts",
        {"moving_code": ORDER_CODE, "moving_entity": "order_code"},
        f'/change_address{{"order_code": "{ORDER_CODE}"}}',
    ),
    "claim_form": ("claim_description", "claim_attempts", {"claim_about": ORDER_CODE}, "/claim"),
    "reference_form": (
        "payment_reference",
        "reference_attempts",
        {"payment_owed": {"about": ORDER_CODE}},
        "/payment_question",
    ),
    "tracking_form": ("delivery_code", "code_attempts", {}, "/track_delivery"),
    "rating_form": (
        "rating_score",
        "rating_attempts",
        {"rating_about": {"code": ORDER_CODE, "entity": "order_code"}},
        f'/rate{{"order_code": "{ORDER_CODE}"}}',
    ),
}
forms = pytest.mark.parametrize("form", FORMS)


async def answer(people: PeopleClient, backend: BackendClient, form: str, tries: int, language: str = "fr") -> Played:
    """One more answer that says nothing, after so many."""
    actions: dict[str, Action] = {
        "parcel_form": ValidateParcelForm(people, backend),
        "checkout_form": ValidateCheckoutForm(people),
        "address_form": ValidateAddressForm(people),
        "claim_form": ValidateClaimForm(people, backend),
        "reference_form": ValidateReferenceForm(people),
        "tracking_form": ValidateTrackingForm(people),
        "rating_form": ValidateRatingForm(people),
    }
    asked, attempts, before, _ = FORMS[form]
    message = said_by_person("nlu_fallback", text=NO_ANSWER)
    talk = tracker(message, form=form, language=language, requested_slot=asked, **before | {attempts: tries})
    talk.events.append({"event": "slot", "name": asked, "value": NO_ANSWER})
    return await play(actions[form], talk)


@forms
async def test_after_two_answers_that_do_not_do_the_form_goes_on(
    people: PeopleClient, backend: BackendClient, server: SmallServer, form: str
) -> None:
    attempts = FORMS[form][1]

    for tries, is_offered in ((0, False), (1, True)):
        played = await answer(people, backend, form, tries)

        assert (played.slots[attempts], played.next_action) == (tries + 1, None)
        assert any("/human_agent" in played.payloads for _ in played.said[-1:]) is is_offered
        assert "requested_slot" not in played.slots
    assert not any(request.url.path.endswith("/handoffs") for request in server.requests)


@forms
@pytest.mark.parametrize(("language", "on"), [("fr", "Reprendre"), ("en", "Go on")])
async def test_the_third_hands_over_with_what_was_said_and_leaves_the_form(
    people: PeopleClient, backend: BackendClient, server: SmallServer, form: str, language: str, on: str
) -> None:
    _, attempts, before, again = FORMS[form]

    played = await answer(people, backend, form, 2, language)

    (request,) = [each for each in server.requests if each.url.path.endswith("/handoffs")]
    wanted = json.loads(request.content)
    assert (wanted["reason"], wanted["summary"]["doing"] is not None) == ("lost", True)
    assert played.names == ["utter_handed_over"]
    assert f"*{on}*" in played.text
    assert (played.titles[0], played.payloads[0]) == (on, again)
    assert (played.slots["requested_slot"], played.slots[attempts], played.next_action) == (None, 0, "action_listen")
    assert not played.slots.keys() & before.keys()


async def test_the_summary_holds_the_answers_so_far(
    people: PeopleClient, backend: BackendClient, server: SmallServer
) -> None:
    await answer(people, backend, "parcel_form", 2)

    summary = json.loads(server.requests[-2].content)["summary"]
    assert (summary["doing"], summary["answers"]) == ("Envoyer un colis", ["départ: 10 Avenue de la Paix"])


async def test_while_nobody_can_be_told_nothing_of_the_kind_is_claimed(
    people: PeopleClient, backend: BackendClient, server: SmallServer
) -> None:
    server.failure = httpx.ConnectError

    played = await answer(people, backend, "parcel_form", 2)

    assert "notée" not in played.text
    assert "+242065000001" in played.text
    assert played.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("attempts", "next_action", "asked"), [(1, "shop_form", "quantity"), (2, "action_human_agent", None)]
)
async def test_the_third_answer_in_the_shop_hands_over_as_well(
    people: PeopleClient, backend: BackendClient, attempts: int, next_action: str, asked: str | None
) -> None:
    wanted: dict[str, Any] = {"product_id": "poulet-mayo", "quantity": None, "choices": [], "passed": []}
    slots: dict[str, Any] = {"shop_question": {"kind": "quantity", "attempts": attempts}, "shop_wanted": [wanted]}
    message = said_by_person("nlu_fallback", text="hmmm")

    played = await play(AnswerShop(people, backend), tracker(message, **slots))

    assert played.next_action == next_action
    assert (played.slots["shop_question"] or {}).get("kind") == asked

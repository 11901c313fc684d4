"""The questions about an order: which answers are taken, and what follows on those that are not."""

from typing import Any

import pytest

from actions.checkout.answering import ValidateCheckoutForm
from actions.checkout.changing import ChangeCheckout
from actions.people import PeopleClient
from tests.actions.checkouts import FORM, SHOWN, SUMMARY
from tests.actions.rasa import Played, play, said_by_person, tracker

TAKEN = {"checkout_problem": "none", "checkout_attempts": 0}
OPTIONS = [
    {"method": "cash", "provider": None, "pay_to": None},
    {"method": "mobile_money", "provider": "MTN MoMo", "pay_to": "+242065000001"},
    {"method": "mobile_money", "provider": "Airtel Money", "pay_to": "+242055000001"},
]
LAST = {"address": "25 Rue Malanda"}


@pytest.fixture
def form(people: PeopleClient) -> ValidateCheckoutForm:
    return ValidateCheckoutForm(people)


async def answer(
    form: ValidateCheckoutForm, field: str, value: Any, message: dict[str, Any] | None = None, **more: Any
) -> Played:
    """Hand Rasa's candidate for one slot to the form."""
    said = message or said_by_person("nlu_fallback", text=str(value))
    asked = {"requested_slot": f"checkout_{field}"} | more
    conversation = tracker(said, form=FORM, **asked)
    conversation.events.append({"event": "slot", "name": f"checkout_{field}", "value": value})
    return await play(form, conversation)


async def test_an_address_is_taken_as_it_was_said(form: ValidateCheckoutForm) -> None:
    played = await answer(form, "dropoff", " 10 avenue de\nla Paix ")

    assert played.slots == {"checkout_dropoff": {"address": "10 avenue de la Paix"}, **TAKEN}


@pytest.mark.parametrize("entity", ["usual_place", "agreed"])
async def test_the_address_of_the_last_time_is_taken_by_a_tap_or_a_yes(form: ValidateCheckoutForm, entity: str) -> None:
    said = said_by_person("affirm", text="oui", **{entity: "oui"})

    assert (await answer(form, "dropoff", "oui", said, checkout_suggested=LAST)).slots["checkout_dropoff"] == LAST


async def test_a_yes_is_no_address_where_none_was_suggested(form: ValidateCheckoutForm) -> None:
    said = said_by_person("affirm", text="d'accord", agreed="d'accord")

    assert (await answer(form, "dropoff", "d'accord", said)).slots["checkout_problem"] == "unreadable"


async def test_that_it_is_for_somebody_is_no_address(form: ValidateCheckoutForm) -> None:
    said = said_by_person("nlu_fallback", text="c'est pour ma mère", for_somebody="c'est pour ma mère")

    assert (await answer(form, "dropoff", "c'est pour ma mère", said)).slots == {"checkout_dropoff": None}


async def test_that_it_is_for_somebody_asks_for_name_and_number(form: ValidateCheckoutForm) -> None:
    said = said_by_person("nlu_fallback", text="c'est pour ma mère", for_somebody="c'est pour ma mère")

    played = await answer(form, "recipient_name", "c'est pour ma mère", said, requested_slot="checkout_note")

    assert played.names == ["utter_checkout_for_somebody"]
    assert played.slots == {"checkout_recipient_name": None, "checkout_recipient_phone": None}


async def test_the_same_words_are_a_name_where_a_name_is_asked_for(form: ValidateCheckoutForm) -> None:
    said = said_by_person("nlu_fallback", text="pour ma mère Marie", for_somebody="pour ma mère Marie")

    played = await answer(form, "recipient_name", "pour ma mère Marie", said)

    assert played.slots == {"checkout_recipient_name": "pour ma mère Marie", **TAKEN}


@pytest.mark.parametrize(
    ("field", "value"), [("dropoff", "ici"), ("recipient_name", "7"), ("recipient_phone", "0612"), ("payment", "troc")]
)
async def test_what_is_no_answer_is_asked_for_again_and_the_second_time_the_team_is_offered(
    form: ValidateCheckoutForm, field: str, value: str
) -> None:
    first = await answer(form, field, value, checkout_options=OPTIONS)
    second = await answer(form, field, value, checkout_options=OPTIONS, checkout_attempts=1)

    assert first.slots == {f"checkout_{field}": None, "checkout_problem": "unreadable", "checkout_attempts": 1}
    assert first.said == []
    assert second.names == ["utter_checkout_stuck"]


@pytest.mark.parametrize(
    ("said", "method", "provider"),
    [
        ("en espèces", "cash", None),
        ("à la livraison", "cash", None),
        ("MTN", "mobile_money", "MTN MoMo"),
        ("avec airtel money stp", "mobile_money", "Airtel Money"),
    ],
)
async def test_a_way_to_pay_is_known_by_its_words(
    form: ValidateCheckoutForm, said: str, method: str, provider: str | None
) -> None:
    played = await answer(form, "payment", said, checkout_options=OPTIONS)

    assert played.slots == {"checkout_payment": {"method": method, "provider": provider}, **TAKEN}


@pytest.mark.parametrize(("options", "taken"), [(OPTIONS, False), (OPTIONS[:2], True)])
async def test_mobile_money_alone_is_enough_where_there_is_one(
    form: ValidateCheckoutForm, options: list[dict[str, Any]], taken: bool
) -> None:
    played = await answer(form, "payment", "mobile money", checkout_options=options)

    assert (played.slots["checkout_payment"] is not None) is taken


async def test_another_way_to_pay_may_be_named_at_any_question(form: ValidateCheckoutForm) -> None:
    played = await answer(form, "payment", "mtn", checkout_options=OPTIONS, requested_slot="checkout_confirmed")

    assert played.slots["checkout_payment"]["provider"] == "MTN MoMo"


@pytest.mark.parametrize(
    ("message", "note"),
    [
        (said_by_person("deny", text="non"), ""),
        (said_by_person("order_product", text="passer", skipping="passer"), ""),
        (said_by_person("nlu_fallback", text="portail\nbleu"), "portail bleu"),
    ],
)
async def test_a_note_is_kept_on_one_line_or_passed_over(
    form: ValidateCheckoutForm, message: dict[str, Any], note: str
) -> None:
    assert (await answer(form, "note", message["text"], message)).slots == {"checkout_note": note, **TAKEN}


@pytest.mark.parametrize(("tapped", "counts"), [({}, True), ({"order_summary": SUMMARY}, True)])
async def test_a_yes_to_the_summary_on_the_screen_counts(
    form: ValidateCheckoutForm, tapped: dict[str, str], counts: bool
) -> None:
    played = await answer(form, "confirmed", True, said_by_person("affirm", **tapped), checkout_summary=SHOWN)

    assert played.slots == {"checkout_confirmed": counts}


async def test_the_button_of_an_earlier_summary_does_not(form: ValidateCheckoutForm) -> None:
    tapped = said_by_person("affirm", order_summary="0197-earlier")

    played = await answer(form, "confirmed", True, tapped, checkout_summary=SHOWN)

    assert played.names == ["utter_order_summary_replaced"]
    assert played.slots == {"checkout_confirmed": None}


async def test_a_slot_that_an_action_emptied_is_no_attempt(form: ValidateCheckoutForm) -> None:
    for field in ("dropoff", "recipient_name", "recipient_phone", "payment", "note", "confirmed"):
        assert (await answer(form, field, None)).slots == {f"checkout_{field}": None}


async def test_another_address_is_no_note_and_the_question_waits(form: ValidateCheckoutForm) -> None:
    text = "livrez plutôt rue Malanda"

    played = await answer(form, "note", text, said_by_person("change_address", text=text, address=text))

    assert played.slots == {"checkout_note": None, "checkout_dropoff": {"address": "rue Malanda"}, **TAKEN}


async def test_an_answer_with_a_wish_around_it_is_the_address_alone(form: ValidateCheckoutForm) -> None:
    played = await answer(form, "dropoff", "livrez plutôt au 25 Rue Malanda svp")

    assert played.slots["checkout_dropoff"] == {"address": "25 Rue Malanda"}


async def test_an_address_that_is_said_with_the_change_is_not_asked_for() -> None:
    message = said_by_person("change_address", text="deliver to 12 Main Street instead", parcel_field="dropoff")

    played = await play(ChangeCheckout(), tracker(message, form=FORM, requested_slot="checkout_payment"))

    assert played.slots == {"checkout_dropoff": {"address": "12 Main Street"}, **TAKEN}
    assert (played.said, played.next_action) == ([], FORM)

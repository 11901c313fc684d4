"""How a dish is to be: read with what is ordered or by itself, shown in the cart and the summary, told the backend."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.checkout.answering import ValidateCheckoutForm
from actions.checkout.confirming import AskOrderConfirmation
from actions.checkout.placing import PlaceOrder
from actions.fallback import DefaultFallback
from actions.people import PeopleClient
from actions.shop import AnswerShop, BrowseProducts, NoteForMerchant, OrderProduct, ShowCart
from actions.shop.wishes import read_note, read_wishes
from backend import BackendClient
from tests.actions.checkouts import ANSWERED, ASKER, FORM, LINE, PLACED, QUOTED
from tests.actions.rasa import Played, play, said_by_person, tracker
from tests.actions.shops import BREAD, CHICKEN, slot
from tests.backend.fake_backend import Backend, as_json


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("un poulet mayo sans piment", [("poulet mayo", 1, "sans piment")]),
        ("2 poulets mayo sans piment et une chikwangue", [("poulets mayo", 2, "sans piment"), ("chikwangue", 1, "")]),
        ("one chicken mayo, no onions, extra sauce", [("chicken mayo", 1, "no onions, extra sauce")]),
        ("un poulet bien cuit sans piment ni oignons", [("poulet", 1, "bien cuit, sans piment ni oignons")]),
        ("sans piment, 2 poulets mayo", [("poulets mayo", 2, "sans piment")]),
        ("2 poulets, un sans piment", [("poulets", 2, "1 sans piment")]),
        ("un poulet mayo avec du riz sans sauce", [("poulet mayo", 1, "sans sauce")]),
        ("3 brochettes pas trop épicées svp", [("brochettes", 3, "pas trop épicées")]),
        ("huile extra vierge", [("huile extra vierge", None, "")]),
        ("je veux plus de riz", [("riz", None, "")]),
    ],
)
def test_how_it_is_to_be_is_told_apart_from_what_it_is(text: str, wishes: list[tuple[str, int | None, str]]) -> None:
    assert [(wish.words, wish.quantity, wish.note) for wish in read_wishes(text)] == wishes


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("sans piment svp", "sans piment"),
        ("je le veux sans piment", "sans piment"),
        ("no onions, extra sauce", "no onions, extra sauce"),
        ("un poulet sans piment", ""),
        ("no thanks", ""),
        ("pas de souci", ""),
        ("sans problème", ""),
    ],
)
def test_a_note_by_itself_says_nothing_else(text: str, note: str) -> None:
    assert read_note(text) == note


PIECES = st.sampled_from(
    [
        "sans",
        "no",
        "extra",
        "pas",
        "de",
        "piment",
        "oignons",
        "poulet",
        "2",
        "et",
        ",",
        "§1",
        "§",
        "bien",
        "cuit",
        "ni",
        "svp",
        "with",
    ]
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=40).map(" ".join))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read_note(text), str)
    assert all("§" not in wish.words + wish.note for wish in read_wishes(text))


async def ordered(people: PeopleClient, backend: BackendClient, text: str, **slots: Any) -> Played:
    return await play(OrderProduct(people, backend), tracker(said_by_person("order_product", text=text), **slots))


def notes(played: Played) -> list[tuple[str, int, str]]:
    """What the cart holds after an action, with its notes."""
    return [(line["product_id"], line["quantity"], line["note"]) for line in played.slots["cart"]["lines"]]


async def test_it_stands_in_the_cart_beside_what_it_is_about(people: PeopleClient, backend: BackendClient) -> None:
    played = await ordered(people, backend, "deux poulets mayo sans piment")

    assert notes(played) == [("poulet-mayo", 2, "sans piment")]
    assert "\n   📝 sans piment\n" in played.text


async def test_the_same_dish_made_otherwise_is_a_line_of_its_own(people: PeopleClient, backend: BackendClient) -> None:
    played = await ordered(people, backend, "un poulet mayo sans piment", cart=slot(CHICKEN))

    assert notes(played) == [("poulet-mayo", 2, ""), ("poulet-mayo", 1, "sans piment")]


@pytest.mark.parametrize("intent", ["order_product", "browse_products", "show_cart", "nlu_fallback"])
async def test_a_dish_of_the_cart_named_with_how_it_is_to_be_is_not_ordered_again(
    people: PeopleClient, backend: BackendClient, intent: str
) -> None:
    actions = {
        "order_product": OrderProduct(people, backend),
        "browse_products": BrowseProducts(people, backend),
        "show_cart": ShowCart(people, backend),
        "nlu_fallback": DefaultFallback(people, backend),
    }
    message = said_by_person(intent, ("nlu_fallback", "order_product"), "le poulet sans oignons")
    talk = tracker(message, cart=slot(CHICKEN, BREAD))

    played = await play(actions[intent], talk)
    if intent != "order_product":
        assert (played.said, played.next_action) == ([], "action_order_product")
        played = await play(actions["order_product"], talk)

    assert notes(played) == [("poulet-mayo", 2, "sans oignons"), ("chikwangue", 1, "")]
    assert "📝 Noté pour le commerçant : sans oignons" in played.text


async def noted(people: PeopleClient, backend: BackendClient, text: str, **slots: Any) -> Played:
    """What comes of a message that says how a dish is to be and nothing else."""
    message = said_by_person("nlu_fallback", text=text, preparation=text)
    taken_up = await play(DefaultFallback(people, backend), tracker(message, **slots))
    assert taken_up.next_action == "action_note_for_merchant"
    return await play(NoteForMerchant(people, backend), tracker(message, **slots))


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "sans piment svp", "📝 Noté pour le commerçant : sans piment"),
        ("en", "no onions, extra sauce", "📝 Noted for the merchant: no onions, extra sauce"),
    ],
)
async def test_by_itself_it_is_about_the_one_thing_in_the_cart(
    people: PeopleClient, backend: BackendClient, language: str, text: str, said: str
) -> None:
    played = await noted(people, backend, text, language=language, cart=slot(CHICKEN))

    assert said in played.text
    assert [note for *_, note in notes(played)] == [said.split(": ")[1]]


async def test_by_itself_it_is_about_all_of_several_things(people: PeopleClient, backend: BackendClient) -> None:
    first = await noted(people, backend, "sans piment", cart=slot(CHICKEN, BREAD))
    again = await noted(people, backend, "sans piment et bien cuit", cart=first.slots["cart"])

    assert first.slots["cart"]["note"] == "sans piment"
    assert again.slots["cart"]["note"] == "sans piment, bien cuit"
    assert "\n📝 sans piment, bien cuit\n" in again.text


async def test_without_anything_to_note_it_on_one_hears_how(people: PeopleClient, backend: BackendClient) -> None:
    order = {"shown_order": {"code": "CMD-20250127-012", "delivery": "COUR-1"}, "shown_delivery": "COUR-1"}

    nothing = await noted(people, backend, "sans piment")
    too_late = await noted(people, backend, "sans piment", **order)

    assert nothing.names == ["utter_note_about_what"]
    assert too_late.names == ["utter_note_too_late"]
    assert too_late.payloads[0] == '/contact_merchant{"order_code": "CMD-20250127-012"}'


async def test_in_the_summary_it_is_noted_and_the_summary_shown_again(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await noted(people, backend, "sans piment", form=FORM, **ANSWERED)

    assert played.names == ["utter_note_taken"]
    assert (played.next_action, notes(played)) == (FORM, [("poulet-mayo", 2, "sans piment")])


@pytest.mark.parametrize("field", ["dropoff", "payment", "recipient_name", "recipient_phone"])
async def test_it_answers_no_other_question_of_an_order(people: PeopleClient, field: str) -> None:
    text = "sans piment svp"
    message = said_by_person("nlu_fallback", text=text, preparation=text)
    talk = tracker(message, form=FORM, requested_slot=f"checkout_{field}", cart=slot(CHICKEN))
    talk.events.append({"event": "slot", "name": f"checkout_{field}", "value": text})

    played = await play(ValidateCheckoutForm(people), talk)

    assert played.names == ["utter_note_taken"]
    assert (played.slots[f"checkout_{field}"], notes(played)) == (None, [("poulet-mayo", 2, "sans piment")])
    assert "checkout_attempts" not in played.slots


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [("fr", "enlève la note", "aucune note"), ("en", "no special instructions", "no note")],
)
async def test_what_was_noted_can_be_taken_off(
    people: PeopleClient, backend: BackendClient, language: str, text: str, said: str
) -> None:
    lines = [line | {"note": "bien cuit"} for line in slot(CHICKEN, BREAD)["lines"]]
    cart = slot(CHICKEN, BREAD) | {"lines": lines, "note": "sans piment"}

    played = await noted(people, backend, text, language=language, cart=cart)

    assert said in played.text
    assert (played.slots["cart"]["note"], [note for *_, note in notes(played)]) == ("", ["", ""])


async def test_in_a_summary_the_word_to_the_courier_goes_as_well(people: PeopleClient, backend: BackendClient) -> None:
    order = await noted(people, backend, "sans note", form=FORM, **ANSWERED | {"checkout_note": "portail bleu"})
    parcel = await noted(people, backend, "sans note", form="parcel_form", parcel_note="portail bleu")

    assert (order.names, order.next_action) == (["utter_notes_off"], FORM)
    assert (order.slots["checkout_note"], notes(order)) == ("", [("poulet-mayo", 2, "")])
    assert (parcel.slots, parcel.next_action) == ({"parcel_note": "", "parcel_quote": None}, "parcel_form")


@pytest.mark.parametrize(("field", "value"), [("note", ""), ("payment", None), ("dropoff", None)])
async def test_at_the_question_for_a_note_it_is_none_and_at_another_no_answer(
    people: PeopleClient, field: str, value: str | None
) -> None:
    text = "sans note"
    message = said_by_person("nlu_fallback", text=text, preparation=text)
    line = slot(CHICKEN)["lines"][0] | {"note": "sans piment"}
    cart = slot(CHICKEN) | {"lines": [line]}
    talk = tracker(message, form=FORM, requested_slot=f"checkout_{field}", cart=cart)
    talk.events.append({"event": "slot", "name": f"checkout_{field}", "value": text})

    played = await play(ValidateCheckoutForm(people), talk)

    assert played.slots[f"checkout_{field}"] == value
    assert played.names == ([] if field == "note" else ["utter_notes_off"])


async def test_in_the_middle_of_a_question_of_the_shop_it_waits_with_what_is_wanted(
    people: PeopleClient, backend: BackendClient
) -> None:
    wanted: dict[str, Any] = {"product_id": "poulet-mayo", "quantity": None, "choices": [], "passed": []}
    asked: dict[str, Any] = {"shop_question": {"kind": "quantity", "attempts": 0}, "shop_wanted": [wanted]}
    answer = AnswerShop(people, backend)

    first = await play(answer, tracker(said_by_person("nlu_fallback", text="sans piment"), **asked))
    then = asked | {name: first.slots[name] for name in asked}
    second = await play(answer, tracker(said_by_person("nlu_fallback", text="deux"), **then))

    assert (first.next_action, first.slots["shop_question"]["attempts"]) == ("shop_form", 0)
    assert notes(second) == [("poulet-mayo", 2, "sans piment")]


async def test_the_summary_shows_it_and_the_backend_is_told_line_by_line(people: PeopleClient) -> None:
    quoted = QUOTED | {"lines": [LINE | {"note": "sans piment"}]}
    backend = Backend(as_json(quoted), as_json(PLACED, 201))
    lines = [ANSWERED["cart"]["lines"][0] | {"note": "sans piment"}]
    talk: dict[str, Any] = ANSWERED | {"cart": ANSWERED["cart"] | {"note": "couverts svp", "lines": lines}}

    ask, place = AskOrderConfirmation(people, backend.client()), PlaceOrder(people, backend.client())
    shown = await play(ask, tracker(said_by_person(), ASKER, form=FORM, **talk))
    yes = said_by_person("affirm", order_summary=shown.slots["checkout_summary"]["id"])
    await play(place, tracker(yes, ASKER, **talk | shown.slots))

    assert "📝 sans piment" in shown.text
    assert "📝 couverts svp · portail bleu" in shown.text
    asked, told = (json.loads(request.content) for request in backend.requests)
    assert asked["lines"][0]["note"] == told["lines"][0]["note"] == "sans piment"
    assert told["note"] == "couverts svp · portail bleu"

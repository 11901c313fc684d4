"""The questions about a parcel: which answers are taken, and what follows on those that are not."""

from typing import Any

import httpx
import pytest

from actions.parcel import ValidateParcelForm
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.parcels import FILLED, FORM, QUOTE
from tests.actions.people import SmallServer
from tests.actions.rasa import Played, play, said_by_person, tracker, variations
from tests.backend.fake_backend import Backend

TAKEN = {"parcel_quote": None, "parcel_problem": "none", "parcel_attempts": 0}


@pytest.fixture
def form(people: PeopleClient, backend: BackendClient) -> ValidateParcelForm:
    return ValidateParcelForm(people, backend)


async def answer(
    form: ValidateParcelForm, field: str, value: Any, message: dict[str, Any] | None = None, **more: Any
) -> Played:
    """Hand Rasa's candidate for one slot to the form."""
    said = message or said_by_person("nlu_fallback", text=str(value))
    conversation = tracker(said, form=FORM, **{"requested_slot": f"parcel_{field}", **more})
    conversation.events.append({"event": "slot", "name": f"parcel_{field}", "value": value})
    return await play(form, conversation)


@pytest.mark.parametrize("field", ["pickup", "dropoff"])
async def test_an_address_is_taken_as_it_was_said(form: ValidateParcelForm, field: str) -> None:
    played = await answer(form, field, " 10 avenue de\nla Paix ")

    assert played.slots == {f"parcel_{field}": {"address": "10 avenue de la Paix"}, **TAKEN}


@pytest.mark.parametrize("field", ["pickup", "dropoff"])
async def test_a_shared_location_is_a_place(form: ValidateParcelForm, field: str) -> None:
    shared = said_by_person("share_location", latitude="-4.26", longitude="15.286")

    played = await answer(form, field, "shared", shared)

    assert played.slots == {f"parcel_{field}": {"latitude": -4.26, "longitude": 15.286}, **TAKEN}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pickup", "ici"),
        ("dropoff", "c'est où ?"),
        ("dropoff", "I want to buy airtime"),
        ("recipient_name", "?"),
        ("recipient_name", "7"),
        ("recipient_phone", "12345"),
        ("recipient_phone", "je ne l'ai pas sur moi"),
        ("value", "pas grand-chose"),
        ("value", "5,5"),
    ],
)
async def test_what_is_no_answer_is_asked_for_again(form: ValidateParcelForm, field: str, value: str) -> None:
    played = await answer(form, field, value)

    assert played.slots == {f"parcel_{field}": None, "parcel_problem": "unreadable", "parcel_attempts": 1}
    assert played.said == []


async def test_the_second_time_the_team_is_offered(form: ValidateParcelForm) -> None:
    played = await answer(form, "recipient_phone", "0612", parcel_attempts=1)

    assert played.names == ["utter_parcel_stuck"]
    assert played.payloads == ["/human_agent", "/cancel"]


@pytest.mark.parametrize(
    ("sender", "typed", "phone"),
    [
        ("grace", "c'est le 06 123 45 76", "+242061234576"),
        ("grace", "+33 6 12 34 56 78", "+33612345678"),
        ("grace", "242 06 123 4576", "+242061234576"),
        ("sami", "22 905 617", "+21622905617"),
    ],
)
async def test_a_number_is_kept_in_full(form: ValidateParcelForm, sender: str, typed: str, phone: str) -> None:
    played = await answer(form, "recipient_phone", typed, sender=sender)

    assert played.slots == {"parcel_recipient_phone": phone, **TAKEN}


async def test_without_the_server_an_international_number_is_still_one(
    form: ValidateParcelForm, server: SmallServer
) -> None:
    server.failure = httpx.ConnectError

    assert (await answer(form, "recipient_phone", "+242061234576")).slots["parcel_recipient_phone"] == "+242061234576"
    assert (await answer(form, "recipient_phone", "06 123 45 76")).slots["parcel_recipient_phone"] is None


async def test_mine_is_the_number_one_writes_from(form: ValidateParcelForm) -> None:
    message = said_by_person("reorder", text="le même que le mien", own_number="le même que le mien")

    played = await answer(form, "recipient_phone", "le même que le mien", message)

    assert played.slots == {"parcel_recipient_phone": "+242061234567", **TAKEN}


@pytest.mark.parametrize(
    ("field", "other", "value"),
    [
        ("dropoff", {"parcel_pickup": {"address": "62 Avenue Loutassi"}}, "62 avenue  loutassi"),
        ("pickup", {"parcel_dropoff": {"address": "62 Avenue Loutassi"}}, "62 Avenue Loutassi"),
        ("dropoff", {"parcel_pickup": {"latitude": -4.26, "longitude": 15.286}}, "shared"),
    ],
)
async def test_a_parcel_goes_to_another_place_than_it_comes_from(
    form: ValidateParcelForm, field: str, other: dict[str, Any], value: str
) -> None:
    shared = said_by_person("share_location", latitude="-4.26", longitude="15.286") if value == "shared" else None

    played = await answer(form, field, value, shared, **other)

    assert played.slots == {f"parcel_{field}": None, "parcel_problem": "same", "parcel_attempts": 1}


HERE, PARIS = {"address": "62 Avenue Loutassi"}, {"latitude": 48.85, "longitude": 2.35}
POINT = said_by_person("share_location", latitude="48.85", longitude="2.35")


@pytest.mark.parametrize(
    ("field", "value", "message", "other", "asked"),
    [
        ("dropoff", "shared", POINT, {"parcel_pickup": HERE}, "dropoff"),
        ("pickup", "shared", POINT, {"parcel_dropoff": HERE}, "pickup"),
        ("dropoff", "8 avenue Matsoua", None, {"parcel_pickup": PARIS}, "pickup"),
    ],
)
async def test_a_place_too_far_away_is_told_before_the_next_question(
    form: ValidateParcelForm, field: str, value: str, message: Any, other: dict[str, Any], asked: str
) -> None:
    played = await answer(form, field, value, message, **other)

    assert (played.slots[f"parcel_{asked}"], played.slots["parcel_problem"]) == (None, "outside")
    if asked != field:
        assert played.slots[f"parcel_{field}"] == {"address": value}


@pytest.mark.parametrize("field", ["pickup", "dropoff"])
async def test_a_place_that_was_taken_before_stays_as_it_is(form: ValidateParcelForm, field: str) -> None:
    assert (await answer(form, field, HERE)).slots == {f"parcel_{field}": HERE}


async def test_while_the_backend_is_away_the_summary_finds_out(people: PeopleClient) -> None:
    form = ValidateParcelForm(people, Backend(httpx.Response(503)).client())

    played = await answer(form, "dropoff", "shared", POINT, parcel_pickup=HERE)

    assert played.slots == {"parcel_dropoff": PARIS, **TAKEN}


@pytest.mark.parametrize("field", ["value", "note"])
async def test_a_way_to_pay_answers_another_question(form: ValidateParcelForm, field: str) -> None:
    message = said_by_person("nlu_fallback", text="airtel", payment_way="airtel")

    assert (await answer(form, field, "airtel", message)).slots == {f"parcel_{field}": None}


async def test_before_there_is_a_price_the_way_to_pay_is_kept_in_words(form: ValidateParcelForm) -> None:
    played = await answer(form, "payment", "airtel", requested_slot="parcel_note")

    assert played.slots == {"parcel_payment": {"wanted": "airtel"}, **TAKEN}


@pytest.mark.parametrize(("sender", "typed", "value"), [("grace", "10k", "10000"), ("sami", "18,500", "18.500")])
async def test_an_amount_is_of_the_currency_of_the_business(
    form: ValidateParcelForm, sender: str, typed: str, value: str
) -> None:
    assert (await answer(form, "value", typed, sender=sender)).slots["parcel_value"] == value


@pytest.mark.parametrize("field", ["value", "note"])
@pytest.mark.parametrize(
    "message", [said_by_person("deny", text="non"), said_by_person("order_product", text="passer", skipping="passer")]
)
async def test_what_need_not_be_said_may_be_passed_over(
    form: ValidateParcelForm, field: str, message: dict[str, Any]
) -> None:
    played = await answer(form, field, message["text"], message)

    assert played.slots == {f"parcel_{field}": "", **TAKEN}


async def test_a_note_is_kept_on_one_line(form: ValidateParcelForm) -> None:
    assert (await answer(form, "note", "2e étage\nporte bleue")).slots["parcel_note"] == "2e étage porte bleue"


async def test_what_the_courier_must_not_do_is_a_note(form: ValidateParcelForm) -> None:
    message = said_by_person("deny", text="ne pas secouer", instruction="ne pas secouer")

    assert (await answer(form, "note", "ne pas secouer", message)).slots["parcel_note"] == "ne pas secouer"


async def test_a_slot_that_an_action_emptied_is_no_attempt(form: ValidateParcelForm) -> None:
    for field in ("pickup", "dropoff", "recipient_name", "recipient_phone", "value", "note", "confirmed"):
        assert (await answer(form, field, None)).slots == {f"parcel_{field}": None}


async def test_what_was_answered_before_the_form_was_left_still_counts(form: ValidateParcelForm) -> None:
    conversation = tracker(said_by_person("create_delivery"), form=FORM, **FILLED, parcel_quote=QUOTE)
    conversation.events.extend({"event": "slot", "name": name, "value": value} for name, value in FILLED.items())

    assert (await play(form, conversation)).events == []


@pytest.mark.parametrize("tapped", [{}, {"parcel_summary": QUOTE["id"]}])
async def test_a_yes_to_the_summary_on_the_screen_counts(form: ValidateParcelForm, tapped: dict[str, str]) -> None:
    played = await answer(form, "confirmed", True, said_by_person("affirm", **tapped), parcel_quote=QUOTE)

    assert played.slots == {"parcel_confirmed": True}


async def test_the_button_of_an_earlier_summary_does_not(form: ValidateParcelForm) -> None:
    tapped = said_by_person("affirm", parcel_summary="0197-earlier")

    played = await answer(form, "confirmed", True, tapped, parcel_quote=QUOTE)

    assert played.names == ["utter_parcel_summary_replaced"]
    assert played.slots == {"parcel_confirmed": None}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("field", "problems"),
    [
        ("pickup", ("none", "unreadable", "same", "unclear", "outside")),
        ("dropoff", ("none", "unreadable", "same", "unclear", "outside")),
        ("recipient_name", ("none", "unreadable")),
        ("recipient_phone", ("none", "unreadable")),
        ("value", ("none", "unreadable")),
        ("note", ("none",)),
    ],
)
def test_each_question_has_words_for_whatever_was_wrong(language: str, field: str, problems: tuple[str, ...]) -> None:
    for problem in problems:
        assert variations(f"utter_ask_parcel_form_parcel_{field}", {"language": language, "parcel_problem": problem})

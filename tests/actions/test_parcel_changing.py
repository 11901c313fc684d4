"""Another answer, one question back, and laying a parcel aside."""

import pytest

from actions.parcel import ChangeParcel, HelpWithParcel, LeaveParcel
from actions.people import PeopleClient
from actions.tracking import TrackDelivery
from backend import BackendClient
from tests.actions.parcels import FILLED, FORM, QUOTE
from tests.actions.rasa import play, said_by_person, tracker


async def test_the_answer_that_was_named_is_asked_for_again() -> None:
    message = said_by_person("change_address", parcel_field="recipient_phone")

    played = await play(ChangeParcel(), tracker(message, form=FORM, **FILLED, parcel_quote=QUOTE))

    assert played.slots["parcel_recipient_phone"] is None
    assert played.slots["parcel_quote"] is None
    assert played.next_action == FORM


@pytest.mark.parametrize(("language", "first"), [("fr", "📍 Départ"), ("en", "📍 Pick-up")])
async def test_else_one_chooses_among_the_answers_so_far(language: str, first: str) -> None:
    played = await play(ChangeParcel(), tracker(said_by_person("deny"), language=language, form=FORM, **FILLED))

    assert played.titles[0] == first
    assert len(played.titles) == 6
    assert played.payloads[5] == '/change_address{"parcel_field": "note"}'
    assert played.next_action == "action_listen"
    assert {row["description"] for row in played.said[0]["buttons"]} >= {"Marie Okemba", "+242 06 123 4576", "📍"}


@pytest.mark.parametrize("wanted", [{"wanted": "mtn"}, "mtn"])
async def test_a_way_to_pay_that_waits_for_its_price_is_no_answer_yet(wanted: object) -> None:
    waiting = FILLED | {"parcel_payment": wanted}

    played = await play(ChangeParcel(), tracker(said_by_person("deny"), form=FORM, **waiting))

    assert played.said[0]["buttons"][-1]["description"] == "–"


async def test_what_was_passed_over_may_be_changed_too() -> None:
    played = await play(ChangeParcel(), tracker(said_by_person("deny"), form=FORM, **FILLED | {"parcel_note": ""}))

    assert played.said[0]["buttons"][5]["description"] == "–"


@pytest.mark.parametrize("message", [said_by_person("deny"), said_by_person("change_address", parcel_field="colour")])
async def test_without_an_answer_there_is_nothing_to_change(message: dict[str, object]) -> None:
    played = await play(ChangeParcel(), tracker(message, form=FORM))

    assert played.said == []
    assert played.next_action == FORM


@pytest.mark.parametrize(
    ("asked", "before"),
    [("parcel_dropoff", "parcel_pickup"), ("parcel_note", "parcel_value"), ("parcel_confirmed", "parcel_note")],
)
async def test_one_goes_back_by_one_question(asked: str, before: str) -> None:
    message = said_by_person("help", step_back="retour")

    played = await play(HelpWithParcel(), tracker(message, form=FORM, **FILLED, requested_slot=asked))

    assert played.slots[before] is None
    assert played.said == []
    assert played.next_action == FORM


@pytest.mark.parametrize(
    ("message", "asked"),
    [(said_by_person("help"), "parcel_note"), (said_by_person("help", step_back="retour"), "parcel_pickup")],
)
async def test_the_menu_is_shown_and_the_question_put_again(message: dict[str, object], asked: str) -> None:
    played = await play(HelpWithParcel(), tracker(message, form=FORM, requested_slot=asked))

    assert played.names == ["utter_help"]
    assert played.next_action == FORM


async def test_a_parcel_that_is_left_is_forgotten() -> None:
    played = await play(LeaveParcel(), tracker(said_by_person("cancel"), **FILLED, parcel_quote=QUOTE))

    assert played.names == ["utter_parcel_left"]
    assert all(played.slots[name] is None for name in [*FILLED, "parcel_quote", "parcel_confirmed"])


async def test_asking_where_a_parcel_is_asks_for_no_code_in_between(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(TrackDelivery(people, backend), tracker(said_by_person(), "aline", form=FORM))

    assert played.names == ["utter_no_deliveries"]
    assert played.next_action is None


@pytest.mark.parametrize(
    ("text", "entities", "slot"),
    [
        ("livrez plutôt rue Malanda", {}, "parcel_dropoff"),
        ("change the delivery address to rue Malanda", {"parcel_field": "dropoff"}, "parcel_dropoff"),
        ("l'adresse de départ, c'est rue Malanda", {"parcel_field": "pickup"}, "parcel_pickup"),
    ],
)
async def test_an_address_that_is_said_with_the_change_is_not_asked_for(
    text: str, entities: dict[str, str], slot: str
) -> None:
    message = said_by_person("change_address", text=text, **entities)

    played = await play(ChangeParcel(), tracker(message, form=FORM, **FILLED, parcel_quote=QUOTE))

    assert (played.slots[slot], played.slots["parcel_quote"]) == ({"address": "rue Malanda"}, None)
    assert (played.said, played.next_action) == ([], FORM)

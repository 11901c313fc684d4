"""How a parcel is paid: nobody is asked, and whoever wants it otherwise may say so."""

from typing import Any

import httpx

from actions.parcel import AskParcelConfirmation, AskParcelPayment, CreateParcel
from actions.people import PeopleClient
from tests.actions.checkouts import DUE
from tests.actions.parcels import ASKER, CREATED, FILLED, FORM, QUOTE, QUOTED, refusal
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json

YES = said_by_person("affirm")
MTN = {"method": "mobile_money", "provider": "MTN MoMo"}
TWO_WAYS = QUOTED | {"payment_options": [{"method": "cash"}, MTN | {"pay_to": "+242065000001"}]}


def conversation(**slots: Any) -> Any:
    return tracker(YES, ASKER, form=FORM, **FILLED | slots)


async def test_nobody_is_asked_who_has_not_said_so(people: PeopleClient) -> None:
    backend = Backend(httpx.Response(500))

    played = await play(AskParcelPayment(people, backend.client()), conversation())

    assert played.said == []
    assert played.slots["parcel_payment"] == {}
    assert played.next_action == FORM
    assert backend.requests == []


async def test_who_wants_it_otherwise_chooses_among_what_is_offered(people: PeopleClient) -> None:
    ask = AskParcelPayment(people, Backend(as_json(TWO_WAYS)).client())

    played = await play(ask, conversation(parcel_problem="chosen"))

    assert played.titles == ["En espèces", "MTN MoMo"]
    assert [each["method"] for each in played.slots["checkout_options"]] == ["cash", "mobile_money"]


async def test_where_there_is_no_choice_none_is_offered(people: PeopleClient) -> None:
    ask = AskParcelPayment(people, Backend(as_json(QUOTED)).client())

    played = await play(ask, conversation(parcel_problem="chosen"))

    assert played.said == []
    assert played.next_action == FORM


async def test_an_address_that_will_not_do_goes_before(people: PeopleClient) -> None:
    ask = AskParcelPayment(people, Backend(refusal("outside_area"), refusal("outside_area")).client())

    assert (await play(ask, conversation(parcel_problem="chosen"))).slots["parcel_pickup"] is None


async def test_what_was_said_before_there_was_a_price_counts_if_it_is_offered(people: PeopleClient) -> None:
    unread = "mtn"  # said while no question was open
    for wanted, said in (
        ({"wanted": "mtn"}, "MTN MoMo"),
        ({"wanted": "par carte"}, "en espèces"),
        (unread, "MTN MoMo"),
    ):
        ask = AskParcelConfirmation(people, Backend(as_json(TWO_WAYS)).client())

        played = await play(ask, conversation(parcel_payment=wanted))

        assert said in played.said[0]["text"]


async def test_the_summary_says_what_was_chosen_while_it_is_offered(people: PeopleClient) -> None:
    for offered, said in ((TWO_WAYS, "par MTN MoMo"), (QUOTED, "en espèces")):
        ask = AskParcelConfirmation(people, Backend(as_json(offered)).client())
        assert said in (await play(ask, conversation(parcel_payment=MTN))).text


async def test_mobile_money_asks_for_the_reference(people: PeopleClient) -> None:
    due = CREATED | {"payment": DUE | {"about": CREATED["code"]}}
    ready = tracker(YES, ASKER, **FILLED | {"parcel_quote": QUOTE | MTN})

    played = await play(CreateParcel(people, Backend(as_json(due, 201)).client()), ready)

    assert played.slots["payment_owed"]["about"] == CREATED["code"]
    assert played.next_action == "reference_form"

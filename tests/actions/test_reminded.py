"""Answers to a pushed reminder: what each says happened, and that no open question takes one for its own."""

import json

import httpx
import pytest
from rasa_sdk import Action

from actions.affirming import Affirm
from actions.checkout.answering import ValidateCheckoutForm
from actions.claims import ValidateClaimForm
from actions.moving import ValidateAddressForm
from actions.parcel import ValidateParcelForm
from actions.people import PeopleClient
from actions.shop import AnswerShop
from actions.team import HumanAgent
from backend import BackendClient
from tests.actions.people import SmallServer
from tests.actions.rasa import play, tapped, tracker
from tests.backend.fake_backend import Backend, as_json, fails

UNDER_WAY, DELIVERED, ANOTHERS = "COUR-20250127-061", "COUR-20250124-032", "COUR-20250127-071"


def there(code: str = UNDER_WAY) -> dict[str, object]:
    return tapped("affirm", delivery_code=code, reminder_reply="confirm")


LATER = tapped("human_agent", delivery_code=UNDER_WAY, reminder_reply="reschedule")


@pytest.mark.parametrize(("language", "said"), [("fr", "vous serez là pour"), ("en", "you will be there for")])
@pytest.mark.parametrize("code", [UNDER_WAY, ANOTHERS])
async def test_i_will_be_there_is_noted_for_that_delivery(
    people: PeopleClient, backend: BackendClient, language: str, said: str, code: str
) -> None:
    """Also where somebody else has it sent to them: then the backend knows it under another number."""
    played = await play(Affirm(people, backend), tracker(there(code), language=language))

    assert played.names == ["utter_reminder_confirmed"]
    assert f"{said} *{code}*" in played.text
    assert played.payloads[0] == f'/human_agent{{"delivery_code": "{code}", "reminder_reply": "reschedule"}}'
    assert played.slots == {"shown_delivery": code}


@pytest.mark.parametrize("lost", [fails(httpx.ConnectError), as_json({}, 500)])
async def test_while_the_backend_is_away_it_is_noted_all_the_same(people: PeopleClient, lost: httpx.Response) -> None:
    played = await play(Affirm(people, Backend(lost, lost).client()), tracker(there()))

    assert played.names == ["utter_reminder_confirmed"]


async def test_for_what_has_arrived_meanwhile_nobody_need_be_there(
    people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(Affirm(people, backend), tracker(there(DELIVERED)))

    assert played.names == ["utter_delivery"]
    assert "Livré" in played.text


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Je ne peux pas changer l'heure de"), ("en", "I can't change the time of")]
)
async def test_another_hour_is_for_the_team_which_reads_which_delivery(
    people: PeopleClient, server: SmallServer, language: str, said: str
) -> None:
    talk = tracker(LATER, language=language, shown_delivery=UNDER_WAY)

    played = await play(HumanAgent(people), talk)

    [request] = [each for each in server.requests if each.url.path.endswith("/handoffs")]
    summary = json.loads(request.content)["summary"]
    assert (summary["wishes"], summary["about"]) == ([f"Changer l'heure de {UNDER_WAY}"], [UNDER_WAY])
    assert f"{said} *{UNDER_WAY}*" in played.text


@pytest.mark.parametrize("answer", [there(), LATER, tapped("affirm", claim_summary="of something else")])
async def test_no_summary_takes_the_button_of_another_question_for_its_yes(
    people: PeopleClient, backend: BackendClient, answer: dict[str, object]
) -> None:
    forms: dict[str, tuple[str, Action]] = {
        "checkout_form": ("checkout_confirmed", ValidateCheckoutForm(people)),
        "parcel_form": ("parcel_confirmed", ValidateParcelForm(people, backend)),
        "address_form": ("dropoff_confirmed", ValidateAddressForm(people)),
    }
    for form, (asked, action) in forms.items():
        talk = tracker(answer, form=form, requested_slot=asked)
        talk.events.append({"event": "slot", "name": asked, "value": True})

        played = await play(action, talk)

        talk.events.append(played.events[-1])
        assert (await play(action, talk)).events == []  # after its own rule, Rasa asks here again

        assert (played.said, played.slots) == ([], {asked: None})
        assert played.events[-1] == {"event": "action_execution_rejected", "name": form, "policy": None} | {
            key: played.events[-1][key] for key in ("confidence", "timestamp")
        }


async def test_a_complaint_is_not_made_by_it_and_no_cart_replaced(people: PeopleClient, backend: BackendClient) -> None:
    talk = tracker(there(), form="claim_form", requested_slot="claim_confirmed")
    talk.events.append({"event": "slot", "name": "claim_confirmed", "value": True})
    question = {"kind": "replace", "attempts": 0}

    claim = await play(ValidateClaimForm(people, backend), talk)
    shop = await play(AnswerShop(people, backend), tracker(there(), shop_question=question))

    assert claim.slots["claim_confirmed"] is None
    assert (shop.said, shop.next_action) == ([], "action_affirm")

"""A complaint begins with what is known, is made once, and is shown afterwards."""

import json
from typing import Any

import httpx
import pytest

from actions.affirming import Affirm
from actions.claims import AskClaimConfirmation, ChangeClaim, KeepClaimPhoto, MakeClaim, ShowClaimStatus, StartClaim
from actions.claims.draft import FORM
from actions.people import PeopleClient
from backend import BackendClient
from tests.actions.parcels import refusal
from tests.actions.rasa import TURN_ID, play, said_at, said_by_person, tracker
from tests.backend.fake_backend import Backend, as_json, fails

DELIVERED = "COUR-20250124-032"  # Grâce's
SUMMARY = "0198-summary"
FILLED: dict[str, Any] = {
    "claim_about": DELIVERED,
    "claim_kind": "damaged",
    "claim_description": "Le verre est cassé",
    "claim_photos": "sent",
    "claim_media": [{"id": "0194a7c2", "mime_type": "image/jpeg"}],
}
READY = FILLED | {"claim_summary_shown": {"id": SUMMARY}}
CLAIM: dict[str, Any] = {
    "id": "RCL-20250127-003",
    "about": DELIVERED,
    "kind": "damaged",
    "status": "open",
    "created_at": "2025-01-27T09:00:00Z",
    "updated_at": "2025-01-27T09:00:00Z",
    "description": "Le *verre* est cassé",
}
SENT = said_by_person("affirm", claim_summary=SUMMARY)


async def test_what_the_first_message_tells_is_not_asked_again(people: PeopleClient, backend: BackendClient) -> None:
    photo = said_by_person("share_media", text="📎", media_id="m-1", media_type="image/jpeg")
    text = "mon colis est arrivé cassé"
    message = said_by_person("claim", text=text, delivery_code=DELIVERED, claim_kind="damaged", story=text)
    played = await play(StartClaim(people, backend), tracker(message, before=[said_at(1, photo)], now=20))

    assert played.next_action == FORM
    assert {name: played.slots.get(name) for name in FILLED} == {
        "claim_about": DELIVERED,
        "claim_kind": "damaged",
        "claim_description": text,
        "claim_photos": "sent",
        "claim_media": [{"id": "m-1", "mime_type": "image/jpeg"}],
    }


async def test_a_complaint_about_another_delivery_is_another_complaint(
    people: PeopleClient, backend: BackendClient
) -> None:
    message = said_by_person("claim", delivery_code="COUR-20250127-061")
    played = await play(StartClaim(people, backend), tracker(message, **READY))

    assert played.slots["claim_about"] == "COUR-20250127-061"
    assert [played.slots[name] for name in ("claim_kind", "claim_description", "claim_media")] == [None] * 3


async def test_beginning_leaves_another_form_and_its_answers_alone(
    people: PeopleClient, backend: BackendClient
) -> None:
    conversation = tracker(said_by_person("claim"), form="parcel_form", requested_slot="parcel_note", parcel_value="1")
    played = await play(StartClaim(people, backend), conversation)

    assert {"event": "active_loop", "name": None} in [
        {"event": each["event"], "name": each.get("name")} for each in played.events
    ]
    assert played.slots["requested_slot"] is None
    assert "parcel_value" not in played.slots


@pytest.mark.parametrize("code", ["COUR-20250127-071", "COUR-19990101-001"])
async def test_nobody_complains_about_somebody_elses_delivery(
    code: str, people: PeopleClient, backend: BackendClient
) -> None:
    played = await play(StartClaim(people, backend), tracker(said_by_person("claim", delivery_code=code)))

    assert (played.names, played.next_action) == (["utter_delivery_not_found"], None)


async def test_who_has_nothing_is_told_so(people: PeopleClient, backend: BackendClient) -> None:
    played = await play(StartClaim(people, backend), tracker(said_by_person("claim"), "aline"))

    assert (played.names, played.next_action) == (["utter_nothing_to_claim"], None)


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_summary_tells_everything_and_names_the_wish(
    language: str, people: PeopleClient, backend: BackendClient
) -> None:
    ask = AskClaimConfirmation(people, backend)
    played = await play(ask, tracker(said_by_person("deny"), language=language, form=FORM, **FILLED))

    assert all(part in played.text for part in (DELIVERED, "Le verre est cassé", "📷 1"))
    assert played.payloads[0] == f'/affirm{{"claim_summary": "{TURN_ID}"}}'
    assert played.slots["claim_summary_shown"] == {"id": TURN_ID}


async def test_a_summary_shown_again_is_the_same_wish(people: PeopleClient, backend: BackendClient) -> None:
    played = await play(AskClaimConfirmation(people, backend), tracker(said_by_person("help"), form=FORM, **READY))

    assert played.slots["claim_summary_shown"] == {"id": SUMMARY}


@pytest.mark.parametrize(("status", "is_told"), [("open", True), ("in_review", True), ("rejected", False)])
async def test_an_open_complaint_about_the_same_is_pointed_out(
    status: str, is_told: bool, people: PeopleClient
) -> None:
    backend = Backend(as_json({"claims": [CLAIM | {"status": status}]})).client()
    played = await play(AskClaimConfirmation(people, backend), tracker(SENT, form=FORM, **FILLED))

    assert ("RCL-20250127-003" in played.text) == is_told


async def test_the_yes_sends_what_was_said_under_the_id_of_the_summary_and_forgets_it(people: PeopleClient) -> None:
    backend = Backend(as_json(CLAIM, 201))
    played = await play(MakeClaim(people, backend.client()), tracker(SENT, **READY))
    (request,) = backend.requests

    assert json.loads(request.content) == {
        "about": DELIVERED,
        "kind": "damaged",
        "description": "Le verre est cassé",
        "media": [{"id": "0194a7c2", "mime_type": "image/jpeg"}],
    }
    assert SUMMARY in request.headers["Idempotency-Key"]
    assert (played.names, played.slots["claim_made"]) == (
        ["utter_claim_made"],
        {"summary": SUMMARY, "id": "RCL-20250127-003"},
    )
    assert [played.slots[name] for name in READY] == [None] * len(READY)


async def test_a_second_tap_and_a_stale_one_send_nothing(people: PeopleClient) -> None:
    backend = Backend()
    made: dict[str, Any] = {"claim_made": {"summary": SUMMARY, "id": "RCL-20250127-003"}}
    again = await play(Affirm(people, backend.client()), tracker(SENT, **made))
    stale = await play(Affirm(people, backend.client()), tracker(SENT))
    replaced = await play(
        Affirm(people, backend.client()), tracker(SENT, form=FORM, **FILLED | {"claim_summary_shown": {"id": "new"}})
    )

    assert again.names == ["utter_claim_already_made"]
    assert stale.names == ["utter_claim_summary_gone"]
    assert (replaced.names, replaced.next_action) == (["utter_claim_summary_replaced"], FORM)
    assert backend.requests == []


@pytest.mark.parametrize(
    ("code", "said", "is_kept"),
    [
        ("not_delivered", "utter_claim_before_delivery", True),
        ("too_late_to_claim", "utter_too_late_to_claim", False),
        ("invalid", "utter_claim_refused", False),
    ],
)
async def test_a_refusal_is_explained(code: str, said: str, is_kept: bool, people: PeopleClient) -> None:
    played = await play(MakeClaim(people, Backend(refusal(code)).client()), tracker(SENT, **READY))

    assert played.names == [said]
    assert ("claim_about" not in played.slots) == is_kept


async def test_a_lost_answer_is_told_and_the_next_try_is_the_same_wish(people: PeopleClient) -> None:
    backend = Backend(fails(httpx.ReadError), fails(httpx.ReadError))
    played = await play(MakeClaim(people, backend.client()), tracker(SENT, **READY))

    assert played.names == ["utter_claim_in_doubt"]
    assert played.payloads[0] == f'/affirm{{"claim_summary": "{SUMMARY}"}}'
    assert played.slots == {"claim_confirmed": None}


async def test_a_photo_at_the_summary_is_added_and_the_summary_is_another(people: PeopleClient) -> None:
    photo = said_by_person("share_media", text="📎", media_id="m-2", media_type="image/png")
    played = await play(KeepClaimPhoto(), tracker(photo, form=FORM, **READY))

    assert [file["id"] for file in played.slots["claim_media"]] == ["0194a7c2", "m-2"]
    assert (played.slots["claim_summary_shown"], played.next_action) == (None, FORM)


async def test_what_was_answered_can_be_chosen_to_be_changed() -> None:
    played = await play(ChangeClaim(), tracker(said_by_person("deny"), form=FORM, **FILLED))

    assert played.payloads == [
        f'/claim{{"claim_field": "{field}"}}' for field in ("about", "kind", "description", "photos")
    ]


async def test_the_status_tells_the_answer_and_the_refund(people: PeopleClient) -> None:
    money = {"amount": "8000", "currency": "XAF"}
    answered = {"status": "accepted", "answer": "Remboursé.", "refund": money, "updated_at": "2025-01-28T23:30:00Z"}
    backend = Backend(as_json(CLAIM | answered)).client()
    message = said_by_person("claim_status", claim_id="RCL-20250127-003")
    played = await play(ShowClaimStatus(people, backend), tracker(message))

    for part in ("✅ Acceptée", "29 janv.", "Remboursé.", "8\u00a0000\u00a0FCFA", "Le ∗verre∗ est cassé"):
        assert part in played.text


async def test_one_of_several_complaints_is_chosen(people: PeopleClient) -> None:
    backend = Backend(
        as_json({"claims": [CLAIM, CLAIM | {"id": "RCL-20250127-004", "status": "lost_in_post"}]})
    ).client()
    played = await play(ShowClaimStatus(people, backend), tracker(said_by_person("claim_status"), language="en"))

    assert played.titles == ["RCL-20250127-003", "RCL-20250127-004"]
    assert played.payloads[1] == '/claim_status{"claim_id": "RCL-20250127-004"}'

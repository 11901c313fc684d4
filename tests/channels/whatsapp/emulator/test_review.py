"""The page of templates as HTML and forms: everything is decided without script, and no word on it can do harm."""

import json

import httpx
import pytest

from tests.channels.whatsapp.emulator.sends import flow
from tests.channels.whatsapp.emulator.world import GRACE, KIMIA, Emulator, Receiver, eventually
from tests.channels.whatsapp.emulator.written_templates import approved, body, created, decide, header, listed

EVIL = "<b onload=x>'\"<script>alert(1)</script> pour {{1}} ce matin"


async def page(offline: Emulator, language: str = "en") -> str:
    response = await offline.http.get("/templates", headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.text


async def post(offline: Emulator, path: str, **form: str) -> httpx.Response:
    return await offline.http.post(f"/templates/{path}", data=form, headers={"Origin": offline.address})


async def statuses(offline: Emulator) -> list[str]:
    return [each["status"] for each in (await listed(offline))["data"]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            ("Modèles de messages", "parcel_arrived", "En examen", "Utilitaire", "Pas encore notée", "Aucun modèle"),
        ),
        ("en", ("Message templates", "parcel_arrived", "In review", "Utility", "Not rated yet", "No template yet")),
    ],
)
async def test_each_template_is_listed_with_how_it_stands(
    offline: Emulator, language: str, words: tuple[str, ...]
) -> None:
    await created(offline)
    shown = await page(offline, language)
    for word in words:
        assert word in shown
    assert "Bonjour <mark>1</mark>, votre colis <mark>2</mark>" in shown


async def test_each_decision_is_carried_out_and_told_by_its_webhook(emulator: Emulator, receiver: Receiver) -> None:
    template_id = await created(emulator)
    for form in (
        {"decide": "approve"},
        {"decide": "pause"},
        {"decide": "unpause"},
        {"decide": "disable"},
        {"decide": "reinstate"},
        {"decide": "category", "category": "MARKETING"},
        {"decide": "quality", "quality": "RED"},
        {"decide": "reject", "reason": "SCAM"},
    ):
        # A browser sends every choice of the form; what does not go with the button counts for nothing.
        answer = await post(
            emulator, template_id, **{"reason": "SCAM", "category": "UTILITY", "quality": "GREEN"} | form
        )
        assert (answer.status_code, answer.headers["location"]) == (303, f"/templates#template-{template_id}")
    await eventually(lambda: len(receiver.changes) == 8)
    told = [(change["value"].get("event"), change["field"]) for change in receiver.changes]
    assert [event for event, _ in told if event] == [
        "APPROVED",
        "PAUSED",
        "APPROVED",
        "DISABLED",
        "REINSTATED",
        "REJECTED",
    ]
    assert receiver.values[5]["new_category"] == "MARKETING"
    assert receiver.values[6]["new_quality_score"] == "RED"
    assert receiver.values[7]["reason"] == "SCAM"
    assert "Rejected: Scam" in await page(emulator)


async def test_all_in_review_are_approved_at_once_and_nothing_else_is(offline: Emulator) -> None:
    rejected = await created(offline)
    await decide(offline, rejected, "reject")
    for language in ("en", "en_US"):
        await created(offline, {**body("Votre colis est arrivé."), "language": language})
    assert "Approve all 2 in review" in await page(offline)
    assert (await post(offline, "approve")).headers["location"] == "/templates"
    assert await statuses(offline) == ["REJECTED", "APPROVED", "APPROVED"]
    assert "Approve all" not in await page(offline)


async def test_what_cannot_be_decided_is_an_error_and_changes_nothing(offline: Emulator) -> None:
    template_id = await approved(offline)
    for path, form, status in (
        ("999", {"decide": "pause"}, 404),
        (template_id, {"decide": "dance"}, 422),
        (template_id, {"decide": "category"}, 422),
        (template_id, {"decide": "quality", "quality": "BLUE"}, 422),
        (template_id, {}, 422),
    ):
        assert (await post(offline, path, **form)).status_code == status
    assert await statuses(offline) == ["APPROVED"]


async def test_another_page_decides_about_nothing(offline: Emulator) -> None:
    template_id = await created(offline)
    answer = await offline.http.post(
        f"/templates/{template_id}", data={"decide": "approve"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert (answer.status_code, await statuses(offline)) == (403, ["PENDING"])


async def test_what_a_template_says_is_text_and_nothing_else(offline: Emulator) -> None:
    await created(offline, body(EVIL, "x"))
    await created(offline, {**header(format="TEXT", text="<img src=x onerror=y>"), "name": "with_header"})
    shown = await page(offline)
    assert "<script>alert" not in shown
    assert "<b onload" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;" in shown


async def test_the_answers_of_a_flow_may_be_json(offline: Emulator) -> None:
    wamid = await offline.say(GRACE, flow(flow_token="f-7"))
    origin = {"Origin": offline.address}
    address = f"/chats/{KIMIA}-{GRACE}/flow"
    for wrong in ("[1]", "{", "3"):
        refused = await offline.http.post(address, data={"wamid": wamid, "as_json": wrong}, headers=origin)
        assert (refused.status_code, "JSON" in refused.json()["detail"]) == (422, True)
    form = {"wamid": wamid, "field": "day", "answer": "lundi", "as_json": '{"seats": 2, "with": ["Ada"]}'}
    await offline.http.post(address, data=form, headers=origin)
    reply = (await offline.chat(GRACE))[-1]["payload"]["interactive"]["nfm_reply"]
    assert json.loads(reply["response_json"]) == {"day": "lundi", "seats": 2, "with": ["Ada"], "flow_token": "f-7"}

"""Message templates over the Graph API: created, listed, edited, deleted, decided about, read from a file."""

from pathlib import Path

import pytest
import structlog

from channels.whatsapp.emulator.message_templates.file import read_templates
from channels.whatsapp.emulator.problems import DirectoryProblem
from tests.channels.whatsapp.emulator.world import (
    BEARER,
    PROGRAM,
    Emulator,
    Receiver,
    asking,
    eventually,
    settings_in,
)
from tests.channels.whatsapp.emulator.written_templates import (
    ARRIVED,
    WABA,
    approved,
    body,
    create,
    created,
    decide,
    header,
    listed,
)


async def test_a_good_one_waits_for_a_decision_and_a_bad_one_is_not_kept(offline: Emulator) -> None:
    error = (await create(offline, body("x" * 1025))).json()["error"]
    assert (error["error_subcode"], bool(error["error_user_msg"])) == (2388040, True)
    assert (await listed(offline))["data"] == []
    answer = (await create(offline, ARRIVED)).json()
    assert (answer["status"], answer["category"]) == ("PENDING", "UTILITY")


async def test_a_picture_header_needs_an_uploaded_sample(offline: Emulator) -> None:
    query = {"file_length": "3", "file_type": "image/png"}
    session = (await offline.http.post("/v23.0/app/uploads", params=query, headers=BEARER)).json()["id"]
    piece = {**BEARER, "file_offset": "0"}
    handle = (await offline.http.post(f"/v23.0/{session}", content=b"abc", headers=piece)).json()["h"]
    await created(offline, header(format="IMAGE", example={"header_handle": [handle]}))


async def test_the_same_name_and_language_exist_once(offline: Emulator) -> None:
    await created(offline)
    assert (await create(offline, ARRIVED)).json()["error"]["error_subcode"] == 2388024
    await created(offline, {**ARRIVED, "language": "en"})


async def test_what_reads_like_an_offer_becomes_marketing_where_that_is_allowed(offline: Emulator) -> None:
    offer = {**body("Profitez de nos soldes cette semaine."), "allow_category_change": True}
    assert (await create(offline, offer)).json()["category"] == "MARKETING"


class TestListing:
    async def test_pages_are_followed_to_the_end_and_back(self, offline: Emulator) -> None:
        for index in range(5):
            await created(offline, {**ARRIVED, "name": f"t{index}"})
        seen, page = [], await listed(offline, limit="2")
        while True:
            seen += [template["name"] for template in page["data"]]
            if "next" not in page["paging"]:
                break
            page = (await offline.http.get(page["paging"]["next"], headers=BEARER)).json()
        assert seen == ["t0", "t1", "t2", "t3", "t4"]
        back = (await offline.http.get(page["paging"]["previous"], headers=BEARER)).json()
        assert [template["name"] for template in back["data"]] == ["t2", "t3"]

    async def test_filters_and_fields(self, offline: Emulator) -> None:
        template_id = await approved(offline)
        await created(offline, {**ARRIVED, "language": "en"})
        found = await listed(offline, status="APPROVED", fields="status,quality_score")
        assert found["data"] == [{"status": "APPROVED", "quality_score": {"score": "UNKNOWN"}, "id": template_id}]
        assert len((await listed(offline, name="parcel", category="UTILITY"))["data"]) == 2
        assert [each["language"] for each in (await listed(offline, language="en"))["data"]] == ["en"]

    @pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"after": "x"}])
    async def test_a_senseless_page_is_refused(self, offline: Emulator, query: dict[str, str]) -> None:
        response = await offline.http.get(f"/v23.0/{WABA}/message_templates", params=query, headers=BEARER)
        assert response.json()["error"]["code"] == 100

    async def test_another_account_does_not_exist(self, offline: Emulator) -> None:
        response = await offline.http.get("/v23.0/1/message_templates", headers=BEARER)
        assert response.json()["error"]["error_subcode"] == 33


class TestChanging:
    async def test_an_edit_is_reviewed_again(self, offline: Emulator) -> None:
        template_id = await approved(offline)
        words = {"components": [{"type": "BODY", "text": "Votre colis est là."}]}
        response = await offline.http.post(f"/v23.0/{template_id}", json=words, headers=BEARER)
        assert response.json()["success"] is True
        told = (await offline.http.get(f"/v23.0/{template_id}", headers=BEARER)).json()
        assert (told["status"], told["components"]) == ("PENDING", words["components"])
        again = await offline.http.post(f"/v23.0/{template_id}", json=words, headers=BEARER)
        assert again.json()["error"]["code"] == 100

    async def test_an_approved_one_keeps_its_category(self, offline: Emulator) -> None:
        template_id = await approved(offline)
        response = await offline.http.post(f"/v23.0/{template_id}", json={"category": "MARKETING"}, headers=BEARER)
        assert response.json()["error"]["code"] == 100

    async def test_deleting_a_name_deletes_every_language_and_an_id_only_one(self, offline: Emulator) -> None:
        french = await created(offline)
        for language in ("en", "en_US"):
            await created(offline, {**ARRIVED, "language": language})
        path = f"/v23.0/{WABA}/message_templates"
        one = {"name": ARRIVED["name"], "hsm_id": french}
        assert (await offline.http.delete(path, params=one, headers=BEARER)).json() == {"success": True}
        assert len((await listed(offline))["data"]) == 2
        await offline.http.delete(path, params={"name": ARRIVED["name"]}, headers=BEARER)
        assert (await listed(offline))["data"] == []
        gone = await offline.http.delete(path, params=one, headers=BEARER)
        assert gone.json()["error"]["code"] == 100


class TestDecisions:
    async def test_each_is_told_by_its_webhook(self, emulator: Emulator, receiver: Receiver) -> None:
        template_id = await approved(emulator)
        await decide(emulator, template_id, "quality", quality="YELLOW")
        await decide(emulator, template_id, "pause", title="SECOND_PAUSE")
        await decide(emulator, template_id, "unpause")
        await decide(emulator, template_id, "category", category="MARKETING")
        await decide(emulator, template_id, "flag")
        await decide(emulator, template_id, "disable")
        await eventually(lambda: len(receiver.bodies) == 7)
        told = [(change["field"], change["value"]) for change in receiver.changes]
        assert [field.removeprefix("message_").removeprefix("template_") for field, _ in told] == [
            *("status_update", "quality_update", "status_update", "status_update", "category_update"),
            *("status_update", "status_update"),
        ]
        events = [value["event"] for field, value in told if field == "message_template_status_update"]
        assert events == ["APPROVED", "PAUSED", "APPROVED", "FLAGGED", "DISABLED"]
        approval, quality, pause, _, category, flag, _ = (value for _, value in told)
        assert (approval["message_template_id"], approval["reason"]) == (int(template_id), "NONE")
        assert (quality["previous_quality_score"], quality["new_quality_score"]) == ("UNKNOWN", "YELLOW")
        assert pause["other_info"]["title"] == "SECOND_PAUSE"
        assert (category["previous_category"], category["new_category"]) == ("UTILITY", "MARKETING")
        assert flag["disable_info"]["disable_date"]
        assert all(body["entry"][0]["id"] == WABA and body["entry"][0]["time"] for body in receiver.bodies)

    async def test_a_rejection_carries_its_reason(self, emulator: Emulator, receiver: Receiver) -> None:
        template_id = await created(emulator)
        answer = await decide(emulator, template_id, "reject", reason="PROMOTIONAL")
        assert (answer["status"], answer["reason"]) == ("REJECTED", "PROMOTIONAL")
        await eventually(lambda: len(receiver.bodies) == 1)
        value = receiver.changes[0]["value"]
        assert (value["event"], value["reason"]) == ("REJECTED", "PROMOTIONAL")

    async def test_all_can_be_decided_at_once_as_they_come(self, offline: Emulator) -> None:
        await offline.http.post("/api/policy", json={"template_approval": "at_once"}, headers=PROGRAM)
        await created(offline)
        await created(offline, {**body("Profitez de nos soldes cette semaine."), "name": "sale"})
        states = {each["name"]: each["status"] for each in (await listed(offline))["data"]}
        assert states == {"parcel_arrived": "APPROVED", "sale": "REJECTED"}

    @pytest.mark.parametrize(
        "decision", [{}, {"decide": "burn"}, {"decide": "category"}, {"decide": "approve", "quality": "RED"}]
    )
    async def test_a_senseless_decision_changes_nothing(self, offline: Emulator, decision: dict[str, str]) -> None:
        template_id = await created(offline)
        response = await offline.http.post(f"/api/templates/{template_id}", json=decision, headers=PROGRAM)
        assert response.status_code == 422
        assert (await listed(offline))["data"][0]["status"] == "PENDING"


class TestFile:
    FILE = """
- {name: hello, language: fr, category: UTILITY, components: [{type: BODY, text: Bonjour à vous.}]}
"""

    async def test_what_it_holds_is_approved_and_followed_when_it_changes(self, tmp_path: Path) -> None:
        file = tmp_path / "templates.yml"
        file.write_text(self.FILE, encoding="utf-8")
        settings = settings_in(tmp_path).model_copy(update={"emulator_templates": file})
        async with asking(settings) as emulator:
            (hello,) = (await listed(emulator))["data"]
            assert (hello["name"], hello["status"]) == ("hello", "APPROVED")
            file.write_text(self.FILE + self.FILE.replace("hello", "bye").replace("fr", "en_US"), encoding="utf-8")
            first, second = (await listed(emulator))["data"]
            assert (first["id"], second["name"]) == (hello["id"], "bye")
            file.write_text("- broken: [", encoding="utf-8")
            with structlog.testing.capture_logs():
                assert len((await listed(emulator))["data"]) == 2

    @pytest.mark.parametrize("content", ["", "5", "- 5", "- {name: a}", "[", FILE.replace("hello", "Hello")])
    def test_a_useless_one_is_named(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "templates.yml"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(DirectoryProblem, match=r"templates\.yml"):
            read_templates(file)

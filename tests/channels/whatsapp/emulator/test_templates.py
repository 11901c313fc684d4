"""Message templates over the Graph API: created with Meta's checks, listed, edited, deleted, decided about."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.message_templates.creation import check_creation
from channels.whatsapp.emulator.message_templates.file import read_templates
from channels.whatsapp.emulator.numbers import account_id
from channels.whatsapp.emulator.problems import DirectoryProblem
from tests.channels.whatsapp.emulator.world import (
    BEARER,
    GRACE,
    KIMIA,
    PROGRAM,
    Emulator,
    Receiver,
    asking,
    eventually,
    settings_in,
)

WABA = account_id(KIMIA)
BODY = {
    "type": "BODY",
    "text": "Bonjour {{1}}, votre colis {{2}} est arrivé chez nous ce matin.",
    "example": {"body_text": [["Grâce", "KX-1"]]},
}
ARRIVED: dict[str, Any] = {"name": "parcel_arrived", "language": "fr", "category": "UTILITY", "components": [BODY]}


def body(text: str, *examples: str) -> dict[str, Any]:
    example = {"example": {"body_text": [list(examples)]}} if examples else {}
    return {**ARRIVED, "components": [{"type": "BODY", "text": text, **example}]}


def named(text: str, **examples: str) -> dict[str, Any]:
    listed = [{"param_name": name, "example": value} for name, value in examples.items()]
    part = {"type": "BODY", "text": text, "example": {"body_text_named_params": listed}}
    return {**ARRIVED, "parameter_format": "NAMED", "components": [part]}


def header(**parts: Any) -> dict[str, Any]:
    return {**ARRIVED, "components": [{"type": "HEADER", **parts}, BODY]}


def buttons(*listed: dict[str, Any], **around: Any) -> dict[str, Any]:
    return {**ARRIVED, "components": [BODY, {"type": "BUTTONS", "buttons": list(listed)}], **around}


def reply(text: str = "Oui") -> dict[str, str]:
    return {"type": "QUICK_REPLY", "text": text}


def url(address: str = "https://kimia.example/{{1}}", **parts: Any) -> dict[str, Any]:
    return {"type": "URL", "text": "Suivre", "url": address, "example": ["https://kimia.example/KX-1"], **parts}


async def create(emulator: Emulator, document: dict[str, Any]) -> httpx.Response:
    return await emulator.http.post(f"/v23.0/{WABA}/message_templates", json=document, headers=BEARER)


async def created(emulator: Emulator, document: dict[str, Any] = ARRIVED) -> str:
    response = await create(emulator, document)
    assert response.status_code == 200, response.text
    template_id: str = response.json()["id"]
    return template_id


async def decide(emulator: Emulator, template_id: str, decision: str, **parts: str) -> dict[str, Any]:
    body = {"decide": decision, **parts}
    response = await emulator.http.post(f"/api/templates/{template_id}", json=body, headers=PROGRAM)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def approved(emulator: Emulator, document: dict[str, Any] = ARRIVED) -> str:
    template_id = await created(emulator, document)
    await decide(emulator, template_id, "approve")
    return template_id


async def listed(emulator: Emulator, **query: str) -> dict[str, Any]:
    response = await emulator.http.get(f"/v23.0/{WABA}/message_templates", params=query, headers=BEARER)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


GOOD = {
    "positional": ARRIVED,
    "nothing to fill in": body("Votre colis est arrivé."),
    "longest": body("x" * 1024),
    "named": named("Bonjour {{first_name}}, votre colis est bien arrivé.", first_name="Grâce"),
    "text header": header(format="TEXT", text="h" * 60),
    "header with a variable": header(
        format="TEXT", text="Colis {{1}} arrivé chez nous", example={"header_text": ["KX-1"]}
    ),
    "place as header": header(format="LOCATION"),
    "footer": {**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "f" * 60}]},
    "ten replies": buttons(*(reply(f"R{index}") for index in range(10))),
    "replies before a link": buttons(reply(), reply("Non"), url()),
    "two links and a phone": buttons(
        url(), url("https://kimia.example/aide"), {"type": "PHONE_NUMBER", "text": "Appeler", "phone_number": "+24206"}
    ),
    "code to copy": buttons({"type": "COPY_CODE", "example": "c" * 15}, category="MARKETING"),
    "one-time code": {
        **ARRIVED,
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ],
    },
    "short-lived": {**ARRIVED, "message_send_ttl_seconds": 30},
}

BAD: dict[str, tuple[dict[str, Any], int | None]] = {
    "no name": ({**ARRIVED, "name": ""}, None),
    "capitals in the name": ({**ARRIVED, "name": "Parcel"}, None),
    "long name": ({**ARRIVED, "name": "n" * 513}, 2388040),
    "no language": ({**ARRIVED, "language": None}, None),
    "language in words": ({**ARRIVED, "language": "French"}, None),
    "unknown category": ({**ARRIVED, "category": "TRANSACTIONAL"}, None),
    "no components": ({**ARRIVED, "components": []}, None),
    "components are no list": ({**ARRIVED, "components": {"type": "BODY"}}, None),
    "no body": ({**ARRIVED, "components": [{"type": "FOOTER", "text": "f"}]}, 2388072),
    "two bodies": ({**ARRIVED, "components": [BODY, BODY]}, None),
    "unknown component": ({**ARRIVED, "components": [BODY, {"type": "SIDE"}]}, None),
    "long body": (body("x" * 1025), 2388040),
    "variable at the start": (body("{{1}}, votre colis est arrivé.", "Grâce"), 2388299),
    "variable at the end": (body("Votre colis est arrivé chez {{1}}", "Grâce"), 2388299),
    "variables side by side": (body("Bonjour à vous {{1}} {{2}}, votre colis est là.", "a", "b"), 2388072),
    "too many variables": (body("Bonjour {{1}} colis {{2}} arrivé.", "a", "b"), 2388293),
    "numbers that skip": (body("Votre colis est arrivé chez {{2}} hier.", "a"), 2388072),
    "names without saying so": (body("Votre colis est arrivé chez {{who}} hier.", "a"), 2388072),
    "no examples": (body("Votre colis est arrivé chez {{1}} hier."), 2388072),
    "too few examples": (body("Votre colis {{1}} est arrivé chez {{2}} hier matin.", "a"), 2388072),
    "named without example": (named("Votre colis est arrivé chez {{who}} hier."), 2388072),
    "capitals in a name": (named("Votre colis est arrivé chez {{Who}} hier.", Who="a"), 2388072),
    "long header": (header(format="TEXT", text="h" * 61), 2388040),
    "two variables in a header": (
        header(format="TEXT", text="Colis {{1}} pour {{2}} arrivé", example={"header_text": ["a", "b"]}),
        2388047,
    ),
    "picture without sample": (header(format="IMAGE"), 2388273),
    "picture with a made-up sample": (header(format="IMAGE", example={"header_handle": ["4::x"]}), 2388273),
    "unknown header": (header(format="POEM"), None),
    "long footer": ({**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "f" * 61}]}, 2388040),
    "variable in the footer": ({**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "a {{1}}"}]}, 2388073),
    "eleven buttons": (buttons(*(reply(f"R{index}") for index in range(11))), None),
    "replies apart": (buttons(reply(), url(), reply("Non")), 2388060),
    "three links": (buttons(url(), url(), url()), None),
    "two phones": (buttons(*[{"type": "PHONE_NUMBER", "text": "Appeler", "phone_number": "+24206"}] * 2), None),
    "long button": (buttons(reply("t" * 26)), 2388040),
    "variable in a button": (buttons(reply("Oui {{1}}")), None),
    "variable inside a link": (buttons(url("https://kimia.example/{{1}}/x")), None),
    "link without example": (buttons(url(example=None)), None),
    "no link": (buttons({"type": "URL", "text": "Suivre"}), None),
    "long code": (buttons({"type": "COPY_CODE", "example": "c" * 16}), None),
    "flow of nothing": (buttons({"type": "FLOW", "text": "Ouvrir"}), None),
    "unknown button": (buttons({"type": "LEVER", "text": "Tirer"}), None),
    "one-time code in a utility template": (buttons({"type": "OTP", "otp_type": "COPY_CODE"}), None),
    "lives too shortly": ({**ARRIVED, "message_send_ttl_seconds": 29}, None),
}


@pytest.mark.parametrize("name", GOOD)
def test_takes_what_meta_takes(name: str) -> None:
    check_creation(GOOD[name], lambda handle: False)


@pytest.mark.parametrize("name", BAD)
def test_refuses_what_meta_refuses(name: str) -> None:
    document, subcode = BAD[name]
    with pytest.raises(GraphError) as refusal:
        check_creation(document, lambda handle: False)
    assert (refusal.value.status, refusal.value.code, refusal.value.subcode) == (400, 100, subcode)


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


def template(components: list[dict[str, Any]] | None = None, **parts: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"name": ARRIVED["name"], "language": {"code": "fr"}, **parts}
    if components is not None:
        sent["components"] = components
    return {"messaging_product": "whatsapp", "to": GRACE, "type": "template", "template": sent}


def words(*texts: str) -> dict[str, Any]:
    return {"type": "body", "parameters": [{"type": "text", "text": each} for each in texts]}


def on_button(index: int, kind: str, **parameter: Any) -> dict[str, Any]:
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]}


class TestSending:
    async def test_the_phone_shows_what_it_says_once_filled_in(self, offline: Emulator) -> None:
        await approved(offline, buttons(reply("Merci"), url(), {"type": "COPY_CODE", "example": "ABC"}))
        response = await offline.graph(
            template(
                [
                    words("Grâce", "KX-9"),
                    on_button(0, "quick_reply", type="payload", payload="/thanks"),
                    on_button(1, "URL", type="text", text="KX-9"),
                    on_button(2, "copy_code", type="coupon_code", coupon_code="DIX"),
                ]
            )
        )
        assert response.status_code == 200, response.text
        (message,) = await offline.chat(GRACE)
        rendered = message["payload"]["rendered"]
        assert rendered["body"]["text"] == "Bonjour Grâce, votre colis KX-9 est arrivé chez nous ce matin."
        thanks, track, copy = rendered["buttons"]
        assert (thanks["payload"], track["url"], copy["code"]) == ("/thanks", "https://kimia.example/KX-9", "DIX")

    async def test_named_parameters_may_come_in_any_order(self, offline: Emulator) -> None:
        text = "Bonjour {{who}}, votre colis {{code}} est arrivé chez nous."
        await approved(offline, named(text, who="a", code="b"))
        given = [
            {"type": "text", "parameter_name": name, "text": value}
            for name, value in (("code", "KX"), ("who", "Aline"))
        ]
        assert (await offline.graph(template([{"type": "body", "parameters": given}]))).status_code == 200
        (message,) = await offline.chat(GRACE)
        assert message["payload"]["rendered"]["body"]["text"] == "Bonjour Aline, votre colis KX est arrivé chez nous."
        unnamed = await offline.graph(template([words("KX", "Aline")]))
        assert unnamed.json()["error"]["code"] == 100

    async def test_money_and_dates_are_shown_as_their_fallback(self, offline: Emulator) -> None:
        await approved(offline)
        money = {"type": "currency", "currency": {"fallback_value": "5 $", "code": "USD", "amount_1000": 5000}}
        date = {"type": "date_time", "date_time": {"fallback_value": "lundi"}}
        await offline.graph(template([{"type": "body", "parameters": [money, date]}]))
        (message,) = await offline.chat(GRACE)
        assert message["payload"]["rendered"]["body"]["text"].startswith("Bonjour 5 $, votre colis lundi")

    async def test_a_place_as_header_comes_with_each_message(self, offline: Emulator) -> None:
        await approved(offline, header(format="LOCATION"))
        place = {"latitude": 1, "longitude": 2, "name": "Ici", "address": "Là"}
        part = {"type": "header", "parameters": [{"type": "location", "location": place}]}
        assert (await offline.graph(template([part, words("a", "b")]))).status_code == 200
        (message,) = await offline.chat(GRACE)
        assert message["payload"]["rendered"]["header"] == {"type": "location", "location": place}
        without = await offline.graph(template([words("a", "b")]))
        assert without.json()["error"]["code"] == 132012

    @pytest.mark.parametrize(
        ("components", "code"),
        [
            (None, 132000),
            ([words("one")], 132000),
            ([words("one", "two", "three")], 132000),
            ([{"type": "header", "parameters": [{"type": "text", "text": "a"}]}, words("a", "b")], 132000),
            ([words("a", "b\nc")], 132018),
            ([words("a", "b     c")], 132018),
            ([words("a", "x" * 1025)], 132005),
            ([words("a", "b"), on_button(5, "quick_reply", type="payload", payload="p")], 132018),
        ],
    )
    async def test_parameters_that_do_not_fit_are_refused(
        self, offline: Emulator, components: list[dict[str, Any]] | None, code: int
    ) -> None:
        await approved(offline, {**ARRIVED, "components": [BODY, {"type": "FOOTER", "text": "Kimia"}]})
        response = await offline.graph(template(components))
        assert response.json()["error"]["code"] == code, response.text
        assert await offline.chat(GRACE) == []

    async def test_a_body_alone_may_become_very_long(self, offline: Emulator) -> None:
        await approved(offline)
        assert (await offline.graph(template([words("a", "x" * 5000)]))).status_code == 200

    async def test_a_link_button_needs_its_end_and_another_kind_is_refused(self, offline: Emulator) -> None:
        await approved(offline, buttons(url()))
        assert (await offline.graph(template([words("a", "b")]))).json()["error"]["code"] == 131008
        wrong = on_button(0, "quick_reply", type="payload", payload="p")
        assert (await offline.graph(template([words("a", "b"), wrong]))).json()["error"]["code"] == 132018

    async def test_only_an_approved_one_of_exactly_this_language_is_sent(self, offline: Emulator) -> None:
        sent = template([words("a", "b")])
        assert (await offline.graph(sent)).json()["error"]["code"] == 132001
        template_id = await created(offline)
        assert (await offline.graph(sent)).json()["error"]["code"] == 132001  # nobody has approved it
        for decision, code in (("approve", None), ("pause", 132015), ("unpause", None), ("disable", 132016)):
            await decide(offline, template_id, decision)
            assert (await offline.graph(sent)).json().get("error", {}).get("code") == code
        await decide(offline, template_id, "approve")
        other = await offline.graph(template([words("a", "b")], language={"code": "fr_FR"}))
        assert other.json()["error"]["code"] == 132001

    async def test_a_one_time_code_goes_by_number_only(self, emulator: Emulator, receiver: Receiver) -> None:
        await approved(emulator, GOOD["one-time code"])
        parts = [words("123456"), on_button(0, "url", type="text", text="123456")]
        assert (await emulator.graph(template(parts))).status_code == 200
        (message,) = await emulator.chat(GRACE)
        assert message["payload"]["rendered"]["body"]["text"].startswith("*123456* is your verification code.")
        await eventually(lambda: len(receiver.statuses) == 2)
        by_user = {**template(parts), "to": None, "recipient": receiver.statuses[0]["recipient_user_id"]}
        assert (await emulator.graph(by_user)).json()["error"]["code"] == 131062

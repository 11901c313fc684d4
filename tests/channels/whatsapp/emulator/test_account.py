"""What the Graph API tells and changes about numbers and accounts, and what tests change behind its back."""

from typing import Any

import pytest

from channels.whatsapp.emulator.numbers import account_id
from tests.channels.whatsapp.emulator.world import (
    APP_SECRET,
    BEARER,
    GRACE,
    KIMIA,
    PROGRAM,
    TOKEN,
    Emulator,
    Receiver,
    eventually,
    text,
)

WABA = account_id(KIMIA)
APP = "200000000000001"
MESSAGE = {"messaging_product": "whatsapp", "to": GRACE, **text("Bonjour")}


async def ask(emulator: Emulator, method: str, path: str, **request: Any) -> dict[str, Any]:
    response = await emulator.http.request(method, f"/v23.0/{path}", **{"headers": BEARER, **request})
    answer: dict[str, Any] = response.json()
    return answer


async def change(emulator: Emulator, **facts: Any) -> dict[str, Any]:
    response = await emulator.http.post(f"/api/numbers/{KIMIA}", json=facts, headers=PROGRAM)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_a_number_tells_its_state(offline: Emulator) -> None:
    unasked = await ask(offline, "GET", KIMIA)
    assert (unasked["id"], unasked["verified_name"], unasked["quality_rating"]) == (KIMIA, "Kimia Express", "GREEN")
    asked = await ask(offline, "GET", KIMIA, params={"fields": "status,health_status,throughput"})
    assert set(asked) == {"id", "status", "health_status", "throughput"}
    assert asked["health_status"]["can_send_message"] == "AVAILABLE"


async def test_an_account_lists_its_numbers(offline: Emulator) -> None:
    (number,) = (await ask(offline, "GET", f"{WABA}/phone_numbers"))["data"]
    assert number["id"] == KIMIA
    assert (await ask(offline, "GET", WABA))["name"] == "Kimia Express"
    assert (await ask(offline, "GET", "5/phone_numbers"))["error"]["error_subcode"] == 33


async def test_an_account_without_subscription_is_told_of_nothing(emulator: Emulator, receiver: Receiver) -> None:
    (app,) = (await ask(emulator, "GET", f"{WABA}/subscribed_apps"))["data"]
    assert app["whatsapp_business_api_data"]["id"] == APP
    assert await ask(emulator, "DELETE", f"{WABA}/subscribed_apps") == {"success": True}
    assert await ask(emulator, "GET", f"{WABA}/subscribed_apps") == {"data": []}
    await emulator.phone(GRACE, type="text", text="nobody hears")
    await ask(emulator, "POST", f"{WABA}/subscribed_apps")
    await emulator.phone(GRACE, type="text", text="heard")
    await eventually(lambda: receiver.texts == ["heard"])


async def test_a_callback_of_ones_own_is_refused_rather_than_ignored(offline: Emulator) -> None:
    elsewhere = {"override_callback_uri": "https://kimia.example/webhook", "verify_token": "v"}
    assert (await ask(offline, "POST", f"{WABA}/subscribed_apps", json=elsewhere))["error"]["code"] == 100


@pytest.mark.parametrize("caller", [f"{APP}|{APP_SECRET}", TOKEN])
async def test_a_token_is_told_of(offline: Emulator, caller: str) -> None:
    headers = {"Authorization": f"Bearer {caller}"}
    known = await ask(offline, "GET", "debug_token", params={"input_token": TOKEN}, headers=headers)
    assert (known["data"]["is_valid"], known["data"]["app_id"]) == (True, APP)
    assert {each["scope"] for each in known["data"]["granular_scopes"]} == set(known["data"]["scopes"])
    other = await ask(offline, "GET", "debug_token", params={"input_token": "other"}, headers=headers)
    assert other["data"]["is_valid"] is False


async def test_a_token_tells_its_age_and_is_refused_once_it_has_ended(offline: Emulator) -> None:
    in_its_apps_name = {"Authorization": f"Bearer {APP}|{APP_SECRET}"}

    async def told(headers: dict[str, str]) -> dict[str, Any]:
        return await ask(offline, "GET", "debug_token", params={"input_token": TOKEN}, headers=headers)

    assert (await told(BEARER))["data"]["expires_at"] == 0
    ended = {"issued_at": 1767225600, "expires_at": 1772409600}
    assert (await offline.http.post("/api/token", json=ended, headers=PROGRAM)).json() == ended

    data = (await told(in_its_apps_name))["data"]
    assert (data["is_valid"], data["issued_at"], data["expires_at"]) == (False, 1767225600, 1772409600)
    assert (await told(BEARER))["error"]["code"] == 190
    assert (await offline.graph(MESSAGE)).json()["error"]["code"] == 190


async def test_a_token_is_told_of_to_nobody_else(offline: Emulator) -> None:
    headers = {"Authorization": f"Bearer {APP}|guess"}
    answer = await ask(offline, "GET", "debug_token", params={"input_token": TOKEN}, headers=headers)
    assert answer["error"]["code"] == 190


async def test_a_number_that_is_not_registered_sends_nothing(offline: Emulator) -> None:
    await ask(offline, "POST", f"{KIMIA}/deregister")
    assert (await offline.graph(MESSAGE)).json()["error"]["code"] == 133010
    assert (await ask(offline, "GET", KIMIA, params={"fields": "status"}))["status"] == "DISCONNECTED"
    wrong = await ask(offline, "POST", f"{KIMIA}/register", json={"messaging_product": "whatsapp", "pin": "12"})
    assert wrong["error"]["code"] == 100
    right = {"messaging_product": "whatsapp", "pin": "909090"}
    assert await ask(offline, "POST", f"{KIMIA}/register", json=right) == {"success": True}
    assert (await offline.graph(MESSAGE)).status_code == 200
    assert "909090" not in (await offline.http.get("/api/requests")).text


class TestProfile:
    async def test_what_is_changed_is_told(self, offline: Emulator) -> None:
        path, common = f"{KIMIA}/whatsapp_business_profile", {"messaging_product": "whatsapp"}
        await ask(offline, "POST", path, json={**common, "about": "Colis", "websites": ["https://kimia.example"]})
        await ask(offline, "POST", path, json={**common, "about": "Colis et courses"})
        (told,) = (await ask(offline, "GET", path, params={"fields": "about,websites,email"}))["data"]
        assert told == {**common, "about": "Colis et courses", "websites": ["https://kimia.example"]}

    @pytest.mark.parametrize(
        "part",
        [
            {"about": "a" * 140},
            {"websites": ["https://a.example"] * 3},
            {"websites": ["https://a.example/" + "x" * 256]},
            {"profile_picture_handle": "4::x"},
            {"nickname": "K"},
        ],
    )
    async def test_limits_are_metas(self, offline: Emulator, part: dict[str, Any]) -> None:
        body = {"messaging_product": "whatsapp", **part}
        assert (await ask(offline, "POST", f"{KIMIA}/whatsapp_business_profile", json=body))["error"]["code"] in (
            *(100, 131009),
        )


async def test_whom_a_business_blocks_is_heard_no_more(emulator: Emulator, receiver: Receiver) -> None:
    users = {"messaging_product": "whatsapp", "block_users": [{"user": "+242 06 123 45 67"}, {"user": "nobody"}]}
    answer = (await ask(emulator, "POST", f"{KIMIA}/block_users", json=users))["block_users"]
    assert answer["added_users"] == [{"input": "+242 06 123 45 67", "wa_id": GRACE}]
    assert [each["input"] for each in answer["failed_users"]] == ["nobody"]
    assert [each["wa_id"] for each in (await ask(emulator, "GET", f"{KIMIA}/block_users"))["data"]] == [GRACE]
    await emulator.phone(GRACE, type="text", text="not heard")
    await ask(emulator, "DELETE", f"{KIMIA}/block_users", json=users)
    await emulator.phone(GRACE, type="text", text="heard")
    await eventually(lambda: receiver.texts == ["heard"])


class TestBehindItsBack:
    async def test_quality_and_limits_are_told_by_webhook(self, emulator: Emulator, receiver: Receiver) -> None:
        await change(emulator, quality_rating="RED")
        await change(emulator, quality_rating="GREEN")
        await change(emulator, whatsapp_business_manager_messaging_limit="TIER_2K")
        await change(emulator, throughput={"level": "HIGH"})
        await change(emulator, name_status="DECLINED")
        await eventually(lambda: len(receiver.changes) == 4)
        assert {each["field"] for each in receiver.changes} == {"phone_number_quality_update"}
        assert [value["event"] for value in receiver.values] == [
            "FLAGGED",
            "UNFLAGGED",
            "UPGRADE",
            "THROUGHPUT_UPGRADE",
        ]
        assert receiver.values[2]["max_daily_conversations_per_business"] == "TIER_2K"

    async def test_a_banned_number_sends_nothing(self, offline: Emulator) -> None:
        await change(offline, status="BANNED", can_send_message="BLOCKED")
        assert (await offline.graph(MESSAGE)).json()["error"]["code"] == 131031
        health = (await ask(offline, "GET", KIMIA, params={"fields": "health_status"}))["health_status"]
        assert health["entities"][0]["errors"][0]["possible_solution"]

    async def test_any_field_can_be_told(self, emulator: Emulator, receiver: Receiver) -> None:
        news = {"field": "account_update", "value": {"event": "ACCOUNT_VIOLATION"}}
        response = await emulator.http.post(f"/api/accounts/{WABA}/tell", json=news, headers=PROGRAM)
        assert response.json() == {"told": True}
        await eventually(lambda: receiver.changes == [news])
        assert (await emulator.http.post("/api/accounts/5/tell", json=news, headers=PROGRAM)).status_code == 404

    @pytest.mark.parametrize("facts", [{"quality_rating": "PINK"}, {"mood": "good"}, {"throughput": "HIGH"}])
    async def test_a_senseless_change_is_refused(self, offline: Emulator, facts: dict[str, Any]) -> None:
        response = await offline.http.post(f"/api/numbers/{KIMIA}", json=facts, headers=PROGRAM)
        assert response.status_code == 422

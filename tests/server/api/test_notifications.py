"""Notifications over the API: listed, told with their stories, taken back by a key; and the older addresses."""

from typing import Any

import pytest

from notifications.access import Scope
from notifications.tables import messages, notifications
from tests.house import GRACE, PATRICK, House
from tests.server.api.shop import Shop, shop_of

COURIER = {"name": "Jean Malonga", "phone": "+242069876543"}


@pytest.fixture
async def shop(small_house: House) -> Shop:
    """Nothing leaves: what is queued stays queued."""
    return await shop_of(small_house, Scope.NOTIFY, Scope.MESSAGES_READ)


async def notify(shop: Shop, phone: str = GRACE, code: str = "C-1", **more: Any) -> dict[str, Any]:
    body = {"workflow": "mission-accepted", "to": {"phone": f"+{phone}"}, "payload": {"code": code, "courier": COURIER}}
    answer = await shop.post("/v1/notify", {**body, **more})
    assert answer.status_code == 202, answer.text
    return dict(answer.json()["notifications"][0])


async def test_a_notification_is_listed_and_told(shop: Shop) -> None:
    notified = await notify(shop, cancellation_key="C-1")

    (listed,) = (await shop.get("/v1/notifications", params={"workflow": "mission-accepted"})).json()["data"]
    one = (await shop.get(f"/v1/notifications/{notified['id']}")).json()

    assert listed == one
    assert (one["workflow"], one["cancellation_key"], one["source"]) == ("mission-accepted", "C-1", "api")
    assert one["message_ids"] == notified["message_ids"]
    assert (await shop.get("/v1/notifications", params={"state": "cancelled"})).json()["data"] == []


async def test_its_story_holds_what_was_decided_of_it_and_its_messages(shop: Shop) -> None:
    notified = await notify(shop)
    await shop.post("/v1/notify/cancel", {"cancellation_key": "none"})

    story = (await shop.get(f"/v1/notifications/{notified['id']}/explain")).json()["story"]

    assert story[0]["what"] == "triggered"
    assert "whatsapp queued" in [entry["what"] for entry in story]
    assert all(entry["why"] for entry in story)


async def test_what_was_triggered_with_a_key_is_taken_back_together(small_house: House, shop: Shop) -> None:
    await notify(shop, cancellation_key="C-1")
    await notify(shop, PATRICK, cancellation_key="C-1")
    await notify(shop, code="C-2", cancellation_key="C-2")

    answers = [(await shop.post("/v1/notify/cancel", {"cancellation_key": "C-1"})).json() for _ in range(2)]

    assert answers[0]["notifications"] == 2
    assert answers[0]["messages"] >= 2
    assert answers[1]["notifications"] == answers[1]["messages"] == 0
    states = {row.cancellation_key: row.state for row in await small_house.rows(notifications)}
    assert states == {"C-1": "cancelled", "C-2": "active"}
    kept = await small_house.rows(messages, messages.c.status == "queued")
    assert {row.group_key for row in kept if row.group_key} == {"C-2"}


async def test_for_one_person_alone(small_house: House, shop: Shop) -> None:
    graces = await notify(shop, cancellation_key="news")
    await notify(shop, PATRICK, cancellation_key="news")

    done = await shop.post("/v1/notify/cancel", {"cancellation_key": "news", "subscriber": graces["subscriber_id"]})

    assert done.json()["notifications"] == 1
    assert (await shop.post("/v1/notify/cancel", {"cancellation_key": "news", "subscriber": "x"})).status_code == 404


async def test_neither_another_business_nor_a_test_key_sees_or_cancels_it(small_house: House, shop: Shop) -> None:
    notified = await notify(shop, cancellation_key="C-1")

    for stranger in (await shop_of(small_house, business="jasmin"), await shop_of(small_house, is_test=True)):
        assert (await stranger.get("/v1/notifications")).json()["data"] == []
        for path in ("", "/explain"):
            assert (await stranger.get(f"/v1/notifications/{notified['id']}{path}")).status_code == 404
        done = await stranger.post("/v1/notify/cancel", {"cancellation_key": "C-1"})
        assert (done.status_code, done.json()["notifications"]) == (200, 0)
    (kept,) = await small_house.rows(notifications)
    assert kept.state == "active"


async def test_the_older_words_say_the_same(small_house: House, shop: Shop) -> None:
    older = {
        "template": "mission-accepted",
        "recipients": {"phone": f"+{GRACE}"},
        "data": {"code": "C-1", "courier": COURIER},
        "channels": ["whatsapp", "sms"],
    }

    told = (await shop.post("/api/communication/notify", older, key="k")).json()
    again = await shop.post("/api/communication/notify", older, key="k")

    assert again.json() == told
    (row,) = await small_house.rows(notifications)
    assert [rung["channel"] for rung in row.routing["channels"]] == ["whatsapp", "sms"]
    status = await shop.get("/api/communication/status", params={"id": row.id})
    assert status.json() == (await shop.get(f"/v1/notifications/{row.id}")).json()
    assert (await small_house.private.get("/api/communication/status", params={"id": row.id})).status_code == 401


async def test_an_appointment_that_moves_takes_its_reminders_along(shop: Shop) -> None:
    def at(hour: int) -> dict[str, object]:
        return {"type": "appointment", "id": "RDV-1", "starts_at": f"2100-01-04T{hour:02}:00:00", "tz": "Africa/Tunis"}

    body: dict[str, Any] = {"cancellation_key": "RDV-1", "anchor": at(9)}
    await notify(shop, **body)
    moved = await shop.post("/v1/notify/move", {**body, "anchor": at(15)})
    assert moved.json() == {"moved": 1, "unchanged": 0, "messages": 2}, "what has not left is told anew"
    bad = (await shop.post("/v1/notify/move", {**body, "anchor": {**at(9), "starts_at": "soon"}})).json()
    assert [each["field"] for each in bad["errors"]] == ["anchor"]

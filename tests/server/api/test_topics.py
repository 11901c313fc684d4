"""Topics and broadcasts over the API: kept, joined and left, told together, stopped half-way."""

from typing import Any

import pytest

from notifications.access import Scope
from notifications.tables import broadcasts, notifications
from tests.house import GRACE, PATRICK, House
from tests.server.api.shop import Shop, shop_of
from tests.waiting import until

OFFERS = "/v1/topics/weekly-offers"
TOLD = {
    "topic": "weekly-offers",
    "workflow": "mission-accepted",
    "payload": {"code": "C-1", "courier": {"name": "Jean Malonga"}},
}


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.NOTIFY, Scope.SUBSCRIBERS_WRITE, Scope.MESSAGES_READ)


async def joined(shop: Shop, *people: Any) -> list[str]:
    await shop.ask("PUT", OFFERS, json={"name": "Offers"})
    answer = await shop.post(f"{OFFERS}/members", {"members": list(people)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["subscriber_ids"])


async def test_people_join_and_leave_a_topic(shop: Shop) -> None:
    grace, patrick = await joined(shop, {"phone": f"+{GRACE}"}, {"id": "c-2", "phone": f"+{PATRICK}"})

    assert (await shop.get(OFFERS)).json()["members"] == 2
    first = (await shop.get(f"{OFFERS}/members", params={"limit": 1})).json()
    second = (await shop.get(f"{OFFERS}/members", params={"limit": 1, "after": first["next"]})).json()
    assert [each["subscriber_id"] for each in first["data"] + second["data"]] == sorted([grace, patrick])

    left = await shop.post(f"{OFFERS}/members/remove", {"members": ["c-2", "nobody"]})
    assert left.json() == {"removed": 1}
    assert (await shop.get("/v1/topics")).json()["data"][0]["members"] == 1


async def test_who_is_wrongly_named_is_told_and_nobody_joins(shop: Shop) -> None:
    await joined(shop, "c-1")

    answer = await shop.post(f"{OFFERS}/members", {"members": ["c-2", {"phone": "12"}]})

    assert answer.json()["errors"][0]["field"] == "members[1].phone"
    assert (await shop.get(OFFERS)).json()["members"] == 1
    assert (await shop.post("/v1/topics/none/members", {"members": ["c"]})).status_code == 404


async def test_everybody_of_a_topic_is_told_once(house: House, shop: Shop) -> None:
    people = await joined(shop, {"phone": f"+{GRACE}"}, {"phone": f"+{PATRICK}"})

    begun = (await shop.post("/v1/broadcasts", TOLD, key="b")).json()
    assert (await shop.post("/v1/broadcasts", TOLD, key="b")).json() == begun

    async def is_done() -> bool:
        return bool((await shop.get(f"/v1/broadcasts/{begun['id']}")).json()["state"] == "done")

    await until(is_done)
    assert (await shop.get(f"/v1/broadcasts/{begun['id']}")).json()["reached"] == 2
    assert sorted(row.subscriber_id for row in await house.rows(notifications)) == sorted(people)
    assert (await shop.ask("DELETE", OFFERS)).status_code == 409


async def test_a_broadcast_is_stopped(house: House, shop: Shop) -> None:
    await joined(shop, {"phone": f"+{GRACE}"})
    begun = (await shop.post("/v1/broadcasts", TOLD)).json()

    for _ in range(2):
        assert (await shop.post(f"/v1/broadcasts/{begun['id']}/cancel")).status_code == 200

    (row,) = await house.rows(broadcasts)
    assert row.state in {"cancelled", "done"}


async def test_what_is_wrong_with_a_broadcast_is_named(house: House, shop: Shop) -> None:
    await joined(shop, "c-1")

    wrong = await shop.post("/v1/broadcasts", {**TOLD, "payload": {"code": "C"}}, key="k")
    assert wrong.json()["errors"][0]["field"] == "payload.courier"
    assert (await shop.post("/v1/broadcasts", {**TOLD, "topic": "none"})).status_code == 404
    assert await house.rows(broadcasts) == []
    assert (await shop.ask("DELETE", OFFERS)).status_code == 204
    assert (await shop.get(OFFERS)).status_code == 404

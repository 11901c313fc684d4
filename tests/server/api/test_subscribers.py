"""People over the API: kept under the business's own id, found by their addresses, forgotten; what they want to get."""

from typing import Any
from urllib.parse import quote

import pytest

from conversations.tables import erasures
from notifications.access import Scope
from notifications.consent import is_opted_out
from notifications.tables import consents
from storage.tables import addresses, subscribers
from tests.house import GRACE, House
from tests.server.api.shop import Shop, shop_of
from tests.waiting import until

PROFILE = {"name": "Grâce Mabiala", "phone": f"+{GRACE}", "email": "grace@example.com", "locale": "fr"}


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.SUBSCRIBERS_WRITE, Scope.PREFERENCES_WRITE)


@pytest.fixture
async def caller(small_house: House) -> Shop:
    """A shop whose requests are refused."""
    return await shop_of(small_house, Scope.SUBSCRIBERS_WRITE, Scope.PREFERENCES_WRITE)


async def keep(shop: Shop, person: str = "c-7", **profile: Any) -> dict[str, Any]:
    answer = await shop.ask("PUT", f"/v1/subscribers/{person}", json=profile or PROFILE)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_person_is_kept_and_found_by_any_name(shop: Shop) -> None:
    kept = await keep(shop)

    assert (kept["external_id"], kept["name"], kept["locale"]) == ("c-7", "Grâce Mabiala", "fr")
    assert {each["kind"] for each in kept["addresses"]} == {"phone", "whatsapp", "email"}
    assert (await shop.get("/v1/subscribers/c-7")).json() == kept
    assert (await shop.get(f"/v1/subscribers/{kept['id']}")).json() == kept
    for address in ({"phone": "06 123 45 67"}, {"email": "GRACE@example.com"}, {"whatsapp": GRACE}):
        assert (await shop.post("/v1/subscribers/find", address)).json()["id"] == kept["id"]


async def test_what_is_told_later_is_added(shop: Shop) -> None:
    first = await keep(shop)

    second = await keep(shop, timezone="Africa/Brazzaville", attributes={"tier": "gold"})
    third = await keep(shop, first["id"], attributes={"since": 2020})

    assert second["name"] == "Grâce Mabiala"
    assert (third["timezone"], third["attributes"]) == ("Africa/Brazzaville", {"tier": "gold", "since": 2020})
    assert len(third["addresses"]) == len(first["addresses"])


async def test_who_wrote_before_is_the_same_person(house: House, shop: Shop) -> None:
    await house.says("bonjour")
    await house.quiet()

    kept = await keep(shop)

    (row,) = await house.rows(subscribers)
    assert (row.id, row.external_id) == (kept["id"], "c-7")


async def test_people_are_listed_newest_first(shop: Shop) -> None:
    for number in range(3):
        await keep(shop, f"c-{number}", name=f"Person {number}")

    first = (await shop.get("/v1/subscribers", params={"limit": 2})).json()
    second = (await shop.get("/v1/subscribers", params={"limit": 2, "cursor": first["next"]})).json()

    assert [each["external_id"] for each in first["data"] + second["data"]] == ["c-2", "c-1", "c-0"]


@pytest.mark.parametrize(
    ("profile", "field"),
    [({"phone": "12"}, "phone"), ({"email": "x"}, "email"), ({"locale": "french"}, "locale"), ({"age": 3}, "age")],
)
async def test_what_is_wrong_about_them_is_named(small_house: House, caller: Shop, profile: Any, field: str) -> None:
    answer = await caller.ask("PUT", "/v1/subscribers/c-7", json=profile)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert await small_house.rows(subscribers) == []


async def test_another_business_knows_nobody_of_them(house: House, shop: Shop) -> None:
    kept = await keep(shop)
    other = await shop_of(house, business="jasmin")

    assert (await other.get("/v1/subscribers")).json()["data"] == []
    for path in ("c-7", kept["id"], f"{kept['id']}/preferences"):
        assert (await other.get(f"/v1/subscribers/{path}")).status_code == 404
    assert (await other.post("/v1/subscribers/find", {"phone": f"+{GRACE}"})).status_code == 404
    assert (await other.ask("DELETE", f"/v1/subscribers/{kept['id']}")).status_code == 404


async def test_an_address_is_taken_away(house: House, shop: Shop) -> None:
    kept = await keep(shop)
    (email,) = [each["id"] for each in kept["addresses"] if each["kind"] == "email"]

    async def remove() -> int:
        return (await shop.ask("DELETE", f"/v1/subscribers/c-7/addresses/{email}")).status_code

    assert [await remove(), await remove()] == [204, 404]
    assert await house.rows(addresses, addresses.c.kind == "email") == []


async def test_a_person_is_forgotten(house: House, shop: Shop) -> None:
    kept = await keep(shop)

    for _ in range(2):
        answer = await shop.ask("DELETE", "/v1/subscribers/c-7")
        if answer.status_code == 404:
            break
        assert answer.json() == {"subscriber_id": kept["id"]}

    async def is_done() -> bool:
        return all(row.done_at for row in await house.rows(erasures))

    await until(is_done)
    assert len(await house.rows(erasures)) == 1
    assert await house.rows(addresses) == []
    assert (await shop.get("/v1/subscribers/c-7")).status_code == 404


async def test_a_test_key_forgets_nobody(house: House, shop: Shop) -> None:
    await keep(shop)
    trial = await shop_of(house, is_test=True)

    assert (await trial.ask("DELETE", "/v1/subscribers/c-7")).status_code == 403
    assert await house.rows(erasures) == []


async def decide(shop: Shop, granted: bool, category: str = "marketing", channel: str = "whatsapp") -> Any:
    body = {"preferences": [{"category": category, "channel": channel, "granted": granted}]}
    return await shop.ask("PUT", "/v1/subscribers/c-7/preferences", json=body)


async def test_what_people_want_is_kept_where_it_changes(house: House, shop: Shop) -> None:
    kept = await keep(shop)

    for granted in (True, False, False, True):
        answer = await decide(shop, granted)
        assert answer.status_code == 200

    rows = await house.rows(consents)
    assert [(row.granted, row.source) for row in rows] == [(True, "api"), (False, "api"), (True, "api")]
    assert not await house.parts.database.read(is_opted_out, kept["id"], "marketing")
    told = {(each["category"], each["channel"]): each for each in answer.json()["preferences"]}
    assert told["marketing", "whatsapp"]["source"] == "api"
    assert told["reminders", "email"] == {
        "category": "reminders",
        "channel": "email",
        "granted": True,
        "source": None,
        "decided_at": None,
    }
    assert (await shop.get("/v1/subscribers/c-7/preferences")).json() == answer.json()


async def test_who_said_stop_themselves_is_not_brought_back_by_the_business(house: House, shop: Shop) -> None:
    await house.says("STOP")
    await house.quiet()
    await keep(shop)

    refused = await decide(shop, True)

    assert refused.status_code == 409
    assert "keyword" in refused.json()["detail"]
    assert (await decide(shop, False)).status_code == 200
    assert (await decide(shop, True, channel="email")).status_code == 200


@pytest.mark.parametrize("key", ["org/7", "a/b/c", "café 7", "50%"])
async def test_an_id_may_hold_whatever_the_business_s_system_gives(shop: Shop, key: str) -> None:
    path = f"/v1/subscribers/{quote(key, safe='')}"
    assert (await shop.ask("PUT", path, json={"name": "Grâce"})).status_code == 200
    one = (await shop.get(path)).json()
    assert (one["external_id"], one["name"]) == (key, "Grâce")
    assert (await shop.get(f"{path}/preferences")).status_code == 200
    assert (await shop.get("/v1/subscribers/no%2Fone/preferences")).status_code == 404

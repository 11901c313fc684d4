"""Setting workflows off over the API: for one, some and many; once under a key; refused as a whole; rehearsed."""

import asyncio
from typing import Any

import pytest

from notifications.access import Scope
from notifications.tables import idempotency_keys, messages, notifications
from storage.tables import subscribers
from tests.house import GRACE, PATRICK, SECRET, House
from tests.server.api.shop import Shop, shop_of

GRACES = f"+{GRACE}"
PAYLOAD = {"code": "COUR-20250127-068", "courier": {"name": "Jean Malonga", "phone": "+242069876543"}}
ACCEPTED: dict[str, Any] = {
    "workflow": "mission-accepted",
    "to": {"phone": GRACES, "name": "Grâce"},
    "payload": PAYLOAD,
}


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.NOTIFY)


@pytest.fixture
async def caller(small_house: House) -> Shop:
    """A shop whose requests are refused."""
    return await shop_of(small_house, Scope.NOTIFY)


async def test_a_notification_reaches_the_person(house: House, shop: Shop) -> None:
    await house.says("bonjour")
    await house.heard(1)

    answer = await shop.post("/v1/notify", ACCEPTED)

    assert answer.status_code == 202
    (notified,) = answer.json()["notifications"]
    assert "Jean Malonga" in (await house.heard(2))[1]
    (row,) = await house.rows(notifications)
    assert (row.id, row.source, row.api_key_id, row.is_test) == (notified["id"], "api", shop.key.id, False)


async def test_the_same_request_in_many_hands_tells_once(house: House, shop: Shop) -> None:
    answers = await asyncio.gather(*(shop.post("/v1/notify", ACCEPTED, key="accepted-68") for _ in range(8)))

    done = {answer.text for answer in answers if answer.status_code == 202}
    assert len(done) == 1
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len(await house.rows(notifications)) == 1
    again = await shop.post("/v1/notify", ACCEPTED, key="accepted-68")
    assert again.headers["idempotent-replayed"] == "true"
    assert again.text in done


async def test_nothing_of_a_person_is_kept_with_the_key(house: House, shop: Shop) -> None:
    await shop.post("/v1/notify", ACCEPTED, key="accepted-68")

    (kept,) = await house.rows(idempotency_keys)
    assert "Gr" not in kept.body
    assert GRACE[3:] not in kept.body


async def test_several_people_are_told_or_none_of_them(house: House, shop: Shop) -> None:
    right = {**ACCEPTED, "to": ["c-1", {"phone": GRACES}, {"id": "c-2", "email": "p@example.com"}]}
    wrong = {**right, "to": [*right["to"], {"phone": "12"}, {"email": "nobody"}]}

    refused = await shop.post("/v1/notify", wrong)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["to[3].phone", "to[4].email"]
    assert all(error["mend"] for error in refused.json()["errors"])
    assert await house.rows(subscribers) == []

    told = (await shop.post("/v1/notify", right)).json()
    assert len({each["subscriber_id"] for each in told["notifications"]}) == 3
    assert {row.trigger_id for row in await house.rows(notifications)} == {told["trigger_id"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"workflow": "mission-acepted"}, "workflow"),
        ({"payload": {"code": "C", "courier": {}}}, "payload.courier.name"),
        ({"payload": []}, "payload"),
        ({"to": []}, "to"),
        ({"to": {"name": "Grâce"}}, "to.id"),
        ({"to": {"phone": "+242 06"}}, "to.phone"),
        ({"to": {"id": "c", "mail": "x"}}, "to[0].mail"),
        ({"to": {"id": "c\n1"}}, "to[0].id"),
        ({"to": {"id": "shop/7/preferences"}}, "to.id"),
        ({"to": {"id": "shop/7/inbox-token"}}, "to.id"),
        ({"to": {"id": "shop/addresses/0194d7c1-7e5c-7000-8000-000000000000"}}, "to.id"),
        ({"category": "news"}, "category"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"routing": {"channels": [{"channel": "pigeon"}]}}, "routing.channels[0].channel"),
        ({"routing": {"channels": [{"channel": "webhook"}]}}, "routing.channels.0.channel"),
        ({"anchor": {"type": "appointment"}}, "anchor.id"),
        ({"priority": "high"}, "priority"),
    ],
)
async def test_each_wrong_field_is_named_and_nothing_is_done(
    small_house: House, caller: Shop, change: dict[str, Any], field: str
) -> None:
    answer = await caller.post("/v1/notify", {**ACCEPTED, **change}, key="k")

    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert "Malonga" not in answer.text, "what was sent is not repeated"
    for table in (notifications, subscribers, idempotency_keys):
        assert await small_house.rows(table) == []


async def test_a_rehearsal_tells_what_would_be_said_and_keeps_nothing(house: House, shop: Shop) -> None:
    answer = await shop.post("/v1/notify", {**ACCEPTED, "dry_run": True}, key="k")

    assert answer.status_code == 200
    (rehearsal,) = answer.json()["rehearsals"]
    assert "Jean Malonga" in rehearsal["messages"][0]["said"]
    assert rehearsal["decisions"]
    for table in (notifications, messages, subscribers, idempotency_keys):
        assert await house.rows(table) == []
    crowd = {**ACCEPTED, "to": ["a"] * 11, "dry_run": True}
    assert (await shop.post("/v1/notify", crowd)).json()["errors"][0]["field"] == "to"


async def test_what_a_test_key_makes_is_marked_so(house: House) -> None:
    shop = await shop_of(house, Scope.NOTIFY, is_test=True)

    await shop.post("/v1/notify", ACCEPTED)

    assert {row.is_test for row in await house.rows(notifications)} == {True}
    assert {row.is_test for row in await house.rows(messages)} == {True}


async def test_the_operator_names_the_business_in_the_body_too(house: House, shop: Shop) -> None:
    ours = {"Authorization": f"Bearer {SECRET}"}

    async def notify(business: str | None) -> int:
        answer = await house.private.post("/v1/notify", json={**ACCEPTED, "business": business}, headers=ours)
        return answer.status_code

    assert [await notify(business) for business in ("kimia", "nobody", None)] == [202, 404, 422]
    assert (await shop.post("/v1/notify", {**ACCEPTED, "business": "jasmin"})).status_code == 403
    assert (await shop.post("/v1/notify", {**ACCEPTED, "business": "kimia"})).status_code == 202


async def test_in_bulk_each_is_done_or_refused_for_itself(house: House, shop: Shop) -> None:
    items = [
        {"workflow": "mission-accepted", "to": {"phone": GRACES}, "payload": PAYLOAD},
        {"workflow": "mission-accepted", "to": {"phone": "12"}, "payload": PAYLOAD},
        {"workflow": "mission-accepted", "to": "customer-7", "payload": {}},
        {"workflow": "mission-accepted", "to": {"phone": f"+{PATRICK}"}, "payload": {**PAYLOAD, "code": "C-2"}},
    ]

    done = (await shop.post("/v1/notify/bulk", {"items": items}, key="b")).json()

    assert (done["accepted"], done["refused"]) == (2, 2)
    assert [each["status"] for each in done["results"]] == ["accepted", "refused", "refused", "accepted"]
    assert done["results"][1]["errors"][0]["field"] == "to.phone"
    assert len(await house.rows(notifications)) == 2
    assert (await shop.post("/v1/notify/bulk", {"items": items}, key="b")).json() == done
    assert len(await house.rows(notifications)) == 2


async def test_a_bulk_request_has_its_limit(caller: Shop) -> None:
    item = {"workflow": "mission-accepted", "to": "c", "payload": PAYLOAD}
    answer = await caller.post("/v1/notify/bulk", {"items": [item] * 501})
    assert answer.json()["errors"] == [
        {"field": "items", "problem": answer.json()["errors"][0]["problem"], "mend": "Send at most 500."}
    ]

"""Messages over the API: listed, told with their stories, taken back, each business's for itself."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.access import Scope
from notifications.status import Status
from notifications.tables import message_decisions, messages
from server.parts import utc_now
from storage.tables import conversations
from tests.house import GRACE, KIMIA, SECRET, House
from tests.server.api.shop import Shop, shop_of


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.MESSAGES_WRITE)


@pytest.fixture
async def said(house: House) -> str:
    """The id of a message that Grâce got."""
    await house.says("bonjour")
    await house.quiet()
    (row,) = await house.rows(messages)
    return str(row.id)


def run(connection: Connection, statement: sa.Executable) -> None:
    connection.execute(statement)


async def waiting(house: House) -> str:
    """The id of a message that waits for an hour to come."""
    (row,) = await house.rows(messages)
    (talk,) = await house.rows(conversations)
    copied = {**row._mapping, "id": row.id[:-2] + "ff", "status": Status.QUEUED, "provider_message_id": None}
    values = {**copied, "run_at": utc_now().replace(year=2999), "conversation_id": talk.id}
    await house.parts.database.write(run, sa.insert(messages).values(values))
    return str(copied["id"])


async def test_a_message_is_listed_and_told(shop: Shop, said: str) -> None:
    (listed,) = (await shop.get("/v1/messages")).json()["data"]
    one = (await shop.get(f"/v1/messages/{said}")).json()

    assert listed == one
    assert (one["text"], one["status"], one["channel"], one["origin"]) == (
        "you said bonjour",
        "sent",
        "whatsapp",
        "bot",
    )


async def test_a_message_tells_what_it_costs(house: House, shop: Shop, said: str) -> None:
    cost = (await shop.get(f"/v1/messages/{said}")).json()["cost"]

    assert (cost["category"], cost["currency"], cost["estimated"], cost["actual"], cost["type"]) == (
        "service",
        "USD",
        "0.004",
        None,
        None,
    )
    receipt = {"id": house.whatsapp.sent[0]["wamid"], "status": "delivered", "timestamp": "1784000000"}
    pricing = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    await house.post({**receipt, "recipient_id": GRACE, "pricing": pricing}, key="statuses")

    cost = (await shop.get(f"/v1/messages/{said}")).json()["cost"]
    assert (cost["estimated"], cost["actual"], cost["type"]) == ("0.004", "0", "free_customer_service")


async def test_messages_are_found_by_where_they_stand_and_whose_they_are(shop: Shop, said: str) -> None:
    async def found(**query: str) -> int:
        return len((await shop.get("/v1/messages", params=query)).json()["data"])

    one = (await shop.get(f"/v1/messages/{said}")).json()
    assert await found(status="sent") == 1
    assert await found(status="queued") == 0
    assert await found(subscriber_id=one["subscriber_id"], channel="whatsapp") == 1
    assert await found(subscriber_id=said) == 0
    assert await found(channel="email") == 0


async def test_a_story_is_told_to_the_business_and_the_operator(house: House, shop: Shop, said: str) -> None:
    path = f"/v1/messages/{said}/explain"

    told = (await shop.get(path)).json()

    assert told["status"] == "sent"
    assert told["story"][0]["what"] == "queued"
    assert (await house.private.get(path, headers={"Authorization": f"Bearer {SECRET}"})).json() == told


async def test_another_business_and_a_test_key_see_nothing_of_it(house: House, said: str) -> None:
    for stranger in (await shop_of(house, business="jasmin"), await shop_of(house, is_test=True)):
        assert (await stranger.get("/v1/messages")).json()["data"] == []
        assert (await stranger.get(f"/v1/messages/{said}")).status_code == 404
        assert (await stranger.get(f"/v1/messages/{said}/explain")).status_code == 404
        assert (await stranger.post(f"/v1/messages/{said}/cancel")).status_code == 404


async def test_a_message_that_waits_is_taken_back(house: House, shop: Shop, said: str) -> None:
    message = await waiting(house)

    for _ in range(2):
        answer = await shop.post(f"/v1/messages/{message}/cancel", key="once")
        assert answer.json() == {"id": message, "status": "cancelled"}

    story = (await shop.get(f"/v1/messages/{message}/explain")).json()["story"]
    assert [entry["what"] for entry in story] == ["queued", "cancelled"]


async def test_what_left_cannot_be_taken_back(shop: Shop, said: str) -> None:
    answer = await shop.post(f"/v1/messages/{said}/cancel")

    assert answer.status_code == 409
    assert answer.json()["message_status"] == "sent"
    assert (await shop.get(f"/v1/messages/{said}")).json()["status"] == "sent"


async def test_nothing_of_a_person_is_in_the_story_of_a_cancellation(house: House, shop: Shop, said: str) -> None:
    message = await waiting(house)
    await shop.post(f"/v1/messages/{message}/cancel")

    (decision,) = await house.rows(message_decisions, message_decisions.c.message_id == message)
    assert GRACE not in decision.reason
    assert KIMIA not in decision.reason

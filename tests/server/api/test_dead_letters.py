"""Dead letters over the API: listed, sent again once, given up, each business's for itself."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from notifications.access import Scope
from notifications.status import Status
from notifications.tables import messages
from tests.house import House
from tests.server.api.shop import Shop, shop_of


@pytest.fixture
async def shop(house: House) -> Shop:
    return await shop_of(house, Scope.MESSAGES_WRITE)


@pytest.fixture
async def dead(house: House) -> str:
    """The id of a message that failed for good."""
    await house.says("bonjour")
    await house.quiet()
    (row,) = await house.rows(messages)

    def fail(connection: Connection) -> None:
        connection.execute(sa.update(messages).values(status=Status.FAILED, error="No such person.", error_code=131026))

    await house.parts.database.write(fail)
    return str(row.id)


async def test_what_failed_for_good_is_listed_without_a_word_of_it(shop: Shop, dead: str) -> None:
    (letter,) = (await shop.get("/v1/dead-letters")).json()["data"]

    assert (letter["id"], letter["error_code"], letter["error"]) == (dead, 131026, "No such person.")
    assert "bonjour" not in str(letter)


async def test_it_is_sent_again_once(house: House, shop: Shop, dead: str) -> None:
    first = await shop.post(f"/v1/dead-letters/{dead}/replay", key="r")
    again = await shop.post(f"/v1/dead-letters/{dead}/replay", key="r")
    late = await shop.post(f"/v1/dead-letters/{dead}/replay")

    assert (first.status_code, again.json(), late.status_code) == (200, first.json(), 409)
    assert await house.heard(2) == ["you said bonjour"] * 2
    assert (await shop.get("/v1/dead-letters")).json() == {"data": [], "next": None}


async def test_it_is_given_up(shop: Shop, dead: str) -> None:
    assert (await shop.post(f"/v1/dead-letters/{dead}/drop")).json() == {"id": dead}
    assert (await shop.post(f"/v1/dead-letters/{dead}/drop")).status_code == 409
    assert (await shop.get("/v1/dead-letters")).json()["data"] == []


async def test_strangers_see_and_do_nothing(house: House, shop: Shop, dead: str) -> None:
    for stranger in (await shop_of(house, business="jasmin"), await shop_of(house, is_test=True)):
        assert (await stranger.get("/v1/dead-letters")).json()["data"] == []
        assert (await stranger.post(f"/v1/dead-letters/{dead}/replay")).status_code == 404
    assert len((await shop.get("/v1/dead-letters")).json()["data"]) == 1

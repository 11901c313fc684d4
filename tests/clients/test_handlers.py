"""A backend says what changed, and its customer reads it: once, however often it is said."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from notifications.access import Scope
from notifications.tables import backend_events
from relais_client import AsyncRelais, Relais
from relais_client._call import Call, Known
from tests.clients.conftest import Ask, asking, of_both
from tests.house import GRACE, House, open_house, settings_for
from tests.server.api.shop import shop_of

MISSION: dict[str, Any] = {
    "code": "COUR-20250127-068",
    "status": "pending",
    "created_at": "2025-01-27T14:05:00+01:00",
    "customer": {"phone": f"+{GRACE}", "name": "Grâce Mabiala"},
    "courier": {"name": "Jean Malonga", "phone": "+242069876543"},
    "pickup": {"address": "3 Avenue Foch"},
    "dropoff": {"address": "47 Rue Mayama"},
}
ORDER: dict[str, Any] = {
    "code": "CMD-20250127-012",
    "status": "placed",
    "created_at": "2025-01-27T13:00:00Z",
    "customer_phone": f"+{GRACE}",
    "merchant": {"name": "Chez Maman Wivine"},
    "lines": [{"name": "Poulet Mayo", "quantity": 2}],
    "pickup": {"address": "12 Avenue de la Paix"},
}


@pytest.fixture
async def sending(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[House]:
    """A server that sends."""
    opened = open_house(settings_for(sqlite_address, tmp_path))
    opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def tell(kind: str, sending: House) -> Ask:
    shop = await shop_of(sending, Scope.EVENTS)
    return await asking(kind, sending.private._transport, shop.secret)


@of_both
async def test_a_mission_that_moves_on_is_told_in_the_chat(sending: House, tell: Ask) -> None:
    await sending.says("bonjour")
    await sending.heard(1)
    for status, words in (
        ("accepted", "Jean Malonga"),
        ("pickup_arrived", "3 Avenue Foch"),
        ("in_transit", "47 Rue Mayama"),
        ("delivered", "merci"),
    ):
        before = len(sending.whatsapp.texts(GRACE))
        mission = {**MISSION, "status": status}
        first, again = [await tell("on_mission_status_changed", mission) for _ in range(2)]
        assert (first.is_repeat, again.is_repeat) == (False, True)
        assert words.casefold() in (await sending.heard(before + 1, GRACE))[before].casefold()
    await sending.settled()
    assert len(sending.whatsapp.texts(GRACE)) == 5, "the greeting, and each status once"


async def test_an_order_is_told_from_the_kitchen_to_the_counter(sending: House, tell: Ask) -> None:
    await sending.says("bonjour")
    await sending.heard(1)

    placed = await tell("on_order_status_changed", ORDER)
    await tell("on_order_status_changed", {**ORDER, "status": "preparing"})
    assert "Poulet Mayo" in (await sending.heard(2, GRACE))[1]
    await tell("on_order_status_changed", {**ORDER, "status": "ready"})
    assert "12 Avenue de la Paix" in (await sending.heard(3, GRACE))[2]

    assert "order-placed" in placed.reason, "who orders in the chat has read it there"
    assert [row.type for row in await sending.rows(backend_events)] == [
        "order.placed",
        "order.confirmed",
        "order.ready",
    ]


async def test_a_delay_is_told_once_for_each(sending: House, tell: Ask) -> None:
    late = {**MISSION, "status": "accepted", "delay": {"reason": "traffic", "minutes": 20}}

    told = [await tell("on_mission_delayed", late) for _ in range(2)]
    later = await tell("on_mission_delayed", {**late, "delay": {"reason": "traffic", "minutes": 40}})

    assert [each.is_repeat for each in (*told, later)] == [False, True, False]


@pytest.mark.parametrize("status", ["pickup_arrived", "cancelled"])
async def test_what_the_order_tells_its_delivery_does_not(status: str) -> None:
    """Who ordered hands nothing over; and two messages would tell of one cancellation."""
    brings_an_order = {**MISSION, "status": status, "order_code": "CMD-20250127-012"}

    assert Relais.on_mission_status_changed(brings_an_order) == Known(None)
    async with AsyncRelais("http://127.0.0.1:9", "rk_live_x") as relais:
        assert await relais.on_mission_status_changed(brings_an_order) is None


async def test_the_courier_of_an_order_hears_what_its_customer_reads_with_the_order() -> None:
    cancelled = {**MISSION, "status": "cancelled", "order_code": "CMD-20250127-012"}
    call = Relais.on_mission_status_changed(cancelled, tell={"courier": "courier-3"})

    assert isinstance(call, Call)
    assert call.body is not None
    assert call.body["tell"] == {"courier": {"id": "courier-3"}}
    assert "customer" not in call.body["data"]


CREATED = {"status": "accepted", "created_at": "2025-01-27T14:05:00+01:00"}


@pytest.mark.parametrize(
    ("mission", "id", "is_dated"),
    [
        ({"status": "accepted"}, "mission.accepted:C-1", False),
        (CREATED, "mission.accepted:C-1:2025-01-27T13:05:00Z", False),
        (CREATED | {"steps": {"accepted": "2025-01-27T13:11:00Z"}}, "mission.accepted:C-1:2025-01-27T13:11:00Z", True),
        ({"status": "accepted", "steps": {"accepted": "this morning"}}, "mission.accepted:C-1", False),
        ({"status": "accepted", "steps": None}, "mission.accepted:C-1", False),
    ],
)
def test_what_happened_and_when_is_the_id(mission: dict[str, Any], id: str, is_dated: bool) -> None:
    call = Relais.on_mission_status_changed({"code": "C-1", **mission})

    assert isinstance(call, Call)
    assert call.body is not None
    assert call.body["id"] == id
    assert ("occurred_at" in call.body) is is_dated


@pytest.mark.parametrize("missing", ["code", "status"])
def test_a_mission_without_what_is_needed_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=f"the mission has no {missing}"):
        Relais.on_mission_status_changed({**MISSION, missing: ""})

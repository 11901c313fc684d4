"""What a business's backend does with the client comes about, and what is refused tells why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.tables import backend_events, messages
from relais_client import (
    AsyncRelais,
    BadAnswer,
    Conflict,
    Decided,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    Person,
    Relais,
    TooLate,
    Unauthorized,
)
from server.parts import utc_now
from tests.clients.conftest import Ask, asking, of_both
from tests.house import GRACE, PATRICK, SECRET, House
from tests.server.api.shop import Shop, shop_of

CODE = "COUR-20250127-068"
PAYLOAD = {"code": CODE, "courier": {"name": "Jean Malonga", "phone": "+242069876543"}}
GRACE_HERSELF = Person(id="customer-7", phone=f"+{GRACE}", name="Grâce Mabiala")


@of_both
async def test_somebody_is_told_once_however_often_it_is_asked(small_house: House, ask: Ask) -> None:
    wanted = {"to": GRACE_HERSELF, "payload": PAYLOAD, "idempotency_key": "accepted-068"}

    first, again = [await ask("notify", "mission-accepted", **wanted) for _ in range(2)]

    assert again == first
    rows = await small_house.rows(messages)
    assert {row.notification_id for row in rows} == {first.notifications[0].id}
    assert set(first.notifications[0].message_ids) == {row.id for row in rows}
    anew = [await ask("notify", "mission-accepted", f"+{GRACE}", PAYLOAD) for _ in range(2)]
    assert len({first.trigger_id, *(each.trigger_id for each in anew)}) == 3, "without a key, each is one of its own"


async def test_what_would_be_said_is_told_and_nothing_kept(small_house: House, ask: Ask) -> None:
    (rehearsal,) = await ask("rehearse", "mission-accepted", GRACE_HERSELF, PAYLOAD)

    assert "Jean Malonga" in rehearsal.messages[0].said
    assert rehearsal.messages[0].expires_at > utc_now()
    assert await small_house.rows(messages) == []


async def test_of_many_each_is_done_or_refused_for_itself(ask: Ask) -> None:
    done = await ask(
        "notify_many",
        [
            {"workflow": "mission-delivered", "to": f"+{GRACE}", "payload": {"code": "C-1"}},
            {"workflow": "mission-delivered", "to": Person(phone=f"+{PATRICK}"), "payload": {}},
        ],
    )

    assert (done.accepted, done.refused) == (1, 1)
    assert done.results[0].notification.message_ids
    assert done.results[0].errors == ()
    assert done.results[1].notification is None
    assert done.results[1].errors[0].field == "payload.code"


async def test_an_event_is_told_once(small_house: House, ask: Ask) -> None:
    told: dict[str, Any] = {
        "data": {**PAYLOAD, "customer_phone": f"+{GRACE}"},
        "id": "evt-1",
        "occurred_at": utc_now(),
    }

    first, again = [await ask("event", "mission.accepted", **told) for _ in range(2)]

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.notification_id == first.notification_id
    assert (await ask("event", "table.booked", {"customer_phone": f"+{GRACE}"})).reason
    assert len(await small_house.rows(backend_events)) == 2


async def test_what_hangs_on_an_appointment_moves_with_it(ask: Ask) -> None:
    anchor = {"type": "delivery", "id": CODE, "starts_at": "2100-01-04T09:00:00+01:00"}
    await ask("notify", "mission-accepted", GRACE_HERSELF, PAYLOAD, cancellation_key=CODE, anchor=anchor)

    done = await ask("move", CODE, {**anchor, "starts_at": "2100-01-05T09:00:00+01:00"})
    again = await ask("move", CODE, {**anchor, "starts_at": "2100-01-05T09:00:00+01:00"})

    assert (done.moved, done.unchanged) == (1, 0)
    assert done.messages > 0, "what has not left is told anew"
    assert (again.moved, again.unchanged, again.messages) == (0, 1, 0)


async def test_what_has_not_left_is_taken_back(ask: Ask) -> None:
    await ask("notify", "mission-accepted", GRACE_HERSELF, PAYLOAD, cancellation_key=CODE)

    done = await ask("cancel", CODE)

    assert (done.notifications, done.too_late) == (1, 0)
    assert {each.status for each in await ask("messages")} == {"cancelled"}


async def test_a_message_tells_where_it_stands_and_why(ask: Ask) -> None:
    accepted = await ask("notify", "mission-accepted", GRACE_HERSELF, PAYLOAD)
    told = accepted.notifications[0]

    message = await ask("message", told.message_ids[0])

    assert (message.status, message.notification_id) == ("queued", told.id)
    assert message.created_at.tzinfo is not None
    assert "Jean Malonga" in message.text
    assert "Jean Malonga" not in repr(message)
    assert (await ask("explain", message.id)).story[0].at <= utc_now()
    assert (await ask("explain_notification", told.id)).story
    assert (await ask("notification", told.id)).workflow == "mission-accepted"

    await ask("cancel_message", message.id)
    assert (await ask("message", message.id)).status == "cancelled"


@of_both
async def test_lists_go_on_over_their_pages(ask: Ask) -> None:
    items = [
        {"workflow": "mission-delivered", "to": f"+24206{number:07}", "payload": {"code": f"C-{number}"}}
        for number in range(120)
    ]
    await ask("notify_many", items)

    people = await ask("subscribers")
    notified = await ask("notifications", workflow="mission-delivered")

    assert len({each.id for each in people}) == 120
    assert len({each.id for each in notified}) == 120
    assert [each.created_at for each in notified] == sorted((each.created_at for each in notified), reverse=True)
    assert await ask("notifications", workflow="mission-accepted") == []


@of_both
async def test_people_are_kept_found_and_forgotten(ask: Ask) -> None:
    kept = await ask("keep_subscriber", "c 7 #é?", name="Grâce", phone=f"+{GRACE}", attributes={"tier": "gold"})

    assert await ask("subscriber", "c 7 #é?") == kept
    assert (await ask("find_subscriber", phone=f"+{GRACE}")).id == kept.id
    assert f"+{GRACE}" in [each.value for each in kept.addresses]
    assert GRACE not in repr(kept)
    assert await ask("forget_subscriber", "c 7 #é?") is None
    with pytest.raises(NotFound):
        await ask("subscriber", "nobody")


async def test_what_people_want_is_kept(ask: Ask) -> None:
    await ask("keep_subscriber", "c-7", phone=f"+{GRACE}")
    no = Decided(category="marketing", channel="whatsapp", granted=False)

    decided = await ask("keep_preferences", "c-7", [no])

    assert decided == await ask("preferences", "c-7")
    assert [(each.category, each.channel) for each in decided if not each.granted] == [("marketing", "whatsapp")]


async def test_whatever_else_the_api_has_can_be_asked(ask: Ask) -> None:
    made = await ask("request", "PUT", "/v1/topics/bacongo", {"name": "People of Bacongo"})

    assert made["key"] == "bacongo"
    assert (await ask("request", "get", "/v1/topics", query={"limit": 5}))["data"]


@of_both
async def test_what_is_wrong_is_named_by_field(ask: Ask) -> None:
    with pytest.raises(Invalid) as refused:
        await ask("notify", "mission-accepted", "+2421", {"code": CODE})

    assert refused.value.status == 422
    assert refused.value.kind == "invalid-request"
    assert {each.field for each in refused.value.errors} >= {"payload.courier"}
    assert all(each.mend for each in refused.value.errors)
    assert CODE not in str(refused.value)


async def test_a_key_that_was_used_for_something_else_is_refused(ask: Ask) -> None:
    await ask("notify", "mission-delivered", f"+{GRACE}", {"code": "C-1"}, idempotency_key="k")

    with pytest.raises(KeyReused):
        await ask("notify", "mission-delivered", f"+{GRACE}", {"code": "C-2"}, idempotency_key="k")


async def test_who_may_not_is_told_so(kind: str, small_house: House) -> None:
    to = small_house.private._transport
    with pytest.raises(Unauthorized):
        await (await asking(kind, to, "rk_live_nobody"))("subscriber", "c-7")
    narrow = await shop_of(small_house, business="jasmin", is_test=True)
    with pytest.raises(Forbidden) as refused:
        await (await asking(kind, to, narrow.secret))("forget_subscriber", "c-7")
    assert refused.value.problem["scope"] == "live"


async def test_the_operator_names_the_business(small_house: House) -> None:
    """As the demo backend does, which stands for two of them."""
    async with AsyncRelais("http://relais.test", SECRET, business="jasmin", http=small_house.private) as relais:
        accepted = await relais.notify("mission-delivered", "+21620123456", {"code": "C-1"})
    jasmin = await shop_of(small_house, business="jasmin")
    assert (await jasmin.get(f"/v1/notifications/{accepted.notifications[0].id}")).status_code == 200


@pytest.mark.parametrize("id", ["", ".", ".."])
async def test_an_id_that_would_be_another_address_is_refused(ask: Ask, id: str) -> None:
    with pytest.raises(ValueError, match="subscriber"):
        await ask("forget_subscriber", id)


async def test_a_moment_without_a_timezone_is_refused(ask: Ask) -> None:
    naive = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    with pytest.raises(ValueError, match="expires_at"):
        await ask("notify", "mission-delivered", f"+{GRACE}", {"code": "C"}, expires_at=naive)


@pytest.mark.parametrize(("url", "key"), [("relais.example.com", "rk_live_x"), ("http://relais.test", " ")])
def test_a_client_that_could_reach_nobody_is_not_made(url: str, key: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        Relais(url, key)


async def test_the_key_shows_nowhere(shop: Shop) -> None:
    relais = Relais("http://127.0.0.1:8081", shop.secret)
    assert shop.secret not in repr(relais)
    relais.close()


def test_errors_are_one_tree() -> None:
    assert issubclass(TooLate, Conflict)
    assert not issubclass(BadAnswer, Conflict)

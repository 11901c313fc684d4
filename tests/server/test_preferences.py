"""What people want to hear from us: kept once for each turn, told, and heeded by the gate."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations.tables import turns
from notifications.outbox import MessageOutbox
from notifications.tables import consents, messages
from server.parts import utc_now
from storage.tables import conversations
from tests.house import GRACE, SECRET, House

OURS = {"Authorization": f"Bearer {SECRET}"}


class Desk:
    """The private port, as the assistant asks it about Grâce."""

    def __init__(self, house: House, sender_id: str) -> None:
        self.house = house
        self.path = f"/internal/people/{sender_id}/notifications"

    async def wanted(self) -> dict[str, bool]:
        answer = await self.house.private.get(self.path, headers=OURS)
        return dict(answer.json())

    async def choose(self, *categories: str, granted: bool = False, turn: str | None = None) -> httpx.Response:
        choice = {"turn_id": turn or str(uuid4()), "categories": categories, "granted": granted}
        return await self.house.private.post(self.path, json=choice, headers=OURS)


@pytest.fixture
async def desk(house: House) -> Desk:
    await house.says("bonjour")
    await house.quiet()
    (talk,) = await house.rows(conversations)
    return Desk(house, talk.id)


async def test_who_decided_nothing_gets_everything(desk: Desk) -> None:
    assert await desk.wanted() == {"marketing": True, "tracking": True, "reminders": True}


async def test_a_decision_is_kept_once_however_often_its_turn_comes(desk: Desk, house: House) -> None:
    turn = str(uuid4())

    answers = [(await desk.choose("reminders", "tracking", turn=turn)).json() for _ in range(3)]

    wanted = {"marketing": True, "tracking": False, "reminders": False}
    assert answers == [{"changed": ["reminders", "tracking"], "wanted": wanted}] * 3
    rows = await house.rows(consents)
    assert [(row.category, row.granted, row.source, row.turn_id) for row in rows] == [
        ("reminders", False, "chat", turn),
        ("tracking", False, "chat", turn),
    ]


async def test_what_is_so_already_is_not_decided_anew(desk: Desk, house: House) -> None:
    assert (await desk.choose("marketing", granted=True)).json()["changed"] == []
    assert (await desk.choose("marketing")).json()["changed"] == ["marketing"]
    assert (await desk.choose("marketing", "reminders")).json()["changed"] == ["reminders"]
    assert len(await house.rows(consents)) == 2


async def test_the_word_stop_and_the_chat_decide_about_the_same(desk: Desk, house: House) -> None:
    await house.says("STOP")
    assert not (await desk.wanted())["marketing"]

    await desk.choose("marketing", granted=True)
    assert (await desk.wanted())["marketing"]

    await house.says("stop")
    await house.says("START")
    assert await desk.wanted() == {"marketing": True, "tracking": True, "reminders": True}


async def test_the_word_start_counts_in_the_second_of_a_no(desk: Desk, house: House) -> None:
    asked_at = datetime.now(UTC).replace(microsecond=0)
    await house.says("plus de promos svp", timestamp=str(int(asked_at.timestamp())))
    await house.quiet()
    turn = (await house.rows(turns))[-1]
    await desk.choose("marketing", turn=turn.id)

    await house.says("START", timestamp=str(int(asked_at.timestamp())))

    assert (await desk.wanted())["marketing"]


@pytest.mark.parametrize("category", ["tracking", "reminders"])
async def test_what_a_person_declined_does_not_go_and_answers_do(desk: Desk, house: House, category: str) -> None:
    await desk.choose(category)
    (talk,) = await house.rows(conversations)

    def queue(connection: Connection) -> None:
        for text in ("a step", "an answer"):
            MessageOutbox().queue(
                connection,
                business_id=talk.business_id,
                conversation_id=talk.id,
                turn_id=None,
                origin="service",
                content_key=text,
                payloads=[{"type": "text", "text": {"body": text}}],
                now=utc_now(),
            )
        connection.execute(sa.update(messages).where(messages.c.content_key == "a step").values(category=category))

    await house.parts.database.write(queue)
    house.parts.wakeup.signal("messages")
    await house.settled()

    declined, answer = await house.rows(messages, messages.c.content_key.is_not(None))
    assert declined.status == "skipped"
    assert declined.error == f"The person does not want {category} messages here."
    assert answer.status == "sent"


@pytest.mark.parametrize("wrong", [{"categories": ["gossip"]}, {"categories": []}, {"turn_id": "x"}])
async def test_a_decision_about_nothing_is_refused(desk: Desk, house: House, wrong: dict[str, Any]) -> None:
    choice = {"turn_id": str(uuid4()), "categories": ["marketing"], "granted": False} | wrong
    answer = await house.private.post(desk.path, json=choice, headers=OURS)

    assert answer.status_code == 422
    assert await house.rows(consents) == []


async def test_only_our_own_processes_ask_and_nobody_is_invented(desk: Desk, house: House) -> None:
    assert (await house.private.get(desk.path)).status_code == 401
    assert (await house.private.get(f"/internal/people/{uuid4()}/notifications", headers=OURS)).status_code == 404
    assert (await Desk(house, str(uuid4())).choose("marketing")).status_code == 404


async def test_one_persons_decision_is_nobody_elses(desk: Desk, house: House) -> None:
    await house.says("bonjour", "242055551234")
    await house.quiet()
    await desk.choose("marketing")

    (other,) = [talk for talk in await house.rows(conversations) if talk.id not in desk.path]
    assert all((await Desk(house, other.id).wanted()).values())
    assert GRACE not in desk.path

"""Humans who take a talk up: the bot is silent, nothing is lost, and it has the talk again when they are done."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from conversations import handoffs
from conversations.handoffs import Held, NotYours, TakenByAnother, WindowClosed
from conversations.merge import merge
from conversations.tables import handoffs as table
from conversations.tables import turn_events, turns
from notifications.outbox import UNSENT, MessageOutbox
from notifications.tables import messages
from storage.clock import database_now
from storage.tables import conversations
from storage.types import new_id
from tests.conversations.test_arrivals import app_echo
from tests.house import PATRICK, House, echo
from tests.waiting import until

AMINA, BEN = new_id(), new_id()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def talk(house: House) -> str:
    """Grâce's, with the bot."""
    await house.says("bonjour")
    await house.heard(1)
    await house.quiet()
    (row,) = await house.rows(conversations)
    return str(row.id)


async def taken(house: House, talk: str, agent: str = AMINA, **how: Any) -> Held:
    return await house.parts.database.write(handoffs.take, talk, agent, now(), **how)


async def agent_says(house: House, talk: str, text: str, agent: str = AMINA) -> None:
    payload = {"type": "text", "text": {"body": text}}
    await house.parts.database.write(handoffs.say, MessageOutbox(), talk, agent, [payload], now())
    house.parts.wakeup.signal("messages")


async def open_one(house: House) -> Any:
    (row,) = await house.rows(table, table.c.state != "closed")
    return row


async def time_is_over(house: House) -> None:
    """As if what the talk waits for had been due, and the worker had looked."""

    def past(connection: Connection) -> None:
        connection.execute(
            sa.update(table).where(table.c.returns_at.is_not(None)).values(returns_at=database_now(-1.0))
        )

    await house.parts.database.write(past)
    house.parts.wakeup.signal("handoffs")

    async def looked() -> bool:
        return not await house.rows(table, table.c.returns_at.is_not(None))

    await until(looked)


async def left_to_humans(house: House, count: int) -> None:
    async def enough() -> bool:
        return len(await house.rows(turns, turns.c.status == "to_human")) == count

    await until(enough)


async def test_while_a_human_has_the_talk_the_bot_is_silent_and_everything_is_kept(house: House, talk: str) -> None:
    held = await taken(house, talk)
    await house.says("il y a quelqu'un ?")
    await left_to_humans(house, 1)
    await agent_says(house, talk, "Oui, Amina à votre écoute.")

    assert (held.state, held.reason, held.agent_id) == ("human", "taken", AMINA)
    assert await house.heard(2) == ["you said bonjour", "Oui, Amina à votre écoute."]
    assert len(house.bot.turns) == 1
    (said,) = await house.rows(messages, messages.c.origin == "agent")
    assert said.author_id == AMINA
    assert (await open_one(house)).unanswered_since is None


async def test_given_back_the_bot_answers_and_knows_what_the_human_said(house: House, talk: str) -> None:
    await taken(house, talk)
    await agent_says(house, talk, "Votre colis part ce soir.")
    await house.settled()
    assert await house.parts.database.write(handoffs.give_back, talk, now())
    assert not await house.parts.database.write(handoffs.give_back, talk, now())

    await house.says("merci")
    assert (await house.heard(3))[-1] == "you said merci"
    assert [note["text"] for note in house.bot.turns[-1]["notes"]] == ["Votre colis part ce soir."]
    (ended,) = await house.rows(table)
    assert (ended.state, ended.ended_by) == ("closed", "agent")


async def test_what_the_bot_was_about_to_say_is_kept_unsent(house: House, talk: str) -> None:
    async def taken_meanwhile(asked: dict[str, Any]) -> dict[str, Any]:
        await taken(house, talk)
        return await echo(asked)

    house.bot.answer = taken_meanwhile
    await house.says("où est mon colis ?")
    await house.quiet()

    (unsent,) = await house.rows(messages, messages.c.status == "skipped")
    assert (unsent.payload["text"]["body"], unsent.error) == ("you said où est mon colis ?", UNSENT)
    assert house.whatsapp.texts() == ["you said bonjour"]
    assert await house.rows(turn_events, turn_events.c.turn_id == unsent.turn_id) != []


async def test_of_two_agents_at_once_one_has_it(house: House, talk: str) -> None:
    both = await asyncio.gather(taken(house, talk, AMINA), taken(house, talk, BEN), return_exceptions=True)

    (held,) = [each for each in both if isinstance(each, Held)]
    (refused,) = [each for each in both if isinstance(each, TakenByAnother)]
    assert refused.agent_id == held.agent_id
    other = BEN if held.agent_id == AMINA else AMINA
    with pytest.raises(TakenByAnother):
        await agent_says(house, talk, "moi aussi", other)
    assert (await taken(house, talk, other, from_another=True)).agent_id == other


async def test_who_has_not_taken_it_up_says_nothing(house: House, talk: str) -> None:
    with pytest.raises(NotYours):
        await agent_says(house, talk, "bonjour")


async def test_who_writes_while_it_closes_gets_the_human_again(house: House, talk: str) -> None:
    await taken(house, talk)
    await house.parts.database.write(handoffs.finish, talk, AMINA)
    assert (await open_one(house)).state == "closing"

    await house.says("encore une chose")
    await left_to_humans(house, 1)
    again = await open_one(house)
    assert (again.state, again.agent_id) == ("human", AMINA)
    assert again.unanswered_since is not None


async def test_when_it_has_closed_the_bot_answers(house: House, talk: str) -> None:
    await taken(house, talk)
    await house.parts.database.write(handoffs.finish, talk, AMINA)
    await time_is_over(house)

    await house.says("bonjour")
    assert await house.heard(2) == ["you said bonjour", "you said bonjour"]
    (ended,) = await house.rows(table)
    assert (ended.state, ended.ended_by) == ("closed", "silence")


async def test_whom_no_human_answers_is_told_so_and_waits_before_the_others(house: House, talk: str) -> None:
    await taken(house, talk)
    await house.says("allô ?")
    await left_to_humans(house, 1)
    await time_is_over(house)

    assert "personne de l'équipe" in (await house.heard(2))[1]
    row = await open_one(house)
    assert (row.state, row.agent_id, row.priority) == ("waiting", None, 1)
    await house.says("ok")
    assert (await house.heard(3))[-1] == "you said ok"


async def test_the_one_who_was_left_waiting_is_listed_first(house: House, talk: str) -> None:
    await house.says("bonjour", PATRICK)
    await house.quiet()
    (other,) = [row.id for row in await house.rows(conversations) if row.id != talk]
    await taken(house, other)
    await taken(house, talk)
    await house.says("allô ?")
    await left_to_humans(house, 1)
    await time_is_over(house)
    asking = {"turn_id": new_id(), "reason": "asked", "language": "fr", "summary": {}}
    await house.parts.database.write(
        lambda connection: handoffs.ask(connection, other, now=now() - timedelta(hours=1), **asking)  # type: ignore[arg-type]
    )

    listed = await house.parts.database.read(handoffs.listed, 10)
    assert [each.conversation_id for each in listed] == [talk, other]


async def test_after_24_hours_a_template_alone_goes(house: House, talk: str) -> None:
    await taken(house, talk)
    long_ago = {"last_inbound_at": now() - timedelta(hours=25)}
    await house.parts.database.write(lambda c: c.execute(sa.update(conversations).values(long_ago)))

    with pytest.raises(WindowClosed):
        await agent_says(house, talk, "toujours là ?")
    template = {"type": "template", "template": {"name": "hello", "language": {"code": "fr"}}}
    sent = await house.parts.database.write(handoffs.say, MessageOutbox(), talk, AMINA, [template], now())
    assert len(sent) == 1


async def test_somebody_who_answers_from_the_app_keeps_the_bot_silent(house: House, talk: str) -> None:
    await house.post_raw(app_echo("Je regarde ça tout de suite", at=now()))
    await house.says("merci")
    await left_to_humans(house, 1)
    row = await open_one(house)
    assert (row.state, row.reason, row.agent_id) == ("human", "app", None)

    await house.post_raw(app_echo("C'est fait !", at=now(), wamid="wamid.app2"))
    assert (await open_one(house)).unanswered_since is None
    await time_is_over(house)
    await house.says("autre chose")
    assert (await house.heard(2))[-1] == "you said autre chose"


async def test_old_news_of_the_app_pauses_nothing(house: House, talk: str) -> None:
    await house.post_raw(app_echo("C'était hier", at=now() - timedelta(days=1)))
    await house.says("bonjour")

    assert len(await house.heard(2)) == 2
    assert await house.rows(table) == []


async def test_stop_is_heeded_while_a_human_has_the_talk(house: House, talk: str) -> None:
    await taken(house, talk)
    await house.says("STOP")

    assert "START" in (await house.heard(2))[1]


async def test_two_talks_that_become_one_stay_with_the_human(house: House, talk: str) -> None:
    await house.says("bonjour", PATRICK)
    await house.quiet()
    one, other = sorted(await house.rows(conversations), key=lambda row: row.id)
    await taken(house, other.id)
    await house.parts.database.write(lambda c: merge(c, one.subscriber_id, other.subscriber_id))

    await house.says("toujours là ?", PATRICK)
    await left_to_humans(house, 1)
    held = await house.parts.database.read(handoffs.held, one.id)
    assert held is not None
    assert held.agent_id == AMINA

"""One person, many names: numbers change, spellings differ, and some show no number at all."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import InboundMessage, Sender, TextReceived
from conversations import people, records
from conversations.people import Conversation
from conversations.records import Arrived
from conversations.tables import inbound_messages, turns
from conversations.turn_input import Words
from notifications.tables import consents, messages
from storage.tables import addresses, conversations, subscribers
from tests.house import GRACE, JASMIN, KIMIA, House, echo, text_of

NEW_NUMBER = "242069999999"
HIDDEN = "CG.1349120865530274191"
HIDDEN_NEW = "CG.77777777777777777"


async def names(house: House) -> set[tuple[str, str]]:
    return {(row.kind, row.value) for row in await house.rows(addresses)}


async def everybody(house: House) -> list[Any]:
    return await house.rows(subscribers, subscribers.c.merged_into.is_(None))


def hidden(house: House, text: str, user_id: str = HIDDEN) -> dict[str, Any]:
    """A message of somebody who hides their number."""
    message = house.message(text, from_user_id=user_id)
    del message["from"]
    return message


def system(house: House, kind: str, sender: str | None = GRACE, **news: Any) -> dict[str, Any]:
    message = house.message("", type="system", system={"type": kind, "body": "changed", **news})
    del message["text"]
    if sender is None:
        del message["from"]
    return message


async def test_somebody_without_a_number_is_known_again_by_their_user_id(house: House) -> None:
    await house.post(hidden(house, "bonjour"))
    await house.post(hidden(house, "encore moi"))
    await house.quiet()

    assert len(await everybody(house)) == 1
    assert [row.input["text"] for row in await house.rows(turns)] == ["bonjour", "encore moi"]


async def test_a_number_shown_later_makes_one_person_of_two(house: House) -> None:
    await house.post(hidden(house, "bonjour"))
    await house.says("salut")
    await house.quiet()
    assert len(await everybody(house)) == 2

    await house.says("c'est moi", from_user_id=HIDDEN)
    await house.quiet()

    (person,) = await everybody(house)
    talks = await house.rows(conversations, conversations.c.merged_into.is_(None))
    assert [talk.subscriber_id for talk in talks] == [person.id]
    assert {row.conversation_id for row in await house.rows(inbound_messages)} == {talks[0].id}
    assert {row.conversation_id for row in await house.rows(messages)} == {talks[0].id}
    assert await names(house) == {("whatsapp", GRACE), ("phone", f"+{GRACE}"), ("bsuid", HIDDEN)}


async def test_a_turn_under_way_while_two_become_one_is_answered_once_where_the_talk_goes_on(house: House) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow_at_first(asked: dict[str, Any]) -> dict[str, Any]:
        if text_of(asked) == "salut" and not begun.is_set():
            begun.set()
            await go_on.wait()
        return await echo(asked)

    house.bot.answer = slow_at_first
    await house.post(hidden(house, "bonjour"))
    await house.says("salut")
    await begun.wait()

    # The older subscriber stays, and the other's turn moves while the bot is at it.
    await house.says("c'est moi", from_user_id=HIDDEN)
    go_on.set()

    heard = await house.heard(3)
    await house.quiet()
    assert sorted(heard) == ["you said bonjour", "you said c'est moi", "you said salut"]
    assert {row.status for row in await house.rows(turns)} == {"done"}


async def test_a_message_that_was_being_kept_while_two_became_one_is_answered_where_the_talk_goes_on(
    house: House,
) -> None:
    await house.post(hidden(house, "bonjour"))
    await house.says("salut")
    await house.quiet()
    older, _ = await everybody(house)
    (ends,) = await house.rows(conversations, conversations.c.subscriber_id != older.id)
    await house.says("c'est moi", from_user_id=HIDDEN)
    await house.quiet()

    # Another process had found the talk that ends before it ended, and writes only now.
    await house.parts.database.write(_keep_in, ends, house.message("et mon colis ?"))
    house.parts.wakeup.signal("turns")

    assert (await house.heard(4))[-1] == "you said et mon colis ?"
    talks = await house.rows(conversations, conversations.c.merged_into.is_(None))
    assert {row.conversation_id for row in await house.rows(turns)} == {talks[0].id}


def _keep_in(connection: Connection, talk: Any, message: dict[str, Any]) -> None:
    item = InboundMessage(
        phone_number_id=KIMIA,
        wamid=message["id"],
        sender=Sender(wa_id=GRACE),
        sent_at=datetime.now(UTC),
        content=TextReceived(body=message["text"]["body"]),
        raw=message,
    )
    conversation = Conversation(id=talk.id, business_id=talk.business_id, subscriber_id=talk.subscriber_id)
    arrived = Arrived(item, conversation)
    (inbound_id,) = records.insert_inbound(connection, [arrived], item.sent_at)
    assert inbound_id is not None
    records.insert_turns(connection, [(arrived, inbound_id, Words(text=message["text"]["body"]))], item.sent_at)
    records.touch(connection, [(talk.id, item.sent_at)], has_turn=True)


async def test_a_new_number_is_the_same_person_and_the_old_one_is_free(house: House) -> None:
    await house.says("bonjour")
    await house.post(system(house, "user_changed_number", wa_id=NEW_NUMBER))
    await house.says("me revoilà", sender=NEW_NUMBER)
    assert len(await everybody(house)) == 1

    await house.says("je suis quelqu'un d'autre", sender=GRACE)
    await house.quiet()

    older, newer = await everybody(house)
    assert {(row.subscriber_id, row.value) for row in await house.rows(addresses, addresses.c.kind == "whatsapp")} == {
        (older.id, NEW_NUMBER),
        (newer.id, GRACE),
    }


async def test_news_of_a_new_number_that_comes_twice_makes_nobody_new(house: House) -> None:
    await house.says("bonjour")
    news = system(house, "user_changed_number", new_wa_id=NEW_NUMBER)
    for _ in range(3):
        assert (await house.post(news)).status_code == 200

    assert len(await everybody(house)) == 1
    assert ("whatsapp", GRACE) not in await names(house)


async def test_who_wrote_from_the_new_number_first_is_joined_with_who_they_were(house: House) -> None:
    await house.says("bonjour")
    await house.says("nouveau téléphone", sender=NEW_NUMBER)
    await house.quiet()

    await house.post(system(house, "user_changed_number", wa_id=NEW_NUMBER))

    (person,) = await everybody(house)
    (talk,) = await house.rows(conversations, conversations.c.merged_into.is_(None))
    assert {row.conversation_id for row in await house.rows(inbound_messages)} == {talk.id}
    assert ("whatsapp", NEW_NUMBER) in await names(house)
    assert person.name == "Grâce"


async def test_a_new_user_id_is_the_same_person(house: House) -> None:
    await house.post(hidden(house, "bonjour"))
    await house.post(
        system(house, "user_changed_user_id", sender=None, user_id=HIDDEN_NEW, previous_user_id=HIDDEN)
        | {"from_user_id": HIDDEN}
    )
    await house.post(hidden(house, "encore moi", HIDDEN_NEW))
    await house.quiet()

    assert len(await everybody(house)) == 1
    assert await names(house) == {("bsuid", HIDDEN_NEW)}


async def test_the_webhook_field_of_a_new_user_id_does_the_same(house: House) -> None:
    await house.post(hidden(house, "bonjour"))
    change = {
        "field": "user_id_update",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "242065000001", "phone_number_id": KIMIA},
            "user_id_update": [{"user_id": {"previous": HIDDEN, "current": HIDDEN_NEW}, "timestamp": "1760000000"}],
        },
    }
    await house.post_raw({"entry": [{"id": "200000000000001", "changes": [change]}]})

    assert await names(house) == {("bsuid", HIDDEN_NEW)}


async def test_both_spellings_of_a_brazilian_number_are_one_person(house: House) -> None:
    await house.says("oi", sender="5511987654321")
    await house.says("tudo bem", sender="551187654321")
    await house.quiet()

    assert len(await everybody(house)) == 1


async def test_a_number_given_on_our_request_is_the_senders_own(house: House) -> None:
    await house.says("bonjour")
    await house.post(hidden(house, "salut"))
    await house.quiet()
    card = {"name": {"formatted_name": "Grâce"}, "phones": [{"phone": f"+{GRACE}", "wa_id": GRACE, "type": "CELL"}]}

    answer = hidden(house, "") | {"type": "contacts", "contacts": [card], "origin": "contact_request"}
    await house.post(answer)
    await house.quiet()

    assert len(await everybody(house)) == 1


async def test_a_card_that_somebody_forwards_proves_nothing(house: House) -> None:
    await house.says("bonjour")
    card = {"name": {"formatted_name": "Grâce"}, "phones": [{"phone": f"+{GRACE}", "wa_id": GRACE, "type": "CELL"}]}

    await house.post(hidden(house, "") | {"type": "contacts", "contacts": [card], "origin": "other"})
    await house.quiet()

    assert len(await everybody(house)) == 2


async def test_a_stop_of_either_half_counts_for_the_whole(house: House) -> None:
    await house.post(hidden(house, "STOP"))
    await house.says("bonjour")
    await house.says("c'est moi", from_user_id=HIDDEN)
    await house.quiet()

    (person,) = await everybody(house)
    assert [(row.subscriber_id, row.granted) for row in await house.rows(consents)] == [(person.id, False)]


async def test_businesses_never_share_a_person(house: House) -> None:
    await house.says("bonjour")
    await house.post(house.message("bonjour", from_user_id=HIDDEN), number=JASMIN)
    await house.quiet()

    assert len(await everybody(house)) == 2


async def test_an_action_that_asks_late_still_learns_who_it_is(house: House) -> None:
    await house.says("bonjour")
    await house.post(hidden(house, "salut"))
    await house.quiet()
    before = await house.rows(conversations)
    await house.says("c'est moi", from_user_id=HIDDEN)
    await house.quiet()

    for talk in before:
        known = await house.parts.database.read(people.person, talk.id)
        assert known is not None
        assert known.phone == f"+{GRACE}"


async def test_nothing_is_left_on_the_talk_that_ended(house: House) -> None:
    await house.post(hidden(house, "bonjour"))
    await house.says("salut")
    await house.quiet()
    await house.says("c'est moi", from_user_id=HIDDEN)
    await house.quiet()

    (ended,) = await house.rows(conversations, conversations.c.merged_into.is_not(None))
    for table in (inbound_messages, turns, messages):
        assert await house.rows(table, table.c.conversation_id == ended.id) == []

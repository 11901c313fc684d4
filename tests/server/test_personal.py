"""What is known of a person: told to them as a file, and forgotten everywhere, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.engine import URL, Connection

from conversations.merge import merge
from conversations.tables import erasures, inbound_messages, reply_tokens, turn_events, turns
from demo.backend import Settings as DemoSettings
from demo.backend import create_app
from notifications.events import BackendEvent, receive
from notifications.tables import consents, messages, notifications, receipts
from notifications.topics import add_members, put_topic
from notifications.triggering import Recipient, Trigger
from server.parts import utc_now
from storage.tables import addresses, conversations, metadata, phone_numbers, subscribers
from tests.house import GRACE, KIMIA, PATRICK, SECRET, House, open_house, settings_for
from tests.waiting import until

OURS = {"Authorization": f"Bearer {SECRET}"}
NEWCOMER = "242061119100"
"""Nobody is on the way for them."""

SECRET_WORDS = ("le code de la porte est 4711", "2420611191", "Grâce", "wamid.in")


class Office:
    """A house beside a business's system, and what the assistant asks of it."""

    def __init__(self, house: House, demo: httpx.AsyncClient) -> None:
        self.house = house
        self.demo = demo

    async def sender(self, phone: str = NEWCOMER) -> str:
        rows = await self.house.rows(addresses, addresses.c.kind == "phone", addresses.c.value == f"+{phone}")
        talks = await self.house.rows(conversations, conversations.c.subscriber_id == rows[0].subscriber_id)
        return str(talks[0].id)

    async def export(self, sender_id: str) -> httpx.Response:
        return await self.house.private.post(f"/internal/people/{sender_id}/exports", headers=OURS)

    async def erase(self, sender_id: str, wish: str | None = None) -> httpx.Response:
        body = {"wish_id": wish or str(uuid4())}
        return await self.house.private.post(f"/internal/people/{sender_id}/erasures", json=body, headers=OURS)

    async def erased(self, count: int = 1) -> list[Any]:
        """Wait until so many wishes are fulfilled."""

        async def done() -> list[Any]:
            rows = await self.house.rows(erasures, erasures.c.done_at.is_not(None))
            return rows if len(rows) >= count else []

        return await until(done)

    async def everything(self) -> str:
        """Every row of every table, as one text."""

        def read(connection: Connection) -> str:
            return "\n".join(
                str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(sa.select(table))
            )

        return await self.house.parts.database.read(read)


@pytest.fixture
async def office(database_address: URL, tmp_path: Path) -> AsyncIterator[Office]:
    app = create_app(DemoSettings(backend_token=SecretStr("demo-token"), var_dir=tmp_path))
    demo = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8090")
    house = open_house(settings_for(database_address, tmp_path, backend_token="demo-token"), backend=demo)
    house.bot.answer = _answer
    house.start()
    yield Office(house, demo)
    await house.stop()
    app.state.store.close()


async def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    """With a button, and with the words in the events, as the real bot has them."""
    buttons = [{"title": "Menu", "payload": "/help"}]
    said = asked.get("text") or ""
    return {
        "responses": [{"text": f"you said {said}", "buttons": buttons}],
        "events": [{"event": "user", "text": said}],
    }


async def _talk(office: Office, phone: str = NEWCOMER) -> str:
    """Somebody says something secret and STOP; their sender id."""
    await office.house.says("le code de la porte est 4711", phone)
    await office.house.says("STOP", phone)
    await office.house.quiet()
    return await office.sender(phone)


async def test_the_file_holds_what_we_know_and_what_the_business_knows(office: Office) -> None:
    await office.house.says("où est mon colis", GRACE)
    await office.house.quiet()

    answer = await office.export(await office.sender(GRACE))

    assert answer.json() == {"media_id": "media1", "filename": "mes-donnees.txt"}
    upload = office.house.whatsapp.uploads[0]
    document = json.loads(upload[upload.index(b"\r\n\r\n{") :].rpartition(b"\r\n--")[0])
    assert document["business"] == "Kimia Express"
    known = document["assistant"]
    assert known["person"]["name"] == "Grâce"
    assert {"kind": "phone", "value": f"+{GRACE}"} in known["person"]["addresses"]
    assert [each["text"] for each in known["received"]] == ["où est mon colis"]
    assert [each["text"] for each in known["sent"]] == ["you said où est mon colis"]
    assert "COUR-20250127-061" in [each["code"] for each in document["business_system"]["missions"]]


async def test_the_file_holds_nobody_elses(office: Office) -> None:
    await office.house.says("je suis Patrick", PATRICK)
    await _talk(office)

    await office.export(await office.sender())

    upload = office.house.whatsapp.uploads[0].decode()
    assert "4711" in upload
    assert '"granted": false' in upload
    assert "Patrick" not in upload
    assert PATRICK not in upload


async def test_while_the_business_is_away_there_is_no_half_file(office: Office) -> None:
    sender = await _talk(office)
    await office.demo.post("/demo/faults", json={"status": 503})

    assert (await office.export(sender)).status_code == 503
    assert office.house.whatsapp.uploads == []


async def test_nothing_of_a_forgotten_person_is_left_but_that_they_decided(office: Office) -> None:
    await office.house.says("bonjour, Patrick ici", PATRICK)
    sender = await _talk(office)

    answer = await office.erase(sender)
    (row,) = await office.erased()

    assert (answer.status_code, answer.json()) == (202, {"kept": []})
    left = await office.everything()
    assert [word for word in SECRET_WORDS[:2] if word in left] == []
    assert office.house.bot.forgotten == [sender]
    (decision,) = await office.house.rows(consents)
    assert (decision.category, decision.granted, decision.source) == ("marketing", False, "keyword")
    assert (row.asked_by, row.problem) == ("person", None)
    assert row.removed["messages"] == 2
    assert "Patrick ici" in left
    assert f"+{PATRICK}" in left


async def test_what_was_pushed_is_told_and_forgotten_too(office: Office) -> None:
    """On every channel, waiting and gathered, with the events that said it and the topics that they joined."""
    sender = await _talk(office)
    parts, business_id = office.house.parts, (await office.house.rows(phone_numbers))[0].business_id
    person = Recipient(id="kunde-4711", phone=f"+{NEWCOMER}", email="geheim@example.com", attributes={"floor": 4711})
    told = Trigger(business_id=business_id, workflow="mission-cancelled", to=person, payload={"code": "CODE-4711"})
    later = replace(told, workflow="mission-reminder", payload={"code": "CODE-4711"}, cancellation_key="k-4711")
    await parts.triggers.notify_many([told, later])

    def tell(connection: Connection) -> None:
        put_topic(connection, business_id, "promo")
        add_members(connection, business_id, "promo", [person], merge)
        for number, type_ in enumerate(("mission.cancelled", "mission.exploded")):
            data = {"code": f"EVENT-4711-{number}", "customer_phone": f"+{NEWCOMER}"}
            event = BackendEvent(business_id=business_id, id=f"e{number}", type=type_, occurred_at=utc_now(), data=data)
            receive(connection, event, parts.triggers.tools)

    await parts.database.write(tell)
    await office.export(sender)
    upload = office.house.whatsapp.uploads[-1]
    for known in (b"CODE-4711", b"kunde-4711", b"promo"):
        assert known in upload

    await office.erase(sender)
    await office.erased()

    left = await office.everything()
    for word in ("4711", "geheim@example.com", NEWCOMER):
        assert word not in left
    assert await office.house.rows(notifications, notifications.c.state == "active") == []


async def test_who_writes_again_is_somebody_new(office: Office) -> None:
    before = await _talk(office)
    await office.erase(before)
    await office.erased()

    await office.house.says("bonjour", NEWCOMER)
    await office.house.quiet()

    after = await office.sender()
    assert after != before
    assert office.house.bot.turns[-1]["sender_id"] == after
    assert await office.house.heard(1, NEWCOMER)
    wanted = await office.house.private.get(f"/internal/people/{after}/notifications", headers=OURS)
    assert wanted.json()["marketing"]


async def test_a_button_of_before_means_nothing_any_more(office: Office) -> None:
    sender = await _talk(office)
    (answer,) = [each for each in office.house.whatsapp.sent if each["type"] == "interactive"]
    (button,) = answer["interactive"]["action"]["buttons"]
    await office.erase(sender)
    await office.erased()
    assert await office.house.rows(reply_tokens) == []

    heard = len(office.house.whatsapp.texts(NEWCOMER))
    await office.house.taps(button["reply"], NEWCOMER)

    assert "n'est plus valable" in (await office.house.heard(heard + 1, NEWCOMER))[-1]


async def test_a_person_on_whose_way_somebody_is_stays(office: Office) -> None:
    sender = await _talk(office, GRACE)

    answer = await office.erase(sender)

    assert (answer.status_code, answer.json()["detail"]) == (409, {"code": "delivery_under_way"})
    assert await office.house.rows(erasures) == []
    assert "4711" in await office.everything()


async def test_the_same_wish_is_one_and_nothing_is_lost_where_the_answer_was(office: Office) -> None:
    sender, wish = await _talk(office), str(uuid4())
    await office.demo.post("/demo/faults", json={"status": 503, "after_work": True})
    assert (await office.erase(sender, wish)).status_code == 503
    assert await office.house.rows(erasures) == []

    await office.demo.post("/demo/faults", json={})
    assert (await office.erase(sender, wish)).status_code == 202
    assert (await office.erase(sender, wish)).status_code == 202

    assert len(await office.erased()) == 1


async def test_what_is_being_answered_is_answered_first(office: Office) -> None:
    sender = await _talk(office)
    answering, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(asked: dict[str, Any]) -> dict[str, Any]:
        answering.set()
        await go_on.wait()
        return await _answer(asked)

    office.house.bot.answer = slowly
    await office.house.says("oui, tout supprimer", NEWCOMER)
    await answering.wait()
    await office.erase(sender)
    assert await office.house.rows(erasures, erasures.c.done_at.is_not(None)) == []
    go_on.set()
    await office.erased()

    assert "you said oui, tout supprimer" in office.house.whatsapp.texts(NEWCOMER)
    assert "tout supprimer" not in await office.everything()


async def test_while_the_bot_is_away_the_wish_waits(office: Office) -> None:
    sender = await _talk(office)
    office.house.bot.is_ready = False
    await office.erase(sender)

    async def tried() -> bool:
        return bool(await office.house.rows(erasures, erasures.c.failures == 1))

    await until(tried)
    assert "4711" in await office.everything()

    office.house.bot.is_ready = True

    def now(connection: Connection) -> None:
        connection.execute(sa.update(erasures).values(run_at=utc_now() - timedelta(seconds=1)))

    await office.house.parts.database.write(now)
    assert len(await office.erased()) == 1
    assert "4711" not in await office.everything()


async def test_an_assistant_that_cannot_forget_is_named_to_the_operator(office: Office) -> None:
    sender = await _talk(office)
    office.house.bot.can_forget = False

    await office.erase(sender)

    (row,) = await office.erased()
    assert "tracker store keeps its events" in row.problem
    assert "4711" not in await office.everything()


async def test_a_receipt_that_comes_late_names_nobody(office: Office) -> None:
    sender = await _talk(office)
    (first, _) = await office.house.rows(messages)
    await office.erase(sender)
    await office.erased()
    assert await office.house.rows(receipts) == []

    status = {"id": "wamid.late", "status": "read", "timestamp": "1738000000", "recipient_id": NEWCOMER}
    await office.house.post({**status, "biz_opaque_callback_data": first.id}, number=KIMIA, key="statuses")

    assert await office.house.rows(receipts) == []
    assert [row.status for row in await office.house.rows(messages, messages.c.id == first.id)] == ["sent"]


async def test_what_waited_too_long_is_called_back(office: Office) -> None:
    sender = await _talk(office)
    await office.house.rest(office.house.parts.delivery)
    await office.house.says("encore", NEWCOMER)

    async def queued() -> bool:
        return bool(await office.house.rows(messages, messages.c.status == "queued"))

    await until(queued)
    await office.erase(sender)

    def long_ago(connection: Connection) -> None:
        connection.execute(sa.update(erasures).values(asked_at=utc_now() - timedelta(minutes=11)))

    await office.house.parts.database.write(long_ago)
    await office.erased()

    assert [row.status for row in await office.house.rows(messages)][-1] == "cancelled"
    assert "encore" not in await office.everything()


async def test_rows_of_turns_stay_as_facts_without_words(office: Office) -> None:
    sender = await _talk(office)
    await office.erase(sender)
    await office.erased()

    assert {row.status for row in await office.house.rows(turns)} == {"done"}
    assert [row.raw for row in await office.house.rows(inbound_messages)] == [{}, {}]
    assert await office.house.rows(turn_events) == []
    assert await office.house.rows(addresses) == []
    assert [(row.name, row.locale) for row in await office.house.rows(subscribers)] == [(None, None)]


async def test_only_our_own_processes_ask_and_nobody_unknown_is_forgotten(office: Office) -> None:
    sender = await _talk(office)
    for path in ("exports", "erasures"):
        assert (await office.house.private.post(f"/internal/people/{sender}/{path}")).status_code == 401
    assert (await office.export(str(uuid4()))).status_code == 404
    assert (await office.erase(str(uuid4()))).status_code == 404
    assert (await office.erase(sender, "not-an-id")).status_code == 422

"""What failed for good is listed, read, sent again once, or dropped."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import URL

from notifications import dead_letters
from notifications.dead_letters import NotDead
from notifications.tables import messages
from server.__main__ import relais
from server.commands import database as database_command
from storage.database import Database, open_database
from tests.house import GRACE, JASMIN, PATRICK, settings_for
from tests.notifications.post_office import PostOffice, no, yes


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


async def failed(office: PostOffice, **person: Any) -> str:
    office.graph.answer = no(131026)
    message = await office.queue(await office.person(**(person or {"whatsapp": GRACE})))
    await office.send()
    office.graph.answer = yes
    return message


async def test_dead_letters_are_listed_page_by_page_the_newest_first(office: PostOffice) -> None:
    dead = [await failed(office, whatsapp=f"24206{index:07}") for index in range(5)]

    first = await office.database.read(dead_letters.dead_letters, most=3)
    second = await office.database.read(dead_letters.dead_letters, most=3, before_id=first[-1].id)

    assert [each.id for each in (*first, *second)] == dead[::-1]
    assert first[0].error_code == 131026
    assert first[0].error is not None


async def test_a_business_sees_its_own_alone(office: PostOffice) -> None:
    ours, theirs = await failed(office), await failed(office, number=JASMIN, whatsapp=PATRICK)
    business_id = (await office.row(ours)).business_id

    found = await office.database.read(dead_letters.dead_letters, business_id=business_id)
    assert [each.id for each in found] == [ours]
    with pytest.raises(NotDead):
        await office.database.write(dead_letters.drop, theirs, datetime.now(UTC), business_id)


async def test_what_is_sent_again_is_a_message_of_its_own_and_goes_once(office: PostOffice) -> None:
    message = await failed(office)
    again = await office.database.write(dead_letters.replay, message, datetime.now(UTC))
    with pytest.raises(NotDead):
        await office.database.write(dead_letters.replay, message, datetime.now(UTC))
    await office.send()

    old, new = await office.row(message), await office.row(again)
    assert (old.status, new.status, new.replay_of, new.failures) == ("failed", "sent", message, 0)
    assert await office.database.read(dead_letters.dead_letters) == []
    assert await office.story(message) == ["failed", "replayed"]
    assert len(await office.rows(messages)) == 2


async def test_what_is_dropped_stays_failed_and_is_listed_no_more(office: PostOffice) -> None:
    message = await failed(office)
    await office.database.write(dead_letters.drop, message, datetime.now(UTC))

    assert await office.database.read(dead_letters.dead_letters) == []
    assert (await office.row(message)).status == "failed"


@pytest.mark.parametrize("act", [dead_letters.replay, dead_letters.drop])
async def test_what_did_not_fail_is_no_dead_letter(office: PostOffice, act: Any) -> None:
    message = await office.queue(await office.person(whatsapp=GRACE))
    with pytest.raises(NotDead, match=message):
        await office.database.write(act, message, datetime.now(UTC))


def test_the_commands_list_show_replay_and_drop(
    sqlite_address: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_command, "configured", lambda: settings_for(sqlite_address, tmp_path))
    first, second = asyncio.run(_two_dead(sqlite_address))

    assert relais_says("dead").splitlines()[-1] == "2 failed."
    assert "failed: " in relais_says("show", first)
    assert "It goes again, as " in relais_says("replay", first)
    assert "It is listed no more." in relais_says("drop", second)
    assert relais_says("dead") == "No failed message waits for you.\n"
    assert f"{first} is no message that failed" in relais_says("replay", first, exit_code=1)


def relais_says(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(relais, ["messages", *words])
    assert result.exit_code == exit_code, result.output
    return result.output


async def _two_dead(address: URL) -> tuple[str, str]:
    opened = open_database(address)
    office = PostOffice(opened)
    dead = await failed(office), await failed(office, whatsapp=PATRICK)
    await opened.close()
    return dead

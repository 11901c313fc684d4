"""Files that people send are lost neither with a worker nor with WhatsApp away for a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.whatsapp.media.download import Saved
from channels.whatsapp.webhook import MediaReceived
from conversations import media
from conversations.media import Claimed
from conversations.tables import inbound_messages, received_media
from storage.clock import database_now
from storage.database import Database
from storage.tables import phone_numbers
from storage.types import new_id
from tests.house import KIMIA

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SAVED = Saved(mime_type="audio/ogg", size=100)


def expect(connection: Connection) -> None:
    """Somebody sent a voice note."""
    business_id = str(
        connection.scalar(sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == KIMIA))
    )
    inbound_id = new_id()
    row = {"id": inbound_id, "business_id": business_id, "phone_number_id": KIMIA, "wamid": inbound_id}
    connection.execute(sa.insert(inbound_messages).values(**row, kind="audio", raw={}, sent_at=NOW, received_at=NOW))
    media.expect(
        connection,
        business_id=business_id,
        inbound_message_id=inbound_id,
        phone_number_id=KIMIA,
        content=MediaReceived(kind="audio", media_id="7001", voice=True, filename="x" * 1000),
        now=NOW,
    )


async def claim(database: Database, lease_seconds: float = 60.0) -> Claimed:
    (file,) = await database.write(media.claim, 10, lease_seconds)
    return file


async def row(database: Database) -> Any:
    return await database.read(lambda connection: connection.execute(sa.select(received_media)).one())


def due_again(connection: Connection) -> None:
    """Whatever pause was set is over."""
    connection.execute(sa.update(received_media).values(run_at=database_now(-1)))


async def test_a_file_is_one_workers_alone(database: Database) -> None:
    await database.write(expect)

    file = await claim(database)

    assert await database.write(media.claim, 10) == []
    assert file.key == f"{file.business_id}/{file.id}"
    assert file.language in ("fr", "en")
    assert len((await row(database)).filename) == media.MAX_NAME


async def test_a_worker_that_dies_after_storing_leaves_the_file_to_the_next_at_the_same_place(
    database: Database,
) -> None:
    await database.write(expect)
    died = await claim(database, lease_seconds=-1)

    again = await claim(database)

    assert (again.attempt, again.key, again.storage_key) == (died.attempt + 1, died.key, None)
    await database.write(media.stored, again, SAVED, NOW, to_be_heard=False)
    assert (await row(database)).status == "stored"


async def test_who_outlived_its_lease_changes_nothing_any_more(database: Database) -> None:
    await database.write(expect)
    late = await claim(database, lease_seconds=-1)
    current = await claim(database)
    await database.write(media.stored, current, SAVED, NOW, to_be_heard=False)

    await database.write(media.given_up, late, "refused", "too late")

    assert ((await row(database)).status, (await row(database)).reason) == ("stored", None)


async def test_pauses_grow_and_end_after_a_day(database: Database) -> None:
    await database.write(expect)
    pauses = []
    for _ in range(10):
        file = await claim(database)
        await database.write(media.postponed, file, "WhatsApp is away", NOW)
        due = await database.read(media.seconds_until_due)
        pauses.append(due or 0.0)
        await database.write(due_again)

    assert [round(pause, -1) for pause in pauses[2:4]] == [20, 40]
    assert max(pauses) <= media.LONGEST_PAUSE_SECONDS
    await database.write(media.postponed, await claim(database), "WhatsApp is away", NOW + timedelta(days=1))
    assert ((await row(database)).status, (await row(database)).reason) == ("failed", "WhatsApp is away")
    assert await database.read(media.seconds_until_due) is None


async def test_a_voice_note_that_kills_its_listeners_is_known_by_it(database: Database) -> None:
    await database.write(expect)
    await database.write(media.stored, await claim(database), SAVED, NOW, to_be_heard=True)

    deaths = []
    for _ in range(3):
        deaths.append((await claim(database)).failures)
        await database.write(media.forget_leases)

    assert deaths == [0, 1, 2]


async def test_a_restart_gives_files_back_at_once(database: Database) -> None:
    await database.write(expect)
    await claim(database)

    await database.write(media.forget_leases)

    assert (await claim(database)).attempt == 2

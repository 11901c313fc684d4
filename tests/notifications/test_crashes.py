"""kill -9 at any point of the send path: nothing is lost, and nothing goes twice but what nobody could know of."""

import asyncio
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from channels.whatsapp.emulator.testing import Emulator
from notifications.delivery import UNSETTLED
from notifications.tables import messages
from storage.database import open_database
from tests.notifications.dying_worker import POINTS
from tests.notifications.post_office import PostOffice
from tests.waiting import until

pytestmark = pytest.mark.slow

COUNT, CONCURRENCY = 24, 4
LEASE_SECONDS = 1.0

UNTOUCHED = frozenset({"claiming", "claimed"})
"""Points before anything has left, of which nothing may ever go twice: the first claim dies."""

DEATHS: Final = {"claiming": 1, "claimed": 1, "settling": 2, "settled": 2}
"""At which time a point is reached the worker dies, else at the third: what ends together is settled together."""


@pytest.fixture
def whatsapp(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator(tmp_path) as emulator:
        emulator.policy(window="off")
        yield emulator


@pytest.fixture
async def office(database_address: URL) -> AsyncIterator[PostOffice]:
    opened = open_database(database_address)
    yield PostOffice(opened)
    await opened.close()


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_that_is_killed_loses_nothing_and_doubles_only_what_may_have_left(
    office: PostOffice, whatsapp: Emulator, database_address: URL, point: str
) -> None:
    people = {f"24206{index:07}": "marketing" if index % 3 == 0 else "transactional" for index in range(COUNT)}
    ids = {who: await office.queue(await office.person(whatsapp=who), category=of) for who, of in people.items()}

    with worker(database_address, whatsapp, point, when=DEATHS.get(point, 3)) as dying:
        assert await asyncio.to_thread(dying.wait, 30) == -signal.SIGKILL
    with worker(database_address, whatsapp, "never"):
        await until(lambda: all_settled(office), 40)

    arrived = Counter(call["to"] for call in whatsapp.requests(kind="text", failed=False))
    rows = {row.id: row for row in await office.rows(messages)}
    for who, category in people.items():
        row = rows[ids[who]]
        if category == "marketing" and row.status == "unknown":
            # It may have left, so that it does not go again: a receipt would tell.
            assert arrived[who] <= 1
            continue
        assert row.status == "sent"
        assert 1 <= arrived[who] <= 1 + row.resends
    doubled = sum(count - 1 for count in arrived.values() if count > 1)
    assert doubled <= (0 if point in UNTOUCHED else CONCURRENCY * (1 + UNSETTLED))
    assert all(arrived[who] <= 1 for who, category in people.items() if category == "marketing")


def worker(address: URL, whatsapp: Emulator, point: str, when: int = 1) -> "subprocess.Popen[bytes]":
    told = {
        "point": point,
        "when": when,
        "database": address.render_as_string(hide_password=False),
        "whatsapp": whatsapp.address,
        "token": whatsapp.options.token,
        "concurrency": CONCURRENCY,
        "lease_seconds": LEASE_SECONDS,
    }
    return Worker([sys.executable, "-m", "tests.notifications.dying_worker", json.dumps(told)])


class Worker(subprocess.Popen[bytes]):
    """A worker of its own process; at the end of `with` it is told to stop."""

    def __exit__(self, *why: Any) -> None:
        if self.poll() is None:
            self.send_signal(signal.SIGTERM)
        super().__exit__(*why)


async def all_settled(office: PostOffice) -> bool:
    """Whether everybody was reached, or never will be; what is unknown has its minute over at once."""
    await office.database.write(_let_the_minute_pass)
    m = messages.c
    waits = await office.rows(messages, m.status.in_(("queued", "sending")) | m.lease_until.is_not(None))
    return not waits


def _let_the_minute_pass(connection: Connection) -> None:
    m = messages.c
    long_ago = datetime.now(UTC) - timedelta(seconds=1)
    connection.execute(
        sa.update(messages).where(m.status == "unknown", m.lease_until.is_not(None)).values(lease_until=long_ago)
    )

"""The worker of messages before the emulator, over a real connection: faults come and go, and everybody is reached."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import URL
from structlog.testing import capture_logs

from channels.transport import AiohttpTransport
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.emulator.testing import Emulator
from channels.whatsapp.graph import Graph, OneToken
from notifications.delivery import DeliveryRunner
from notifications.providers.whatsapp import WhatsAppProvider
from notifications.tables import messages
from storage.database import open_database
from storage.wakeup import LocalWakeup
from tests.notifications.post_office import PostOffice
from tests.waiting import until

PEOPLE = ("242061234567", "242055551234", "242066660001")


@pytest.fixture
def whatsapp(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator(tmp_path) as emulator:
        emulator.policy(window="off")
        yield emulator


@pytest.fixture
async def office(sqlite_address: URL, whatsapp: Emulator, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostOffice]:
    """Where messages are queued, with a worker that sends them to the emulator."""
    monkeypatch.setattr("notifications.breaker.FIRST_PROBE_SECONDS", 0.3)
    monkeypatch.setattr("notifications.retry.FIRST_PAUSE_SECONDS", 0.05)
    database, transport, wakeup = open_database(sqlite_address), AiohttpTransport(limit=10), LocalWakeup()
    graph = Graph(transport, whatsapp.address, "v23.0", OneToken(whatsapp.options.token))
    worker = DeliveryRunner(
        database=database,
        wakeup=wakeup,
        provider=WhatsAppProvider(WhatsAppClient(graph)),
        clock=lambda: datetime.now(UTC),
        concurrency=10,
    )
    running = asyncio.create_task(worker.run())
    yield PostOffice(database)
    worker.stop()
    await running
    await transport.aclose()
    await database.close()


async def everybody_reached(office: PostOffice) -> None:
    async def all_sent() -> bool:
        return not await office.rows(messages, messages.c.status != "sent")

    await until(all_sent)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ("token_expired_190_463", ["number.stopped", "number.resumed"]),
        ("rate_limit_429", []),
        ("server_error_500", []),
    ],
)
async def test_what_whatsapp_refuses_for_a_while_arrives_when_it_takes_it_again(
    whatsapp: Emulator, office: PostOffice, preset: str, told: list[str]
) -> None:
    whatsapp.fault(preset, count=2)
    with capture_logs() as logs:
        for person in PEOPLE:
            await office.queue(await office.person(number=whatsapp.phone_number_id, whatsapp=person))
        await everybody_reached(office)

    for person in PEOPLE:
        whatsapp.expect(1, kind="text", to=person, failed=False)
    assert [line["event"] for line in logs if line["event"].startswith("number.")] == told

"""How long the desk's pages take on a million messages, and what its pages weigh: `python -m benchmarks.desk`.

There is no peer: nobody else shows this. What stands in the peer's place is the budget, 150 ms of the server's time
and 150 kB. Each page is asked for by a member who is logged in, in the process that serves it, so that nothing but the
server's own time is measured.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from benchmarks.desk_people import FREQUENT_NAME, RARE_NAME
from benchmarks.desk_rows import RARE_CODE, RARE_INTENT, RARE_WORD, TEMPLATE, fill
from benchmarks.services import postgres_database
from conversations.review.tables import review_conversations
from server import businesses
from server.settings import ROOT
from staff import Role
from storage.database import database_url, open_database
from storage.migrate import upgrade
from storage.tables import conversations
from tests.databases import LOOPBACK_URL
from tests.server.desk.desk_house import Browser, DeskHouse, open_desk

BUDGET_MS: Final = 150.0
BUDGET_BYTES: Final = 150_000
TIMES: Final = 7
"""How often each page is asked for; the first time counts too, in `worst`."""


def pages(talk: str, person: str) -> dict[str, str]:
    """Pages and pieces, and what is hard about each."""
    day = (datetime.now(UTC) - timedelta(days=60)).date()
    return {
        "first page": "/talks",
        "all": "/talks?view=all",
        "saved, few": "/talks?view=saved",
        "flagged, few": "/talks?view=flagged",
        "a frequent intent": "/talks?view=all&intent=track_delivery",
        "a rare intent": f"/talks?view=all&intent={RARE_INTENT}",
        "a frequent action": "/talks?view=all&action=action_greet",
        "what every turn has": "/talks?view=all&slot=language",
        "not understood": "/talks?view=all&fallback=true",
        "unsure": "/talks?view=all&below=50",
        "surer than ever": "/talks?view=all&below=30",
        "a frequent word": "/talks?view=all&q=bonjour",
        "the beginning of a word": "/talks?view=all&q=co",
        "a rare word": f"/talks?view=all&q={RARE_WORD}",
        "a word nobody said": "/talks?view=all&q=zanzibar",
        "one day, two months ago": f"/talks?view=all&since={day}&until={day}",
        "failed sends": "/talks?view=all&failed=true",
        "with a human": "/talks?view=all&human=true",
        "another language": "/talks?view=all&language=en",
        "several at once": f"/talks?view=unread&intent=greet&below=50&slot=language&since={day}",
        "one talk": f"/talks/{talk}",
        "the list, renewed": "/talks/list",
        "the talk, renewed": f"/talks/{talk}/now",
        "overview, today": "/overview",
        "overview, 30 days": "/overview?period=month",
        "overview, 90 days": f"/overview?period=custom&since={(datetime.now(UTC) - timedelta(days=90)).date()}",
        "overview, as a file": "/overview/intents_in_time.csv?period=month",
        "messages": "/messages",
        "messages, failed": "/messages?status=failed",
        "messages, a rare reason": f"/messages?channel=whatsapp&code={RARE_CODE}",
        "messages, a template": f"/messages?template={TEMPLATE}&status=read",
        "messages, one day": f"/messages?since={day}&until={day}&status=read",
        "health": "/health",
        "failed": "/failed",
        "notifications": "/notifications",
        "people": "/people",
        "people, a frequent name": f"/people?q={FREQUENT_NAME}",
        "people, a rare name": f"/people?q={RARE_NAME}",
        "people, a name nobody has": "/people?q=zanzibar",
        "people, two words": f"/people?q={FREQUENT_NAME}+gr",
        "people, the beginning of a number": "/people?q=%2B24260000",
        "one person": f"/people/{person}",
        "learning": "/learning",
        "learning, how many": "/learning/count",
        "learning, changes": "/learning/changes",
        "models": "/models",
        "team": "/team",
    }


def pages_of_the_house() -> dict[str, str]:
    """What an administrator of all businesses asks for: narrowed to none, a page has another plan."""
    return {
        "everywhere: overview": "/overview",
        "everywhere: messages": "/messages",
        "everywhere: people": "/people",
        "everywhere: people, a frequent name": f"/people?q={FREQUENT_NAME}",
        "everywhere: people, a name nobody has": "/people?q=zanzibar",
        "everywhere: audit": "/audit",
    }


async def measure(name: str, url: URL, count: int) -> bool:
    """Fill one database and ask for each page; whether all kept the budget."""
    database = open_database(url)
    try:
        await database.write(upgrade)
        await database.write(businesses.write, businesses.read(ROOT / "business.yml"))
        await fill(database, count)
        talk, person = await database.read(_newest_talk)
    finally:
        await database.close()
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(url, Path(folder))
        try:
            await _count(desk)
            manager, admin = await desk.as_role(Role.MANAGER, "kimia"), await desk.as_role(Role.ADMIN)
            of_manager = [await _page(name, manager, *each) for each in pages(talk, person).items()]
            of_admin = [await _page(name, admin, *each) for each in pages_of_the_house().items()]
            return all(of_manager + of_admin)
        finally:
            await desk.close()


async def _count(desk: DeskHouse) -> None:
    """Let the figures catch up, as the worker does beside its work."""
    began = time.monotonic()
    while await desk.parts.figures.count_some() is not None:
        sys.stderr.write(f"\rfigures, {time.monotonic() - began:.0f} s")
    sys.stderr.write("\n")


async def _page(database: str, browser: Browser, page: str, path: str) -> bool:
    times: list[float] = []
    used: list[float] = []
    size = 0
    for _ in range(TIMES):
        began, begun_at = time.perf_counter(), time.process_time()
        answer = await browser.get(path)
        times.append((time.perf_counter() - began) * 1000)
        used.append((time.process_time() - begun_at) * 1000)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        size = len(answer.content)
    within = median(times) <= BUDGET_MS and size <= BUDGET_BYTES
    told = {"figure": f"desk, {database}: {page}", "unit": "ms", "ours": round(median(times), 1)}
    more = {
        "worst": round(max(times), 1),
        "cpu": round(median(used), 1),
        "budget": BUDGET_MS,
        "bytes": size,
        "budget_bytes": BUDGET_BYTES,
    }
    sys.stdout.write(json.dumps(told | more | {"within": within}) + "\n")
    sys.stdout.flush()
    return within


def _newest_talk(connection: Connection) -> tuple[str, str]:
    """The talk that was last spoken in, and the person in it."""
    r, c = review_conversations.c, conversations.c
    newest = sa.select(r.conversation_id, c.subscriber_id).join(conversations, c.id == r.conversation_id)
    row = connection.execute(newest.order_by(r.last_stamp.desc()).limit(1)).one()
    return row.conversation_id, row.subscriber_id


@asynccontextmanager
async def _database(name: str, server: str) -> AsyncIterator[URL]:
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield database_url("", Path(folder) / "relais.db")
        return
    async with postgres_database(server) as database:
        yield database_url(database.url, ROOT / "var/relais.db")


async def run(sides: list[str], server: str, count: int) -> bool:
    """Measure on each database; whether all kept the budget."""
    kept = []
    for name in sides:
        async with _database(name, server) as url:
            kept.append(await measure(name, url, count))
    return all(kept)


def main() -> int:
    """The exit code: 0 where every page kept the budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000, help="messages, half of them of people")
    parser.add_argument("--side", action="append", choices=("sqlite", "postgresql"), help="default: both")
    parser.add_argument("--postgres", default=LOOPBACK_URL, help="a server where a database may be made")
    given = parser.parse_args()
    return 0 if asyncio.run(run(given.side or ["sqlite", "postgresql"], given.postgres, given.count)) else 1


if __name__ == "__main__":
    sys.exit(main())

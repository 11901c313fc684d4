"""The worker that forgets people who asked for it, and guests whose link ended a while ago: the bot first, then their
files, then everything else in one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from conversations import erasures, personal
from conversations.bot import Bot, BotAway
from conversations.erasures import Wish
from conversations.guests import forgetting
from notifications import personal as sent
from storage.database import Database
from storage.files import Files, FilesError
from storage.wakeup import Wakeup
from storage.work import WorkLoop

PATIENCE: Final = timedelta(minutes=10)
"""How long a talk may take to become quiet; then what is still on its way is called back."""

QUIET_SECONDS: Final = 0.5
"""Until the next look at a talk that is not quiet yet."""

SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 600.0
"""After a failure; each pause is twice the one before."""

CANNOT_FORGET: Final = "the assistant's own tracker store keeps its events: delete them there"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Talks:
    """What there is to forget, as it was at one moment."""

    ids: list[str]
    files: list[str]
    newest: str | None
    is_quiet: bool


class Eraser:
    """Fulfils wishes to be forgotten, until stopped."""

    def __init__(
        self, *, database: Database, wakeup: Wakeup, bot: Bot, files: Files, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._bot = bot
        self._files = files
        self._clock = clock
        self._loop = WorkLoop(
            topic="erasures",
            database=database,
            wakeup=wakeup,
            concurrency=1,
            claim=self._claim,
            due=erasures.seconds_until_due,
            run=self._fulfil,
        )

    async def run(self) -> None:
        """Work until `stop`."""
        await self._loop.run()

    def stop(self) -> None:
        """Take no new wish."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> list[Wish]:
        forgetting.ask_where_due(connection, self._clock())
        return erasures.claim(connection, limit)

    async def _fulfil(self, wish: Wish) -> None:
        talks = await self._database.read(_look, wish.subscriber_id)
        is_late = self._clock() - wish.asked_at > PATIENCE
        if not (talks.is_quiet or is_late):
            await self._database.write(erasures.postpone, wish, QUIET_SECONDS, None)
            return
        try:
            forgot = [await self._bot.forget(each) for each in talks.ids]
            for key in talks.files:
                await self._files.delete(key)
        except (BotAway, FilesError) as error:
            pause = min(LONGEST_PAUSE_SECONDS, SHORTEST_PAUSE_SECONDS * 2 ** min(wish.failures, 10))
            log.warning("erasure.waits", erasure_id=wish.id, problem=str(error))
            await self._database.write(erasures.postpone, wish, pause, str(error))
            return
        problem = None if all(forgot) else CANNOT_FORGET
        if await self._database.write(_erase, wish, talks, problem, self._clock(), is_late=is_late):
            log.info("erasure.done", erasure_id=wish.id, problem=problem)


def _look(connection: Connection, subscriber_id: str) -> _Talks:
    ids = personal.talks_of(connection, subscriber_id)
    same = personal.same_person(connection, subscriber_id)
    return _Talks(
        ids=ids,
        files=personal.file_keys(connection, ids),
        newest=personal.newest_message(connection, ids),
        is_quiet=personal.is_quiet(connection, ids) and sent.is_settled(connection, same, ids),
    )


def _erase(
    connection: Connection, wish: Wish, seen: _Talks, problem: str | None, now: datetime, *, is_late: bool
) -> bool:
    """False where the person wrote meanwhile: the bot knows of it, and is to forget that as well."""
    talks = _look(connection, wish.subscriber_id)
    if talks.newest != seen.newest or talks.ids != seen.ids or not (talks.is_quiet or is_late):
        erasures.postpone(connection, wish, QUIET_SECONDS, None)
        return False
    same = personal.same_person(connection, wish.subscriber_id)
    removed = sent.erase(connection, same, talks.ids) | personal.erase(connection, wish.subscriber_id)
    erasures.done(connection, wish, removed, problem, now)
    return True

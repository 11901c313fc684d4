"""The worker of files: fetches what people sent before WhatsApp forgets it, and has voice notes written down."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.media.download import Downloads
from channels.whatsapp.media.errors import MediaGone, MediaRefused, MediaUnavailable
from conversations import media
from conversations.media import Claimed
from conversations.ports import Transcriber
from storage.database import Database
from storage.files import Files, FilesError
from storage.wakeup import Wakeup
from storage.work import WorkLoop

log = structlog.get_logger()

CONCURRENCY: Final = 8
"""Files at once: a person's album, while nobody's film stands in the way of a voice note. Our choice."""

HEARING_SECONDS: Final = 60.0
"""For writing one voice note down. The turn gives up sooner; the transcript is kept all the same."""

MAX_DEATHS: Final = 2
"""Workers that died while one voice note was written down; a third does not try. Our choice."""


class MediaRunner:
    """Fetches files until stopped."""

    def __init__(
        self,
        *,
        database: Database,
        wakeup: Wakeup,
        downloads: Downloads,
        files: Files,
        transcriber: Transcriber | None,
        clock: Callable[[], datetime],
        concurrency: int = CONCURRENCY,
        lease_seconds: float = media.LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._wakeup = wakeup
        self._downloads = downloads
        self._files = files
        self._transcriber = transcriber
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._loop = WorkLoop(
            topic="media",
            database=database,
            wakeup=wakeup,
            concurrency=concurrency,
            claim=self._claim,
            due=media.seconds_until_due,
            run=self._run_file,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish the files under way."""
        await self._loop.run()

    def stop(self) -> None:
        """Take no new file."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[Claimed]:
        return media.claim(connection, limit, self._lease_seconds)

    async def _run_file(self, file: Claimed) -> None:
        if file.storage_key is None:
            await self._fetch(file)
        else:
            await self._listen(file, file.storage_key)
        # A turn may have waited for it, and a voice note that is here wants to be heard.
        self._wakeup.signal("turns")
        self._wakeup.signal("media")

    async def _fetch(self, file: Claimed) -> None:
        try:
            saved = await self._downloads.save(file.announced, partial(self._files.write, file.key))
        except MediaGone as error:
            await self._give_up(file, "gone", str(error))
        except MediaRefused as error:
            await self._give_up(file, "refused", str(error))
        except (MediaUnavailable, FilesError) as error:
            log.warning("media.not_fetched", media=file.id, problem=str(error))
            await self._database.write(media.postponed, file, str(error), self._clock())
        else:
            to_be_heard = self._transcriber is not None and file.announced.kind == "audio"
            await self._database.write(media.stored, file, saved, self._clock(), to_be_heard=to_be_heard)

    async def _give_up(self, file: Claimed, status: str, reason: str) -> None:
        log.warning("media.given_up", media=file.id, status=status, reason=reason)
        await self._database.write(media.given_up, file, status, reason)

    async def _listen(self, file: Claimed, key: str) -> None:
        """Once: the person has had an answer by the time a second try would end. Twice where a worker died over it."""
        transcript = None
        if self._transcriber is not None and file.failures < MAX_DEATHS:
            try:
                async with asyncio.timeout(HEARING_SECONDS):
                    transcript = await self._transcriber.transcribe(
                        self._files.read(key), file.mime_type or "application/octet-stream", file.language
                    )
            except Exception as error:
                # It is the business's own code, and its words may hold the person's.
                log.error("media.not_transcribed", media=file.id, problem=type(error).__name__)
        await self._database.write(media.heard, file, (transcript or "").strip() or None)

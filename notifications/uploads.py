"""Makes the files of a message ready before it leaves: fetched once, checked, uploaded once per number, sent by id.

A file sent by id arrives in its order and needs nobody's web server any more. What cannot be had is left out, and
the person gets the words without it; a carousel's pictures stay links, which is all that Meta documents, but only
after they were looked at.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

import structlog

from channels.whatsapp.errors import Cause, ErrorRow, FailureKind, Remedy, Retryable, Throttled, WhatsAppError
from channels.whatsapp.graph import Graph
from channels.whatsapp.media.errors import MediaError, MediaPrivate
from channels.whatsapp.media.fetch import Fetched, Version
from channels.whatsapp.media.links import NamedFile, named_files, with_ids
from channels.whatsapp.media.upload import upload
from channels.whatsapp.media.without import without_media
from channels.whatsapp.messages import InvalidMessage
from notifications import uploaded
from notifications.lately import Lately
from notifications.providers.media import Prepared
from notifications.uploaded import Uploaded
from storage.database import Database

log = structlog.get_logger()

REFRESH_AFTER: Final = timedelta(days=25)
"""Uploads live 30 days (Meta, Cloud API media); one this old is made anew before a message meets its end."""

CHECK_AFTER: Final = timedelta(minutes=10)
"""How long a file is taken for unchanged; Meta itself remembers a link about as long (reported)."""

FAILURE_SECONDS: Final = 60.0
"""How long a file that could not be had is not asked for again: a campaign names the same one a thousand times."""

PATIENCE_SECONDS: Final = 12.0
"""How long a send waits for its files, well within its lease (30 s); a longer upload goes on beside, and the message
comes again. Our choice."""

FILES_AT_ONCE: Final = 6
"""Fetched or uploaded at once by one worker: each may stand in memory with up to 100 MB. Our choice."""

_STILL_UPLOADING: Final = ErrorRow(
    kind=FailureKind.RETRYABLE,
    cause=Cause.MEDIA,
    remedy=Remedy.TRY_AGAIN,
    advice="A file of it is still being uploaded; it goes as soon as that is done.",
)


class Fetcher(Protocol):
    """Brings a file as WhatsApp would take it, from wherever its link leads."""

    async def fetch(self, kind: str, link: str, known: Version | None = None) -> Fetched | None:
        """None where it is still the version `known`. Raises MediaError."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file that may go: by this id, or by its link where there is none."""

    media_id: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A file that cannot go, and why."""

    reason: str
    is_private: bool = False
    """Whether its link is nothing to show a person either."""


type Outcome = Ready | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    phone_number_id: str
    file: NamedFile = field(repr=False)

    @property
    def source(self) -> str:
        """What the upload is known by."""
        return hashlib.sha256(f"{self.file.kind} {self.file.link}".encode()).hexdigest()

    @property
    def key(self) -> tuple[str, str]:
        # What a card shows is only looked at, and that is the same for every number.
        return "" if self.file.is_on_card else self.phone_number_id, self.source


class MediaUploads:
    """Prepares files for every number; implements `OutgoingMedia`."""

    def __init__(
        self,
        *,
        database: Database,
        graph: Graph,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._database = database
        self._graph = graph
        self._fetcher = fetcher
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._under_way: dict[tuple[str, str], asyncio.Task[Outcome]] = {}
        self._missing = Lately[tuple[str, str], Missing](clock, timedelta(seconds=FAILURE_SECONDS))
        self._looked_at = Lately[tuple[str, str], Ready](clock, CHECK_AFTER)
        self._slots = asyncio.Semaphore(FILES_AT_ONCE)

    async def prepare(self, phone_number_id: str, payload: Mapping[str, Any], *, renew: bool = False) -> Prepared:
        """The payload with its files uploaded, or without those that cannot be had; see `OutgoingMedia`."""
        files = named_files(payload)
        if not files:
            return Prepared(payload=payload)
        wanted = [_Wanted(phone_number_id=phone_number_id, file=file) for file in files]
        outcomes = await self._all(wanted, renew=renew)
        missing = {file.link: found for file, found in zip(files, outcomes, strict=True) if isinstance(found, Missing)}
        if missing:
            return _left_out(payload, missing)
        ready = [found for found in outcomes if isinstance(found, Ready)]
        ids = {file.path: found.media_id for file, found in zip(files, ready, strict=True) if found.media_id}
        notes = tuple(dict.fromkeys(found.note for found in ready if found.note))
        return Prepared(payload=with_ids(payload, ids), notes=notes)

    def without_media(self, payload: Mapping[str, Any]) -> Prepared | None:
        """The same as words alone; None when the payload holds no file, or nothing can be said without it."""
        plain = without_media(payload)
        return None if plain is None else Prepared(payload=plain.payload, notes=(plain.note,))

    async def aclose(self) -> None:
        """Give up what is under way, and close every connection."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await self._fetcher.aclose()

    async def _all(self, wanted: Iterable[_Wanted], *, renew: bool) -> list[Outcome]:
        """What became of each file. Raises Retryable when one takes longer than a send may wait."""
        tasks = [self._task(each, renew=renew) for each in wanted]
        _, pending = await asyncio.wait(tasks, timeout=self._patience_seconds)
        if pending:
            # It goes on beside: the message comes again, and finds it uploaded.
            raise Retryable(_STILL_UPLOADING)
        return [task.result() for task in tasks]

    def _task(self, wanted: _Wanted, *, renew: bool) -> asyncio.Task[Outcome]:
        """One task for all who want the same file now."""
        task = self._under_way.get(wanted.key)
        if task is None:
            task = asyncio.create_task(self._outcome(wanted, renew=renew))
            self._under_way[wanted.key] = task
            task.add_done_callback(lambda done: self._done(wanted.key, done))
        return task

    def _done(self, key: tuple[str, str], task: asyncio.Task[Outcome]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            # Asked for, so that an error of a task nobody waits for any more is not complained about.
            task.exception()

    async def _outcome(self, wanted: _Wanted, *, renew: bool) -> Outcome:
        known = self._missing.find(wanted.key)
        if known is not None:
            return known
        try:
            async with self._slots:
                if wanted.file.is_on_card:
                    return await self._look_at(wanted)
                return await self._uploaded(wanted, renew=renew)
        except MediaError as error:
            log.warning("media.not_sent", kind=wanted.file.kind, problem=str(error))
            missing = Missing(reason=str(error), is_private=isinstance(error, MediaPrivate))
            self._missing.keep(wanted.key, missing)
            return missing

    async def _look_at(self, wanted: _Wanted) -> Outcome:
        """A card's picture is sent by its link, as it is there: nothing can be changed about it."""
        known = self._looked_at.find(wanted.key)
        if known is not None:
            return known
        fetched = await self._fetcher.fetch(wanted.file.kind, wanted.file.link)
        if fetched is not None and fetched.note is not None:
            missing = Missing(reason="a card takes JPEG and PNG alone")
            self._missing.keep(wanted.key, missing)
            return missing
        return self._looked_at.keep(wanted.key, Ready(media_id=None))

    async def _uploaded(self, wanted: _Wanted, *, renew: bool) -> Outcome:
        known = await self._database.read(uploaded.find, wanted.phone_number_id, wanted.source)
        now = self._clock()
        if known is None or renew or now >= known.uploaded_at + uploaded.LIFETIME:
            return await self._anew(wanted)
        if now >= known.uploaded_at + REFRESH_AFTER:
            try:
                return await self._anew(wanted)
            except MediaError as error:
                return _earlier(known, error)
        if now < known.checked_at + CHECK_AFTER:
            return Ready(media_id=known.media_id)
        return await self._checked(wanted, known)

    async def _anew(self, wanted: _Wanted) -> Outcome:
        fetched = await self._fetcher.fetch(wanted.file.kind, wanted.file.link)
        assert fetched is not None  # noqa: S101 - only a known version can be unchanged
        return await self._upload(wanted, fetched)

    async def _checked(self, wanted: _Wanted, known: Uploaded) -> Outcome:
        """Ask the web server whether the file is still the one that was uploaded."""
        version = Version(etag=known.etag, last_modified=known.last_modified)
        try:
            fetched = await self._fetcher.fetch(wanted.file.kind, wanted.file.link, version)
        except MediaError as error:
            return _earlier(known, error)
        if fetched is None or uploaded.digest(fetched.content) == known.content_sha256:
            await self._database.write(uploaded.touch, wanted.phone_number_id, wanted.source, self._clock())
            return Ready(media_id=known.media_id)
        return await self._upload(wanted, fetched)

    async def _upload(self, wanted: _Wanted, fetched: Fetched) -> Outcome:
        number = wanted.phone_number_id
        try:
            media_id = await upload(self._graph, number, fetched.content, fetched.mime_type, fetched.filename)
        except (WhatsAppError, InvalidMessage) as error:
            if _stops_the_send_too(error):
                raise
            log.warning("media.not_uploaded", kind=wanted.file.kind, problem=str(error))
            if fetched.note is not None:
                # The link leads to what WhatsApp does not take.
                return Missing(reason=f"WhatsApp did not take the upload: {error}")
            return Ready(
                media_id=None, note=f"A file went by its link, since WhatsApp did not take the upload: {error}"
            )
        await self._database.write(
            uploaded.keep, number, wanted.source, media_id=media_id, fetched=fetched, now=self._clock()
        )
        return Ready(media_id=media_id, note=fetched.note and f"A picture was changed: {fetched.note}.")


def _earlier(known: Uploaded, error: MediaError) -> Ready:
    """Theirs is away; ours is as good as it was."""
    return Ready(media_id=known.media_id, note=f"An earlier copy of a file went: {error}.")


def _stops_the_send_too(error: Exception) -> bool:
    """Whether the message itself would meet the same: then it waits, or stops, as if it had been sent."""
    if not isinstance(error, WhatsAppError):
        return False
    return isinstance(error, Throttled) or error.cause in (Cause.TEMPORARY, Cause.ACCOUNT)


def _left_out(payload: Mapping[str, Any], missing: Mapping[str, Missing]) -> Prepared:
    reasons = tuple(dict.fromkeys(f"A file could not be had: {found.reason}." for found in missing.values()))
    plain = without_media(payload, hidden={link for link, found in missing.items() if found.is_private})
    if plain is None:
        # A template demands its file, and a lone picture has no words: WhatsApp may yet fetch what we could not.
        return Prepared(payload=payload, notes=(*reasons, "It went with its link all the same."))
    return Prepared(payload=plain.payload, notes=(*reasons, plain.note))

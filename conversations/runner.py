"""The worker of turns: lets the bot or the services answer a claimed turn, and settles the result."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.engine import Connection

from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.messages import InvalidMessage
from conversations import claim, replies
from conversations.bot import Bot, BotAway, BotError, TurnRefused, TurnRequest
from conversations.claim import Claimed
from conversations.compose import compose
from conversations.ports import Outbox, ReadMarker
from conversations.replies import Meaning
from conversations.settle import MAX_FAILURES, End, Settlement
from conversations.turn_input import Canned, Place, Reply, Words
from conversations.wording import Wording
from storage.database import Database, StorageError
from storage.wakeup import Wakeup
from storage.work import WorkLoop

log = structlog.get_logger()

PLACE_INTENT = "share_location"
PLACE_TEXT = "📍"


class TurnRunner:
    """Runs turns until stopped: each sender's in order, different senders side by side."""

    def __init__(
        self,
        *,
        database: Database,
        wakeup: Wakeup,
        bot: Bot,
        reader: ReadMarker,
        outbox: Outbox,
        wording: Wording,
        clock: Callable[[], datetime],
        concurrency: int,
        lease_seconds: float = claim.LEASE_SECONDS,
    ) -> None:
        self._database = database
        self._wakeup = wakeup
        self._bot = bot
        self._reader = reader
        self._outbox = outbox
        self._wording = wording
        self._settlement = Settlement(outbox, wording)
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{id(self)}"
        self._beside: set[asyncio.Task[None]] = set()
        self._loop = WorkLoop(
            topic="turns",
            database=database,
            wakeup=wakeup,
            concurrency=concurrency,
            claim=self._claim,
            due=claim.seconds_until_due,
            run=self._run_turn,
        )

    async def run(self) -> None:
        """Work until `stop`, then finish the turns under way."""
        renewing = asyncio.create_task(self._renew_leases())
        try:
            await self._loop.run()
        finally:
            for task in (renewing, *self._beside):
                task.cancel()
            await asyncio.gather(renewing, *self._beside, return_exceptions=True)

    def stop(self) -> None:
        """Take no new turn."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[Claimed]:
        return claim.claim(connection, self._owner, limit, self._clock(), self._lease_seconds)

    async def _run_turn(self, claimed: Claimed) -> None:
        try:
            end = await self._answer(claimed)
        except StorageError:
            # The lease runs out, the turn is claimed again, and the bot repeats its recorded answer.
            raise
        except Exception as error:
            log.exception("turn.broken", turn_id=claimed.turn.id)
            end = await self._database.write(self._settlement.failed, claimed, type(error).__name__, self._clock())
        if end is End.DROPPED:
            log.warning("turn.result_dropped", turn_id=claimed.turn.id, reason="another worker took it over")
        self._wakeup.signal("messages")
        if end is End.MORE:
            self._wakeup.signal("turns")

    async def _answer(self, claimed: Claimed) -> End:
        """Answer one turn and settle it."""
        if claimed.turn.failures >= MAX_FAILURES:
            return await self._database.write(self._settlement.given_up, claimed, "its workers died", self._clock())
        if claimed.stale:
            # "We are back" is said when that is true.
            end = self._settlement.summed_up if await self._bot.is_ready() else self._settlement.away
            return await self._database.write(end, claimed, self._clock())
        if claimed.turn.started_at is None:
            self._mark_read(claimed)
        return await self._reply(claimed)

    async def _reply(self, claimed: Claimed) -> End:
        match claimed.turn.input:
            case Canned(key=key):
                return await self._say(claimed, key)
            case Words(text=text):
                return await self._ask_bot(claimed, text, None)
            case Place(latitude=latitude, longitude=longitude):
                place = {"latitude": latitude, "longitude": longitude}
                tapped = Meaning(intent=PLACE_INTENT, entities=place, title=PLACE_TEXT)
                return await self._ask_bot(claimed, PLACE_TEXT, tapped)
            case Reply(token=token, title=title):
                known = await self._database.read(replies.meaning, claimed.conversation_id, token, self._clock())
                if known is None:
                    return await self._say(claimed, "stale_button", with_menu=True)
                return await self._ask_bot(claimed, title, known)

    async def _ask_bot(self, claimed: Claimed, text: str, tapped: Meaning | None) -> End:
        notes = await self._database.read(self._outbox.unnoted, claimed.conversation_id)
        request = TurnRequest(
            turn_id=claimed.turn.id,
            sender_id=claimed.conversation_id,
            text=text,
            intent=tapped.intent if tapped else None,
            entities=tapped.entities if tapped else None,
            slots=claimed.context,
            notes=notes,
        )
        try:
            answer = await self._bot.turn(request)
        except BotError as error:
            log.warning("turn.no_answer", turn_id=claimed.turn.id, problem=str(error))
            if isinstance(error, BotAway):
                return await self._database.write(self._settlement.away, claimed, self._clock())
            if isinstance(error, TurnRefused):
                return await self._say(claimed, "stale_button" if tapped else "cannot_read", with_menu=True)
            return await self._database.write(self._settlement.failed, claimed, str(error), self._clock())
        composed = compose(answer, self._wording, claimed.locale)
        noted = [note_id for note_id, _ in notes]
        return await self._database.write(self._settlement.answered, claimed, answer, composed, noted, self._clock())

    async def _say(self, claimed: Claimed, key: str, *, with_menu: bool = False) -> End:
        return await self._database.write(self._settlement.said, claimed, key, self._clock(), with_menu=with_menu)

    def _mark_read(self, claimed: Claimed) -> None:
        """Beside the turn, never awaited by it: a slow or failing WhatsApp must not slow an answer down."""
        typing = not isinstance(claimed.turn.input, Canned)

        async def mark() -> None:
            with contextlib.suppress(WhatsAppError, InvalidMessage):
                await self._reader.mark_read(claimed.phone_number_id, claimed.turn.wamid, typing)

        task = asyncio.create_task(mark())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _renew_leases(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 3)
            try:
                await self._database.write(claim.renew, self._owner, self._lease_seconds)
                await self._database.write(replies.prune, self._clock())
            except Exception as error:
                log.error("turns.leases_not_renewed", problem=type(error).__name__)

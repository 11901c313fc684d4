"""The worker of turns: lets the bot or the services answer a claimed turn, and settles the result."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.engine import Connection

from channels.guest import is_guest_number
from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.messages import InvalidMessage
from conversations import claim, media, replies, shared, tracking_links, turn_input
from conversations.absence import Absence
from conversations.answering import Answering, Choice, may_answer
from conversations.bot import Bot, BotAway, BotError, TurnRefused, TurnRequest
from conversations.claim import Claimed
from conversations.compose import compose, compose_page
from conversations.ports import HandoffNews, Note, Outbox, Pushes, ReadMarker
from conversations.replies import Meaning, Page, Phrase
from conversations.settle import MAX_FAILURES, End, Settlement
from conversations.turn_input import Canned, CatalogueCart, Contact, File, Place, Reply, Voice, Words
from conversations.wording import MENU_INTENT, Wording
from storage.database import Database, StorageError
from storage.wakeup import Wakeup
from storage.work import WorkLoop
from telemetry.metrics import TURN_PROBLEMS, TURN_SECONDS, TURN_WAIT_SECONDS
from telemetry.tracing import tracing

log = structlog.get_logger()

OUR_INTENTS = frozenset({shared.PLACE_INTENT, MENU_INTENT})
"""What the services mean by themselves. An assistant of somebody else's need not know it, and is told in words."""

LISTEN_SECONDS = 30.0
"""How long a turn waits for its voice note to be written down, before the person is asked to type."""


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
        pushes: Pushes,
        wording: Wording,
        handoff_news: HandoffNews,
        clock: Callable[[], datetime],
        concurrency: int,
        lease_seconds: float = claim.LEASE_SECONDS,
        hears_voice: bool = False,
    ) -> None:
        self._hears_voice = hears_voice
        self._database = database
        self._wakeup = wakeup
        self._bot = bot
        self._reader = reader
        self._outbox = outbox
        self._answering = Answering(pushes)
        self._wording = wording
        self._settlement = Settlement(outbox, wording, handoff_news)
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{id(self)}"
        self._beside: set[asyncio.Task[None]] = set()
        self._absence = Absence(bot, self._call_everybody)
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
            await self._absence.close()

    def stop(self) -> None:
        """Take no new turn."""
        self._loop.stop()

    def _claim(self, connection: Connection, limit: int) -> Sequence[Claimed]:
        return claim.claim(connection, self._owner, limit, self._clock(), self._lease_seconds)

    async def _run_turn(self, claimed: Claimed) -> None:
        if claimed.turn.started_at is None:
            TURN_WAIT_SECONDS.observe(max(0.0, (self._clock() - claimed.turn.received_at).total_seconds()))
        with TURN_SECONDS.time(), tracing.span("turn", claimed.turn.id):
            await self._run(claimed)

    async def _run(self, claimed: Claimed) -> None:
        try:
            end = await self._answer(claimed)
        except StorageError:
            # The lease runs out, the turn is claimed again, and the bot repeats its recorded answer.
            raise
        except Exception as error:
            log.exception("turn.broken", turn_id=claimed.turn.id)
            TURN_PROBLEMS.labels("failed").inc()
            end = await self._database.write(self._settlement.failed, claimed, type(error).__name__, self._clock())
        if end is End.DROPPED:
            TURN_PROBLEMS.labels("dropped").inc()
            log.warning("turn.result_dropped", turn_id=claimed.turn.id, reason="another worker took it over")
        self._wakeup.signal("messages")
        self._wakeup.signal("review")
        if end is End.MORE:
            self._wakeup.signal("turns")

    async def _answer(self, claimed: Claimed) -> End:
        """Answer one turn and settle it."""
        if claimed.answered_by == "human":
            return await self._database.write(self._settlement.to_human, claimed, self._clock())
        if claimed.turn.failures >= MAX_FAILURES:
            return await self._database.write(self._settlement.given_up, claimed, "its workers died", self._clock())
        if claimed.stale:
            # "We are back" is said when that is true.
            if self._absence.is_on or not await self._bot.is_ready():
                return await self._wait_for_bot(claimed, "the bot is not ready")
            return await self._database.write(self._settlement.summed_up, claimed, self._clock())
        if claimed.turn.started_at is None and not is_guest_number(claimed.phone_number_id):
            self._mark_read(claimed)
        return await self._reply(claimed)

    async def _reply(self, claimed: Claimed) -> End:
        match claimed.turn.input:
            case Canned(key=key):
                return await self._say(claimed, key)
            case Words(text=text):
                return await self._understand(claimed, text)
            case Place() | Contact() | CatalogueCart() as sent:
                return await self._share(claimed, sent)
            case File(caption=caption):
                return await self._hand_over(claimed, caption)
            case Voice():
                return await self._listen(claimed)
            case Reply(token=token, title=title):
                known = await self._database.read(replies.meaning, claimed.conversation_id, token, self._clock())
                return await self._tapped(claimed, title, known)

    async def _understand(self, claimed: Claimed, text: str) -> End:
        """Have the bot understand words, unless they answer what was pushed: then their meaning is known."""
        notes = await self._database.read(self._outbox.unnoted, claimed.conversation_id)
        if may_answer(claimed, notes):
            match await self._database.write(self._answering.take, claimed, text, notes, self._clock()):
                case Choice(answers=answers):
                    return await self._database.write(self._settlement.asked, claimed, answers, self._clock())
                case Meaning() as meant:
                    return await self._ask_bot(claimed, text, meant, or_words=text, notes=notes)
        return await self._ask_bot(claimed, text, None, notes=notes)

    async def _share(self, claimed: Claimed, sent: Place | Contact | CatalogueCart) -> End:
        """Tell the bot what came in place of words, each by an intent of its own."""
        match sent:
            case Place(latitude=latitude, longitude=longitude):
                meant = shared.of_place(latitude, longitude)
                return await self._ask_bot(
                    claimed, meant.title, meant, or_words=f"{meant.title} {latitude}, {longitude}"
                )
            case Contact() as card:
                return await self._ask_bot(claimed, shared.CONTACT_TEXT, shared.of_contact(card), or_say="contact_kept")
            case CatalogueCart() as cart:
                return await self._ask_bot(claimed, shared.CART_TEXT, shared.of_cart(cart), or_say="order_kept")

    async def _hand_over(self, claimed: Claimed, caption: str) -> End:
        """Tell the bot which file came. What stands under it is understood like any words; alone it is an intent."""
        file = await self._database.read(media.of_turn, claimed.turn.id)
        if file is None:
            return await (self._ask_bot(claimed, caption, None) if caption else self._say(claimed, "media_kept"))
        entities = {"media_id": file[0], "media_type": file[1] or ""}
        if caption:
            return await self._ask_bot(claimed, caption, None, beside=entities)
        return await self._ask_bot(claimed, shared.FILE_TEXT, shared.of_file(entities), or_say="media_kept")

    async def _listen(self, claimed: Claimed) -> End:
        """Answer what was spoken as if it had been typed."""
        if not self._hears_voice:
            return await self._say(claimed, "voice_kept")
        hearing = await self._database.read(media.hearing, claimed.turn.id)
        words = turn_input.words(hearing.transcript or "")
        if words is not None:
            return await self._understand(claimed, words.text)
        waited = self._clock() - (claimed.turn.started_at or self._clock())
        if hearing.is_pending and waited.total_seconds() < LISTEN_SECONDS:
            patience = LISTEN_SECONDS - waited.total_seconds()
            return await self._database.write(self._settlement.listening, claimed, patience)
        return await self._say(claimed, "voice_kept")

    async def _tapped(self, claimed: Claimed, title: str, known: Meaning | Phrase | Page | None) -> End:
        match known:
            case Meaning(intent=intent):
                if claimed.turn.quoted is not None:
                    await self._database.write(self._answering.tapped, claimed, known, self._clock())
                return await self._ask_bot(claimed, title, known, or_words=title if intent in OUR_INTENTS else None)
            case Phrase(words=words):
                return await self._ask_bot(claimed, words, None)
            case Page():
                composed = compose_page(known, self._wording, claimed.locale)
                return await self._database.write(self._settlement.shown, claimed, composed, self._clock())
            case None:
                return await self._say(claimed, "stale_button", with_menu=True)

    async def _ask_bot(
        self,
        claimed: Claimed,
        text: str,
        tapped: Meaning | None,
        *,
        beside: Mapping[str, str] | None = None,
        or_words: str | None = None,
        or_say: str | None = None,
        notes: Sequence[Note] | None = None,
    ) -> End:
        """Have the bot answer words and what came `beside` them, or a meaning; else `or_words`, else say `or_say`."""
        if self._absence.is_on:
            return await self._wait_for_bot(claimed, "the bot is away")
        if notes is None:
            notes = await self._database.read(self._outbox.unnoted, claimed.conversation_id)
        # Words that quote a push speak of what it told of, whatever came since.
        is_about = claimed.turn.quoted is not None and tapped is None
        about = await self._database.read(self._answering.quoted_subject, claimed) if is_about else {}
        request = TurnRequest(
            turn_id=claimed.turn.id,
            sender_id=claimed.conversation_id,
            text=text,
            intent=tapped.intent if tapped else None,
            entities=tapped.entities if tapped else beside,
            slots=claimed.context,
            about=about,
            notes=notes,
        )
        try:
            with tracing.span("bot", claimed.turn.id):
                answer = await self._bot.turn(request)
        except BotAway as error:
            return await self._wait_for_bot(claimed, str(error))
        except BotError as error:
            log.warning("turn.no_answer", turn_id=claimed.turn.id, problem=str(error))
            TURN_PROBLEMS.labels("refused" if isinstance(error, TurnRefused) else "failed").inc()
            if isinstance(error, TurnRefused):
                if or_words is not None:
                    return await self._ask_bot(claimed, or_words, None)
                if or_say is not None:
                    return await self._say(claimed, or_say)
                return await self._say(claimed, "stale_button" if tapped else "cannot_read", with_menu=True)
            return await self._database.write(self._settlement.failed, claimed, str(error), self._clock())
        self._absence.ends()
        composed = compose(answer, self._wording, claimed.locale)
        noted = [note.id for note in notes]
        return await self._database.write(self._settlement.answered, claimed, answer, composed, noted, self._clock())

    async def _wait_for_bot(self, claimed: Claimed, problem: str) -> End:
        TURN_PROBLEMS.labels("away").inc()
        self._absence.begins(problem)
        returns = self._absence.returns
        end = await self._database.write(self._settlement.away, claimed, self._clock())
        if self._absence.returns > returns:
            # It came back while this was being written, and called before there was anybody to hear it.
            await self._call_everybody()
        return end

    async def _call_everybody(self) -> None:
        """The bot is back: nobody's pause need run out."""
        await self._database.write(claim.call_waiting)
        self._wakeup.signal("turns")

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
                await self._database.write(tracking_links.prune, self._clock())
            except Exception as error:
                log.error("turns.leases_not_renewed", problem=type(error).__name__)

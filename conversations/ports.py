"""What two-way talk needs from the rest of the house; implemented elsewhere, plugged in by `server`."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from channels.whatsapp.webhook import StatusUpdate


class Note(Protocol):
    """Something that was said to a person outside Rasa, which Rasa is to know of."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def about(self) -> Mapping[str, str]:
        """The delivery or the order that it told of, by its code: `{"delivery": "COUR-…"}`."""
        ...

    @property
    def is_answerable(self) -> bool:
        """It is a notification that tells how it may be answered."""
        ...


class Answer(Protocol):
    """What somebody's words mean as the answer to a push: what a tap on its button would have meant."""

    @property
    def message_id(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def entities(self) -> Mapping[str, str]: ...


class Pushes(Protocol):
    """What was pushed, and how it may be answered."""

    def quoted(self, connection: Connection, conversation_id: str, wamid: str, text: str) -> Sequence[Answer]:
        """What these words answer to the push that they quote: nothing where it is none, or they are no answer."""
        ...

    def about(self, connection: Connection, conversation_id: str, wamid: str) -> Mapping[str, str]:
        """The delivery or the order that this push told of, as a note does; nothing where it is none."""
        ...

    def open(
        self, connection: Connection, conversation_id: str, note_ids: Sequence[str], text: str, said_at: datetime
    ) -> Sequence[Answer]:
        """What these words may answer to pushes that Rasa was not told of yet, the newest first; each meaning once."""
        ...

    def answered(
        self,
        connection: Connection,
        conversation_id: str,
        wamid: str,
        meant: tuple[str, Mapping[str, Any]] | None,
        now: datetime,
    ) -> None:
        """This message was answered, by what means this intent with these entities. Again changes nothing."""
        ...

    def keep(self, connection: Connection, message_id: str, key: str | None, now: datetime) -> None:
        """Keep that a push was answered, with this reply of its contract; what its plan had in store is dropped."""
        ...


class HandoffNews(Protocol):
    """Tells the business's own system what becomes of talks that humans take up."""

    def tell(self, connection: Connection, what: str, handoff_id: str, now: datetime) -> None:
        """`what` is asked, taken, message (the person wrote) or returned. Wake "messages" after the commit."""
        ...


class Outbox(Protocol):
    """The one road for outgoing messages, seen from a transaction that says something to a person."""

    def queue(
        self,
        connection: Connection,
        *,
        business_id: str,
        conversation_id: str,
        turn_id: str | None,
        origin: str,
        content_key: str | None,
        payloads: Sequence[Mapping[str, Any]],
        now: datetime,
        author_id: str | None = None,
        said: str | None = None,
        category: str = "transactional",
    ) -> list[str]:
        """Queue WhatsApp payloads, in order, behind what is still on its way in this conversation; their ids.

        `author_id` is who of the desk wrote them; `said` how a template reads, and `category` what consent it needs.
        What the bot says while a human has the talk is kept unsent.
        """
        ...

    def keep_echo(
        self,
        connection: Connection,
        *,
        business_id: str,
        conversation_id: str,
        payload: Mapping[str, Any],
        provider_message_id: str,
        at: datetime,
        now: datetime,
    ) -> bool:
        """Keep what a human of the business sent past us, from the WhatsApp Business app; False for a repeat."""
        ...

    def was_said_since(self, connection: Connection, conversation_id: str, content_key: str, since: datetime) -> bool:
        """Whether this service text was already queued in this conversation since then."""
        ...

    def unnoted(self, connection: Connection, conversation_id: str) -> Sequence[Note]:
        """What was said outside Rasa and left, and Rasa was not told yet, oldest first."""
        ...

    def mark_noted(self, connection: Connection, message_ids: Sequence[str]) -> None:
        """Rasa has been told of these."""
        ...


class Consents(Protocol):
    """Recognises and keeps a person's wish to be, or not to be, written to."""

    def wish(self, text: str) -> bool | None:
        """False for words such as STOP, True for words such as START, None for anything else."""
        ...

    def record(
        self,
        connection: Connection,
        *,
        business_id: str,
        subscriber_id: str,
        granted: bool,
        source: str,
        inbound_message_id: str | None,
        said_at: datetime,
    ) -> bool:
        """Append the decision. False when a yes changes nothing, so that the word means something else.

        `source` is "keyword" for a word they wrote, "whatsapp" for WhatsApp's own switch. Webhooks come late and in
        any order: a yes said before the newest no, at `said_at`, is such a one.
        """
        ...


class Receipts(Protocol):
    """Takes what the provider reports about messages we sent."""

    def record(self, connection: Connection, status: StatusUpdate, business_id: str, now: datetime) -> None: ...


class ReadMarker(Protocol):
    """Shows the person that their message was read and that an answer is being written."""

    async def mark_read(self, phone_number_id: str, wamid: str, typing: bool) -> None: ...


class Transcriber(Protocol):
    """Writes voice notes down; a business plugs its own (see docs/voice-notes.md)."""

    async def transcribe(self, audio: AsyncIterator[bytes], mime_type: str, language: str) -> str | None:
        """The words of a voice note, or None where nothing was understood. May raise: then it counts as None.

        `audio` is the file piece by piece, `mime_type` as WhatsApp names it, such as "audio/ogg; codecs=opus",
        and `language` the person's, such as "fr".
        """
        ...

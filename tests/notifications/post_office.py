"""The sending half alone, worked by hand: real database, real client and provider, a small Graph API behind them."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from channels.transport import TransportResponse
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.graph import Graph, OneToken, Tokens
from channels.whatsapp.received.receipts import Pricing, StatusError
from channels.whatsapp.webhook import StatusUpdate
from notifications import claim
from notifications.outages import Outages
from notifications.outgoing import Outgoing
from notifications.pacing import Pacing
from notifications.providers import MediaAsGiven, Outcome, OutgoingMedia
from notifications.providers.whatsapp import WhatsAppProvider
from notifications.rates import Answer, LocalRates, Slot
from notifications.receipts import ReceiptBook
from notifications.settling import Ended, settle
from notifications.tables import message_decisions, messages, number_stops
from storage.clock import database_now
from storage.database import Database
from storage.tables import addresses, conversations, phone_numbers, subscribers
from storage.types import new_id
from tests.house import KIMIA

HELLO: Mapping[str, Any] = {"type": "text", "text": {"body": "Bonjour"}}

Answered = tuple[int, dict[str, Any], dict[str, str]]


def yes(asked: dict[str, Any], wamid: str) -> Answered:
    to = {"input": asked["to"], "wa_id": asked["to"]} if "to" in asked else {"user_id": asked["recipient"]}
    return 200, {"contacts": [to], "messages": [{"id": wamid}]}, {}


def no(code: int, subcode: int | None = None, status: int = 400, retry_after: str = "") -> Callable[..., Answered]:
    finer = {} if subcode is None else {"error_subcode": subcode}
    document = {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **finer}}
    headers = {"retry-after": retry_after} if retry_after else {}
    return lambda asked, wamid: (status, document, headers)


@dataclass
class SmallGraph:
    """Answers every send as told, and remembers what it was asked."""

    answer: Callable[[dict[str, Any], str], Answered] = yes
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    wamids: Any = field(default_factory=lambda: itertools.count(1))

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        asked = json.loads(content)
        self.asked.append(asked)
        self.tokens.append(headers["Authorization"].removeprefix("Bearer "))
        status, document, answered = self.answer(asked, f"wamid.OUT{next(self.wamids)}")
        return TransportResponse(status=status, headers=answered, body=json.dumps(document).encode())

    async def aclose(self) -> None:
        pass

    def words(self) -> list[str]:
        """What was asked to be sent, in order."""
        return [asked["text"]["body"] for asked in self.asked]


class PostOffice:
    """One worker whose every step a test takes itself."""

    def __init__(
        self,
        database: Database,
        graph: SmallGraph | None = None,
        *,
        tokens: Tokens | None = None,
        media: OutgoingMedia | None = None,
    ) -> None:
        self.database = database
        self.graph = graph or SmallGraph()
        self.steady = 1000.0
        self.outages = Outages(lambda: self.steady)
        self.pacing = Pacing(LocalRates(lambda: self.steady), lambda: self.steady, self.outages)
        client = WhatsAppClient(Graph(self.graph, "https://graph.example", "v23.0", tokens or OneToken("a-token")))
        self.provider = WhatsAppProvider(client, media or MediaAsGiven())

    async def person(self, *, number: str = KIMIA, **known_as: str) -> str:
        """Somebody who has just written, known by these addresses; returns their conversation."""
        return await self.database.write(_meet, number, known_as)

    async def queue(
        self,
        conversation_id: str,
        payload: Mapping[str, Any] = HELLO,
        *,
        category: str = "transactional",
        after_id: str | None = None,
        **columns: Any,
    ) -> str:
        """A message as somebody else would have queued it; further columns as given. Returns its id."""
        message_id = new_id()
        given = {"payload": dict(payload), "category": category, "after_id": after_id, **columns}
        if given.get("channel", "whatsapp") != "whatsapp":
            # Nobody talks with us there.
            given["conversation_id"] = None
        await self.database.write(_queue, conversation_id, message_id, given)
        return message_id

    async def send(self, limit: int = 100) -> int:
        """Take what is due and hand it over, one after the other; how many were taken."""
        now, shut = datetime.now(UTC), self.pacing.shut()
        taken = await self.database.write(claim.claim_probes, now)
        for channel in self.pacing.trials():
            taken += await self.database.write(claim.claim_one, channel, now)
            self.pacing.trying(channel)
        taken += await self.database.write(claim.claim, limit, now, shut=shut)
        for message in taken:
            slot = await self.pacing.slot(message)
            if slot.answer is not Answer.GO:
                await self.settles(message, slot)
                continue
            await self.settles(message, await self.pacing.learn(message, await self.provider.deliver(message)))
        return len(taken)

    async def share(self) -> None:
        """Tell other workers who is away, and learn it from them."""
        self.outages.committed(await self.database.write(self.outages.share))

    async def settles(self, message: Outgoing, outcome: Outcome | Slot) -> None:
        await self.database.write(settle, [Ended(message=message, outcome=outcome)], datetime.now(UTC))

    async def later(self, seconds: float) -> None:
        """Time passes: the database's clock cannot be moved, so what waits by it is."""
        self.steady += seconds
        await self.database.write(_age, timedelta(seconds=seconds))

    async def report(
        self,
        message_id: str,
        status: str,
        code: int | None = None,
        number: str = KIMIA,
        pricing: Pricing | None = None,
        recipient: str = "",
    ) -> None:
        """WhatsApp's receipt for the last time that a message was sent."""
        row = await self.row(message_id)
        errors = () if code is None else (StatusError(code=code, title="No", details="As reported"),)
        update = StatusUpdate(
            phone_number_id=number,
            wamid=row.provider_message_id,
            status=status,
            recipient=recipient,
            pricing=pricing,
            at=datetime.now(UTC),
            callback_data=message_id,
            errors=errors,
            raw={},
        )
        business_id = row.business_id
        await self.database.write(
            lambda connection: ReceiptBook().record(connection, update, business_id, datetime.now(UTC))
        )

    async def row(self, message_id: str) -> Any:
        return (await self.rows(messages, messages.c.id == message_id))[0]

    async def wait_of(self, message_id: str) -> float:
        """In how many seconds a message may go."""
        m = messages.c
        run_at, now = await self.database.read(
            lambda connection: connection.execute(
                sa.select(m.run_at, sa.type_coerce(database_now(), m.run_at.type)).where(m.id == message_id)
            ).one()
        )
        return float((run_at - now).total_seconds())

    async def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        return list(
            await self.database.read(
                lambda connection: connection.execute(
                    sa.select(table).where(*where).order_by(*table.primary_key.columns)
                ).all()
            )
        )

    async def story(self, message_id: str) -> list[str]:
        decisions = message_decisions.c
        return [row.decision for row in await self.rows(message_decisions, decisions.message_id == message_id)]


def _meet(connection: Connection, number: str, known_as: Mapping[str, str]) -> str:
    now, subscriber_id, conversation_id = datetime.now(UTC), new_id(), new_id()
    business_id = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == number)
    )
    ours = {"business_id": business_id}
    connection.execute(
        sa.insert(subscribers).values(id=subscriber_id, role="client", created_at=now, **ours),
    )
    for kind, value in known_as.items():
        address = {"id": new_id(), "subscriber_id": subscriber_id, "kind": kind, "value": value, **ours}
        connection.execute(sa.insert(addresses).values(address))
    talk = {"phone_number_id": number, "subscriber_id": subscriber_id, "last_inbound_at": now, **ours}
    connection.execute(sa.insert(conversations).values(id=conversation_id, **talk))
    return conversation_id


def _queue(
    connection: Connection,
    conversation_id: str,
    message_id: str,
    given: dict[str, Any],
) -> None:
    talk = connection.execute(sa.select(conversations).where(conversations.c.id == conversation_id)).one()
    usual = {
        "id": message_id,
        "business_id": talk.business_id,
        "conversation_id": conversation_id,
        "subscriber_id": talk.subscriber_id,
        "channel": "whatsapp",
        "origin": "service",
        "status": "queued",
        "run_at": database_now(),
        "created_at": datetime.now(UTC),
    }
    connection.execute(sa.insert(messages).values({**usual, **given}))


def _age(connection: Connection, by: timedelta) -> None:
    waiting = [messages.c.run_at, number_stops.c.probe_at, number_stops.c.stopped_at]
    for column in waiting:
        table = column.table
        for row in connection.execute(sa.select(*table.primary_key.columns, column)).all():
            *key, moment = row
            same = [of_key == value for of_key, value in zip(table.primary_key.columns, key, strict=True)]
            connection.execute(sa.update(table).where(*same).values({column.name: moment - by}))

"""A worker of messages that is killed by its own hand at one point of the send path: `dying_worker.py '{"point": …}'`.

claiming    in the claim's transaction, before its commit
claimed     after it, before anything has left
calling     before the provider is called, others being on the wire
on the wire while an answer is awaited
answered    after the provider's yes
settling    in the transaction that settles, before its commit
settled     after it
never
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Concatenate

import sqlalchemy as sa
import uvloop
from sqlalchemy.engine import Connection

from channels.reqwest import ReqwestTransport
from channels.transport import Transport, TransportResponse
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.graph import Graph, OneToken
from notifications.delivery import DeliveryRunner
from notifications.providers.whatsapp import WhatsAppProvider
from notifications.rates import NoRates
from notifications.settling import settle
from storage.database import Database, open_database
from storage.wakeup import LocalWakeup

POINTS = ("claiming", "claimed", "calling", "on the wire", "answered", "settling", "settled")


class Death:
    """Comes the `when`-th time that its point is reached."""

    def __init__(self, point: str, when: int) -> None:
        self._point, self._left = point, when

    def at(self, point: str, *, if_so: bool = True) -> None:
        if point == self._point and if_so:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


class DyingDatabase:
    """The real one, with a death inside and after what it writes."""

    def __init__(self, database: Database, death: Death) -> None:
        self._database, self._death, self.url = database, death, database.url

    async def write[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        doing, done = ("settling", "settled") if work is settle else ("claiming", "claimed")

        def and_die(connection: Connection) -> T:
            result = work(connection, *args, **kwargs)
            self._death.at(doing, if_so=work is settle or bool(result))
            return result

        result = await self._database.write(and_die)
        self._death.at(done, if_so=work is settle or bool(result))
        return result

    async def read[**P, T](
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._database.read(work, *args, **kwargs)

    async def close(self) -> None:
        await self._database.close()


class DyingTransport:
    """The real one, with a death before, during and after a request."""

    def __init__(self, transport: Transport, death: Death) -> None:
        self._transport, self._death = transport, death

    async def request(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes, timeout_seconds: float
    ) -> TransportResponse:
        self._death.at("calling")
        asking = asyncio.ensure_future(self._transport.request(method, url, headers, content, timeout_seconds))
        await asyncio.sleep(0.002)
        self._death.at("on the wire")
        answer = await asking
        self._death.at("answered")
        return answer

    async def aclose(self) -> None:
        await self._transport.aclose()


async def main(told: dict[str, Any]) -> None:
    death = Death(told["point"], told["when"])
    database = DyingDatabase(open_database(sa.make_url(told["database"])), death)
    transport = DyingTransport(ReqwestTransport(limit=10), death)
    graph = Graph(transport, told["whatsapp"], "v23.0", OneToken(told["token"]))
    worker = DeliveryRunner(
        database=database,
        wakeup=LocalWakeup(),
        provider=WhatsAppProvider(WhatsAppClient(graph)),
        clock=lambda: datetime.now(UTC),
        concurrency=told["concurrency"],
        rates=NoRates(),
        lease_seconds=told["lease_seconds"],
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()
    await transport.aclose()
    await database.close()


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))

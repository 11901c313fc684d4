"""What became of SMS by OVH is asked, soon after they left and then less often, until the end is known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.sms.ovh import OvhClient
from channels.sms.ovh_api import OvhApi, OvhKeys
from notifications.report_rounds import ReportRounds
from notifications.tables import messages
from storage.database import Database
from storage.types import first_id_at, new_id
from storage.wakeup import LocalWakeup
from tests.asgi_transport import AsgiTransport
from tests.notifications.post_office import PostOffice


class SmallOvh:
    """Knows what became of each message, and remembers who was asked about."""

    def __init__(self) -> None:
        self.receipts: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.transport = AsgiTransport(
            Starlette(routes=[Route("/auth/time", self._time), Route("/sms/{service}/outgoing/{id}", self._tell)])
        )

    def client(self) -> OvhClient:
        keys = OvhKeys(application_key="app", application_secret="secret", consumer_key="consumer")
        return OvhClient(OvhApi(self.transport, keys, "http://ovh.test"), "sms-ab12345-1")

    async def _time(self, request: Request) -> Response:
        return JSONResponse(int(datetime.now(UTC).timestamp()))

    async def _tell(self, request: Request) -> Response:
        asked = request.path_params["id"]
        self.asked.append(asked)
        known = self.receipts.get(asked)
        return JSONResponse(known or {"message": "not yet"}, 200 if known else 404)


class Desk:
    """Rounds whose clock a test turns."""

    def __init__(self, database: Database) -> None:
        self.office, self.ovh, self.steady = PostOffice(database), SmallOvh(), 1000.0
        self.rounds = ReportRounds(
            provider="ovh",
            asks=self.ovh.client(),
            database=database,
            wakeup=LocalWakeup(),
            clock=lambda: datetime.now(UTC),
            steady=lambda: self.steady,
        )

    async def sent(self, known_as: str, age: timedelta = timedelta(seconds=1), provider: str = "ovh") -> str:
        """An SMS that left so long ago."""
        talk = await self.office.person(phone=f"+2420612345{known_as}")
        columns = {"channel": "sms", "provider": provider, "status": "sent", "provider_message_id": known_as}
        message_id = await self.office.queue(talk, {"text": "Bonjour"}, **columns)
        made = first_id_at(datetime.now(UTC) - age)[:13] + message_id[13:]
        change = sa.update(messages).where(messages.c.id == message_id).values(id=made)
        await self.office.database.write(lambda connection: connection.execute(change).rowcount)
        return made

    def knows(self, known_as: str, receipt: int, **more: Any) -> None:
        self.ovh.receipts[known_as] = {"id": int(known_as), "deliveryReceipt": receipt, "ptt": 1000, **more}


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_a_delivered_sms_becomes_so_and_is_asked_about_no_more(desk: Desk) -> None:
    message_id = await desk.sent("11")
    assert await desk.rounds.look() == 1
    assert (await desk.office.row(message_id)).status == "sent"

    desk.knows("11", 1)
    desk.steady += 10
    await desk.rounds.look()

    assert (await desk.office.row(message_id)).status == "delivered"
    desk.steady += 10
    assert await desk.rounds.look() == 0


async def test_one_that_did_not_arrive_fails_with_the_reason(desk: Desk) -> None:
    message_id = await desk.sent("11")
    desk.knows("11", 2, ptt=23)

    await desk.rounds.look()

    row = await desk.office.row(message_id)
    assert (row.status, "wrong or barred" in row.error) == ("failed", True)


async def test_older_ones_are_asked_about_less_often_and_the_oldest_never(desk: Desk) -> None:
    for known_as, age in (("11", timedelta(minutes=1)), ("12", timedelta(hours=2)), ("13", timedelta(days=2))):
        await desk.sent(known_as, age)
    await desk.sent("14", timedelta(days=4))

    counts = []
    for seconds in (0, 5, 5, 600, 3600):
        desk.steady += seconds
        counts.append(await desk.rounds.look())

    assert counts == [3, 0, 1, 2, 3]
    assert "14" not in desk.ovh.asked


async def test_other_providers_messages_are_none_of_its_business(desk: Desk) -> None:
    await desk.sent("11", provider="twilio")

    assert await desk.rounds.look() == 0


async def test_while_ovh_is_away_a_round_asks_once_and_the_next_one_again(desk: Desk) -> None:
    message_id = await desk.sent("11")
    await desk.sent("12")
    desk.knows("11", 1)
    desk.ovh.transport.is_away = True
    await desk.rounds.look()

    desk.ovh.transport.is_away = False
    desk.steady += 10
    await desk.rounds.look()

    assert (await desk.office.row(message_id)).status == "delivered"


@pytest.mark.parametrize(("seconds", "is_after"), [(-1, True), (1, False)])
def test_the_first_id_of_a_moment_parts_those_before_from_those_after(seconds: int, is_after: bool) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)

    assert (new_id() >= first_id_at(moment)) is is_after

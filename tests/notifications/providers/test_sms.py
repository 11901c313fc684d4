"""SMS by a small Twilio and a small OVH, from the message in the queue to what came of it."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.sms.ovh import OvhClient
from channels.sms.ovh_api import OvhApi, OvhKeys
from channels.sms.twilio import TwilioAccount, TwilioClient
from notifications.providers.sms import OVH, TWILIO, SmsProvider
from tests.asgi_transport import AsgiTransport
from tests.notifications.providers.contract import OtherEnd, ProviderContract, outgoing

GRACE_PHONE = "+242061234567"
SECRET = "a-secret-nobody-may-see"
TIME = 1795301379


@dataclass
class SmallSms:
    """What the two have in common: they answer as a test tells them."""

    recipient: str = GRACE_PHONE
    payload: dict[str, Any] = field(default_factory=lambda: {"text": "Votre colis est là."})
    secrets: tuple[str, ...] = (SECRET,)
    status: int = 200
    problem: dict[str, Any] = field(default_factory=dict)
    breaks: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.transport = AsgiTransport(self.app())

    def app(self) -> Starlette:
        raise NotImplementedError

    def _refuse(self, status: int, **problem: Any) -> None:
        self.status, self.problem = status, problem

    def be_busy(self) -> None:
        self._refuse(503)

    def be_away(self) -> None:
        self.transport.is_away = True

    def lose_answer(self) -> None:
        self.breaks = True


class SmallTwilio(SmallSms):
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/2010-04-01/Accounts/{sid}/Messages.json", self._send, methods=["POST"])])

    async def _send(self, request: Request) -> Response:
        if self.breaks:
            raise ConnectionError
        if self.status >= 400:
            return JSONResponse(self.problem, self.status)
        form = parse_qs((await request.body()).decode())
        self.asked.append({name: values[0] for name, values in form.items()})
        return JSONResponse({"sid": f"SM{len(self.asked)}", "status": "queued"}, 201)

    def build(self) -> SmsProvider:
        account = TwilioAccount(account_sid="AC1", secret=SECRET, report_url="https://relais.example/webhooks/twilio")
        return SmsProvider(
            name=TWILIO, client=TwilioClient(self.transport, account, "http://twilio.test"), sender="KIMIA"
        )

    def taken(self) -> list[str]:
        return [parse_qs(urlsplit(each["StatusCallback"]).query)["nid"][0] for each in self.asked]

    def refuse_account(self) -> None:
        self._refuse(401, code=20003, message="Authenticate")

    def refuse_person(self) -> None:
        self._refuse(400, code=21614, message=f"{GRACE_PHONE} is not a mobile number")


class SmallOvh(SmallSms):
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/auth/time", self._time),
                Route("/sms/{service}/jobs", self._send, methods=["POST"]),
                Route("/sms/{service}/outgoing/{id:int}", self._tell),
            ]
        )

    async def _time(self, request: Request) -> Response:
        return JSONResponse(TIME)

    async def _send(self, request: Request) -> Response:
        if self.breaks:
            raise ConnectionError
        if self.status >= 400:
            return JSONResponse(self.problem, self.status)
        asked = json.loads(await request.body())
        if self.problem:
            return JSONResponse(self.problem)
        self.asked.append(asked)
        return JSONResponse({"ids": [len(self.asked)], "invalidReceivers": []})

    async def _tell(self, request: Request) -> Response:
        sent = request.path_params["id"]
        return JSONResponse({"id": sent, "tag": self.asked[sent - 1]["tag"], "deliveryReceipt": 1, "ptt": 3})

    def build(self) -> SmsProvider:
        keys = OvhKeys(application_key="app", application_secret=SECRET, consumer_key="a-key-nobody-may-see")
        api = OvhApi(self.transport, keys, "http://ovh.test", now=lambda: TIME)
        return SmsProvider(name=OVH, client=OvhClient(api, "sms-ab12345-1"))

    def taken(self) -> list[str]:
        return [each["tag"] for each in self.asked]

    def refuse_account(self) -> None:
        self._refuse(403, errorCode="INVALID_CREDENTIAL", message="This credential is not valid")

    def refuse_person(self) -> None:
        self._refuse(200, ids=[], invalidReceivers=[GRACE_PHONE])


class TestTwilio(ProviderContract):
    @pytest.fixture
    def other_end(self) -> OtherEnd:
        return SmallTwilio()


class TestOvh(ProviderContract):
    @pytest.fixture
    def other_end(self) -> OtherEnd:
        return SmallOvh()


@pytest.mark.parametrize(("category", "is_left_out"), [("marketing", False), ("tracking", True)])
async def test_an_offer_says_how_to_stop_where_the_provider_can_add_it(category: str, is_left_out: bool) -> None:
    ovh = SmallOvh()

    await ovh.build().deliver(outgoing(ovh, channel="sms", category=category))

    assert [each["noStopClause"] for each in ovh.asked] == [is_left_out]

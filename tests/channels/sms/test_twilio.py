"""What Twilio is asked for, and what its answers mean."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.failures import Cause
from channels.invalid import InvalidMessage
from channels.sending import Rejected, Retryable, SendError, Throttled, UnknownOutcome
from channels.sms.twilio import TwilioAccount, TwilioClient
from tests.asgi_transport import AsgiTransport
from tests.channels.sms.small_sms import GRACE, sms

SECRET = "a-token-nobody-may-see"
REPORTS = "https://kimia.example/webhooks/twilio"
CREATED = {"sid": "SM900", "status": "queued", "num_segments": "1", "error_code": None}


@dataclass
class SmallTwilio:
    """Answers as told, and remembers what it was asked."""

    status: int = 201
    document: Any = field(default_factory=lambda: CREATED)
    headers: dict[str, str] = field(default_factory=dict)
    breaks: bool = False
    asked: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        self.asked.append((request.method, str(request.url), request.headers["authorization"], form))
        if self.breaks:
            raise ConnectionResetError
        body = self.document if isinstance(self.document, bytes) else json.dumps(self.document).encode()
        await Response(body, self.status, self.headers)(scope, receive, send)

    def client(self, **changes: Any) -> TwilioClient:
        account = {"account_sid": "AC1", "secret": SECRET, "report_url": REPORTS} | changes
        return TwilioClient(AsgiTransport(self), TwilioAccount(**account))


async def refused(small: SmallTwilio) -> SendError:
    with pytest.raises(SendError) as raised:
        await small.client().send(sms())
    return raised.value


def problem(code: Any, message: str = "No") -> dict[str, Any]:
    return {"code": code, "message": message, "more_info": "https://www.twilio.com/docs/errors", "status": 400}


def basic(who: str) -> str:
    return f"Basic {base64.b64encode(who.encode()).decode()}"


async def test_a_message_is_asked_for_as_twilio_documents_it() -> None:
    small = SmallTwilio()

    accepted = await small.client().send(sms(text="Payé : 2 500 € & merci + à bientôt"))

    assert accepted.provider_message_id == "SM900"
    ((method, url, authorization, form),) = small.asked
    assert (method, url) == ("POST", "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json")
    assert authorization == basic(f"AC1:{SECRET}")
    assert form == {
        "To": GRACE,
        "From": "KIMIA",
        "Body": "Payé : 2 500 € & merci + à bientôt",
        "StatusCallback": f"{REPORTS}?nid=m-1",
    }


async def test_a_key_may_ask_in_the_accounts_name() -> None:
    small = SmallTwilio()

    await small.client(api_key_sid="SK1").send(sms())

    ((_, url, authorization, _),) = small.asked
    assert "/Accounts/AC1/" in url
    assert authorization == basic(f"SK1:{SECRET}")


async def test_a_messaging_service_chooses_the_sender_where_none_is_named() -> None:
    small = SmallTwilio()
    client = small.client(messaging_service_sid="MG1")

    await client.send(sms(sender=None))
    await client.send(sms(sender="+33700000000"))

    forms = [form for *_, form in small.asked]
    assert [each.get("MessagingServiceSid") for each in forms] == ["MG1", None]
    assert [each.get("From") for each in forms] == [None, "+33700000000"]


async def test_without_any_sender_nothing_is_asked() -> None:
    small = SmallTwilio()

    with pytest.raises(InvalidMessage, match="messaging service"):
        await small.client().send(sms(sender=None))
    assert small.asked == []


@pytest.mark.parametrize(
    ("report_url", "callback"),
    [(None, None), ("https://kimia.example/t?a=b", "https://kimia.example/t?a=b&nid=m-1")],
)
async def test_reports_come_where_they_are_asked_to(report_url: str | None, callback: str | None) -> None:
    small = SmallTwilio()

    await small.client(report_url=report_url).send(sms())

    assert small.asked[0][3].get("StatusCallback") == callback


@pytest.mark.parametrize(
    ("status", "document", "raised", "cause", "code"),
    [
        (400, problem(21610), Rejected, Cause.OPTED_OUT, "21610"),
        (400, problem(21211), Rejected, Cause.RECIPIENT, "21211"),
        (400, problem(21408), Rejected, Cause.ACCOUNT, "21408"),
        (400, problem(21617), Rejected, Cause.CONTENT, "21617"),
        (401, problem(20003), Rejected, Cause.ACCOUNT, "20003"),
        (429, problem(20429), Throttled, Cause.RATE, "20429"),
        (503, problem(20503), Retryable, Cause.TEMPORARY, "20503"),
        (400, problem(99999), Rejected, Cause.REQUEST, "99999"),
        (503, problem(99999), Retryable, Cause.TEMPORARY, "99999"),
        (401, b"", Rejected, Cause.ACCOUNT, "401"),
        (429, b"", Throttled, Cause.RATE, "429"),
        (500, b"<html>", Retryable, Cause.TEMPORARY, "500"),
        (502, b"<html>", UnknownOutcome, Cause.LOST_ANSWER, "502"),
        (504, b"", UnknownOutcome, Cause.LOST_ANSWER, "504"),
        (404, problem("20404"), Rejected, Cause.REQUEST, "404"),
        (307, [], Rejected, Cause.REQUEST, "307"),
    ],
    ids=str,
)
async def test_what_a_refusal_means(
    status: int, document: Any, raised: type[SendError], cause: Cause, code: str
) -> None:
    error = await refused(SmallTwilio(status, document))

    assert (type(error), error.cause, error.code) == (raised, cause, code)


@pytest.mark.parametrize("document", [b"", b"<html>", {}, [], {"sid": 1}], ids=repr)
async def test_a_yes_that_cannot_be_read_has_an_unknown_outcome(document: Any) -> None:
    assert type(await refused(SmallTwilio(document=document))) is UnknownOutcome


async def test_it_is_asked_again_when_it_says() -> None:
    assert (await refused(SmallTwilio(429, problem(20429), {"Retry-After": "3"}))).retry_after_seconds == 3


async def test_what_has_not_left_may_be_sent_again_and_what_may_have_left_may_not() -> None:
    transport = AsgiTransport(SmallTwilio())
    transport.is_away = True
    with pytest.raises(Retryable):
        await TwilioClient(transport, TwilioAccount(account_sid="AC1", secret=SECRET)).send(sms())
    assert type(await refused(SmallTwilio(breaks=True))) is UnknownOutcome


async def test_no_error_and_no_repr_shows_the_recipient_or_the_secret() -> None:
    error = await refused(SmallTwilio(400, problem(21211, f"The 'To' number {GRACE} is not valid.")))
    account = TwilioAccount(account_sid="AC1", secret=SECRET)

    shown = f"{error!r} {error} {error.details} {account!r}"
    assert "is not valid" in shown
    assert GRACE not in shown
    assert SECRET not in shown

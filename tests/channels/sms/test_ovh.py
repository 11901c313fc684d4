"""What OVH is asked for, by whose clock it is signed, and what its answers mean."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.failures import Cause, FailureKind
from channels.reports import Report
from channels.sending import Rejected, Retryable, SendError, Throttled, UnknownOutcome
from channels.sms.ovh import OvhClient
from channels.sms.ovh_api import OvhApi, OvhKeys, sign
from tests.asgi_transport import AsgiTransport
from tests.channels.sms.small_sms import GRACE, sms

KEYS = OvhKeys(application_key="AK", application_secret="AS", consumer_key="CK")
ROOT = "https://eu.api.ovh.com/1.0"
OUR_TIME = 1_700_000_000.7
THEIR_TIME = 1_700_000_042
NOW = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
TAKEN = {"ids": [27814656], "validReceivers": [GRACE], "invalidReceivers": [], "totalCreditsRemoved": 1}


@dataclass
class SmallOvh:
    """Tells the time, checks signatures by its own clock, and answers the rest as told."""

    status: int = 200
    document: Any = field(default_factory=lambda: TAKEN)
    time: Any = THEIR_TIME
    breaks: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    times_told: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        url, body = str(request.url), (await request.body()).decode()
        if url == f"{ROOT}/auth/time":
            self.times_told += 1
            await self._answer(200, self.time)(scope, receive, send)
            return
        if int(request.headers["x-ovh-timestamp"]) != self.time:
            refusal = {"errorCode": "QUERY_TIME_OUT", "httpCode": "400 Bad Request", "message": "Query out of time"}
            await self._answer(400, refusal)(scope, receive, send)
            return
        words = f"AS+CK+{request.method}+{url}+{body}+{self.time}"
        expected = hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()
        assert request.headers["x-ovh-signature"] == f"$1${expected}"
        assert (request.headers["x-ovh-application"], request.headers["x-ovh-consumer"]) == ("AK", "CK")
        self.asked.append((request.method, url, json.loads(body) if body else None))
        if self.breaks:
            raise ConnectionResetError
        await self._answer(self.status, self.document)(scope, receive, send)

    def _answer(self, status: int, document: Any) -> Response:
        return Response(json.dumps(document).encode(), status, self.headers)

    def client(self, now: Callable[[], float] = lambda: OUR_TIME) -> OvhClient:
        return OvhClient(OvhApi(AsgiTransport(self), KEYS, now=now), "sms-ab12345-1")


async def refused(small: SmallOvh) -> SendError:
    with pytest.raises(SendError) as raised:
        await small.client().send(sms())
    return raised.value


def test_a_signature_is_the_one_that_ovh_computes() -> None:
    """A vector from others' tests of the same scheme."""
    assert sign(KEYS, "GET", f"{ROOT}/domain/zone", "", 1_700_000_000) == "$1$09deb620e4cc90d8141187a1746e56af76db079a"


async def test_a_message_is_asked_for_as_a_job() -> None:
    small = SmallOvh()

    accepted = await small.client().send(sms())

    assert accepted.provider_message_id == "27814656"
    ((method, url, document),) = small.asked
    assert (method, url) == ("POST", f"{ROOT}/sms/sms-ab12345-1/jobs")
    assert document == {
        "message": "Votre colis arrive à 14 h.",
        "receivers": [GRACE],
        "sender": "KIMIA",
        "noStopClause": True,
        "priority": "high",
        "charset": "UTF-8",
        "coding": "7bit",
        "tag": "m-1",
    }


async def test_letters_outside_the_gsm_alphabet_are_announced() -> None:
    small = SmallOvh()

    await small.client().send(sms(text="Votre colis est arrivé ✅", stop_clause=True, sender=None))

    document = small.asked[0][2]
    assert (document["coding"], document["noStopClause"]) == ("8bit", False)
    assert document["senderForResponse"] is True
    assert "sender" not in document


async def test_its_clock_is_asked_once() -> None:
    small = SmallOvh()
    client = small.client()

    for _ in range(3):
        await client.send(sms())

    assert (len(small.asked), small.times_told) == (3, 1)


async def test_a_clock_that_drifted_is_asked_again_and_the_message_goes_once() -> None:
    small = SmallOvh()
    client = small.client()
    await client.send(sms())

    small.time = THEIR_TIME + 500
    await client.send(sms(message_id="m-2"))

    assert [document["tag"] for *_, document in small.asked] == ["m-1", "m-2"]
    assert small.times_told == 2


@pytest.mark.parametrize("time", ["soon", None, True, {}])
async def test_a_server_that_tells_no_time_is_not_ovh(time: Any) -> None:
    error = await refused(SmallOvh(time=time))

    assert (type(error), error.cause) == (Rejected, Cause.ACCOUNT)


@pytest.mark.parametrize(
    ("status", "document", "raised", "cause"),
    [
        (200, {"ids": [], "invalidReceivers": [GRACE]}, Rejected, Cause.RECIPIENT),
        (200, {"ids": [], "invalidReceivers": []}, UnknownOutcome, Cause.LOST_ANSWER),
        (200, {"ids": ["1"]}, UnknownOutcome, Cause.LOST_ANSWER),
        (200, None, UnknownOutcome, Cause.LOST_ANSWER),
        (400, {"message": "Invalid sender"}, Rejected, Cause.REQUEST),
        (400, {"message": "Not enough credits on this account"}, Rejected, Cause.ACCOUNT),
        (400, {"errorCode": "INVALID_SIGNATURE", "message": "Invalid signature"}, Rejected, Cause.ACCOUNT),
        (401, {}, Rejected, Cause.ACCOUNT),
        (402, {}, Rejected, Cause.ACCOUNT),
        (403, {"errorCode": "INVALID_CREDENTIAL", "message": "This credential is not valid"}, Rejected, Cause.ACCOUNT),
        (403, {"errorCode": "NOT_GRANTED_CALL", "message": "Not granted"}, Rejected, Cause.ACCOUNT),
        (404, {"message": "This service does not exist"}, Rejected, Cause.ACCOUNT),
        (429, {}, Throttled, Cause.RATE),
        (500, {}, Retryable, Cause.TEMPORARY),
        (502, "<html>", UnknownOutcome, Cause.LOST_ANSWER),
        (504, {}, UnknownOutcome, Cause.LOST_ANSWER),
    ],
    ids=str,
)
async def test_what_an_answer_means(status: int, document: Any, raised: type[SendError], cause: Cause) -> None:
    error = await refused(SmallOvh(status, document))

    assert (type(error), error.cause) == (raised, cause)


async def test_a_missing_right_is_named() -> None:
    error = await refused(SmallOvh(403, {"errorCode": "NOT_GRANTED_CALL", "message": "This call is not granted"}))

    assert error.code == "NOT_GRANTED_CALL"
    assert "/sms/*" in error.advice


async def test_it_is_asked_again_when_it_says() -> None:
    assert (await refused(SmallOvh(429, {}, headers={"Retry-After": "8"}))).retry_after_seconds == 8


async def test_what_has_not_left_may_be_sent_again_and_what_may_have_left_may_not() -> None:
    transport = AsgiTransport(SmallOvh())
    transport.is_away = True
    with pytest.raises(Retryable):
        await OvhClient(OvhApi(transport, KEYS), "sms-ab12345-1").send(sms())
    assert type(await refused(SmallOvh(breaks=True))) is UnknownOutcome


async def test_a_lost_answer_to_a_question_loses_nothing() -> None:
    with pytest.raises(Retryable):
        await SmallOvh(breaks=True).client().report("27814656", NOW)


async def test_no_error_and_no_repr_shows_the_recipient_or_a_secret() -> None:
    error = await refused(SmallOvh(400, {"message": f"Bad receiver {GRACE}"}))

    shown = f"{error!r} {error} {KEYS!r}"
    assert "Bad receiver" in shown
    for private in (GRACE, "'AS'", "'CK'"):
        assert private not in shown


OUTGOING = {
    "id": 27814656,
    "deliveryReceipt": 1,
    "ptt": 4,
    "receiver": GRACE,
    "sentAt": "2026-11-21T21:58:00+01:00",
    "deliveredAt": "2026-11-21T21:58:03+01:00",
    "tag": "m-1",
    "credits": 1.0,
    "numberOfSms": 1,
}


async def told(**changes: Any) -> Report:
    report = await SmallOvh(document=OUTGOING | changes).client().report("27814656", NOW)
    assert report is not None
    return report


async def test_what_became_of_a_message_is_asked_by_its_id() -> None:
    small = SmallOvh(document=OUTGOING)

    report = await small.client().report("27814656", NOW)

    assert small.asked == [("GET", f"{ROOT}/sms/sms-ab12345-1/outgoing/27814656", None)]
    assert report is not None
    assert (report.provider, report.provider_message_id, report.our_id) == ("ovh", "27814656", "m-1")
    assert (report.what, report.at) == ("delivered", datetime(2026, 11, 21, 20, 58, 3, tzinfo=UTC))
    assert GRACE not in repr(report)


async def test_a_message_that_has_not_left_yet_has_no_report() -> None:
    waiting = {"class": "Client::NotFound", "message": "The requested object (id = 27814656) does not exist"}

    assert await SmallOvh(404, waiting).client().report("27814656", NOW) is None


@pytest.mark.parametrize(
    ("receipt", "ptt", "what"),
    [
        (0, 0, "other"),
        (1, 0, "delivered"),
        (4, 3, "sent"),
        (4, 1, "deferred"),
        (8, 2, "deferred"),
        (8, 0, "sent"),
        (2, 5, "failed"),
        (16, 0, "failed"),
        (99, 4, "other"),
        (None, None, "other"),
        ("1", "4", "other"),
    ],
)
async def test_each_receipt_has_its_word(receipt: Any, ptt: Any, what: str) -> None:
    assert (await told(deliveryReceipt=receipt, ptt=ptt)).what == what


@pytest.mark.parametrize(
    ("ptt", "kind", "cause"),
    [
        (5, FailureKind.FINAL, Cause.RECIPIENT),
        (8, FailureKind.RETRYABLE, Cause.RECIPIENT),
        (23, FailureKind.FINAL, Cause.RECIPIENT),
        (24, FailureKind.RETRYABLE, Cause.RECIPIENT),
        (25, FailureKind.RETRYABLE, Cause.TEMPORARY),
        (28, FailureKind.FINAL, Cause.CONTENT),
        (999, FailureKind.FINAL, Cause.RECIPIENT),
    ],
)
async def test_a_failure_says_why(ptt: int, kind: FailureKind, cause: Cause) -> None:
    report = await told(deliveryReceipt=2, ptt=ptt)

    assert report.failure is not None
    assert (report.failure.kind, report.failure.cause, report.code) == (kind, cause, str(ptt))


@pytest.mark.parametrize("moment", [None, "", "soon", "2026-11-21T21:58:03", 5])
async def test_a_moment_that_cannot_be_read_is_when_it_was_asked(moment: Any) -> None:
    assert (await told(deliveredAt=moment)).at == NOW


async def test_asking_again_is_no_news_until_something_changed() -> None:
    assert (await told()).event_id == (await told(credits=2)).event_id
    assert (await told()).event_id != (await told(deliveryReceipt=2)).event_id

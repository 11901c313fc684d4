"""What SendGrid is asked for, and what its answers mean."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.email.message import Email, Mailbox
from channels.email.sendgrid import SendGridClient
from channels.failures import Cause
from channels.sending import Rejected, Retryable, SendError, Throttled, UnknownOutcome
from tests.asgi_transport import AsgiTransport
from tests.channels.email.small_emails import GRACE, KIMIA, LEAVE, email

KEY = "SG.a-key-nobody-may-see"


@dataclass
class SmallSendGrid:
    """Answers as told, and remembers what it was asked."""

    status: int = 202
    document: Any = None
    headers: dict[str, str] = field(default_factory=lambda: {"X-Message-Id": "LRzXl_NHStOGhQ4kofSm_A"})
    breaks: bool = False
    asked: list[tuple[str, str, str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        authorization = request.headers["authorization"]
        self.asked.append((request.method, str(request.url), authorization, json.loads(await request.body())))
        if self.breaks:
            raise ConnectionResetError
        body = b"" if self.document is None else json.dumps(self.document).encode()
        await Response(body, self.status, self.headers)(scope, receive, send)

    def client(self, base_url: str = "https://api.sendgrid.com") -> SendGridClient:
        return SendGridClient(AsgiTransport(self), KEY, base_url)


async def refused(small: SmallSendGrid, written: Email | None = None) -> SendError:
    with pytest.raises(SendError) as raised:
        await small.client().send(written or email())
    return raised.value


def problem(message: str, name: str | None = None) -> dict[str, Any]:
    return {"errors": [{"message": message, "field": name, "help": None}]}


async def test_an_email_is_asked_for_as_sendgrid_documents_it() -> None:
    small = SmallSendGrid()
    reply_to = Mailbox(address="equipe@kimia.example")
    written = email(
        html="<style>p{color:red}</style><p>Bonjour</p>",
        text=None,
        reply_to=reply_to,
        list_unsubscribe=LEAVE,
        categories=("marketing",),
    )

    accepted = await small.client().send(written)

    assert accepted.provider_message_id == "LRzXl_NHStOGhQ4kofSm_A"
    ((method, url, authorization, document),) = small.asked
    assert (method, url) == ("POST", "https://api.sendgrid.com/v3/mail/send")
    assert authorization == f"Bearer {KEY}"
    html = document["content"].pop()
    assert html["type"] == "text/html"
    assert 'style="color: red;"' in html["value"]
    assert document == {
        "personalizations": [{"to": [{"email": GRACE.address, "name": "Grâce Mabiala"}]}],
        "from": {"email": KIMIA.address, "name": "Kimia Livraison"},
        "reply_to": {"email": "equipe@kimia.example"},
        "subject": "Votre colis est arrivé",
        "content": [{"type": "text/plain", "value": "Bonjour"}],
        "headers": {
            "Message-ID": f"<{written.message_id}@kimia.example>",
            "List-Unsubscribe": f"<{LEAVE}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "categories": ["marketing"],
        "custom_args": {"nid": written.message_id},
    }


async def test_what_an_email_does_not_have_is_left_out() -> None:
    small = SmallSendGrid()

    await small.client("https://api.eu.sendgrid.com/").send(email())

    ((_, url, _, document),) = small.asked
    assert url == "https://api.eu.sendgrid.com/v3/mail/send"
    assert set(document) == {"personalizations", "from", "subject", "content", "headers", "custom_args"}
    assert list(document["headers"]) == ["Message-ID"]


async def test_a_yes_without_an_id_is_a_yes() -> None:
    """Its events carry our id, so nothing hangs on SendGrid's."""
    accepted = await SmallSendGrid(headers={}).client().send(email())

    assert accepted.provider_message_id is None


@pytest.mark.parametrize(
    ("status", "document", "raised", "cause"),
    [
        (400, problem("is required", "subject"), Rejected, Cause.REQUEST),
        (400, problem("not a valid address", "personalizations.0.to.0.email"), Rejected, Cause.RECIPIENT),
        (400, problem("not a valid address", "from.email"), Rejected, Cause.ACCOUNT),
        (400, None, Rejected, Cause.REQUEST),
        (401, problem("The provided authorization grant is invalid"), Rejected, Cause.ACCOUNT),
        (401, problem("Maximum credits exceeded"), Rejected, Cause.ACCOUNT),
        (403, problem("The from address does not match a verified Sender Identity", "from"), Rejected, Cause.ACCOUNT),
        (403, problem("access forbidden"), Rejected, Cause.ACCOUNT),
        (413, None, Rejected, Cause.CONTENT),
        (429, problem("too many requests"), Throttled, Cause.RATE),
        (451, None, Rejected, Cause.ACCOUNT),
        (500, None, Retryable, Cause.TEMPORARY),
        (503, "away", Retryable, Cause.TEMPORARY),
        (502, None, UnknownOutcome, Cause.LOST_ANSWER),
        (504, {"errors": "?"}, UnknownOutcome, Cause.LOST_ANSWER),
        (307, None, Rejected, Cause.REQUEST),
        (400, {"errors": [None, {"field": 1}]}, Rejected, Cause.REQUEST),
    ],
    ids=str,
)
async def test_what_a_refusal_means(status: int, document: Any, raised: type[SendError], cause: Cause) -> None:
    error = await refused(SmallSendGrid(status, document))

    assert (type(error), error.cause, error.code) == (raised, cause, str(status))


async def test_an_unverified_sender_is_told_from_a_wrong_key() -> None:
    unverified = await refused(SmallSendGrid(403, problem("not a verified Sender Identity", "from")))

    assert "verify the address" in unverified.advice
    assert "from: not a verified Sender Identity" in str(unverified)


async def test_it_is_asked_again_when_it_says() -> None:
    small = SmallSendGrid(429, headers={"Retry-After": "17"})

    assert (await refused(small)).retry_after_seconds == 17


async def test_what_has_not_left_may_be_sent_again_and_what_may_have_left_may_not() -> None:
    transport = AsgiTransport(SmallSendGrid())
    transport.is_away = True
    with pytest.raises(Retryable):
        await SendGridClient(transport, KEY).send(email())
    assert type(await refused(SmallSendGrid(breaks=True))) is UnknownOutcome


async def test_no_error_shows_the_recipient_or_the_key() -> None:
    error = await refused(SmallSendGrid(400, problem(f"{GRACE.address} is bad, says {KEY}", "to")))

    assert "grace" not in f"{error!r} {error} {error.details}"

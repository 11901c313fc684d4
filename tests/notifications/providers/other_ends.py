"""The other ends of our providers of email: a real mail server, and a small SendGrid."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.email.message import Mailbox
from channels.email.sendgrid import SendGridClient
from channels.email.smtp import Security, SmtpClient, SmtpServer
from notifications.leaving import LeaveLinks
from notifications.providers.email import SENDGRID, SMTP, EmailClient, EmailProvider
from tests.asgi_transport import AsgiTransport
from tests.channels.email.mail_server import MailServer

LINKS = LeaveLinks(address="https://relais.example", secrets=["a-secret-for-links-only"])
KIMIA = Mailbox(address="bonjour@kimia.example", name="Kimia")
GRACE_MAIL = "grace.mabiala@example.cg"
API_KEY = "SG.a-key-nobody-may-see"


def email_provider(name: str, client: EmailClient) -> EmailProvider:
    return EmailProvider(name=name, client=client, sender=KIMIA, links=LINKS)


@dataclass
class MailHouse:
    """A mail server that a test tells what to answer."""

    server: MailServer
    recipient: str = GRACE_MAIL
    payload: dict[str, Any] = field(default_factory=lambda: {"subject": "Colis", "text": "Votre colis est là."})
    secrets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        server = SmtpServer(host="127.0.0.1", port=self.server.port, security=Security.NONE)
        self.client = SmtpClient(server, envelope_seconds=5, answer_seconds=5)

    def build(self) -> EmailProvider:
        return email_provider(SMTP, self.client)

    def taken(self) -> list[str]:
        return [str(email["Message-ID"]).strip("<>").partition("@")[0] for email in self.server.taken]

    def refuse_account(self) -> None:
        self.server.mail = f"550 5.7.1 {KIMIA.address} may not send to {GRACE_MAIL}"

    def refuse_person(self) -> None:
        self.server.rcpt[GRACE_MAIL] = f"550 5.1.1 <{GRACE_MAIL}>: no such user"

    def be_busy(self) -> None:
        self.server.mail = "452 4.3.1 Insufficient system storage"

    def be_away(self) -> None:
        self.client = SmtpClient(SmtpServer(host="127.0.0.1", port=1, security=Security.NONE))

    def lose_answer(self) -> None:
        self.server.data = "break"


@dataclass
class SmallSendGrid:
    """Takes emails by HTTP, unless told otherwise."""

    recipient: str = GRACE_MAIL
    payload: dict[str, Any] = field(default_factory=lambda: {"subject": "Colis", "text": "Votre colis est là."})
    secrets: tuple[str, ...] = (API_KEY,)
    status: int = 202
    problem: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    breaks: bool = False

    def __post_init__(self) -> None:
        self.transport = AsgiTransport(self.app())

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v3/mail/send", self._send, methods=["POST"])])

    async def _send(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        if self.breaks:
            raise ConnectionError
        if self.status != 202:
            return JSONResponse({"errors": [self.problem]}, self.status)
        self.asked.append({**asked, "key": request.headers["authorization"]})
        return Response(status_code=202, headers={"X-Message-Id": f"sg{len(self.asked)}"})

    def build(self) -> EmailProvider:
        return email_provider(SENDGRID, SendGridClient(self.transport, API_KEY, "http://sendgrid.test"))

    def taken(self) -> list[str]:
        return [asked["custom_args"]["nid"] for asked in self.asked]

    def refuse_account(self) -> None:
        self.status, self.problem = 401, {"message": "The provided authorization grant is invalid"}

    def refuse_person(self) -> None:
        self.status = 400
        self.problem = {"field": "personalizations.0.to.0.email", "message": f"{GRACE_MAIL} is no address"}

    def be_busy(self) -> None:
        self.status, self.problem = 503, {"message": "unavailable"}

    def be_away(self) -> None:
        self.transport.is_away = True

    def lose_answer(self) -> None:
        self.breaks = True

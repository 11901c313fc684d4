"""A real mail server on the loopback that takes, refuses and breaks off as a test tells it."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TAKEN = "250 2.0.0 queued"
PASSWORD = "a-password-nobody-may-see"


@dataclass
class MailServer:
    """What it answers, and what it was told. A reply of "break" closes the connection instead."""

    port: int = 0
    mail: str = "250 OK"
    mail_again: str = "250 OK"
    """To a sender on a connection that has carried an email before."""
    rcpt: dict[str, str] = field(default_factory=dict)
    """By recipient; others are welcome."""
    data: str = TAKEN
    connections: int = 0
    open: list[SMTP] = field(default_factory=list)
    used: set[SMTP] = field(default_factory=set)
    taken: list[EmailMessage] = field(default_factory=list)
    greeted_by: list[str | None] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    content_came: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Set unless a test wants answers to content, and to RSET, to wait."""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        reply = self.mail_again if server in self.used else self.mail
        if reply.startswith("250"):
            envelope.mail_from = address
        return _said(server, reply)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        reply = self.rcpt.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return _said(server, reply)

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self.released.wait()
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        self.was_encrypted.append(
            server.transport is not None and server.transport.get_extra_info("ssl_object") is not None
        )
        self.greeted_by.append(session.host_name)
        self.used.add(server)
        self.content_came.set()
        await self.released.wait()
        if self.data == TAKEN:
            self.taken.append(message_from_bytes(content, policy=default))
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return _said(server, self.data)

    def hang_up(self) -> None:
        for server in self.open:
            if server.transport is not None:
                server.transport.close()


def _said(server: SMTP, reply: str) -> str:
    if reply == "break":
        _transport(server).abort()
    elif reply.startswith("421"):
        asyncio.get_running_loop().call_soon(_transport(server).close)
    return reply


def _transport(server: SMTP) -> asyncio.Transport:
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


@asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, signs_in: bool = False
) -> AsyncIterator[MailServer]:
    served = MailServer()
    served.released.set()

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    def accept() -> SMTP:
        served.connections += 1
        with warnings.catch_warnings():
            # It does not see that the whole server is behind TLS.
            warnings.filterwarnings("ignore", message="Requiring AUTH while not requiring TLS")
            server = _server()
        served.open.append(server)
        return server

    def _server() -> SMTP:
        return SMTP(
            served,
            hostname="mail.test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=check if signs_in else None,
            auth_required=signs_in,
            auth_require_tls=starttls is not None,
            enable_SMTPUTF8=False,
        )

    server = await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0, ssl=tls)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        served.hang_up()
        tasks = [each._handler_coroutine for each in served.open if each._handler_coroutine is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For the server, and for whoever trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "mail.pem", folder / "mail.key"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    serves = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serves.load_cert_chain(pem, secret)
    return serves, ssl.create_default_context(cafile=str(pem))

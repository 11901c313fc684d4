"""Sends emails to one mail server over a few connections that are kept open and used again.

SendError           what the server or the way to it said no with (see `channels.sending`)
InvalidMessage      the email cannot be written as MIME, before anything leaves

The server answers for a message once its content has ended. Whatever breaks before that has sent nothing; a
connection that breaks after it leaves unknown whether the message went.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from channels.email.connections import Connections
from channels.email.message import Email
from channels.email.mime import to_mime
from channels.email.smtp_codes import Stage, finer_code, row_of
from channels.failures import Cause, FailureKind, FailureRow
from channels.sending import LOST_ANSWER, Accepted, SendError, send_error

ENVELOPE_SECONDS: Final = 10.0
"""From waiting for a connection to the server's "go ahead" for the content. Our choice."""

ANSWER_SECONDS: Final = 15.0
"""From the content to the server's word on it; filters take seconds. RFC 5321 would wait ten minutes, but whoever
sends holds a lease of half a minute, and with ENVELOPE_SECONDS this stays below it."""

_START_CONTENT: Final = 354
_DONE: Final = 250
_SHUTTING_DOWN: Final = 421
_DOT: Final = re.compile(rb"^\.", re.MULTILINE)

_NOT_REACHED: Final = FailureRow(
    kind=FailureKind.RETRYABLE,
    cause=Cause.TEMPORARY,
    advice="The mail server cannot be reached. Check the network, its host, port and kind of encryption.",
)
_BUSY: Final = FailureRow(
    kind=FailureKind.RETRYABLE,
    cause=Cause.TEMPORARY,
    advice="Every connection to the mail server is in use, and none became free in time.",
)
_BAD_CERTIFICATE: Final = FailureRow(
    kind=FailureKind.FINAL,
    cause=Cause.ACCOUNT,
    advice="The mail server's certificate is not valid for its name: check the host, or have it renewed.",
)
_OFFERS_LESS: Final = FailureRow(
    kind=FailureKind.FINAL,
    cause=Cause.ACCOUNT,
    advice="The mail server does not offer what is set up for it: check the port, the encryption and the user name.",
)


class Security(StrEnum):
    TLS = "tls"  # encrypted from the first byte, usually port 465
    STARTTLS = "starttls"  # encrypted before anything is said, usually port 587; never without, if it is not offered
    NONE = "none"  # for a server on this machine or a trusted network


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    our_name: str | None = None
    """What we call ourselves in EHLO; None takes the domain of the first sender."""
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    """None trusts the authorities that this machine trusts."""

    def __post_init__(self) -> None:
        if self.username is not None and self.security is Security.NONE:
            raise ValueError("A password for the mail server would travel unencrypted: use tls or starttls.")


class SmtpClient:
    """At most `connections` messages at once; the others wait for one to be free, no longer than ENVELOPE_SECONDS."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        connections: int = 4,
        envelope_seconds: float = ENVELOPE_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._server = server
        self._tls = (server.tls or ssl.create_default_context()) if server.security is not Security.NONE else None
        self._connections = Connections(connections)
        self._envelope_seconds = envelope_seconds
        self._answer_seconds = answer_seconds
        self._now = now

    async def send(self, email: Email) -> Accepted:
        content = _ended(to_mime(email, self._now()))
        until = asyncio.get_running_loop().time() + self._envelope_seconds
        try:
            async with asyncio.timeout_at(until):
                await self._connections.wait_for_one()
        except TimeoutError:
            raise send_error(_BUSY) from None
        try:
            connection = await self._with_envelope(email, until)
            await self._hand_over(connection, content)
        finally:
            self._connections.one_is_free()
        return Accepted(provider_message_id=email.rfc_message_id)

    async def aclose(self) -> None:
        await self._connections.aclose()

    async def _with_envelope(self, email: Email, until: float) -> SMTP:
        """A connection on which the server waits for the content."""
        try:
            async with asyncio.timeout_at(until):
                kept = self._connections.take()
                if kept is not None and await self._still_answers(kept, email):
                    return kept
                return await self._envelope(await self._open(email), email)
        except TimeoutError as error:
            raise send_error(_NOT_REACHED, details=type(error).__name__) from error

    async def _still_answers(self, kept: SMTP, email: Email) -> bool:
        """Whether a connection that was kept took the envelope. Servers close idle ones whenever they like, and then
        nothing has been said yet; what they say no to on an open one concerns this email."""
        try:
            await self._envelope(kept, email)
        except SendError:
            if kept.is_connected:
                raise
        return kept.is_connected

    async def _open(self, email: Email) -> SMTP:
        connection = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.username,
            password=self._server.password,
            # Else the library looks its own name up in the DNS, for each connection.
            local_hostname=self._server.our_name or email.sender.domain,
            timeout=self._envelope_seconds,
            use_tls=self._server.security is Security.TLS,
            start_tls=self._server.security is Security.STARTTLS,
            tls_context=self._tls,
        )
        try:
            await connection.connect()
        except (OSError, SMTPException) as error:
            connection.close()
            raise _explained(error, Stage.CONNECT) from error
        except BaseException:
            connection.close()
            raise
        return connection

    async def _envelope(self, connection: SMTP, email: Email) -> SMTP:
        stage = Stage.SENDER
        try:
            await connection.mail(email.sender.address)
            stage = Stage.RECIPIENT
            await connection.rcpt(email.recipient.address)
            stage = Stage.CONTENT
            go_ahead = await connection.execute_command(b"DATA")
            if go_ahead.code != _START_CONTENT:
                raise SMTPResponseException(go_ahead.code, go_ahead.message)
        except SMTPResponseException as error:
            await self._after_refusal(connection, error.code)
            raise _explained(error, stage) from error
        except (OSError, SMTPException) as error:
            connection.close()
            raise send_error(_NOT_REACHED, details=type(error).__name__) from error
        except BaseException:
            connection.close()
            raise
        return connection

    async def _after_refusal(self, connection: SMTP, code: int) -> None:
        """One refused recipient is no reason to greet and sign in again for the next."""
        try:
            if code == _SHUTTING_DOWN:
                raise SMTPServerDisconnected("The server said that it closes the connection.")
            await connection.rset()
        except (OSError, SMTPException):
            connection.close()
        except BaseException:
            connection.close()
            raise
        else:
            self._connections.keep(connection)

    async def _hand_over(self, connection: SMTP, content: bytes) -> None:
        protocol = connection.protocol
        try:
            if protocol is None:
                raise SMTPServerDisconnected("Connection lost")
            protocol.write(content)
        except SMTPServerDisconnected as error:
            raise send_error(_NOT_REACHED, details=type(error).__name__) from error
        try:
            async with asyncio.timeout(self._answer_seconds):
                answer = await protocol.read_response()
        except (OSError, SMTPException) as error:
            connection.close()
            raise send_error(LOST_ANSWER, details=type(error).__name__) from error
        except BaseException:
            connection.close()
            raise
        self._connections.keep(connection)
        if answer.code != _DONE:
            raise _refusal(answer, Stage.CONTENT)


def _explained(error: Exception, stage: Stage) -> SendError:
    match error:
        case SMTPAuthenticationError():
            return _refusal(SMTPResponse(error.code, error.message), Stage.SIGN_IN)
        case SMTPResponseException():
            return _refusal(SMTPResponse(error.code, error.message), stage)
        case ssl.SSLCertVerificationError():
            return send_error(_BAD_CERTIFICATE, details=error.verify_message)
        case OSError() if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            return send_error(_BAD_CERTIFICATE, details=error.__cause__.verify_message)
        case OSError():
            return send_error(_NOT_REACHED, details=type(error).__name__)
        case _:
            return send_error(_OFFERS_LESS, details=str(error))


def _refusal(answer: SMTPResponse, stage: Stage) -> SendError:
    return send_error(
        row_of(answer.code, answer.message, stage),
        code=finer_code(answer.message) or str(answer.code),
        details=answer.message,
    )


def _ended(message: bytes) -> bytes:
    """The content as it is transferred: a line that begins with a dot gets another, and one dot ends it all."""
    return _DOT.sub(b"..", message) + b".\r\n"

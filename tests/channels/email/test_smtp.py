"""Sending over a real mail server: what arrives, what is refused, and what nobody knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from channels.email.connections import MAX_MESSAGES
from channels.email.message import Email, Mailbox
from channels.email.smtp import Security, SmtpClient, SmtpServer
from channels.failures import Cause
from channels.sending import Rejected, Retryable, SendError, Throttled, UnknownOutcome
from tests.channels.email.mail_server import PASSWORD, TAKEN, MailServer, certificate, mail_server
from tests.channels.email.small_emails import GRACE, KIMIA, LEAVE, NOW, email
from tests.channels.loopback import loopback, say_nothing
from tests.waiting import DEADLINE_SECONDS, until

SOON_SECONDS = 0.5


@asynccontextmanager
async def client(server: MailServer, *, connections: int = 4, **changes: Any) -> AsyncIterator[SmtpClient]:
    settings: dict[str, Any] = {"host": "127.0.0.1", "security": Security.NONE}
    patience = {name: changes.pop(name) for name in ("envelope_seconds", "answer_seconds") if name in changes}
    told = SmtpServer(port=server.port, **(settings | changes))
    sends = SmtpClient(told, connections=connections, now=lambda: NOW, **patience)
    try:
        yield sends
    finally:
        await sends.aclose()


async def refused(sends: SmtpClient, written: Email | None = None) -> SendError:
    with pytest.raises(SendError) as raised:
        await sends.send(written or email())
    return raised.value


async def test_an_email_arrives_as_it_was_written() -> None:
    async with mail_server() as server, client(server) as sends:
        accepted = await sends.send(email(html="<p>Bonjour</p>", text=".\n.Bonjour Grâce.", list_unsubscribe=LEAVE))

    (received,) = server.taken
    assert server.envelopes == [(KIMIA.address, [GRACE.address])]
    assert received["message-id"] == accepted.provider_message_id
    assert received["date"].datetime == NOW
    assert received["list-unsubscribe"] == f"<{LEAVE}>"
    plain = received.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == [".", ".Bonjour Grâce."]


@pytest.mark.parametrize(("our_name", "said"), [(None, "kimia.example"), ("mta7.kimia.example", "mta7.kimia.example")])
async def test_it_introduces_itself_as_the_sender_unless_it_has_a_name(our_name: str | None, said: str) -> None:
    async with mail_server() as server, client(server, our_name=our_name) as sends:
        await sends.send(email())

    assert server.greeted_by == [said]


async def test_one_connection_carries_one_email_after_the_other() -> None:
    async with mail_server() as server, client(server) as sends:
        for number in range(5):
            await sends.send(email(message_id=f"m-{number}"))

    assert len(server.taken) == 5
    assert server.connections == 1


async def test_emails_beside_each_other_share_as_many_connections_as_are_allowed() -> None:
    async with mail_server() as server, client(server, connections=2) as sends:
        await asyncio.gather(*(sends.send(email(message_id=f"m-{number}")) for number in range(20)))

    assert {each["message-id"] for each in server.taken} == {f"<m-{number}@kimia.example>" for number in range(20)}
    assert server.connections == 2


async def test_a_connection_that_the_server_closed_meanwhile_is_replaced() -> None:
    async with mail_server() as server, client(server) as sends:
        await sends.send(email())
        server.hang_up()
        await sends.send(email())

    assert len(server.taken) == server.connections == 2


@pytest.mark.parametrize("goodbye", ["421 4.4.2 idle for too long", "break"])
async def test_a_connection_that_the_server_closes_when_it_is_used_again_is_replaced(goodbye: str) -> None:
    async with mail_server() as server, client(server) as sends:
        server.mail_again = goodbye
        await sends.send(email())
        await sends.send(email())

    assert len(server.taken) == server.connections == 2


async def test_a_server_that_closes_new_connections_too_is_asked_less() -> None:
    async with mail_server() as server, client(server) as sends:
        server.mail = "421 4.7.0 too much from you"
        error = await refused(sends)

    assert type(error) is Throttled


async def test_a_connection_is_given_up_before_servers_end_it() -> None:
    async with mail_server() as server, client(server) as sends:
        for _ in range(MAX_MESSAGES + 1):
            await sends.send(email())

    assert server.connections == 2


@pytest.mark.parametrize(
    ("reply", "raised", "cause"),
    [
        ("421 4.7.0 too many connections", Throttled, Cause.RATE),
        ("450 4.2.1 receiving mail too quickly", Throttled, Cause.PAIR_RATE),
        ("451 4.7.1 Greylisting in action, please come back later", Retryable, Cause.PAIR_RATE),
        ("452 4.3.1 insufficient system storage", Throttled, Cause.RATE),
        ("452 4.2.2 over quota", Retryable, Cause.RECIPIENT),
        ("550 5.1.1 user unknown", Rejected, Cause.RECIPIENT),
        ("550 no such user here", Rejected, Cause.RECIPIENT),
        ("554 5.7.1 relay access denied", Rejected, Cause.ACCOUNT),
        ("530 5.7.0 authentication required", Rejected, Cause.ACCOUNT),
        ("break", Retryable, Cause.TEMPORARY),
    ],
)
async def test_a_refused_recipient_is_told_from_a_server_in_trouble(
    reply: str, raised: type[SendError], cause: Cause
) -> None:
    async with mail_server() as server, client(server) as sends:
        server.rcpt[GRACE.address] = reply
        error = await refused(sends)

    assert (type(error), error.cause) == (raised, cause)
    assert server.raw == []


@pytest.mark.parametrize(
    ("reply", "raised", "cause"),
    [
        ("451 4.3.0 try again", Retryable, Cause.TEMPORARY),
        ("452 4.3.1 disk full", Throttled, Cause.RATE),
        ("550 5.7.1 looks like spam", Rejected, Cause.CONTENT),
        ("552 5.3.4 message too big", Rejected, Cause.CONTENT),
        ("550 5.1.1 no such mailbox after all", Rejected, Cause.RECIPIENT),
        ("550 5.7.26 unauthenticated email is not accepted", Rejected, Cause.ACCOUNT),
    ],
)
async def test_refused_content_is_no_matter_of_the_recipient(reply: str, raised: type[SendError], cause: Cause) -> None:
    async with mail_server() as server, client(server) as sends:
        server.data = reply
        error = await refused(sends)

    assert (type(error), error.cause) == (raised, cause)
    assert len(server.raw) == 1


async def test_who_was_put_off_once_is_told_when_to_come_back() -> None:
    async with mail_server() as server, client(server) as sends:
        server.rcpt[GRACE.address] = "450 4.2.0 Greylisted, see http://postgrey.example"
        assert (await refused(sends)).retry_after_seconds == 300


async def test_a_sender_that_is_not_ours_is_a_matter_of_the_account() -> None:
    async with mail_server() as server, client(server) as sends:
        server.mail = "553 5.7.1 sender address rejected: not owned by user"
        error = await refused(sends)

    assert (type(error), error.cause) == (Rejected, Cause.ACCOUNT)


async def test_a_refusal_ends_no_connection() -> None:
    nobody = Mailbox(address="personne@example.cg")
    async with mail_server() as server, client(server) as sends:
        server.rcpt[nobody.address] = "550 5.1.1 unknown"
        for _ in range(3):
            await refused(sends, email(recipient=nobody))
        await sends.send(email())

    assert server.connections == 1
    assert server.envelopes == [(KIMIA.address, [GRACE.address])]


async def test_a_connection_on_which_the_server_falls_silent_is_left() -> None:
    async with mail_server() as server, client(server, envelope_seconds=SOON_SECONDS) as sends:
        server.rcpt[GRACE.address] = "550 5.1.1 unknown"
        server.released.clear()

        async def is_left() -> bool:
            return server.open[0].transport is None

        assert type(await refused(sends)) is Retryable
        await until(is_left)


async def test_a_connection_that_breaks_after_the_content_leaves_all_open() -> None:
    async with mail_server() as server, client(server) as sends:
        server.data = "break"
        error = await refused(sends)
        assert type(error) is UnknownOutcome
        # The content had arrived whole: the server may well have taken it.
        assert len(server.raw) == 1

        server.data = TAKEN
        await sends.send(email(message_id="the-next"))

    assert [each["message-id"] for each in server.taken] == ["<the-next@kimia.example>"]


async def test_a_server_that_never_answers_to_the_content_leaves_all_open() -> None:
    async with mail_server() as server, client(server, answer_seconds=SOON_SECONDS) as sends:
        server.released.clear()
        error = await refused(sends)

    assert type(error) is UnknownOutcome
    assert error.cause is Cause.LOST_ANSWER


async def test_who_is_stopped_while_sending_leaves_no_connection_to_be_taken_for_a_free_one() -> None:
    async with mail_server() as server, client(server, connections=1) as sends:
        server.released.clear()
        first = asyncio.create_task(sends.send(email(message_id="first")))
        await asyncio.wait_for(server.content_came.wait(), DEADLINE_SECONDS)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        server.released.set()
        await sends.send(email(message_id="second"))

    assert server.connections == 2
    assert "<second@kimia.example>" in [each["message-id"] for each in server.taken]


async def test_who_finds_every_connection_in_use_comes_back_later() -> None:
    async with mail_server() as server, client(server, connections=1, envelope_seconds=SOON_SECONDS) as sends:
        server.released.clear()
        first = asyncio.create_task(sends.send(email()))
        await asyncio.wait_for(server.content_came.wait(), DEADLINE_SECONDS)
        error = await refused(sends)
        server.released.set()
        await first

    assert type(error) is Retryable
    assert "in use" in str(error)


async def test_a_server_that_is_not_there_has_taken_nothing() -> None:
    async with mail_server() as server:
        pass
    async with client(server) as sends:
        error = await refused(sends)

    assert type(error) is Retryable
    assert error.cause is Cause.TEMPORARY
    assert "port" in error.advice


async def test_a_server_that_says_nothing_has_taken_nothing() -> None:
    async with loopback(say_nothing) as silent:
        server = MailServer(port=int(silent.url.rpartition(":")[2]))
        async with client(server, envelope_seconds=SOON_SECONDS) as sends:
            assert type(await refused(sends)) is Retryable


@pytest.mark.parametrize(
    ("greeting", "raised"),
    [("554 5.7.1 your address is blocked", Rejected), ("421 too busy", Throttled), ("what?", Retryable)],
)
async def test_a_server_may_refuse_at_the_door(greeting: str, raised: type[SendError]) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting.encode() + b"\r\n")
        await writer.drain()
        writer.close()

    door = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with door, client(MailServer(port=door.sockets[0].getsockname()[1])) as sends:
        assert type(await refused(sends)) is raised


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_it_signs_in_over_an_encrypted_connection(security: Security, tmp_path: Path) -> None:
    serves, trusts = certificate(tmp_path)
    tls, starttls = (serves, None) if security is Security.TLS else (None, serves)
    async with (
        mail_server(tls=tls, starttls=starttls, signs_in=True) as server,
        client(server, security=security, tls=trusts, username="kimia", password=PASSWORD) as sends,
    ):
        await sends.send(email())
        await sends.send(email())

    assert len(server.taken) == 2
    assert server.was_encrypted == [True, True]
    assert server.connections == 1


async def test_a_wrong_password_is_a_matter_of_the_account_and_shown_nowhere(tmp_path: Path) -> None:
    serves, trusts = certificate(tmp_path)
    wrong = "another-password-nobody-may-see"
    async with (
        mail_server(starttls=serves, signs_in=True) as server,
        client(server, security=Security.STARTTLS, tls=trusts, username="kimia", password=wrong) as sends,
    ):
        error = await refused(sends)

    assert (type(error), error.cause, error.code) == (Rejected, Cause.ACCOUNT, "5.7.8")
    assert wrong not in f"{error!r} {error} {sends._server!r}"


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_a_certificate_that_nobody_vouches_for_is_refused(security: Security, tmp_path: Path) -> None:
    serves, _ = certificate(tmp_path)
    tls, starttls = (serves, None) if security is Security.TLS else (None, serves)
    async with mail_server(tls=tls, starttls=starttls) as server, client(server, security=security) as sends:
        error = await refused(sends)

    assert (type(error), error.cause) == (Rejected, Cause.ACCOUNT)
    assert "certificate" in error.advice


async def test_nothing_is_said_in_the_clear_where_encryption_is_asked_for() -> None:
    async with mail_server() as server, client(server, security=Security.STARTTLS) as sends:
        error = await refused(sends)

    assert (type(error), error.cause) == (Rejected, Cause.ACCOUNT)
    assert server.taken == []


def test_a_password_is_never_set_up_without_encryption() -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        SmtpServer(host="mail.test", port=25, security=Security.NONE, username="kimia", password=PASSWORD)


async def test_a_reply_in_another_encoding_can_be_stored() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write("554 refus\u00e9\r\n".encode("latin-1"))
        await writer.drain()
        writer.close()

    door = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with door, client(MailServer(port=door.sockets[0].getsockname()[1])) as sends:
        assert (await refused(sends)).details == "refus\ufffd"


async def test_no_error_shows_the_recipient() -> None:
    async with mail_server() as server, client(server) as sends:
        server.rcpt[GRACE.address] = f"550 5.1.1 <{GRACE.address}>: no mailbox {GRACE.address} here"
        error = await refused(sends)

    assert "grace" not in f"{error!r} {error} {error.details}"
    assert "no mailbox … here" in error.details

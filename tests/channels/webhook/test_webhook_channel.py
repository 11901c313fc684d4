"""Webhooks to others' addresses: signed as the specification says, to public addresses alone, reading little."""

import asyncio
import base64
import ipaddress
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from channels.transport import AnswerLost, NotSent
from channels.webhook import BadWebhookUrl, GuardedTransport, check_url, derived_secret, is_public, is_signed_by
from channels.webhook import signed_headers as signed
from channels.webhook.transport import MAX_ANSWER_BYTES, PrivateAddress, PublicResolver

BODY = json.dumps({"type": "message.delivered", "data": {"name": "Grâce"}}, ensure_ascii=False)


def test_the_specifications_own_vector_is_signed_the_same() -> None:
    """From standardwebhooks.com, "Verifying signatures"."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at = datetime.fromtimestamp(1614265330, UTC)

    headers = signed([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', at)

    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_with_either_secret_accepts_it_and_nobody_else() -> None:
    old, new, other = (derived_secret("a server's secret", "webhook", "e-1", generation) for generation in (1, 2, 3))
    headers = signed([new, old], "id-1", BODY, datetime.now(UTC))

    for secret in (old, new):
        assert Webhook(secret).verify(BODY, headers) == json.loads(BODY)
        assert is_signed_by(secret, headers, BODY.encode())
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)
    assert not is_signed_by(new, headers, BODY.encode() + b" ")


def test_a_secret_is_always_the_same_and_another_for_everything_else() -> None:
    asked = [("s", "webhook", "e", 1), ("s", "webhook", "e", 2), ("s", "webhook", "f", 1), ("s", "events", "e", 1)]
    secrets = [derived_secret(*each) for each in (*asked, ("t", "webhook", "e", 1))]

    assert secrets == [derived_secret(*each) for each in (*asked, ("t", "webhook", "e", 1))]
    assert len(set(secrets)) == len(secrets)
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in secrets)


@given(
    st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()), st.binary()
)
def test_whatever_stands_in_its_headers_is_a_no(headers: dict[str, str], body: bytes) -> None:
    assert not is_signed_by(derived_secret("s", "events", "k"), headers, body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_what_was_signed_long_ago_or_later_is_a_no(minutes: int) -> None:
    secret = derived_secret("s", "events", "k")
    headers = signed([secret], "id-1", BODY, datetime.now(UTC) + timedelta(minutes=minutes))
    assert not is_signed_by(secret, headers, BODY.encode())


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
]


@pytest.mark.parametrize("address", [*PRIVATE, "::1", "fe80::1%eth0", "fc00::1", "::", "ff02::1"])
def test_private_addresses_are_told_apart(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.sampled_from(PRIVATE).map(IPv4Address))
def test_a_private_address_stays_private_within_another(inner: IPv4Address) -> None:
    hidden = int(inner)
    translated = [
        IPv6Address(0xFFFF << 32 | hidden),
        IPv6Address(0x2002 << 112 | hidden << 80),
        IPv6Address(int(ipaddress.ip_address("64:ff9b::")) | hidden),
    ]
    assert not any(is_public(str(each)) for each in translated)


@given(st.text() | st.builds("https://{}/{}".format, st.text(), st.text()))
def test_any_text_is_an_address_or_a_sentence_why_not(url: str) -> None:
    sentence = _refused(url)
    assert url.lower().startswith("https://") if sentence is None else "; " in sentence


def _refused(url: str) -> str | None:
    try:
        check_url(url, allow_private=False)
    except BadWebhookUrl as error:
        return str(error)
    return None


class _Names(AbstractResolver):
    """A name server that answers as told."""

    def __init__(self, *answers: str) -> None:
        self._answers = answers

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self._answers
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_name_that_leads_into_a_private_network_is_not_connected_to() -> None:
    for answers in (["10.0.0.1"], ["93.184.215.14", "127.0.0.1"]):
        with pytest.raises(PrivateAddress):
            await PublicResolver(_Names(*answers)).resolve("shop.example.com")
    assert len(await PublicResolver(_Names("93.184.215.14")).resolve("shop.example.com")) == 1


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """A business's system on this machine, with some bad habits."""

    async def answer(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/moved":
                raise web.HTTPFound("/fine")
            case "/endless":
                response = web.StreamResponse()
                await response.prepare(request)
                while True:
                    await response.write(b"x" * 65536)
            case "/slow":
                await asyncio.sleep(30)
        return web.json_response({"got": (await request.read()).decode()})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


async def ask(url: str, *, allow_private: bool = True, seconds: float = 5.0) -> Any:
    transport = GuardedTransport(allow_private=allow_private)
    try:
        return await transport.request("POST", url, {"content-type": "application/json"}, b"{}", seconds)
    finally:
        await transport.aclose()


async def test_it_posts_follows_no_redirect_and_reads_little(server: str) -> None:
    assert (await ask(f"{server}/fine")).body == b'{"got": "{}"}'
    assert (await ask(f"{server}/moved")).status == 302
    assert len((await ask(f"{server}/endless")).body) <= MAX_ANSWER_BYTES


async def test_what_takes_too_long_is_lost_and_what_is_not_there_was_not_sent(server: str) -> None:
    with pytest.raises(AnswerLost):
        await ask(f"{server}/slow", seconds=0.2)
    with pytest.raises(NotSent):
        await ask("http://127.0.0.1:9/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433"])
async def test_this_machine_is_out_of_reach_however_it_is_written(server: str, host: str) -> None:
    port = server.rpartition(":")[2]
    with pytest.raises(NotSent):
        await ask(f"http://{host}:{port}/fine", allow_private=False)

"""What every transport must do, against a real server. A test class inherits it and brings the transport."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from channels.transport import AnswerLost, NotSent, Transport, TransportResponse
from tests.channels.loopback import Conduct, answer, close, loopback, say_half, say_nothing

SOON_SECONDS = 0.3
LATE_SECONDS = 10.0
SECRET = "a-token-nobody-may-see"


class TransportContract:
    def build(self, limit: int) -> Transport:
        raise NotImplementedError

    @pytest.fixture
    async def transport(self) -> AsyncIterator[Transport]:
        transport = self.build(limit=10)
        yield transport
        await transport.aclose()

    async def test_it_brings_the_answer(self, transport: Transport) -> None:
        async with loopback(answer("200 OK", b'{"a":1}', "Retry-After: 3")) as server:
            response = await post(transport, server.url)

        assert (response.status, response.body) == (200, b'{"a":1}')
        assert response.headers["retry-after"] == "3"

    async def test_it_sends_method_address_headers_and_body_as_given(self, transport: Transport) -> None:
        async with loopback(answer("200 OK")) as server:
            await post(transport, f"{server.url}/v23.0/1/messages?a=b%20c", b'{"b":"\xc3\xa9"}')

            (asked,) = server.asked
        assert asked.line == "POST /v23.0/1/messages?a=b%20c HTTP/1.1"
        assert asked.headers["authorization"] == f"Bearer {SECRET}"
        assert asked.headers["content-type"] == "application/json"
        assert asked.body == b'{"b":"\xc3\xa9"}'

    @pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "429 Too Many", "500 Error"])
    async def test_a_refusal_is_an_answer_with_its_body(self, transport: Transport, status: str) -> None:
        async with loopback(answer(status, b'{"error":{"code":100}}')) as server:
            response = await post(transport, server.url)

        assert (response.status, response.body) == (int(status[:3]), b'{"error":{"code":100}}')

    async def test_a_redirect_is_an_answer_and_not_followed(self, transport: Transport) -> None:
        async with (
            loopback(answer("200 OK")) as elsewhere,
            loopback(answer("307 Temporary Redirect", b"", f"Location: {elsewhere.url}/")) as server,
        ):
            response = await post(transport, server.url)

            assert response.status == 307
            assert elsewhere.asked == []

    async def test_no_cookie_is_kept(self, transport: Transport) -> None:
        async with loopback(answer("200 OK", b"", "Set-Cookie: a=b")) as server:
            await post(transport, server.url)
            await post(transport, server.url)

            assert ["cookie" in asked.headers for asked in server.asked] == [False, False]

    async def test_a_refused_connection_means_not_sent(self, transport: Transport) -> None:
        with pytest.raises(NotSent):
            await post(transport, f"http://127.0.0.1:{a_free_port()}")

    async def test_an_address_that_is_none_means_not_sent(self, transport: Transport) -> None:
        with pytest.raises(NotSent):
            await post(transport, "http://")

    @pytest.mark.parametrize("conduct", [close, say_half, say_nothing])
    async def test_once_the_request_was_read_a_missing_answer_is_lost_and_not_asked_again(
        self, transport: Transport, conduct: Conduct
    ) -> None:
        async with loopback(conduct) as server:
            with pytest.raises(AnswerLost):
                await post(transport, server.url, timeout_seconds=SOON_SECONDS)

            assert len(server.asked) == 1

    async def test_a_request_that_found_no_free_connection_in_time_was_not_sent(self) -> None:
        transport = self.build(limit=1)
        async with loopback(say_nothing) as server, asyncio.TaskGroup() as tasks:
            first = tasks.create_task(lost(transport, server.url))
            await server.was_asked.wait()
            with pytest.raises(NotSent):
                await post(transport, server.url, timeout_seconds=SOON_SECONDS)
            await first
            assert len(server.asked) == 1
        await transport.aclose()

    async def test_a_connection_that_does_not_come_about_in_time_means_not_sent(self, transport: Transport) -> None:
        # A queue of connections that nobody takes from, and that is full.
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(0)
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            with contextlib.ExitStack() as waiting:
                for _ in range(4):
                    taken = waiting.enter_context(socket.socket())
                    taken.setblocking(False)
                    taken.connect_ex(listening.getsockname())
                with pytest.raises(NotSent):
                    await post(transport, url, timeout_seconds=2 * SOON_SECONDS)

    async def test_a_proxy_of_the_environment_is_not_asked(
        self, transport: Transport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{a_free_port()}")
        async with loopback(answer("200 OK")) as server:
            assert (await post(transport, server.url)).status == 200

    async def test_no_more_than_its_limit_are_under_way_at_once(self) -> None:
        transport, under_way, most = self.build(limit=3), 0, 0

        async def count(writer: asyncio.StreamWriter) -> None:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.01)
            under_way -= 1
            await answer("200 OK")(writer)

        async with loopback(count) as server:
            await asyncio.gather(*(post(transport, server.url) for _ in range(20)))
        await transport.aclose()

        assert most == 3

    async def test_who_stops_waiting_frees_the_connection_for_the_next(self) -> None:
        transport = self.build(limit=1)
        async with loopback(say_nothing) as server:
            first = asyncio.create_task(post(transport, server.url))
            await server.was_asked.wait()
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            server.conduct = answer("200 OK", b"next")
            assert (await post(transport, server.url)).body == b"next"
        await transport.aclose()

    async def test_after_a_lost_answer_it_goes_on(self, transport: Transport) -> None:
        async with loopback(close) as server:
            with pytest.raises(AnswerLost):
                await post(transport, server.url)
            server.conduct = answer("200 OK", b"again")

            assert (await post(transport, server.url)).body == b"again"

    async def test_nothing_it_logs_or_raises_shows_the_token_or_the_body(
        self, transport: Transport, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        failures = []
        async with loopback(close) as server:
            for url in (server.url, f"http://127.0.0.1:{a_free_port()}"):
                with pytest.raises((NotSent, AnswerLost)) as failed:
                    await post(transport, url, b"Grace, 242061234567")
                failures.append(failed.value)
            server.conduct = answer("200 OK", b"242061234567", f"Echo: {SECRET}")
            response = await post(transport, server.url, b"Grace, 242061234567")

        shown = caplog.text + "".join(f"{error!r}{error}{error.__cause__!r}" for error in failures) + repr(response)
        for private in (SECRET, "Grace", "242061234567"):
            assert private not in shown


async def post(
    transport: Transport, url: str, content: bytes = b"{}", timeout_seconds: float = LATE_SECONDS
) -> TransportResponse:
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    return await transport.request("POST", url, headers, content, timeout_seconds)


async def lost(transport: Transport, url: str) -> None:
    with pytest.raises(AnswerLost):
        await post(transport, url, timeout_seconds=3 * SOON_SECONDS)


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port

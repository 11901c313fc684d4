"""The transports keep the contract."""

from collections.abc import Callable

import pytest

from channels.reqwest import ReqwestTransport
from channels.transport import AiohttpTransport, Transport
from tests.channels.transport_contract import TransportContract


class TestAiohttpTransport(TransportContract):
    def build(self, limit: int) -> Transport:
        return AiohttpTransport(limit=limit)


class TestReqwestTransport(TransportContract):
    def build(self, limit: int) -> Transport:
        return ReqwestTransport(limit=limit)


@pytest.mark.parametrize("build", [AiohttpTransport, ReqwestTransport])
def test_it_may_be_built_before_any_event_loop_runs(build: Callable[[int], Transport]) -> None:
    build(1)


@pytest.mark.parametrize("build", [AiohttpTransport, ReqwestTransport])
async def test_one_that_never_asked_closes_too(build: Callable[[int], Transport]) -> None:
    await build(1).aclose()

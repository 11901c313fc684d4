"""The transports keep the contract."""

from channels.whatsapp.transport import AiohttpTransport, Transport
from tests.channels.whatsapp.transport_contract import TransportContract


class TestAiohttpTransport(TransportContract):
    def build(self, limit: int) -> Transport:
        return AiohttpTransport(limit=limit)


def test_it_may_be_built_before_any_event_loop_runs() -> None:
    AiohttpTransport(limit=1)


async def test_one_that_never_asked_closes_too() -> None:
    await AiohttpTransport(limit=1).aclose()

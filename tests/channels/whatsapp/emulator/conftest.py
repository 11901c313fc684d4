"""Three emulators: one at work, the same behind a real port, and one that only answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.whatsapp.emulator.world import (
    Emulator,
    Receiver,
    asking,
    delivering,
    emulating,
    receiving,
    settings_in,
)


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def emulator(tmp_path: Path, receiver: Receiver) -> AsyncIterator[Emulator]:
    """At work: answers requests and delivers webhooks to the receiver, all in the test's process."""
    async with delivering(settings_in(tmp_path), receiver) as emulator:
        yield emulator


@pytest.fixture
async def served(tmp_path: Path, receiver: Receiver) -> AsyncIterator[Emulator]:
    """At work behind a real port, as is its receiver: for what needs one (streams, browsers), and costs more."""
    async with receiving(receiver) as url, emulating(settings_in(tmp_path, url)) as emulator:
        yield emulator


@pytest.fixture
async def offline(tmp_path: Path) -> AsyncIterator[Emulator]:
    """Answers requests at once, but delivers no webhook: for what is decided before any leaves."""
    async with asking(settings_in(tmp_path)) as emulator:
        yield emulator

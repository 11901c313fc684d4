"""Two emulators: one that runs, with a server that takes its webhooks, and one without any network."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.whatsapp.emulator.world import (
    Emulator,
    Receiver,
    asking,
    emulating,
    receiving,
    settings_in,
)


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def emulator(tmp_path: Path, receiver: Receiver) -> AsyncIterator[Emulator]:
    async with receiving(receiver) as url, emulating(settings_in(tmp_path, url)) as running:
        yield running


@pytest.fixture
async def offline(tmp_path: Path) -> AsyncIterator[Emulator]:
    """Answers requests at once, but delivers no webhook: for what is decided before any leaves."""
    async with asking(settings_in(tmp_path)) as emulator:
        yield emulator

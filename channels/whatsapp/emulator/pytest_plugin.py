"""A WhatsApp for anyone's pytest: `-p channels.whatsapp.emulator.pytest_plugin`, then the fixture `whatsapp`.

Override `whatsapp_options` to say where the server under test takes webhooks, and with which secrets.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.whatsapp.emulator.testing import Emulator, Options


@pytest.fixture
def whatsapp_options() -> Options:
    """What the emulator and the server under test must agree on; your conftest may say otherwise."""
    return Options()


@pytest.fixture
def whatsapp(tmp_path: Path, whatsapp_options: Options) -> Iterator[Emulator]:
    """An emulator that runs as long as the test, on a free loopback port."""
    with Emulator(tmp_path, whatsapp_options) as emulator:
        yield emulator

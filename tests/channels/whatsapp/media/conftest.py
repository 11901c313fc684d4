"""What the tests of media share."""

from collections.abc import AsyncIterator

import pytest

from tests.channels.whatsapp.media.small_meta import SmallMeta, small_meta
from tests.channels.whatsapp.media.small_shop import SmallShop, small_shop


@pytest.fixture
async def meta() -> AsyncIterator[SmallMeta]:
    async with small_meta() as running:
        yield running


@pytest.fixture
async def shop() -> AsyncIterator[SmallShop]:
    async with small_shop() as running:
        yield running

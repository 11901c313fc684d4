"""An answer shows what it answers where one could wonder, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.house import House, echo


@pytest.fixture
async def busy_bot(house: House) -> AsyncIterator[asyncio.Event]:
    """The bot is at "bonjour" of the same person until the event is set."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow_at_first(asked: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        await go_on.wait()
        return await echo(asked)

    house.bot.answer = slow_at_first
    await house.says("bonjour")
    await begun.wait()
    yield go_on
    go_on.set()


async def quoted(house: House, count: int) -> list[str | None]:
    """What each message said so far quotes, once there are so many."""
    await house.heard(count)
    return [(sent.get("context") or {}).get("message_id") for sent in house.whatsapp.sent]


async def test_one_question_and_its_answer_need_no_quote(house: House) -> None:
    await house.says("bonjour")
    await quoted(house, 1)
    await house.says("et ensuite")

    assert await quoted(house, 2) == [None, None]


async def test_while_another_message_waits_the_answer_shows_which_one_it_is_for(
    house: House, busy_bot: asyncio.Event
) -> None:
    second, third = house.message("où est mon colis ?"), house.message("et combien ?")
    await house.post(second)
    await house.post(third)
    busy_bot.set()

    first, *others = await quoted(house, 3)
    assert first is not None  # its own answer came when two more were waiting
    assert others == [second["id"], None]


async def test_only_the_first_message_of_an_answer_quotes(house: House) -> None:
    async def two(asked: dict[str, Any]) -> dict[str, Any]:
        answer = await echo(asked)
        return {**answer, "responses": [{"text": "un"}, {"text": "deux"}]}

    house.bot.answer = two
    await house.post(house.message("bonjour"), house.message("au revoir"))

    assert [wamid is None for wamid in await quoted(house, 4)] == [False, True, True, True]


async def test_an_edited_message_is_shown_as_it_reads_now(house: House, busy_bot: asyncio.Event) -> None:
    mistyped = house.message("où est COUR-1")
    await house.post(mistyped)
    edit = {"original_message_id": mistyped["id"], "message": {"type": "text", "text": {"body": "où est COUR-2"}}}
    await house.post({**house.message(""), "type": "edit", "edit": edit})
    busy_bot.set()

    assert (await quoted(house, 2))[1] == mistyped["id"]


async def test_a_voice_note_is_shown_since_nobody_reads_it(house: House) -> None:
    spoken = house.message("", type="audio", audio={"id": "7001", "mime_type": "audio/ogg; codecs=opus", "voice": True})
    await house.post(spoken)

    assert await quoted(house, 1) == [spoken["id"]]


async def test_what_the_services_say_in_place_of_the_bot_quotes_alike(house: House) -> None:
    photo = house.message("", type="image", image={"id": "7002", "mime_type": "image/jpeg"})
    await house.post(photo, house.message("où est mon colis ?"))

    assert await quoted(house, 2) == [photo["id"], None]

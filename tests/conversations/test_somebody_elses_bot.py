"""An assistant that Relais did not write may be silent on purpose, and means what it likes by its slots."""

from typing import Any

import pytest

from conversations.tables import turns
from storage.tables import subscribers
from tests.house import House, text_of


async def test_a_paused_conversation_is_left_to_the_human_without_an_apology(house: House) -> None:
    async def paused_until_asked(asked: dict[str, Any]) -> dict[str, Any]:
        said = [{"text": "I am back"}] if text_of(asked) == "are you there" else []
        return {"responses": said, "events": [], "paused": True}

    house.bot.answer = paused_until_asked
    await house.says("hello")
    await house.says("are you there")

    assert await house.heard(1) == ["I am back"]
    assert [turn.status for turn in await house.rows(turns)] == ["done", "done"]


async def test_what_cannot_be_said_before_a_pause_is_still_apologised_for(house: House) -> None:
    async def unsayable(asked: dict[str, Any]) -> dict[str, Any]:
        return {"responses": [{"custom": {"of_another_channel": True}}], "events": [], "paused": True}

    house.bot.answer = unsayable
    await house.says("bonjour")

    assert (await house.heard(1))[0].startswith("😔 Désolé")


@pytest.mark.parametrize("value", ["Python", ["fr", "en"], {"fr": 1}, 7])
async def test_a_slot_that_is_only_called_language_says_nothing_of_the_persons(house: House, value: Any) -> None:
    async def learned(asked: dict[str, Any]) -> dict[str, Any]:
        return {"responses": [{"text": "Noted"}], "events": [{"event": "slot", "name": "language", "value": value}]}

    house.bot.answer = learned
    await house.says("bonjour")

    assert await house.heard(1) == ["Noted"]
    assert [person.locale for person in await house.rows(subscribers)] == [None]

"""Live news: whoever watches hears of every change once, also after a pause."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.channels.whatsapp.emulator.world import GRACE, KIMIA, PATRICK, Emulator, text

CHAT = f"{KIMIA}-{GRACE}"


@pytest.fixture
async def emulator(served: Emulator) -> Emulator:
    return served


@asynccontextmanager
async def watching(emulator: Emulator, **headers: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    path = f"/events?since=1000000&shown={CHAT}" if not headers else f"/events?since=0&shown={CHAT}"
    async with emulator.http.stream("GET", path, headers=headers) as response:
        yield _events(response.aiter_lines())


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    async for line in lines:
        if not line and "data" in event:
            yield event
            event = {}
        name, _, value = line.partition(": ")
        if name in ("id", "event"):
            event[name] = value
        if name == "data":
            event[name] = json.loads(value)


async def _chat_event(events: AsyncIterator[dict[str, Any]], chat: str = CHAT) -> dict[str, Any]:
    async for event in events:
        if event["event"] == "chat" and event["data"]["chat"] == chat:
            return event
    raise AssertionError("the stream ended")


async def test_a_new_message_is_told_with_its_bubble(emulator: Emulator) -> None:
    async with watching(emulator, **{"Last-Event-ID": await _now(emulator)}) as events:
        await emulator.say(GRACE, text("*live* <news>"))
        event = await _chat_event(events)
    assert "<strong>live</strong> &lt;news&gt;" in event["data"]["entries"]
    assert "live &lt;news&gt;" in event["data"]["row"]


async def test_a_chat_that_is_not_shown_comes_as_a_row_only(emulator: Emulator) -> None:
    async with watching(emulator, **{"Last-Event-ID": await _now(emulator)}) as events:
        await emulator.say(PATRICK, text("elsewhere"))
        event = await _chat_event(events, f"{KIMIA}-{PATRICK}")
    assert "elsewhere" in event["data"]["row"]
    assert "entries" not in event["data"]


async def test_after_a_pause_everything_missed_is_told_and_nothing_else(emulator: Emulator) -> None:
    await emulator.say(GRACE, text("known"))
    async with watching(emulator, **{"Last-Event-ID": await _now(emulator)}) as events:
        await emulator.say(GRACE, text("first"))
        seen = await _chat_event(events)
    await emulator.say(GRACE, text("missed"))
    async with watching(emulator, **{"Last-Event-ID": seen["id"]}) as events:
        entries = (await _chat_event(events))["data"]["entries"]
    assert "missed" in entries
    assert "known" not in entries


async def test_typing_is_told_with_the_seconds_left(emulator: Emulator) -> None:
    sent = await emulator.phone(GRACE, type="text", text="hello?")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": sent["wamid"]}
    async with watching(emulator, **{"Last-Event-ID": await _now(emulator)}) as events:
        await emulator.graph({**mark, "typing_indicator": {"type": "text"}})
        while not (seconds := (await _chat_event(events))["data"]["typing_seconds"]):
            pass
    assert 20 < seconds <= 25


async def test_a_page_older_than_the_database_is_told_to_load_again(emulator: Emulator) -> None:
    async with watching(emulator) as events:
        assert (await anext(events))["event"] == "reload"


async def _now(emulator: Emulator) -> str:
    page = (await emulator.http.get("/")).text
    return page.partition('data-change="')[2].partition('"')[0]

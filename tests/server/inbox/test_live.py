"""The live line of an inbox: what is new is told at once, what was missed on coming back, and to nobody else."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.exceptions import ConnectionClosed, InvalidStatus

from channels.inapp import InboxPass, make_token
from server.inbox import inbox_app
from server.inbox.live import MOST_LINES, Pauses
from server.public import public_app
from tests.house import SECRET, House
from tests.server.api.shop import Shop
from tests.server.inbox.inboxes import PAGE, App, app_of, may_show, row_of, shop, shop_with_inbox, told
from tests.server.inbox.lines import LiveLine, line
from tests.serving import serving
from tests.waiting import until

__all__ = ["shop"]


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    async with serving(public_app(house.parts)) as address:
        yield address


@pytest.fixture
async def still(small_house: House) -> AsyncIterator[str]:
    """A port of a house without a worker."""
    async with serving(public_app(small_house.parts)) as address:
        yield address


def token_for(seconds: float, app: App) -> str:
    """A token of the same person with a life of its own."""
    expires_at = datetime.now(UTC) + timedelta(seconds=seconds)
    business, *_ = json.loads(_told(app.token))
    return make_token(
        SECRET,
        InboxPass(business_id=business, subscriber_id=app.subscriber_id, is_test=False, expires_at=expires_at),
    )


def _told(token: str) -> bytes:
    told = token.partition(".")[0]
    return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))


async def test_an_open_inbox_is_told_at_once(address: str, shop: Shop) -> None:
    app = await app_of(shop)
    async with line(address, app.token) as live:
        ready = await live.frame()
        assert (ready["type"], ready["messages"], ready["counts"]) == ("ready", [], {"unread": 0, "total": 0})

        (message_id,) = await told(shop.house)

        frame = await live.told_of(message_id)
        assert frame["type"] == "changed"
        assert frame["counts"] == {"unread": 1, "total": 1}
        (message,) = frame["messages"]
        assert message == (await app.look())["data"][0]

    async def is_delivered() -> bool:
        return bool((await row_of(shop.house, message_id)).status == "delivered")

    await until(is_delivered)


async def test_what_is_read_on_one_device_is_read_on_the_other(address: str, shop: Shop) -> None:
    first, second = await told(shop.house, count=2)
    app = await app_of(shop)
    since = (await app.look())["since"]
    async with line(address, app.token, since=since) as live:
        await live.frame()

        await app.does("read", first)
        assert (await live.told_of(first, read=True))["counts"] == {"unread": 1, "total": 2}
        await app.does("archive", second)
        assert (await live.told_of(second, archived=True))["counts"] == {"unread": 0, "total": 1}


async def test_who_was_cut_off_is_told_what_they_missed(address: str, shop: Shop) -> None:
    (seen,) = await told(shop.house)
    app = await app_of(shop)
    async with line(address, app.token, since=(await app.look())["since"]) as live:
        since = (await live.frame())["since"]
        # As a tunnel does it: no goodbye.
        live.connection.transport.abort()

    missed = await told(shop.house, count=3)
    await app.does("read", seen)

    async with line(address, app.token, since=since) as live:
        ready = await live.frame()
    assert ready["type"] == "ready"
    assert {each["id"] for each in ready["messages"]} >= {seen, *missed}
    assert ready["is_complete"]
    assert ready["counts"] == {"unread": 3, "total": 4}


async def test_nobody_is_told_what_is_another_persons(address: str, shop: Shop) -> None:
    grace, patrick = await app_of(shop), await app_of(shop, "patrick")
    async with line(address, patrick.token) as other, line(address, grace.token) as live:
        await other.frame()
        await live.frame()
        (for_grace,) = await told(shop.house)
        await live.told_of(for_grace)

        (for_patrick,) = await told(shop.house, "patrick")

        # The first that they are told of anything.
        frame = await other.frame(lambda frame: frame["type"] == "changed")
        assert [each["id"] for each in frame["messages"]] == [for_patrick]


async def test_a_line_ends_with_its_token(still: str, small_house: House) -> None:
    app = await app_of(await shop_with_inbox(small_house))
    async with line(still, token_for(2, app)) as live:
        assert (await live.end())[0] == 4401


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"type": "hello"}', 4400),
        ('{"type": "hi", "token": "x"}', 4400),
        ("hello", 4400),
        ("", 4400),
        ("[" * 3_000, 4400),
        (b"\x00\x01", 4400),
        ('{"type": "hello", "token": "x", "since": "yesterday"}', 4400),
        ('{"type": "hello", "token": "x", "colour": "red"}', 4400),
        ('{"type": "hello", "token": "x.y"}', 4401),
        ('{"type": "hello", "token": ""}', 4401),
    ],
)
async def test_who_has_no_token_hears_nothing(still: str, frame: str | bytes, code: int) -> None:
    async with line(still) as live:
        await live.connection.send(frame)
        ended, reason = await live.end()
    assert ended == code
    assert reason


async def test_an_expired_token_opens_no_line(still: str, small_house: House) -> None:
    app = await app_of(await shop_with_inbox(small_house))
    async with line(still, token_for(-1, app)) as live:
        assert (await live.end())[0] == 4401


async def test_a_second_frame_ends_it(still: str, small_house: House) -> None:
    app = await app_of(await shop_with_inbox(small_house))
    async with line(still, app.token) as live:
        await live.frame()
        await live.say(type="hello", token=app.token)
        assert (await live.end())[0] == 4400


async def test_pages_are_looked_at_before_and_after_the_token(still: str, small_house: House) -> None:
    app = await app_of(await shop_with_inbox(small_house))
    await may_show(small_house, "jasmin", PAGE)
    with pytest.raises(InvalidStatus) as refused:
        async with line(still, app.token, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403
    async with line(still, app.token, origin=PAGE) as live:
        assert (await live.end())[0] == 4403


async def test_a_person_has_so_many_lines_and_no_more(still: str, small_house: House) -> None:
    app = await app_of(await shop_with_inbox(small_house))
    lines = [line(still, app.token) for _ in range(MOST_LINES)]
    opened = [await each.__aenter__() for each in lines]
    for each in opened:
        await each.frame()

    async with line(still, app.token) as live:
        assert (await live.end())[0] == 4429

    # One that ends makes room.
    await lines[0].__aexit__(None, None, None)

    async def has_room() -> bool:
        async with line(still, app.token) as live:
            return await _is_ready(live)

    await until(has_room)
    for other in lines[1:]:
        await other.__aexit__(None, None, None)


async def _is_ready(live: LiveLine) -> bool:
    try:
        return bool((await live.frame())["type"] == "ready")
    except ConnectionClosed:
        return False


async def test_a_silent_line_beats_and_finds_by_itself_what_it_was_not_told(shop: Shop) -> None:
    house = shop.house
    pauses = Pauses(beat=0.1)
    app = Starlette(routes=[Mount("/inbox", inbox_app(house.parts, pauses))])
    phone = await app_of(shop)
    async with serving(app) as address, line(address, phone.token) as live:
        await live.frame(lambda frame: frame["type"] == "beat")
        # Nobody says that there is something new.
        house.parts.news.tell = lambda subscriber_ids: None  # type: ignore[method-assign]
        (message_id,) = await told(house)
        await live.told_of(message_id)


async def test_who_says_nothing_is_let_go(small_house: House) -> None:
    app = Starlette(routes=[Mount("/inbox", inbox_app(small_house.parts, Pauses(hello=0.1)))])
    async with serving(app) as address, line(address) as live:
        assert (await live.end())[0] == 4408


async def test_the_server_stops_with_lines_open(small_house: House) -> None:
    app = await app_of(await shop_with_inbox(small_house))
    async with AsyncExitStack() as stack:
        async with serving(public_app(small_house.parts)) as address:
            live = await stack.enter_async_context(line(address, app.token))
            await live.frame()
        assert (await live.end())[0] == 1012


async def test_tokens_that_are_taken_back_end_open_lines_and_open_nothing(still: str, small_house: House) -> None:
    shop = await shop_with_inbox(small_house)
    app, other = await app_of(shop), await app_of(shop, "patrick")
    async with line(still, app.token) as live, line(still, other.token) as others:
        await live.frame()
        await others.frame()
        assert (await shop.ask("DELETE", "/v1/subscribers/grace/inbox-token")).status_code == 204

        with pytest.raises(ConnectionClosed) as closed:
            await live.frame()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, "taken back" in closed.value.rcvd.reason) == (4401, True)
    assert (await app.ask("GET")).status_code == 401
    assert (await other.look())["counts"]["total"] == 0
    assert (await (await app_of(shop)).look())["counts"]["total"] == 0

"""Which pages may show an inbox: those that business.yml names for the person's own business."""

from typing import Any

import httpx
import pytest

from tests.house import House
from tests.server.inbox.inboxes import PAGE, app_of, may_show, shop_with_inbox


async def preflight(house: House, origin: str) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    return await house.public.request("OPTIONS", "/inbox/v1/messages/read-all", headers=headers)


async def test_a_page_that_is_named_may_ask(small_house: House) -> None:
    await may_show(small_house, "kimia", PAGE)
    app = await app_of(await shop_with_inbox(small_house))
    app.origin = PAGE

    asked = await preflight(small_house, PAGE)
    answer = await app.ask("GET")

    assert asked.status_code == 204
    assert asked.headers["access-control-allow-methods"] == "GET, POST"
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    assert answer.status_code == 200
    for each in (asked, answer):
        assert each.headers["access-control-allow-origin"] == PAGE
        assert each.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in each.headers
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{PAGE}.evil.example", "http://app.kimia.example"])
async def test_no_other_page_may(small_house: House, origin: str) -> None:
    await may_show(small_house, "kimia", PAGE)
    app = await app_of(await shop_with_inbox(small_house))
    app.origin = origin

    answer = await app.ask("GET")

    assert answer.status_code == 403
    assert "data" not in answer.json()
    for each in (answer, await preflight(small_house, origin)):
        assert "access-control-allow-origin" not in each.headers


async def test_a_page_of_one_business_shows_nothing_of_another(small_house: House) -> None:
    await may_show(small_house, "jasmin", PAGE)
    app = await app_of(await shop_with_inbox(small_house))
    app.origin = PAGE

    answer = await app.ask("GET")

    assert (answer.status_code, "inbox_origins" in answer.json()["detail"]) == (403, True)


async def test_a_page_reads_why_it_is_refused(small_house: House) -> None:
    await may_show(small_house, "kimia", PAGE)

    answer: Any = await small_house.public.get("/inbox/v1/messages", headers={"Origin": PAGE})

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, PAGE)


async def test_an_app_that_is_no_page_needs_no_origin(small_house: House) -> None:
    assert (await (await app_of(await shop_with_inbox(small_house))).ask("GET")).status_code == 200

"""The client asks as the contract says, and once more where it helps."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from backend import BackendClient, BackendError, BackendUnavailable, NotFound, Refused, Unreadable
from tests.backend.fake_backend import (
    BASE_URL,
    CODE,
    GRACE,
    MISSION,
    PRODUCT,
    Answer,
    Backend,
    as_json,
    fails,
)
from trade.missions import Courier, Mission
from trade.money import Money


async def test_a_mission_is_read_field_by_field() -> None:
    mission = await Backend(as_json(MISSION)).client().mission(GRACE, CODE)

    assert mission == Mission(
        code=CODE,
        status="in_transit",
        created_at=datetime(2025, 1, 27, 8, 36, tzinfo=UTC),
        customer_phone=GRACE.phone,
        steps={"accepted": datetime(2025, 1, 27, 8, 41, tzinfo=UTC)},
        pickup_address="10 Avenue de la Paix",
        dropoff_address="25 Rue Malanda",
        recipient_name="Marie Okemba",
        recipient_phone="+242061234576",
        value=Money(amount=Decimal(8000), currency="XAF"),
        courier=Courier(name="Jean Malonga", phone="+242069876543", organization="Kimia Express"),
    )


@pytest.mark.parametrize("missing", ["steps", "pickup", "dropoff", "recipient", "value", "courier"])
async def test_what_a_backend_does_not_know_is_simply_absent(missing: str) -> None:
    without = {field: value for field, value in MISSION.items() if field != missing}

    mission = await Backend(as_json(without)).client().mission(GRACE, CODE)

    assert mission.code == CODE


async def test_a_backend_may_say_more_than_we_understand() -> None:
    mission = (
        await Backend(as_json(MISSION | {"status": "at_customs", "weather": "rain"})).client().mission(GRACE, CODE)
    )

    assert mission.status == "at_customs"


async def test_each_call_says_who_asks_in_headers_and_never_in_the_url() -> None:
    backend = Backend(as_json({"products": [PRODUCT]}))

    await backend.client().products(GRACE, "poulet & riz", limit=3)

    (request,) = backend.requests
    assert request.method == "GET"
    assert str(request.url) == "http://backend.test/v1/products?limit=3&query=poulet+%26+riz"
    assert request.headers["Authorization"] == "Bearer s3cret"
    assert request.headers["Relais-Business"] == "kimia"
    assert request.headers["Relais-Customer"] == GRACE.phone


async def test_a_product_and_a_page_of_products_are_read() -> None:
    photographed = PRODUCT | {"photo_url": "https://shop.test/p.jpg", "available": False, "merchant": "Wivine"}

    product = await Backend(as_json(photographed)).client().product(GRACE, "poulet-mayo")
    page = await Backend(as_json({"products": [PRODUCT] * 5})).client().products(GRACE, limit=2)

    assert (product.photo_url, product.available) == ("https://shop.test/p.jpg", False)
    assert product.price == Money(amount=Decimal(2500), currency="XAF")
    assert [each.photo_url for each in page] == [None, None]


# --- what is asked once more ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [
        fails(httpx.ConnectError),
        fails(httpx.ConnectTimeout),
        fails(httpx.ReadTimeout),
        fails(httpx.PoolTimeout),
        fails(httpx.ReadError),
        fails(httpx.RemoteProtocolError),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
    ],
)
async def test_a_read_that_fails_once_is_asked_again(failure: Answer | httpx.Response) -> None:
    recovering = Backend(failure, as_json(MISSION))
    down = Backend(failure)

    mission = await recovering.client().mission(GRACE, CODE)

    assert mission.code == CODE
    with pytest.raises(BackendUnavailable):
        await down.client().mission(GRACE, CODE)
    assert [len(recovering.requests), len(down.requests)] == [2, 2]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, NotFound),
        (400, Refused),
        (401, Refused),
        (403, Refused),
        (409, Refused),
        (422, Refused),
        (408, BackendUnavailable),
        (429, BackendUnavailable),
        (500, BackendUnavailable),
        (501, BackendUnavailable),
        (204, Unreadable),
        (302, Unreadable),
    ],
)
async def test_an_answer_that_another_try_cannot_change_is_asked_for_once(
    status: int, error: type[BackendError]
) -> None:
    backend = Backend(httpx.Response(status, headers={"Location": "http://elsewhere.test/"}))

    with pytest.raises(error):
        await backend.client().mission(GRACE, CODE)
    assert len(backend.requests) == 1


async def test_a_refusal_keeps_the_status_and_the_backends_own_sentence() -> None:
    backend = Backend(as_json({"title": "Nope", "detail": "Ask +242061234567 first."}, 409))

    with pytest.raises(Refused) as caught:
        await backend.client().mission(GRACE, CODE)
    assert (caught.value.status, caught.value.detail) == (409, "Ask +242061234567 first.")
    assert str(caught.value) == "answered 409"


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"[1]", b'{"detail": 5}', b"\xff"])
async def test_a_refusal_without_a_problem_is_still_a_refusal(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        await Backend(httpx.Response(403, content=body)).client().mission(GRACE, CODE)
    assert caught.value.detail == ""


async def test_a_backend_that_hangs_is_given_up_after_the_try_timeout() -> None:
    asked = 0

    async def hang(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    http = httpx.AsyncClient(transport=httpx.MockTransport(hang))
    client = BackendClient(http, BASE_URL, "s3cret", try_timeout_seconds=0.02)

    with pytest.raises(BackendUnavailable, match=r"0\.02 s"):
        await client.mission(GRACE, CODE)
    assert asked == 2


async def test_a_backend_that_trickles_its_answer_is_given_up_too() -> None:
    class Trickle(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.001)

    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(200, stream=Trickle())))
    client = BackendClient(http, BASE_URL, "s3cret", try_timeout_seconds=0.05)

    with pytest.raises(BackendUnavailable, match=r"0\.05 s"):
        await client.mission(GRACE, CODE)

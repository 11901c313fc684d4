"""The client asks as the contract says, once more where it helps, and believes no shape."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from backend import (
    BackendClient,
    BackendError,
    BackendUnavailable,
    Customer,
    NotFound,
    Refused,
    Unreadable,
)
from trade.missions import Courier, Mission
from trade.money import Money

BASE_URL = "http://backend.test"
GRACE = Customer(business="kimia", phone="+242061234567")
PATRICKS_PHONE = "+242055551234"
CODE = "COUR-20250127-061"
MISSION: dict[str, Any] = {
    "code": CODE,
    "status": "in_transit",
    "created_at": "2025-01-27T09:36:00+01:00",
    "customer_phone": GRACE.phone,
    "steps": {"accepted": "2025-01-27T08:41:00Z"},
    "pickup": {"address": "10 Avenue de la Paix"},
    "dropoff": {"address": "25 Rue Malanda"},
    "recipient": {"name": "Marie Okemba", "phone": "+242061234576"},
    "value": {"amount": "8000", "currency": "XAF"},
    "courier": {"name": "Jean Malonga", "phone": "+242069876543", "organization": "Kimia Express"},
}
PRODUCT: dict[str, Any] = {
    "id": "poulet-mayo",
    "name": "Poulet Mayo",
    "price": {"amount": "2500", "currency": "XAF"},
}

Answer = Callable[[httpx.Request], httpx.Response]


class Backend:
    """A backend that gives its answers in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: Answer | httpx.Response) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def client(self) -> BackendClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return BackendClient(http, BASE_URL + "/", "s3cret")


def _json(body: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body))


def _fails(error: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("told by the test", request=request)

    return answer


async def test_a_mission_is_read_field_by_field() -> None:
    mission = await Backend(_json(MISSION)).client().mission(GRACE, CODE)

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

    mission = await Backend(_json(without)).client().mission(GRACE, CODE)

    assert mission.code == CODE


async def test_a_backend_may_say_more_than_we_understand() -> None:
    mission = (
        await Backend(_json(MISSION | {"status": "at_customs", "weather": "rain"})).client().mission(GRACE, CODE)
    )

    assert mission.status == "at_customs"


async def test_each_call_says_who_asks_in_headers_and_never_in_the_url() -> None:
    backend = Backend(_json({"products": [PRODUCT]}))

    await backend.client().products(GRACE, "poulet & riz", limit=3)

    (request,) = backend.requests
    assert request.method == "GET"
    assert str(request.url) == "http://backend.test/v1/products?limit=3&query=poulet+%26+riz"
    assert request.headers["Authorization"] == "Bearer s3cret"
    assert request.headers["Relais-Business"] == "kimia"
    assert request.headers["Relais-Customer"] == GRACE.phone


async def test_a_product_and_a_page_of_products_are_read() -> None:
    photographed = PRODUCT | {"photo_url": "https://shop.test/p.jpg", "available": False, "merchant": "Wivine"}

    product = await Backend(_json(photographed)).client().product(GRACE, "poulet-mayo")
    page = await Backend(_json({"products": [PRODUCT] * 5})).client().products(GRACE, limit=2)

    assert (product.photo_url, product.available) == ("https://shop.test/p.jpg", False)
    assert product.price == Money(amount=Decimal(2500), currency="XAF")
    assert [each.photo_url for each in page] == [None, None]


# --- what is asked once more ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [
        _fails(httpx.ConnectError),
        _fails(httpx.ConnectTimeout),
        _fails(httpx.ReadTimeout),
        _fails(httpx.PoolTimeout),
        _fails(httpx.ReadError),
        _fails(httpx.RemoteProtocolError),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
    ],
)
async def test_a_read_that_fails_once_is_asked_again(failure: Answer | httpx.Response) -> None:
    recovering = Backend(failure, _json(MISSION))
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
    backend = Backend(_json({"title": "Nope", "detail": "Ask +242061234567 first."}, 409))

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


# --- what is not believed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": None}, "code"),
        ({"status": ""}, "status"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": "2025-01-27T09:36:00"}, "created_at"),
        ({"customer_phone": ""}, "customer_phone"),
        ({"steps": ["accepted"]}, "steps"),
        ({"steps": {"accepted": "soon"}}, "steps.accepted"),
        ({"pickup": "10 Avenue de la Paix"}, "pickup"),
        ({"recipient": {"name": 7}}, "recipient.name"),
        ({"value": {"amount": "a lot", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "-1", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "NaN", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "1e30", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "8000", "currency": "francs"}}, "value.currency"),
        ({"courier": {"phone": "+242069876543"}}, "courier.name"),
    ],
)
async def test_a_wrong_shape_is_named_by_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Unreadable) as caught:
        await Backend(_json(MISSION | wrong)).client().mission(GRACE, CODE)
    assert caught.value.field == field


async def test_a_wrong_shape_deep_in_a_page_is_named_by_its_path() -> None:
    page = {"missions": [MISSION, MISSION | {"value": {"amount": "x", "currency": "XAF"}}]}

    with pytest.raises(Unreadable) as caught:
        await Backend(_json(page)).client().missions(GRACE)
    assert caught.value.field == "missions.1.value.amount"


@pytest.mark.parametrize("photo_url", ["poulet.jpg", "javascript:alert(1)", "file:///etc/passwd"])
async def test_a_photo_must_have_a_web_address(photo_url: str) -> None:
    with pytest.raises(Unreadable, match="photo_url"):
        await Backend(_json(PRODUCT | {"photo_url": photo_url})).client().product(GRACE, "poulet-mayo")


@given(st.binary(max_size=200))
async def test_no_bytes_make_the_client_fail_in_another_way(body: bytes) -> None:
    with pytest.raises(Unreadable):
        await Backend(httpx.Response(200, content=body)).client().missions(GRACE)


async def test_a_wrong_shape_takes_no_personal_data_into_the_error() -> None:
    with pytest.raises(Unreadable) as caught:
        await Backend(_json(MISSION | {"status": {"phone": GRACE.phone}})).client().mission(GRACE, CODE)
    assert GRACE.phone not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_somebody_elses_mission_is_not_found_even_when_the_backend_gives_it() -> None:
    foreign = MISSION | {"customer_phone": PATRICKS_PHONE}

    with pytest.raises(NotFound):
        await Backend(_json(foreign)).client().mission(GRACE, CODE)
    page = await Backend(_json({"missions": [foreign, MISSION]})).client().missions(GRACE)
    assert [mission.customer_phone for mission in page] == [GRACE.phone]


@pytest.mark.parametrize("written", ["242061234567", "+242 06 123 45 67", "00242061234567"])
async def test_ones_own_mission_is_known_however_the_number_is_written(written: str) -> None:
    mission = await Backend(_json(MISSION | {"customer_phone": written})).client().mission(GRACE, CODE)

    assert mission.code == CODE


@pytest.mark.parametrize("code", ["", " ", ".", "..", "../products", "a/b", "a?b", "a#b", "é", "x" * 65, "a\nb"])
async def test_what_cannot_be_a_code_is_not_found_without_asking(code: str) -> None:
    backend = Backend(_json(MISSION))

    with pytest.raises(NotFound):
        await backend.client().mission(GRACE, code)
    with pytest.raises(NotFound):
        await backend.client().product(GRACE, code)
    assert backend.requests == []


async def test_no_phone_number_and_no_token_reaches_a_log_at_any_level(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    foreign = _json(MISSION | {"customer_phone": PATRICKS_PHONE})

    with capture_logs() as events:
        for answer in (
            foreign,
            _fails(httpx.ConnectError),
            httpx.Response(503),
            _json({"detail": GRACE.phone}, 409),
        ):
            with pytest.raises(BackendError):
                await Backend(answer).client().mission(GRACE, CODE)

    logged = f"{events} {caplog.text}"
    assert {"backend.foreign_mission", "backend.read_again"} <= {event["event"] for event in events}
    assert not [secret for secret in (GRACE.phone[1:], PATRICKS_PHONE[1:], "s3cret") if secret in logged]

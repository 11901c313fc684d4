"""A write is tried twice under one key, and says whether it was done, was refused, or may have been done."""

import logging
from decimal import Decimal
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from backend import BackendError, BackendUnavailable, InDoubt, NotFound, Refused, Unreadable, write_key
from tests.backend.contract_samples import SCHEMAS, sample
from tests.backend.every_call import CART, FEE, KEY, MARIE, MOMO, PARCEL, WRITES
from tests.backend.fake_backend import GRACE, MISSION, PATRICKS_PHONE, Answer, Backend, as_json, fails
from trade.money import Money
from trade.orders import Order

CREATED = as_json(MISSION, 201)
ORDER: dict[str, Any] = sample(SCHEMAS["Order"], everything=True)
NEVER_SENT = (fails(httpx.ConnectError), fails(httpx.ConnectTimeout), fails(httpx.PoolTimeout))
ANSWER_LOST = (
    fails(httpx.ReadTimeout),
    fails(httpx.ReadError),
    fails(httpx.WriteError),
    fails(httpx.RemoteProtocolError),
    httpx.Response(500),
    httpx.Response(502),
    httpx.Response(503),
    httpx.Response(504),
    as_json({"code": "busy"}, 409),
)


async def _send(backend: Backend) -> object:
    return await backend.client().create_mission(GRACE, PARCEL, MARIE, MOMO, FEE, key=KEY)


@pytest.mark.parametrize("failure", [*NEVER_SENT, *ANSWER_LOST])
async def test_a_write_that_fails_once_is_tried_again_under_the_same_key(failure: Answer | httpx.Response) -> None:
    backend = Backend(failure, CREATED)

    await _send(backend)

    assert [request.headers["Idempotency-Key"] for request in backend.requests] == [KEY, KEY]
    assert backend.requests[0].content == backend.requests[1].content


@pytest.mark.parametrize("failure", ANSWER_LOST)
async def test_a_write_whose_answers_are_lost_is_in_doubt(failure: Answer | httpx.Response) -> None:
    with pytest.raises(InDoubt):
        await _send(Backend(failure))


@pytest.mark.parametrize("failure", NEVER_SENT)
async def test_a_write_that_never_left_was_not_done(failure: Answer) -> None:
    with pytest.raises(BackendUnavailable) as caught:
        await _send(Backend(failure))
    assert not isinstance(caught.value, InDoubt)


async def test_one_lost_answer_is_enough_to_doubt() -> None:
    with pytest.raises(InDoubt):
        await _send(Backend(fails(httpx.ReadTimeout), fails(httpx.ConnectError)))


async def test_a_refusal_after_a_lost_answer_is_certain() -> None:
    with pytest.raises(Refused):
        await _send(Backend(fails(httpx.ReadTimeout), as_json({"code": "outside_area"}, 409)))


@pytest.mark.parametrize("status", [401, 403, 409, 422])
async def test_a_refusal_is_not_asked_again(status: int) -> None:
    backend = Backend(httpx.Response(status))

    with pytest.raises(Refused):
        await _send(backend)
    assert len(backend.requests) == 1


async def test_a_refusal_says_why_and_what_there_is_to_know() -> None:
    problem = {
        "code": "price_changed",
        "detail": "It costs something else now.",
        "total": {"amount": "1800", "currency": "XAF"},
        "opens_at": "2025-01-27T11:00:00+01:00",
        "in_stock": 2,
        "product_id": "eau-pack",
        "minimum": {"amount": "2000", "currency": "XAF"},
    }

    with pytest.raises(Refused) as caught:
        await _send(Backend(as_json(problem, 409)))

    said = caught.value.problem
    assert (caught.value.code, said.in_stock, said.product_id) == ("price_changed", 2, "eau-pack")
    assert said.total == Money(amount=Decimal(1800), currency="XAF")
    assert said.opens_at is not None
    assert said.opens_at.isoformat() == "2025-01-27T10:00:00+00:00"


@pytest.mark.parametrize(
    "problem",
    [{"code": 5}, {"code": "price_changed", "total": "much"}, {"code": "x" * 201}, {"code": "a_new_reason"}, []],
)
async def test_a_refusal_without_our_words_is_still_one(problem: object) -> None:
    with pytest.raises(Refused) as caught:
        await _send(Backend(as_json(problem, 409)))
    assert caught.value.code in {"", "a_new_reason"}


async def test_an_answer_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Unreadable, match=r"total\.amount"):
        await (
            Backend(as_json(ORDER | {"total": {"amount": "?", "currency": "XAF"}}, 201))
            .client()
            .place_order(GRACE, CART, MOMO, FEE, key=KEY)
        )


@pytest.mark.parametrize("name", ["create_mission", "cancel_mission", "change_mission_dropoff"])
async def test_a_mission_of_somebody_else_is_thrown_away_even_after_a_write(name: str) -> None:
    with pytest.raises(NotFound):
        await WRITES[name](Backend(as_json(MISSION | {"customer_phone": PATRICKS_PHONE})).client())


async def test_an_order_of_somebody_else_is_thrown_away() -> None:
    foreign = ORDER | {"customer_phone": PATRICKS_PHONE}

    with pytest.raises(NotFound):
        await Backend(as_json(foreign)).client().order(GRACE, "a1")
    page = await Backend(as_json({"orders": [foreign, ORDER]})).client().orders(GRACE)
    assert [order.customer_phone for order in page.items] == [GRACE.phone]


@pytest.mark.parametrize("key", ["", " ", "é", "x" * 256, "a\nb"])
async def test_what_is_no_key_is_not_sent(key: str) -> None:
    backend = Backend(CREATED)

    with pytest.raises(ValueError, match="key must be"):
        await backend.client().cancel_mission(GRACE, "a1", key=key)
    assert backend.requests == []


def test_a_key_is_made_of_the_wish_the_action_and_a_number() -> None:
    assert write_key("0194a7c2", "place_order") == "0194a7c2:place_order:1"
    assert write_key("0194a7c2", "place_order", 2) == "0194a7c2:place_order:2"


async def test_ordering_again_asks_for_the_same_lines_and_no_price() -> None:
    order = await Backend(as_json(ORDER)).client().order(GRACE, "a1")
    assert isinstance(order, Order)
    backend = Backend(as_json(sample(SCHEMAS["OrderQuote"], everything=False)))

    await backend.client().quote_order(GRACE, order.draft)

    asked = backend.requests[0].content.decode()
    assert '"product_id": "a1"' in asked
    assert "price" not in asked
    assert "promo_code" not in asked


@pytest.mark.parametrize("answer", [fails(httpx.ReadTimeout), as_json({"detail": PATRICKS_PHONE}, 409)])
@pytest.mark.parametrize("name", WRITES)
async def test_no_write_takes_a_number_or_a_word_of_anybody_into_a_log(
    caplog: pytest.LogCaptureFixture, name: str, answer: Answer | httpx.Response
) -> None:
    caplog.set_level(logging.DEBUG)

    with capture_logs() as events, pytest.raises(BackendError) as caught:
        await WRITES[name](Backend(answer).client())

    logged = f"{events} {caplog.text} {caught.value}"
    assert not [each for each in (GRACE.phone[1:], MARIE.phone[1:], PATRICKS_PHONE[1:], "s3cret") if each in logged]

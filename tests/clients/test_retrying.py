"""A request is tried again where that may help, for as long as it was told, and never where it may not."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from relais_client import (
    AsyncRelais,
    BadAnswer,
    Conflict,
    Invalid,
    NotReached,
    Refused,
    RelaisError,
    Retries,
    TooManyRequests,
    Unavailable,
    UnderWay,
)
from tests.clients.conftest import AT_ONCE, Ask, asking, of_both
from tests.house import House
from tests.server.api.shop import Shop

Answer = httpx.Response | type[httpx.TransportError]

ACCEPTED = httpx.Response(202, json={"trigger_id": "t", "notifications": []})


class Wire(httpx.AsyncBaseTransport):
    """Answers one request after the other as told, and the last answer again and again."""

    def __init__(self, *answers: Answer) -> None:
        self._answers: Iterator[Answer] = iter(answers)
        self._last = answers[-1]
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = next(self._answers, self._last)
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        raise answer("gone", request=request)


def problem(status: int, kind: str, **headers: str) -> httpx.Response:
    return httpx.Response(
        status, json={"type": f"/api/problems/{kind}", "title": "No", "status": status}, headers=headers
    )


AT_WORK = problem(409, "under-way", **{"Retry-After": "0"})
TOO_MANY = problem(429, "too-many-requests", **{"Retry-After": "0"})


@of_both
@pytest.mark.parametrize(
    "first", [httpx.ConnectError, httpx.ReadTimeout, httpx.Response(502), AT_WORK, TOO_MANY, problem(503, "not-now")]
)
async def test_what_may_pass_is_tried_again_under_the_same_key(kind: str, first: Answer) -> None:
    wire = Wire(first, first, ACCEPTED)

    await (await asking(kind, wire, "rk_live_x"))("notify", "mission-delivered", "c-7", {"code": "C-1"})

    assert len(wire.asked) == 3
    assert len({each.headers["Idempotency-Key"] for each in wire.asked}) == 1
    assert len({each.content for each in wire.asked}) == 1
    assert {each.headers["Authorization"] for each in wire.asked} == {"Bearer rk_live_x"}


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (problem(422, "invalid-request"), Invalid),
        (problem(409, "conflict"), Conflict),
        (httpx.Response(418, text="a teapot"), Refused),
        (httpx.Response(200, text="<html>a captive portal"), BadAnswer),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example"}), BadAnswer),
        (httpx.Response(202, json=[1]), BadAnswer),
        (httpx.Response(202, json={"notifications": [{"expires_at": "soon"}, 3]}), BadAnswer),
    ],
)
async def test_what_will_not_pass_is_told_at_once(refusal: httpx.Response, error: type[RelaisError]) -> None:
    wire = Wire(refusal)
    ask = await asking("async", wire, "rk_live_x")

    with pytest.raises(error):
        await ask("notify", "mission-delivered", "c-7", {"code": "C-1"})

    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (AT_WORK, UnderWay),
        (TOO_MANY, TooManyRequests),
        (httpx.Response(500), Unavailable),
        (httpx.ConnectError, NotReached),
    ],
)
async def test_when_the_time_is_over_the_last_reason_is_told(answer: Answer, error: type[RelaisError]) -> None:
    ask = await asking("async", Wire(answer), "rk_live_x", Retries(within_seconds=0))

    with pytest.raises(error):
        await ask("notify", "mission-delivered", "c-7", {"code": "C-1"})


async def test_where_nobody_answered_the_key_is_told_and_nobodys_name() -> None:
    ask = await asking("async", Wire(httpx.ConnectError), "rk_live_x", Retries(within_seconds=0))

    with pytest.raises(NotReached) as lost:
        await ask("notify", "mission-delivered", "+242061234567", {"code": "C-1"}, idempotency_key="k-1")
    with pytest.raises(NotReached) as unknown:
        await ask("subscriber", "+242061234567")

    assert lost.value.idempotency_key == "k-1"
    assert str(lost.value) == "POST /v1/notify: no answer (ConnectError)"
    assert "242061234567" not in str(unknown.value)


LATER: Callable[[float | None], RelaisError] = lambda seconds: TooManyRequests(429, {}, seconds)  # noqa: E731


@pytest.mark.parametrize(
    ("error", "tried", "elapsed", "luck", "pause"),
    [
        (Unavailable(500, {}), 1, 0.0, 0.0, 0.25),
        (Unavailable(500, {}), 1, 0.0, 1.0, 0.5),
        (Unavailable(500, {}), 2, 1.0, 1.0, 1.0),
        (Unavailable(500, {}), 9, 1.0, 1.0, 8.0),
        (Unavailable(500, {}), 9, 22.0, 1.0, None),
        (Unavailable(503, {}, 5.0), 1, 0.0, 0.0, 5.0),
        (LATER(20.0), 1, 0.0, 1.0, 20.25),
        (LATER(60.0), 1, 0.0, 0.0, None),
        (Invalid(422, {}), 1, 0.0, 0.0, None),
        (BadAnswer(), 1, 0.0, 0.0, None),
    ],
)
def test_pauses_grow_are_spread_and_keep_to_the_time(
    error: RelaisError, tried: int, elapsed: float, luck: float, pause: float | None
) -> None:
    assert Retries().pause(error, tried, elapsed, luck) == pause


@pytest.mark.parametrize(
    ("within", "elapsed", "limit"),
    [(30.0, 0.0, 10.0), (3.0, 0.0, 3.0), (30.0, 28.0, 2.0), (30.0, 40.0, 0.05), (0.0, 0.0, 10.0)],
)
def test_no_try_takes_longer_than_is_left(within: float, elapsed: float, limit: float) -> None:
    assert Retries(within_seconds=within).limit(10.0, elapsed) == limit


@of_both
async def test_the_wire_is_told_how_long_a_try_may_take(kind: str) -> None:
    wire = Wire(ACCEPTED)
    ask = await asking(kind, wire, "rk_live_x", Retries(within_seconds=2))

    await ask("notify", "mission-delivered", "c-7", {"code": "C-1"})

    assert 0 < wire.asked[0].extensions["timeout"]["read"] <= 2


async def test_a_lost_answer_tells_nobody_twice(small_house: House, shop: Shop) -> None:
    """The request was done, and its answer was lost: the second try is answered with what the first one did."""

    class Lossy(httpx.AsyncBaseTransport):
        tries = 0

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await small_house.private._transport.handle_async_request(request)
            self.tries += 1
            if self.tries == 1:
                await answer.aread()
                raise httpx.ReadError("the connection was cut", request=request)
            return answer

    wire = Lossy()
    relais = AsyncRelais("http://relais.test", shop.secret, retries=AT_ONCE, http=httpx.AsyncClient(transport=wire))

    accepted = await relais.notify("mission-delivered", "+242061234567", {"code": "C-1"})

    assert wire.tries == 2
    (told,) = [each async for each in relais.notifications()]
    assert told.id == accepted.notifications[0].id


async def test_a_connection_that_was_given_stays_its_owners(ask: Ask, small_house: House, shop: Shop) -> None:
    async with AsyncRelais("http://relais.test", shop.secret, http=small_house.private) as relais:
        assert [each async for each in relais.subscribers()] == []
    assert not small_house.private.is_closed

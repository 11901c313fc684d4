"""Messages leave as fast as WhatsApp lets them, and no faster: the same in one process and shared through Redis."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from structlog.testing import capture_logs

from channels.whatsapp.rates import per_second
from notifications.rates import Answer, LocalRates, Pair, Rates, SharedRates
from notifications.rates.pace import NumberPace, PersonPace, reserve
from tests.house import GRACE, JASMIN, KIMIA, PATRICK

NOBODY = "redis://127.0.0.1:1/0"
"""Nobody listens there."""

START = 1_000_000.0
"""Seconds; a steady clock begins anywhere."""


class Clock:
    """Moves when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["local", "shared"])
async def rates(request: pytest.FixtureRequest, redis_prefix: str, clock: Clock) -> AsyncIterator[Rates]:
    if request.param == "local":
        made: Rates = LocalRates(clock)
    else:
        url = request.getfixturevalue("redis_url")
        made = SharedRates(url, prefix=redis_prefix, clock=clock)
    yield made
    await made.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pair(recipient: str = GRACE, number: str = KIMIA, speed: int = 80) -> Pair:
    return Pair(phone_number_id=number, recipient=recipient, per_second=speed)


def bulk(speed: int = 80, *, has_turn: bool = False, recipient: str = GRACE) -> Pair:
    return Pair(phone_number_id=KIMIA, recipient=recipient, per_second=speed, is_bulk=True, has_turn=has_turn)


async def sent_in(rates: Rates, clock: Clock, seconds: float, speed: int = 80) -> int:
    """How many messages to as many people leave in this time, from somebody who asks all the time."""
    sent, ends = 0, clock.now + seconds
    while clock.now < ends:
        slot = await rates.reserve(pair(str(sent), speed=speed))
        if slot.answer in (Answer.GO, Answer.PLANNED):
            sent += clock.now + slot.seconds <= ends
        clock.now += max(slot.seconds, 0.0005)
    return sent


@pytest.mark.parametrize("speed", [20, 80])
async def test_a_number_sends_no_more_than_it_may_in_a_second_and_nearly_that(
    rates: Rates, clock: Clock, speed: int
) -> None:
    assert 0.9 * speed <= await sent_in(rates, clock, 1.0, speed) <= speed
    assert 0.8 * speed <= await sent_in(rates, clock, 1.0, speed) <= speed


async def test_numbers_do_not_wait_for_each_other(rates: Rates, clock: Clock) -> None:
    await rates.slow_number(KIMIA, 60.0)

    assert (await rates.reserve(pair(number=JASMIN))).answer is Answer.GO
    assert (await rates.reserve(pair())).answer is Answer.NUMBER_FULL


async def test_one_person_gets_a_burst_then_one_message_in_six_seconds(rates: Rates, clock: Clock) -> None:
    burst = [await rates.reserve(pair(speed=1000)) for _ in range(46)]

    assert [slot.answer for slot in burst[:45]] == [Answer.GO] * 45
    assert (burst[45].answer, round(burst[45].seconds, 3)) == (Answer.PERSON_FULL, 6.0)
    assert (await rates.reserve(pair(PATRICK, speed=1000))).answer is Answer.GO
    clock.now += 6.0
    assert (await rates.reserve(pair(speed=1000))).answer is Answer.GO
    assert (await rates.reserve(pair(speed=1000))).answer is Answer.PERSON_FULL


async def test_a_near_slot_is_given_away_and_a_far_one_is_not(rates: Rates, clock: Clock) -> None:
    slots = [await rates.reserve(pair(str(index))) for index in range(300)]

    planned = [slot.seconds for slot in slots if slot.answer is Answer.PLANNED]
    full = [slot.seconds for slot in slots if slot.answer is Answer.NUMBER_FULL]
    assert planned == sorted(set(planned))
    assert 2.0 - 1 / 72 < planned[-1] <= 2.0
    # What was not given away is where it was: everybody further back is told the same.
    assert len({round(seconds, 4) for seconds in full}) == 1


async def test_a_refused_number_pauses_sends_half_and_recovers(rates: Rates, clock: Clock) -> None:
    assert await rates.slow_number(KIMIA, None) == pytest.approx(1.0)
    clock.now += 1.0
    assert await sent_in(rates, clock, 1.0) <= 42
    clock.now += 60.0
    assert await sent_in(rates, clock, 1.0) >= 70


async def test_a_wave_of_refusals_slows_a_number_down_once(rates: Rates, clock: Clock) -> None:
    for _ in range(50):
        await rates.slow_number(KIMIA, None)
        clock.now += 0.01
    clock.now += 1.0

    assert 30 <= await sent_in(rates, clock, 1.0) <= 42


async def test_however_often_it_is_refused_a_number_goes_on_a_little(rates: Rates, clock: Clock) -> None:
    for _ in range(40):
        await rates.slow_number(KIMIA, 0.0)
        clock.now += 1.5

    assert await sent_in(rates, clock, 4.0) >= 2


async def test_a_refusal_may_name_its_pause(rates: Rates, clock: Clock) -> None:
    assert await rates.slow_number(KIMIA, 90.0) == pytest.approx(90.0)
    assert await rates.slow_number(KIMIA, 5.0) == pytest.approx(90.0)
    slot = await rates.reserve(pair())
    assert (slot.answer, round(slot.seconds, 3)) == (Answer.NUMBER_FULL, 90.0)


async def test_after_a_pause_messages_go_evenly_and_not_all_at_once(rates: Rates, clock: Clock) -> None:
    await rates.slow_number(KIMIA, 1.0)

    moments = [(await rates.reserve(pair(str(index)))).seconds for index in range(5)]
    assert moments == pytest.approx([1.0 + index / (0.9 * 40) for index in range(5)])


async def test_a_person_s_messages_wait_four_times_longer_at_each_refusal_in_a_row(rates: Rates, clock: Clock) -> None:
    waits = []
    for _ in range(7):
        waits.append(await rates.hold_person(pair()))
        clock.now += waits[-1]
    assert waits == pytest.approx([1, 4, 16, 64, 256, 1024, 1024])

    clock.now += 61
    assert await rates.hold_person(pair()) == pytest.approx(1)
    assert (await rates.reserve(pair(PATRICK))).answer is Answer.GO


async def test_a_held_person_s_next_message_waits_for_its_hold(rates: Rates, clock: Clock) -> None:
    for _ in range(3):
        await rates.hold_person(pair())

    slot = await rates.reserve(pair())
    # The refused message goes when the hold ends, the next one after it.
    assert (slot.answer, round(slot.seconds, 3)) == (Answer.PERSON_FULL, 16.0 + 6.0)
    clock.now += 22.0
    assert (await rates.reserve(pair())).answer is Answer.GO


steps = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.sampled_from([GRACE, PATRICK])),
        st.tuples(st.just("wait"), st.floats(0.0, 20.0)),
        st.tuples(st.just("slow"), st.one_of(st.none(), st.floats(0.0, 30.0))),
        st.tuples(st.just("hold"), st.sampled_from([GRACE, PATRICK])),
    ),
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(steps=steps, speed=st.sampled_from([20, 80, 1000]))
def test_redis_counts_as_a_process_does(redis_url: str, steps: list[tuple[str, object]], speed: int) -> None:
    async def compare() -> None:
        clock = Clock()
        shared = SharedRates(redis_url, prefix=f"relais-test-{secrets.token_hex(6)}:", clock=clock)
        local = LocalRates(clock)
        for kind, value in steps:
            match kind:
                case "reserve":
                    one, other = await shared.reserve(pair(str(value))), await local.reserve(pair(str(value)))
                    assert one.answer is other.answer or abs(one.seconds - other.seconds) < 1e-4
                    assert one.seconds == pytest.approx(other.seconds, abs=1e-4)
                case "wait":
                    clock.now += float(value)  # type: ignore[arg-type]
                case "slow":
                    hold = value if value is None else float(value)  # type: ignore[arg-type]
                    said = await shared.slow_number(KIMIA, hold)
                    assert said == pytest.approx(await local.slow_number(KIMIA, hold), abs=1e-4)
                case "hold":
                    said = await shared.hold_person(pair(str(value)))
                    assert said == pytest.approx(await local.hold_person(pair(str(value))), abs=1e-4)
        await shared.aclose()

    asyncio.run(compare())


async def test_two_workers_share_one_rate_by_redis_s_own_clock(redis_url: str, redis_prefix: str) -> None:
    one, other = (SharedRates(redis_url, prefix=redis_prefix) for _ in range(2))

    answers = [(await rates.reserve(pair(speed=1000))).answer for _ in range(23) for rates in (one, other)]

    assert (answers.count(Answer.GO), answers[-1]) == (45, Answer.PERSON_FULL)
    await one.aclose()
    await other.aclose()


async def test_redis_learns_no_phone_number_and_forgets_in_time(redis_url: str, redis_prefix: str) -> None:
    rates = SharedRates(redis_url, prefix=redis_prefix)
    await rates.reserve(pair())
    await rates.hold_person(pair())
    await rates.slow_number(KIMIA, 7200.0)
    await rates.aclose()

    redis = Redis.from_url(redis_url)
    keys = [key async for key in redis.scan_iter(f"{redis_prefix}*")]
    lives = {key: await redis.ttl(key) for key in keys}
    await redis.aclose()
    assert len(keys) == 2
    assert not any(GRACE.encode() in key for key in keys)
    assert all(3600 <= seconds <= 3600 + 7200 for seconds in lives.values())


async def test_without_redis_sending_goes_on_and_one_line_says_so() -> None:
    steady = Clock()
    rates = SharedRates(NOBODY, steady=steady)

    with capture_logs() as logs:
        answers = []
        for _ in range(46):
            answers.append((await rates.reserve(pair(speed=1000))).answer)
            steady.now += 0.01
        steady.now += 10.0
        await rates.slow_number(KIMIA, None)
        await rates.hold_person(pair())

    assert answers == [Answer.GO] * 45 + [Answer.PERSON_FULL]
    assert [line["event"] for line in logs] == ["rates.redis_away"]
    await rates.aclose()


async def test_a_redis_that_comes_back_counts_again(redis_url: str, redis_prefix: str) -> None:
    steady = Clock()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rates = SharedRates(f"redis://127.0.0.1:{port}/0", prefix=redis_prefix, steady=steady)
    await rates.reserve(pair())

    with capture_logs() as logs:
        async with forwarding(port, redis_url):
            await rates.reserve(pair())
            assert logs == []
            steady.now += 10.0
            await rates.reserve(pair())
            await rates.aclose()
    assert [line["event"] for line in logs] == ["rates.redis_back"]


@asynccontextmanager
async def forwarding(port: int, redis_url: str) -> AsyncIterator[None]:
    """A way to the real Redis, opened now."""
    found = urlsplit(redis_url)

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_redis, to_redis = await asyncio.open_connection(found.hostname, found.port)
        await asyncio.gather(_copy(reader, to_redis), _copy(from_redis, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
        await writer.drain()
    writer.close()


async def test_people_who_wait_for_nothing_are_forgotten() -> None:
    clock = Clock()
    rates = LocalRates(clock, sweep_size=10)
    for index in range(100):
        clock.now += 100.0
        await rates.reserve(pair(str(index)))

    assert len(rates) <= 10


@pytest.mark.parametrize(
    ("throughput", "is_on_app", "expected"),
    [
        (None, None, 80),
        ("STANDARD", False, 80),
        ("HIGH", False, 1000),
        ("HIGH", True, 20),
        ("NOT_APPLICABLE", None, 80),
    ],
)
def test_what_meta_says_of_a_number_decides_its_rate(
    throughput: str | None, is_on_app: bool | None, expected: int
) -> None:
    assert per_second(throughput, is_on_app) == expected


@settings(max_examples=15)
@given(st.lists(st.floats(0.0, 0.5), min_size=80, max_size=160), st.sampled_from([20, 80, 1000]))
def test_no_second_ever_holds_more_than_the_rate(pauses: list[float], speed: int) -> None:
    number, now, moments = NumberPace(), START, []
    for pause in pauses:
        now += pause / speed
        slot = reserve(number, PersonPace(), pair(speed=speed), now)
        if slot.answer in (Answer.GO, Answer.PLANNED):
            moments.append(now + slot.seconds)
    for moment in moments:
        assert sum(moment <= each < moment + 1.0 for each in moments) <= speed


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0.0, 1.5), st.booleans()), min_size=80, max_size=400), st.sampled_from([20, 80, 1000])
)
def test_no_second_ever_holds_more_than_the_rate_with_a_campaign_beside(
    asked: list[tuple[float, bool]], speed: int
) -> None:
    number, now, moments = NumberPace(), START, []
    turns: list[float] = []  # of bulk that waits for its turn
    for pause, is_bulk in asked:
        now += pause / speed
        due = sorted(turn for turn in turns if turn <= now)
        turns = [turn for turn in turns if turn > now]
        asks = [(turn, bulk(speed, has_turn=True)) for turn in due]
        asks.append((now, bulk(speed) if is_bulk else pair(speed=speed)))
        for at, who in asks:
            slot = reserve(number, PersonPace(), who, max(at, now))
            if slot.answer is Answer.PLANNED and who.is_bulk:
                turns.append(now + slot.seconds)
            elif slot.answer in (Answer.GO, Answer.PLANNED):
                moments.append(now + slot.seconds)
    for moment in moments:
        assert sum(moment <= each < moment + 1.0 for each in moments) <= speed


class Campaign:
    """Endless bulk that asks for its turns, and takes them."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self._rates, self._clock = rates, clock
        self._turns: list[float] = []
        self._asked = 0
        self.gone = 0

    async def goes_on(self) -> None:
        """What is due asks again, and a few more ask for the first time."""
        due = [turn for turn in self._turns if turn <= self._clock.now]
        self._turns = [turn for turn in self._turns if turn > self._clock.now]
        for has_turn in [True] * len(due) + [False] * 5:
            self._asked += 1
            slot = await self._rates.reserve(bulk(has_turn=has_turn, recipient=str(self._asked)))
            self.gone += slot.answer is Answer.GO
            if slot.answer is Answer.PLANNED:
                self._turns.append(self._clock.now + slot.seconds)


async def test_a_campaign_leaves_a_fifth_of_a_number_s_rate_to_the_others(rates: Rates, clock: Clock) -> None:
    campaign, ends = Campaign(rates, clock), clock.now + 3.0
    while clock.now < ends:
        await campaign.goes_on()
        clock.now += 0.01

    assert 0.9 * 64 * 2.5 <= campaign.gone <= 64 * 3
    # News that comes in the middle of it goes at once.
    assert (await rates.reserve(pair(PATRICK))).answer is Answer.GO


async def test_a_campaign_goes_on_a_little_where_the_others_want_the_whole_number(rates: Rates, clock: Clock) -> None:
    campaign, ends, asked = Campaign(rates, clock), clock.now + 10.0, 0
    while clock.now < ends:
        while (await rates.reserve(pair(f"other{asked}"))).answer is not Answer.NUMBER_FULL:
            asked += 1
        await campaign.goes_on()
        clock.now += 0.05

    assert 10 <= campaign.gone <= 45

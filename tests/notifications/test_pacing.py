"""Messages leave at WhatsApp's pace: those that must wait do so in the queue, in order, and lose nothing by it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from channels.failures import Cause, FailureKind, Remedy
from channels.transport import NotSent
from channels.whatsapp.error_codes import ErrorRow
from channels.whatsapp.errors import Retryable
from notifications import claim
from notifications.explain import explain
from notifications.outage import Outage
from notifications.providers import Prepared
from notifications.tables import messages, number_health
from storage.database import Database
from storage.tables import phone_numbers
from tests.house import GRACE, JASMIN, KIMIA, PATRICK
from tests.notifications.post_office import PostOffice, no, yes


@pytest.fixture
async def office(database: Database) -> PostOffice:
    return PostOffice(database)


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": text}}


async def sent(office: PostOffice, *message_ids: str) -> list[bool]:
    return [(await office.row(each)).status == "sent" for each in message_ids]


async def test_what_one_person_gets_too_often_waits_in_the_queue_untried(office: PostOffice) -> None:
    talk, other = await office.person(whatsapp=GRACE), await office.person(whatsapp=PATRICK)
    await _fill_burst(office, talk)
    late, elsewhere = await office.queue(talk), await office.queue(other)
    asked = len(office.graph.asked)
    await office.send()

    row = await office.row(late)
    assert (row.status, row.failures, row.error) == ("queued", 0, None)
    assert 3 < await office.wait_of(late) <= 6
    assert await sent(office, elsewhere) == [True]
    assert len(office.graph.asked) == asked + 1


async def test_waiting_is_told_once_however_often_a_message_is_put_off(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    await _fill_burst(office, talk)
    late = [await office.queue(talk) for _ in range(3)]
    for _ in range(3):
        await office.send()
        await office.later(6.1)
    await office.send()

    assert await sent(office, *late) == [True] * 3
    assert await office.story(late[2]) == ["waits"]
    story = await office.database.read(explain, late[2])
    assert story is not None
    assert "This person was written to often" in story["story"][1]["why"]


async def test_what_follows_in_a_conversation_stays_behind_what_waits(office: PostOffice) -> None:
    talk = await office.person(whatsapp=GRACE)
    await _fill_burst(office, talk)
    first = await office.queue(talk, words("un"))
    second = await office.queue(talk, words("deux"), after_id=first)
    for _ in range(4):
        await office.send()
        await office.later(6.1)

    assert office.graph.words()[-2:] == ["un", "deux"]
    assert await sent(office, first, second) == [True, True]


async def test_a_planned_message_goes_at_its_slot_without_asking_again(office: PostOffice) -> None:
    messages = [await office.queue(await office.person(whatsapp=f"24206{index:07}")) for index in range(40)]
    await office.database.write(_let_send_per_second, 20)
    await office.send()
    by_now = sum(await sent(office, *messages))
    planned = [each for each in messages if (await office.row(each)).slot_at is not None]

    assert by_now == 2
    assert len(planned) == 36
    assert max([await office.wait_of(each) for each in planned]) <= 2.0
    # The rates stay as full as they are, since their clock stands: whoever asked them again would be sent away.
    stands = office.steady
    await office.later(2.0)
    office.steady = stands
    await office.send()
    assert await sent(office, *planned) == [True] * 36


async def test_no_message_of_a_full_number_is_taken_for_a_while_and_those_of_others_are(office: PostOffice) -> None:
    office.graph.answer = no(130429, retry_after="30")
    await office.queue(await office.person(whatsapp=GRACE))
    await office.send()
    office.graph.answer = yes
    waits = await office.queue(await office.person(whatsapp=PATRICK))
    goes = await office.queue(await office.person(number=JASMIN, whatsapp=GRACE))
    await office.send()

    assert await sent(office, waits, goes) == [False, True]
    assert office.pacing.shut().numbers == {KIMIA}
    assert (await office.row(waits)).attempt == 0


async def test_a_pause_that_meta_asks_for_holds_the_whole_number(office: PostOffice) -> None:
    office.graph.answer = no(130429, retry_after="30")
    first = await office.queue(await office.person(whatsapp=GRACE))
    await office.send()
    office.graph.answer = yes
    second = await office.queue(await office.person(whatsapp=PATRICK))
    await office.later(5.0)
    await office.send()
    assert await sent(office, first, second) == [False, False]

    await office.later(31.0)
    await office.send()
    assert await sent(office, first, second) == [True, True]


@pytest.mark.parametrize(
    ("percent", "minutes", "pause"), [(85, 0, 0.0), (100, 0, 60.0), (100, 5, 300.0), (40, 0, None)]
)
async def test_usage_that_nears_its_end_spreads_a_number_out_and_at_its_end_pauses_it(
    office: PostOffice, percent: int, minutes: int, pause: float | None
) -> None:
    used = {"1": [{"type": "messaging", "call_count": percent, "estimated_time_to_regain_access": minutes}]}
    header = {"x-business-use-case-usage": json.dumps(used)}
    office.graph.answer = lambda asked, wamid: (*yes(asked, wamid)[:2], header)
    for who in (GRACE, PATRICK):
        await office.queue(await office.person(whatsapp=who))
    with capture_logs() as logs:
        await office.send()

    told = [line["pause_seconds"] for line in logs if line["event"] == "number.nearly_used_up"]
    assert told == ([] if pause is None else [pause])


async def test_a_number_sends_as_fast_as_meta_lets_it(office: PostOffice) -> None:
    for _ in range(30):
        await office.queue(await office.person(whatsapp=f"24206{_:07}"))
    await office.database.write(_let_send_per_second, 1000)
    await office.send()

    assert len(office.graph.asked) == 30


async def test_a_whatsapp_that_is_away_is_left_in_peace_then_tried_once(office: PostOffice) -> None:
    def away(asked: Any, wamid: str) -> Any:
        raise NotSent("ClientConnectorError")

    office.graph.answer = away
    messages = [await office.queue(await office.person(whatsapp=f"24206{index:07}")) for index in range(12)]
    with capture_logs() as logs:
        await office.send(limit=5)
        assert await office.send() == 0
        office.steady += 1.1
        assert await office.send() == 1
        assert await office.send() == 0
        office.steady += 2.1
        office.graph.answer = yes
        assert await office.send() == 1
        assert await office.send() == 5

    assert sum(await sent(office, *messages)) == 6
    told = [line["event"] for line in logs if line["event"].startswith("whatsapp.")]
    assert told == ["whatsapp.away", "whatsapp.back"]


class StillUploading:
    """Files that take longer than a send may wait."""

    async def prepare(self, phone_number_id: str, payload: Mapping[str, Any], *, renew: bool = False) -> Prepared:
        if payload["type"] == "text":
            return Prepared(payload=payload)
        late = ErrorRow(
            kind=FailureKind.RETRYABLE, cause=Cause.MEDIA, remedy=Remedy.TRY_AGAIN, advice="It is still being uploaded."
        )
        raise Retryable(late)

    def without_media(self, payload: Mapping[str, Any]) -> Prepared | None:
        return None


async def test_files_that_take_long_are_no_sign_that_whatsapp_is_away(database: Database) -> None:
    office = PostOffice(database, media=StillUploading())
    shop, grace = await office.person(whatsapp=PATRICK), await office.person(whatsapp=GRACE)
    picture = {"type": "image", "image": {"link": "https://slow.example/p.jpg"}}
    late = [await office.queue(shop, picture) for _ in range(5)]
    await office.send()
    others = [await office.queue(grace) for _ in range(2)]
    await office.send()

    assert await sent(office, *others) == [True] * 2
    assert {(await office.row(each)).status for each in late} == {"queued"}


async def test_a_trial_that_ends_before_whatsapp_is_asked_proves_nothing(database: Database) -> None:
    def away(asked: Any, wamid: str) -> Any:
        raise NotSent("ClientConnectorError")

    office = PostOffice(database)
    office.graph.answer = away
    for index in range(5):
        await office.queue(await office.person(whatsapp=f"24206{index:07}"))
    await office.send()
    broken = await office.queue(await office.person(bsuid="no such id"))
    await office.database.write(_first, broken)
    office.steady += 1.1
    await office.send()

    assert (await office.row(broken)).status == "failed"
    assert office.pacing.trials() == ["whatsapp"]


def _first(connection: sa.Connection, message_id: str) -> None:
    connection.execute(
        sa.update(messages).where(messages.c.id == message_id).values(run_at=datetime(2026, 1, 1, tzinfo=UTC))
    )


def test_failures_far_apart_are_no_outage() -> None:
    now = [0.0]
    outage = Outage(lambda: now[0])
    for _ in range(20):
        assert not outage.failed()
        now[0] += 8.0
    assert outage.is_over


def test_an_answer_in_between_is_no_outage() -> None:
    outage = Outage(lambda: 0.0)
    for _ in range(5):
        for _ in range(4):
            outage.failed()
        outage.passed()
    assert outage.is_over


def test_the_rest_doubles_up_to_half_a_minute_while_whatsapp_stays_away() -> None:
    now = [0.0]
    outage = Outage(lambda: now[0])
    for _ in range(4):
        outage.failed()
    rests = []
    for _ in range(7):
        outage.failed()
        rests.append(outage.seconds_left())
        now[0] += rests[-1]
        assert outage.may_try
        outage.trying()
        assert not outage.may_try
    assert rests == [1, 2, 4, 8, 16, 30, 30]


def test_a_try_whose_outcome_never_comes_is_not_waited_for_for_ever() -> None:
    now = [0.0]
    outage = Outage(lambda: now[0])
    for _ in range(5):
        outage.failed()
    now[0] += 1.0
    outage.trying()
    assert not outage.may_try
    now[0] += 15.0
    assert outage.may_try


async def _fill_burst(office: PostOffice, talk: str) -> None:
    """As if this person had got their burst just now."""
    message = (await _taken(office, talk))[0]
    for _ in range(44):
        office.steady += 0.02
        await office.pacing.slot(message)


async def _taken(office: PostOffice, talk: str) -> list[Any]:
    await office.queue(talk)
    taken = await office.database.write(claim.claim, 1, datetime.now(UTC))
    await office.pacing.slot(taken[0])
    return list(taken)


def _let_send_per_second(connection: sa.Connection, speed: int) -> None:
    business_id = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == KIMIA)
    )
    connection.execute(
        sa.insert(number_health).values(
            phone_number_id=KIMIA,
            business_id=business_id,
            throughput="HIGH" if speed == 1000 else "STANDARD",
            is_on_app=speed == 20,
            details={},
            check_at=datetime.now(UTC),
            changed_at=datetime.now(UTC),
        )
    )

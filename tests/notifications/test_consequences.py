"""Each of Meta's codes has its consequence, whether WhatsApp says it at once or in a receipt."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from structlog.testing import capture_logs

from channels.failures import Remedy
from channels.whatsapp.error_codes import all_rows
from notifications.explain import explain
from notifications.providers import Prepared
from notifications.tables import consents, messages, number_stops, templates
from storage.database import Database, open_database
from storage.tables import phone_numbers
from storage.types import new_id
from tests.house import GRACE, KIMIA, PATRICK
from tests.notifications.post_office import PostOffice, no, yes

DAY = 24 * 3600
PICTURE = {"type": "image", "image": {"link": "https://shop.example/p.jpg", "caption": "Savon, 1 500 FCFA"}}
OFFER = {"type": "template", "template": {"name": "promo", "language": {"code": "fr"}, "components": []}}

WAITING: Mapping[Remedy, tuple[float, float, int]] = {
    Remedy.TRY_AGAIN: (1, 3, 0),
    Remedy.TRY_A_FEW_TIMES: (1, 3, 1),
    Remedy.SLOW_NUMBER: (1, 3, 0),
    Remedy.SLOW_PERSON: (0.5, 4, 0),
    Remedy.TOMORROW: (DAY, DAY + 3600, 1),
    Remedy.PAUSE_MARKETING: (DAY, DAY + 3600, 1),
    Remedy.STOP_NUMBER: (-1, 0.5, 0),
    Remedy.RENEW_FILE: (-1, 0.5, 1),
}
"""Remedies after which a message goes again: in how many seconds, and whether a failure is counted."""

CODES = [(line.codes, line.row.remedy) for line in all_rows()]
CODES_ALONE = [(codes, remedy) for codes, remedy in CODES if "/" not in codes]


class WordsInstead:
    """Files are sent as they are, until they are to be left out."""

    def __init__(self) -> None:
        self.renewed = 0

    async def prepare(self, phone_number_id: str, payload: Mapping[str, Any], *, renew: bool = False) -> Prepared:
        self.renewed += renew
        return Prepared(payload=payload)

    def without_media(self, payload: Mapping[str, Any]) -> Prepared | None:
        if "image" not in payload:
            return None
        words = {"type": "text", "text": {"body": payload["image"]["caption"]}}
        return Prepared(payload=words, notes=("Its picture was left out: WhatsApp did not take it.",))


@pytest.fixture
async def sqlite(sqlite_address: URL) -> AsyncIterator[PostOffice]:
    database = open_database(sqlite_address)
    yield PostOffice(database, media=WordsInstead())
    await database.close()


@pytest.fixture
async def office(database: Database) -> PostOffice:
    return PostOffice(database, media=WordsInstead())


@pytest.mark.parametrize(("codes", "remedy"), CODES)
async def test_a_refusal_does_to_its_message_what_its_row_says(sqlite: PostOffice, codes: str, remedy: Remedy) -> None:
    code, _, subcode = codes.partition("/")
    sqlite.graph.answer = no(first(code), int(subcode) if subcode else None)
    message = await sqlite.queue(await sqlite.person(whatsapp=GRACE), PICTURE, category="marketing")

    began = monotonic()
    await sqlite.send()

    await _stands_as(sqlite, message, remedy, first(code), began)


@pytest.mark.parametrize(("codes", "remedy"), CODES_ALONE)
async def test_the_same_follows_when_the_code_comes_in_a_receipt(
    sqlite: PostOffice, codes: str, remedy: Remedy
) -> None:
    message = await sqlite.queue(await sqlite.person(whatsapp=GRACE), PICTURE, category="marketing")
    await sqlite.send()

    began = monotonic()
    await sqlite.report(message, "failed", first(codes))

    await _stands_as(sqlite, message, remedy, first(codes), began)


def first(codes: str) -> int:
    return int(codes.partition("-")[0])


async def _stands_as(office: PostOffice, message: str, remedy: Remedy, code: int, began: float) -> None:
    row = await office.row(message)
    assert row.error_code == code
    if remedy not in WAITING:
        assert (row.status, row.failures) == ("failed", 1)
        return
    soonest, latest, failures = WAITING[remedy]
    assert (row.status, row.failures) == ("queued", failures)
    wait = await office.wait_of(message)
    # A busy machine takes its time between the refusal and this look.
    assert soonest <= wait + monotonic() - began
    assert wait <= latest
    assert "queued" in await office.story(message)


async def test_a_refused_account_stops_its_number_and_nobody_else_s(office: PostOffice) -> None:
    office.graph.answer = no(131031)
    talk = await office.person(whatsapp=GRACE)
    await office.queue(talk)
    with capture_logs() as logs:
        await office.send()

    (stop,) = await office.rows(number_stops)
    assert (stop.phone_number_id, stop.scope, stop.error_code) == (KIMIA, "everything", 131031)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["number.stopped"]
    await office.queue(talk)
    assert await office.send() == 0


async def test_spam_pauses_all_marketing_of_the_number_and_nothing_else(office: PostOffice) -> None:
    office.graph.answer = no(131048)
    grace, patrick = await office.person(whatsapp=GRACE), await office.person(whatsapp=PATRICK)
    await office.queue(grace, category="marketing")
    await office.send()
    office.graph.answer = yes

    advert = await office.queue(patrick, category="marketing")
    news = await office.queue(patrick)
    await office.send()

    assert ((await office.row(advert)).status, (await office.row(news)).status) == ("queued", "sent")
    assert (await office.rows(number_stops))[0].scope == "marketing"
    await office.later(DAY + 1)
    await office.send()
    assert (await office.row(advert)).status == "sent"
    assert await office.rows(number_stops) == []


async def test_who_is_spared_today_gets_no_other_marketing_today_either(office: PostOffice) -> None:
    office.graph.answer = no(131049)
    grace, patrick = await office.person(whatsapp=GRACE), await office.person(whatsapp=PATRICK)
    await office.queue(grace, category="marketing")
    second = await office.queue(grace, category="marketing")
    other = await office.queue(patrick, category="marketing")
    await office.send(limit=1)

    assert await office.wait_of(second) > DAY - 10
    assert await office.wait_of(other) < 1


async def test_marketing_that_is_refused_on_two_days_is_over(office: PostOffice) -> None:
    office.graph.answer = no(131049)
    message = await office.queue(await office.person(whatsapp=GRACE), OFFER, category="marketing")
    await office.send()
    await office.later(DAY + 3600)
    await office.send()

    assert (await office.row(message)).status == "failed"


@pytest.mark.parametrize("by_receipt", [True, False])
async def test_who_stopped_marketing_at_whatsapp_has_opted_out_here_too(office: PostOffice, by_receipt: bool) -> None:
    talk = await office.person(whatsapp=GRACE)
    message = await office.queue(talk, category="marketing")
    if by_receipt:
        await office.send()
        await office.report(message, "failed", 131050)
    else:
        office.graph.answer = no(131050)
        await office.send()
    office.graph.answer = yes
    advert, news = await office.queue(talk, category="marketing"), await office.queue(talk)
    await office.send()

    (consent,) = await office.rows(consents)
    assert (consent.granted, consent.source, consent.category) == (False, "whatsapp", "marketing")
    assert ((await office.row(advert)).status, (await office.row(news)).status) == ("skipped", "sent")


async def test_an_opt_out_that_is_known_is_not_kept_again(office: PostOffice) -> None:
    office.graph.answer = no(131050)
    talk = await office.person(whatsapp=GRACE)
    for _ in range(2):
        await office.queue(talk, category="marketing")
    await office.send()

    assert len(await office.rows(consents)) == 1


@pytest.mark.parametrize(("code", "status"), [(132015, "PAUSED"), (132016, "DISABLED"), (131063, "DISABLED")])
async def test_a_template_that_meta_stopped_is_not_used_again(office: PostOffice, code: int, status: str) -> None:
    await office.database.write(_know_template)
    office.graph.answer = no(code)
    talk = await office.person(whatsapp=GRACE)
    refused, next_one = await office.queue(talk, OFFER), await office.queue(talk, OFFER)
    await office.send(limit=1)
    await office.send()

    (row,) = await office.rows(templates)
    assert row.status == status
    assert ((await office.row(refused)).status, (await office.row(next_one)).status) == ("failed", "skipped")
    assert len(office.graph.asked) == 1


async def test_a_pause_that_meta_prolongs_is_believed(office: PostOffice) -> None:
    await office.database.write(_know_template)
    await office.database.write(_pause_template, until=datetime(2026, 1, 1, tzinfo=UTC))
    office.graph.answer = no(132015)
    talk = await office.person(whatsapp=GRACE)
    refused, next_one = await office.queue(talk, OFFER), await office.queue(talk, OFFER)
    await office.send(limit=1)
    await office.send()

    assert ((await office.row(refused)).status, (await office.row(next_one)).status) == ("failed", "skipped")


@pytest.mark.parametrize("word", ["held_for_quality_assessment", "paused"])
async def test_what_meta_takes_and_holds_explains_itself(office: PostOffice, word: str) -> None:
    def held(asked: dict[str, Any], wamid: str) -> Any:
        return 200, {"messages": [{"id": wamid, "message_status": word}]}, {}

    office.graph.answer = held
    message = await office.queue(await office.person(whatsapp=GRACE), OFFER)
    await office.send()

    assert (await office.row(message)).status == "sent"
    story = await office.database.read(explain, message)
    assert story is not None
    assert any(entry["why"].startswith("WhatsApp holds it") for entry in story["story"])


async def test_a_file_is_renewed_once_then_the_message_goes_as_words(office: PostOffice) -> None:
    media = office.provider._media
    assert isinstance(media, WordsInstead)
    office.graph.answer = no(131053)
    message = await office.queue(await office.person(whatsapp=GRACE), PICTURE)
    for _ in range(2):
        await office.send()
    office.graph.answer = yes
    await office.send()

    row = await office.row(message)
    assert (row.status, media.renewed) == ("sent", 1)
    assert [asked["type"] for asked in office.graph.asked] == ["image", "image", "text"]
    story = await office.database.read(explain, message)
    assert story is not None
    assert "Its picture was left out: WhatsApp did not take it." in [entry["why"] for entry in story["story"]]


async def test_a_file_s_code_about_a_message_without_one_is_a_mistake_to_mend(office: PostOffice) -> None:
    office.graph.answer = no(100, 33)
    message = await office.queue(await office.person(whatsapp=GRACE))
    await office.send()

    assert (await office.row(message)).status == "failed"


async def test_too_many_messages_to_one_person_hold_up_nobody_else(office: PostOffice) -> None:
    office.graph.answer = no(131056)
    grace, patrick = await office.person(whatsapp=GRACE), await office.person(whatsapp=PATRICK)
    held = await office.queue(grace)
    await office.send()
    office.graph.answer = yes
    second, other = await office.queue(grace), await office.queue(patrick)
    await office.send()

    assert [(await office.row(each)).status for each in (held, second, other)] == ["queued", "queued", "sent"]
    await office.later(3.0)
    await office.send()
    assert [(await office.row(each)).status for each in (held, second)] == ["sent", "queued"]


async def test_a_receipt_of_too_many_messages_holds_what_else_waits_for_the_person(office: PostOffice) -> None:
    grace, patrick = await office.person(whatsapp=GRACE), await office.person(whatsapp=PATRICK)
    refused = await office.queue(grace)
    await office.send()
    second, other = await office.queue(grace), await office.queue(patrick)
    began = monotonic()
    await office.report(refused, "failed", 131056)

    assert await office.wait_of(second) + monotonic() - began >= 3.5
    await office.send()
    assert [(await office.row(each)).status for each in (refused, second, other)] == ["queued", "queued", "sent"]


async def test_each_refusal_in_a_row_makes_a_person_s_messages_wait_four_times_longer(office: PostOffice) -> None:
    office.graph.answer = no(131056)
    message = await office.queue(await office.person(whatsapp=GRACE))
    waits = []
    for _ in range(4):
        await office.send()
        waits.append(await office.wait_of(message))
        await office.later(waits[-1] + 0.1)

    assert waits == pytest.approx([1, 4, 16, 64], abs=0.5)
    assert (await office.row(message)).failures == 0


@pytest.mark.parametrize(("lane", "tries"), [("critical", 5), ("immediate", 3), ("bulk", 3)])
async def test_a_lasting_failure_without_a_reason_ends_a_message_after_a_few_tries(
    office: PostOffice, lane: str, tries: int
) -> None:
    office.graph.answer = no(131000)
    message = await office.queue(await office.person(whatsapp=GRACE), lane=lane)
    for _ in range(12):
        await office.send()
        await office.later(100)

    row = await office.row(message)
    assert (row.status, row.failures, row.attempt) == ("failed", tries, tries)


async def test_a_message_that_goes_again_after_a_failed_receipt_is_not_ended_by_a_late_one(office: PostOffice) -> None:
    message = await office.queue(await office.person(whatsapp=GRACE))
    await office.send()
    first = (await office.row(message)).provider_message_id
    await office.report(message, "failed", 131016)
    await office.database.write(_name, message, first)
    await office.report(message, "sent")

    assert (await office.row(message)).status == "queued"
    await office.later(5)
    await office.send()
    row = await office.row(message)
    assert (row.status, row.provider_message_id) == ("sent", "wamid.OUT2")
    await office.report(message, "delivered")
    assert (await office.row(message)).status == "delivered"


async def test_what_arrived_nonetheless_stays_arrived(office: PostOffice) -> None:
    message = await office.queue(await office.person(whatsapp=GRACE))
    await office.send()
    await office.report(message, "delivered")
    await office.report(message, "failed", 131031)

    assert (await office.row(message)).status == "delivered"
    assert await office.rows(number_stops) == []


async def test_what_a_human_sent_from_the_app_is_not_sent_again_by_us(office: PostOffice) -> None:
    message = await office.queue(await office.person(whatsapp=GRACE))
    await office.send()
    await office.database.write(_from_app, message)
    await office.report(message, "failed", 131016)

    assert (await office.row(message)).status == "failed"


async def test_no_reason_that_is_kept_or_logged_names_the_person(office: PostOffice) -> None:
    office.graph.answer = lambda asked, wamid: (
        400,
        {"error": {"code": 131031, "message": f"(#131031) {GRACE} and {wamid} are locked"}},
        {},
    )
    message = await office.queue(await office.person(whatsapp=GRACE))
    with capture_logs() as logs:
        await office.send()

    kept = f"{await office.row(message)} {await office.rows(number_stops)} {logs}"
    assert "are locked" in kept
    assert GRACE not in kept
    assert "wamid.OUT" not in kept


def _know_template(connection: sa.Connection) -> None:
    connection.execute(sa.update(phone_numbers).values(waba_id="200000000000001"))
    business_id = connection.scalar(
        sa.select(phone_numbers.c.business_id).where(phone_numbers.c.phone_number_id == KIMIA)
    )
    connection.execute(
        sa.insert(templates).values(
            id=new_id(),
            business_id=business_id,
            waba_id="200000000000001",
            name="promo",
            language="fr",
            category="MARKETING",
            status="APPROVED",
            changed_at=datetime.now(UTC),
        )
    )


def _pause_template(connection: sa.Connection, until: datetime) -> None:
    connection.execute(sa.update(templates).values(status="PAUSED", paused_until=until))


def _name(connection: sa.Connection, message: str, wamid: str) -> None:
    connection.execute(sa.update(messages).where(messages.c.id == message).values(provider_message_id=wamid))


def _from_app(connection: sa.Connection, message: str) -> None:
    connection.execute(sa.update(messages).where(messages.c.id == message).values(origin="app"))

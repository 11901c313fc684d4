"""What was sent costs what the price book says, then what receipts tell; and what that comes to."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from channels.reports import Report
from channels.whatsapp.received.receipts import Pricing
from notifications import claim
from notifications.prices.costs import Total, totals
from notifications.prices.files import our_price_book
from notifications.providers import Accepted
from notifications.receipts import ReceiptBook
from storage.database import Database
from storage.types import new_id
from tests.house import GRACE
from tests.notifications.post_office import HELLO, PostOffice

TEMPLATE: dict[str, Any] = {
    "type": "template",
    "template": {"name": "order_ready", "language": {"code": "fr"}, "components": []},
}
BOOK = our_price_book()
TODAY = datetime.now(UTC)
RATES = BOOK.rates_at("CG", TODAY.date())
assert RATES is not None
NUMBERS = itertools.count(1_000_000)
UTILITY = RATES.per_message["utility"]


@pytest.fixture
def office(database: Database) -> PostOffice:
    return PostOffice(database)


async def sent(office: PostOffice, payload: Any = HELLO, **columns: Any) -> str:
    """To somebody new, of the same country each time."""
    somebody = f"24206{next(NUMBERS)}"
    message = await office.queue(await office.person(whatsapp=somebody), payload, **columns)
    await office.send()
    return message


async def costs(office: PostOffice, message_id: str) -> tuple[Any, ...]:
    row = await office.row(message_id)
    return row.price_category, row.cost_currency, row.estimated_cost, row.actual_cost, row.price_type


async def all_totals(office: PostOffice, businesses: list[str] | None = None) -> list[Total]:
    day = timedelta(days=1)
    return await office.database.read(totals, businesses, TODAY - day, TODAY + day)


async def test_a_message_that_left_keeps_its_estimate_and_the_version_of_the_price_book(office: PostOffice) -> None:
    message = await sent(office, TEMPLATE)

    assert await costs(office, message) == ("utility", "USD", int(UTILITY * 1_000_000), None, None)
    assert (await office.row(message)).price_book == BOOK.version
    assert len(BOOK.version) == 12


async def test_what_has_not_left_or_is_a_test_costs_nothing_yet(office: PostOffice) -> None:
    waiting = await office.queue(await office.person(whatsapp=GRACE))
    assert await costs(office, waiting) == (None, None, None, None, None)
    test = await sent(office, is_test=True)
    assert (await costs(office, test))[0] is None


@pytest.mark.parametrize(
    ("pricing", "category", "actual"),
    [
        (Pricing(type="regular", category="utility"), "utility", UTILITY),
        (Pricing(type="regular", category="service"), "service", UTILITY),
        (Pricing(type="free_customer_service", category="service"), "service", Decimal(0)),
        (Pricing(type="free_entry_point", category="referral_conversion"), "referral_conversion", Decimal(0)),
        (Pricing(type="regular", category="marketing_lite"), "marketing_lite", RATES.per_message["marketing"]),
        (Pricing(type="regular", category="group_utility"), "group_utility", UTILITY),
        (Pricing(billable=False, category="utility"), "utility", Decimal(0)),
        (Pricing(type="regular", category="something_new"), "something_new", None),
    ],
)
async def test_a_receipt_s_pricing_tells_what_it_really_costs(
    office: PostOffice, pricing: Pricing, category: str, actual: Decimal | None
) -> None:
    message = await sent(office, TEMPLATE)
    await office.report(message, "sent", pricing=pricing, recipient=GRACE)

    told = await costs(office, message)
    assert told[0] == category
    assert told[3] == (None if actual is None else int(actual * 1_000_000))


async def test_receipts_in_any_order_tell_the_price_once(office: PostOffice) -> None:
    message = await sent(office, TEMPLATE)
    await office.report(message, "read", recipient=GRACE)
    for status in ("delivered", "sent"):
        await office.report(message, status, pricing=Pricing(type="regular", category="utility"), recipient=GRACE)

    row = await office.row(message)
    assert (row.status, row.actual_cost, row.price_type) == ("read", int(UTILITY * 1_000_000), "regular")


async def test_a_person_whose_number_nobody_knows_is_billed_as_their_business_is(office: PostOffice) -> None:
    message = await sent(office, TEMPLATE)
    await office.report(
        message, "sent", pricing=Pricing(type="regular", category="utility"), recipient="CG.1A2B3C4D5E6F"
    )

    assert (await costs(office, message))[3] == int(UTILITY * 1_000_000)


async def test_an_sms_costs_its_segments_and_the_provider_tells_how_many_there_were(office: PostOffice) -> None:
    talk = await office.person(phone="+21651832756", whatsapp="21651832756")
    message = await office.queue(talk, {"text": "x" * 161}, channel="sms")
    (taken,) = await office.database.write(claim.claim, 10, datetime.now(UTC))
    await office.settles(taken, Accepted(provider="ovh", provider_message_id="7"))
    assert await costs(office, message) == ("sms", "USD", 240_000, None, None)

    report = Report(
        provider="ovh",
        provider_message_id="7",
        our_id=message,
        what="delivered",
        at=datetime.now(UTC),
        recipient="+21651832756",
        segments=3,
        event_id="7:1:4",
        raw={},
    )
    business_id = (await office.row(message)).business_id
    await office.database.write(
        lambda connection: ReceiptBook().record_report(connection, report, business_id, datetime.now(UTC))
    )
    assert await costs(office, message) == ("sms", "USD", 240_000, 360_000, None)


async def test_totals_are_by_business_category_and_template_and_leave_out_what_failed(office: PostOffice) -> None:
    for _ in range(2):
        await sent(office, TEMPLATE)
    told = await sent(office, {}, template_payload=TEMPLATE)
    await office.report(told, "sent", pricing=Pricing(type="free_entry_point", category="utility"), recipient=GRACE)
    failed = await sent(office, TEMPLATE)
    await office.report(failed, "failed", code=131026)
    await office.queue(await office.person(whatsapp=GRACE))

    (total,) = await all_totals(office)
    assert (total.channel, total.category, total.template) == ("whatsapp", "utility", "order_ready")
    assert (total.messages, total.amount, total.estimated, total.currency) == (3, 2 * UTILITY, 2 * UTILITY, "USD")
    assert total.unknown == 0
    assert [total] == await all_totals(office, [total.business_id])
    assert await all_totals(office, [new_id()]) == []


async def test_what_was_queued_another_day_is_another_day_s(office: PostOffice) -> None:
    await sent(office)
    day = timedelta(days=1)
    assert await office.database.read(totals, None, TODAY - 2 * day, TODAY - day) == []
    assert await office.database.read(totals, None, TODAY + day, TODAY + 2 * day) == []

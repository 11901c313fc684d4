"""How Meta sees our numbers is known by webhook and by poll, in words that say what to do."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channels.whatsapp.account import read_number
from channels.whatsapp.received import Restriction
from channels.whatsapp.webhook import AccountUpdate, CapabilityUpdate, News, NumberNameChange, NumberQualityChange
from notifications import numbers
from notifications.number_concerns import concerns
from notifications.numbers import NumberHealth
from notifications.tables import number_health
from storage.database import Database
from tests.channels.whatsapp.small_account import number
from tests.notifications.kimia import JASMIN_NUMBER, KIMIA_ACCOUNT, KIMIA_NUMBER, business_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Numbers:
    def __init__(self, database: Database, business_id: str) -> None:
        self.database = database
        self.business_id = business_id

    async def hears(self, news: News) -> None:
        await self.database.write(numbers.follow, news, [self.business_id], NOW)

    async def polls(self, at: datetime = NOW, **changes: Any) -> None:
        state = read_number(number(**changes))
        assert state is not None
        await self.database.write(numbers.keep, state, self.business_id, at)

    async def kimia(self, now: datetime = NOW) -> NumberHealth:
        found = await self.database.read(numbers.health, now)
        return next(each for each in found if each.phone_number_id == KIMIA_NUMBER)


@pytest.fixture
async def known(database: Database) -> Numbers:
    return Numbers(database, await business_of(database))


def about(field: str = "phone_number_quality_update", **changes: Any) -> dict[str, Any]:
    return {"field": field, "waba_id": KIMIA_ACCOUNT, "raw": {}, **changes}


async def test_a_number_nobody_asked_about_yet_is_no_concern(known: Numbers) -> None:
    found = await known.database.read(numbers.health, NOW)

    assert [(each.phone_number_id, each.business) for each in found] == [
        (JASMIN_NUMBER, "jasmin"),
        (KIMIA_NUMBER, "kimia"),
    ]
    assert [each.concerns for each in found] == [(), ()]


async def test_a_poll_is_kept(known: Numbers) -> None:
    await known.polls(quality_rating="YELLOW", throughput={"level": "HIGH"}, is_on_biz_app=True)

    found = await known.kimia()

    assert (found.status, found.throughput, found.messaging_limit, found.is_on_app) == (
        "CONNECTED",
        "HIGH",
        "TIER_2K",
        True,
    )
    assert found.checked_at == NOW
    assert len(found.concerns) == 1
    assert "YELLOW" in found.concerns[0]


async def test_webhooks_change_what_a_poll_found(known: Numbers) -> None:
    await known.polls()
    await known.hears(
        NumberQualityChange(**about(), event="FLAGGED", display_number="242065000001", current_limit="TIER_250")
    )
    found = await known.kimia()
    assert (found.status, found.messaging_limit, found.quality) == ("FLAGGED", "TIER_250", "GREEN")

    await known.hears(NumberQualityChange(**about(), event="UNFLAGGED", display_number="242065000001"))
    await known.hears(NumberQualityChange(**about(), event="THROUGHPUT_UPGRADE", display_number="242065000001"))
    await known.hears(CapabilityUpdate(**about("business_capability_update"), max_daily_conversations="TIER_10K"))
    await known.hears(NumberNameChange(**about("phone_number_name_update"), decision="REJECTED"))
    found = await known.kimia()
    assert (found.status, found.throughput, found.messaging_limit) == ("CONNECTED", "HIGH", "TIER_10K")
    assert found.concerns == ("Meta declined the name it shows; choose another in the WhatsApp Manager",)


async def test_news_of_another_number_of_the_account_is_not_ours(known: Numbers) -> None:
    await known.hears(NumberQualityChange(**about(), event="FLAGGED", display_number="242060000000"))

    assert (await known.kimia()).status is None


async def test_a_restriction_holds_until_it_ends_and_a_ban_until_it_is_lifted(known: Numbers) -> None:
    ends = NOW + timedelta(days=3)
    restriction = Restriction(type="RESTRICTED_BIZ_INITIATED_MESSAGING", expires_at=ends)
    await known.hears(
        AccountUpdate(**about("account_update"), event="ACCOUNT_RESTRICTION", restrictions=(restriction,))
    )
    await known.hears(AccountUpdate(**about("account_update"), event="ACCOUNT_VIOLATION", violation="SCAM"))
    await known.hears(
        AccountUpdate(**about("account_update"), event="DISABLED_UPDATE", ban_state="DISABLE", ban_date="22 November")
    )

    assert [each[:25] for each in (await known.kimia()).concerns] == [
        "Meta disables its account",
        "its account broke a polic",
        "its account is restricted",
    ]
    assert len((await known.kimia(ends)).concerns) == 2
    await known.polls()
    assert len((await known.kimia()).concerns) == 3

    await known.hears(AccountUpdate(**about("account_update"), event="DISABLED_UPDATE", ban_state="REINSTATE"))
    assert (await known.kimia()).concerns == ()


async def test_a_change_is_dated_and_a_repetition_is_not(known: Numbers) -> None:
    await known.polls()
    first = await known.database.read(lambda c: c.scalar(sa.select(number_health.c.changed_at)))
    await known.polls(at=NOW + timedelta(hours=1))
    again = await known.database.read(lambda c: c.scalar(sa.select(number_health.c.changed_at)))
    assert first == again


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"quality": "RED"}, "stop marketing now"),
        ({"status": "BANNED"}, "banned"),
        ({"status": "RESTRICTED"}, "restricts"),
        ({"status": "PENDING"}, "relais whatsapp connect"),
        ({"name_status": "EXPIRED"}, "expired"),
        ({"details": {"can_send": "BLOCKED"}}, "lets it send nothing"),
        (
            {
                "details": {
                    "can_send": "LIMITED",
                    "blockers": [{"problem": "No card", "code": 141006, "solution": "Add"}],
                }
            },
            r"with limits: No card \(141006\); Add",
        ),
    ],
    ids=str,
)
def test_each_worry_has_words(facts: dict[str, Any], words: str) -> None:
    known = {"quality": "GREEN", "status": "CONNECTED", "name_status": "APPROVED", "details": {}, **facts}

    (found,) = concerns(**known, now=NOW)

    assert re.search(words, found)


def test_a_number_in_good_health_worries_nobody() -> None:
    details: dict[str, Any] = {"can_send": "AVAILABLE", "blockers": [], "account": None}
    assert concerns(quality="GREEN", status="CONNECTED", name_status="APPROVED", details=details, now=NOW) == []

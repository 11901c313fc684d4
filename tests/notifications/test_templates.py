"""What Meta decides about a template is known by webhook and by poll, and the gate heeds it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL
from structlog.testing import capture_logs

from channels.whatsapp.account import read_template
from channels.whatsapp.webhook import News, TemplateCategoryChange, TemplateQualityChange, TemplateStatusChange
from notifications import templates
from notifications.status import Status
from notifications.tables import templates as table
from notifications.templates import Judgement
from storage.database import Database, open_database
from tests.channels.whatsapp.small_account import template
from tests.notifications.kimia import KIMIA_ACCOUNT, KIMIA_NUMBER, business_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAYLOAD = {
    "type": "template",
    "template": {
        "name": "mission_reminder",
        "language": {"code": "fr"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Grâce"}]}],
    },
}


class Account:
    """What one business knows of its account."""

    def __init__(self, database: Database, business_id: str) -> None:
        self.database = database
        self.business_id = business_id

    async def lists(self, *listed: dict[str, Any], at: datetime = NOW) -> None:
        """A poll finds these templates."""
        found = [each for each in map(read_template, listed) if each is not None]

        def keep(connection: sa.Connection) -> None:
            templates.keep(connection, self.business_id, KIMIA_ACCOUNT, found, at)
            templates.forget_missing(connection, self.business_id, KIMIA_ACCOUNT, found, at)

        await self.database.write(keep)

    async def hears(self, news: News) -> None:
        """A webhook brings this."""
        await self.database.write(templates.follow, news, [self.business_id], NOW)

    async def status(self, event: str, *, at: datetime = NOW, **more: Any) -> None:
        await self.hears(TemplateStatusChange(**_about(), at=at, event=event, **more))

    async def row(self, name: str = "mission_reminder") -> Any:
        query = sa.select(table).where(table.c.name == name)
        return await self.database.read(lambda connection: connection.execute(query).one())

    async def judges(self, payload: dict[str, Any] = PAYLOAD, at: datetime = NOW) -> Judgement:
        shelf = await self.database.read(templates.Shelf.of, [(KIMIA_NUMBER, payload)])
        return shelf.judge(KIMIA_NUMBER, payload, at)


def _about(**changes: Any) -> dict[str, Any]:
    known = {"field": "message_template_status_update", "waba_id": KIMIA_ACCOUNT, "raw": {}}
    return {**known, "name": "mission_reminder", "language": "fr", "template_id": "4", **changes}


@pytest.fixture
async def account(database: Database) -> Account:
    """On each kind of database."""
    return Account(database, await business_of(database))


@pytest.fixture
async def quick(sqlite_address: URL) -> AsyncIterator[Account]:
    """On SQLite alone, for tables of cases."""
    database = open_database(sqlite_address)
    yield Account(database, await business_of(database))
    await database.close()


async def test_a_template_is_followed_from_its_review_to_its_end(account: Account) -> None:
    await account.status("PENDING")
    await account.status("APPROVED", at=NOW + timedelta(hours=1), category="UTILITY")
    assert ((await account.row()).status, (await account.row()).category) == ("APPROVED", "UTILITY")

    await account.lists(template(quality_score={"score": "GREEN"}), at=NOW + timedelta(hours=2))
    await account.hears(TemplateQualityChange(**_about(), previous="GREEN", new="YELLOW"))
    assert (await account.row()).quality == "YELLOW"

    await account.lists(at=NOW + timedelta(hours=3))
    assert (await account.row()).status == "DELETED"


async def test_a_status_that_comes_late_is_dropped(account: Account) -> None:
    await account.status("REJECTED", at=NOW, reason="INVALID_FORMAT")
    await account.status("PENDING", at=NOW - timedelta(minutes=1))

    assert ((await account.row()).status, (await account.row()).reason) == ("REJECTED", "INVALID_FORMAT")


async def test_a_template_that_nobody_spoke_of_may_go(account: Account) -> None:
    assert await account.judges() == Judgement(payload=PAYLOAD, is_marketing=False)


@pytest.mark.parametrize(
    ("event", "more", "words"),
    [
        ("REJECTED", {"reason": "PROMOTIONAL"}, r"Meta rejected it \(PROMOTIONAL\)"),
        ("REJECTED", {"rejection_info": "Say less."}, r"Meta rejected it \(Say less\.\)"),
        ("PENDING", {}, "has not approved it yet"),
        ("PAUSED", {"title": "FIRST_PAUSE"}, "paused it.* until about 2026-11-21 15:00 UTC"),
        ("PAUSED", {"title": "SECOND_PAUSE"}, "until about 2026-11-21 18:00 UTC"),
        ("DISABLED", {"title": "DISABLED"}, "Meta disabled it"),
        ("SOMETHING_NEW", {}, "its status at Meta is SOMETHING_NEW"),
    ],
)
async def test_the_gate_s_no_says_why(event: str, more: dict[str, Any], words: str, quick: Account) -> None:
    await quick.status(event, **more)

    refusal = (await quick.judges()).refusal

    assert refusal is not None
    assert refusal.status is Status.SKIPPED
    assert re.search(rf"^The template mission_reminder \(fr\) may not go: .*{words}", refusal.reason)


@pytest.mark.parametrize(
    ("events", "goes"),
    [
        (["PAUSED", "APPROVED"], True),
        (["REJECTED", "REINSTATED"], True),
        (["DISABLED", "UNARCHIVED"], True),
        (["APPROVED", "FLAGGED"], True),
        (["APPROVED", "ARCHIVED"], False),
    ],
)
async def test_what_ends_a_stop_lets_it_go_again(events: list[str], goes: bool, quick: Account) -> None:
    for event in events:
        await quick.status(event)

    assert ((await quick.judges()).refusal is None) is goes


async def test_a_pause_ends_by_itself(account: Account) -> None:
    await account.status("PAUSED", title="FIRST_PAUSE")

    assert (await account.judges(at=NOW + timedelta(hours=2, minutes=59))).refusal is not None
    assert (await account.judges(at=NOW + timedelta(hours=3))).refusal is None


async def test_an_alternate_takes_the_place_of_a_template_that_may_not_go(account: Account) -> None:
    await account.lists(template(), template("short_reminder", id="5"))
    await account.database.write(_names_alternate, account.business_id)
    await account.status("PAUSED", title="FIRST_PAUSE", at=NOW + timedelta(seconds=1))

    judgement = await account.judges()

    assert judgement.payload["template"] == {**PAYLOAD["template"], "name": "short_reminder"}  # type: ignore[dict-item]
    assert judgement.refusal is None
    assert "its alternate short_reminder goes instead" in str(judgement.note)

    await account.lists(template(status="PAUSED"), template("short_reminder", id="5", status="DISABLED"))
    refusal = (await account.judges()).refusal
    assert refusal is not None
    assert "nor may its alternate short_reminder" in refusal.reason


def _names_alternate(connection: sa.Connection, business_id: str) -> None:
    templates.remember_file(
        connection,
        business_id,
        KIMIA_ACCOUNT,
        name="mission_reminder",
        language="fr",
        category="utility",
        alternate="short_reminder",
    )


async def test_a_utility_template_that_became_marketing_is_told_once_and_treated_as_marketing(
    account: Account,
) -> None:
    await account.lists(template())
    change = TemplateCategoryChange(**_about(field="template_category_update"), previous="UTILITY", new="MARKETING")
    with capture_logs() as logs:
        await account.hears(change)
        await account.hears(change)
        await account.lists(template(category="MARKETING"))

    assert [line["event"] for line in logs] == ["template.became_marketing"]
    assert (await account.row()).intended_category == "UTILITY"
    assert (await account.judges()).is_marketing


async def test_templates_of_another_language_or_account_are_others(account: Account) -> None:
    await account.lists(template(language="en", status="REJECTED"))

    assert (await account.judges()).refusal is None


async def test_news_of_no_account_changes_nothing(account: Account) -> None:
    await account.hears(TemplateQualityChange(**_about(waba_id=None), new="RED"))

    assert await account.database.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(table))) == 0

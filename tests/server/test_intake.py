"""Webhooks that share a transaction: what is wrong with one of them costs no other anything."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from channels.whatsapp.webhook import Item, News, OtherChange, parse
from conversations.inbox import Inbox, Stored
from conversations.news import Follower, NewsDesk
from conversations.tables import channel_events
from conversations.wording import Wording
from notifications.consent import ConsentBook
from notifications.outbox import MessageOutbox
from notifications.receipts import ReceiptBook
from server.intake import Intake
from server.parts import utc_now
from storage.tables import phone_numbers
from tests.house import KIMIA, House

WABA = "200000000000001"

WIDER_THAN_OUR_COLUMNS: dict[str, dict[str, Any]] = {
    "a number's id": {"field": "calls", "value": {"metadata": {"phone_number_id": "9" * 80}}},
    "a rating of tomorrow": {
        "field": "message_template_quality_update",
        "value": {
            "message_template_id": 1,
            "message_template_name": "delivery_update",
            "message_template_language": "fr",
            "new_quality_score": "SOMEWHERE_BETWEEN_YELLOW_AND_RED",
        },
    },
    "a limit of tomorrow": {
        "field": "phone_number_quality_update",
        "value": {"event": "UPGRADE", "current_limit": "TIER_OF_AS_MANY_PEOPLE_AS_THERE_ARE_STARS"},
    },
}


@pytest.mark.parametrize("change", WIDER_THAN_OUR_COLUMNS.values(), ids=WIDER_THAN_OUR_COLUMNS)
async def test_a_word_wider_than_our_columns_is_kept_raw_and_costs_no_neighbour(
    house: House, change: dict[str, Any]
) -> None:
    await house.parts.database.write(_give_account)
    odd = {"entry": [{"id": WABA, "changes": [change]}]}

    answers = await asyncio.gather(
        house.post(house.message("un")), house.post_raw(odd), house.post(house.message("deux"))
    )

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert sorted(await house.heard(2)) == ["you said deux", "you said un"]
    (kept,) = await house.rows(channel_events)
    assert kept.raw["entry"][0]["changes"] == [change]


async def test_a_mistake_of_ours_keeps_the_item_raw_and_costs_no_neighbour(house: House) -> None:
    intake = Intake(house.parts.database, _with_follower(_broken), house.parts.wakeup, utc_now)
    call = OtherChange(field="calls", phone_number_id=KIMIA, raw={"field": "calls", "value": {}})

    await intake.keep([call, *_words(house.message("bonjour"))])

    assert await house.heard(1) == ["you said bonjour"]
    assert [(row.field, row.problem) for row in await house.rows(channel_events)] == [("calls", "AttributeError")]


async def test_an_item_that_cannot_even_be_kept_raw_fails_its_own_webhook_alone(house: House) -> None:
    unstorable = OtherChange(field="calls", raw={"no": object()})
    words = _words(house.message("bonjour"))

    ends = await asyncio.gather(
        house.parts.intake.keep([unstorable]), house.parts.intake.keep(words), return_exceptions=True
    )

    assert [type(end) for end in ends] == [StatementError, type(None)]
    assert await house.heard(1) == ["you said bonjour"]


async def test_a_transaction_stays_small_however_much_webhooks_bring(house: House) -> None:
    sizes: list[int] = []

    class Counting(Inbox):
        def store(self, connection: sa.Connection, items: Iterable[Item], now: datetime) -> Stored:
            sizes.append(len(list(items)))
            return Stored()

    intake = Intake(house.parts.database, _with_follower(_broken, Counting), house.parts.wakeup, utc_now)
    call = OtherChange(field="calls", raw={"field": "calls", "value": {}})

    await asyncio.gather(*(intake.keep([call] * count) for count in (600, 600, 300, 2_000)))

    assert sizes == [600, 900, 2_000]


def _broken(connection: sa.Connection, news: News, business_ids: Sequence[str], now: datetime) -> None:
    raise AttributeError("a mistake of ours")


def _with_follower(follower: Follower, kind: type[Inbox] = Inbox) -> Inbox:
    outbox, consents = MessageOutbox(), ConsentBook()
    return kind(outbox, consents, ReceiptBook(), Wording(), NewsDesk(outbox, consents, [follower]))


def _words(message: dict[str, Any]) -> list[Item]:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": KIMIA}, "messages": [message]}
    change = {"field": "messages", "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]}
    return parse(json.dumps(body).encode())


def _give_account(connection: sa.Connection) -> None:
    of_kimia = sa.update(phone_numbers).where(phone_numbers.c.phone_number_id == KIMIA)
    connection.execute(of_kimia.values(waba_id=WABA))

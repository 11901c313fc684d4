"""Every situation that Meta reports is read as what it is, and nothing beside it is lost."""

import json
from dataclasses import replace
from typing import Any

import pytest

from channels.whatsapp.webhook import InboundMessage, News, StatusUpdate, Unreadable, parse
from tests.channels.whatsapp.cast import FIXTURES, GRACE, GRACE_ID, PATRICK, SAMI, fixture, fixture_bytes
from tests.channels.whatsapp.situations import bodies, contents, news, people, receipts, replies
from tests.channels.whatsapp.situations.expected import GRACE_PARENT, Expected

TABLES: list[Expected] = [
    table.EXPECTED
    for table in (contents, replies, people, receipts, news, bodies)  # one table per family
]
EXPECTED: Expected = {name: items for table in TABLES for name, items in table.items()}
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))


def test_every_situation_stands_in_one_table() -> None:
    assert sorted(name for table in TABLES for name in table) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_situation_is_read_as_what_it_is(name: str) -> None:
    read = [
        item.problem if isinstance(item, Unreadable) else replace(item, raw={}) for item in parse(fixture_bytes(name))
    ]

    assert read == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_item_is_kept_as_it_came(name: str) -> None:
    changes = [change for entry in fixture(name)["entry"] for change in entry["changes"]]
    values = [change["value"] for change in changes]
    messages = [message for value in values for message in value.get("messages", [])]
    statuses = [status for value in values for status in value.get("statuses", [])]

    for item in parse(fixture_bytes(name)):
        if isinstance(item, InboundMessage) and name != "text_with_half_an_emoji_and_a_nul":
            assert item.raw in messages
        elif isinstance(item, StatusUpdate):
            assert item.raw in statuses
        elif isinstance(item, News):
            assert all(_holds(change, item.raw) for change in changes if change["field"] == item.field)


@pytest.mark.parametrize("name", NAMES)
def test_each_kept_change_or_unreadable_item_can_be_read_again_by_itself(name: str) -> None:
    for item in parse(fixture_bytes(name)):
        if isinstance(item, News | Unreadable):
            assert parse(json.dumps(_alone(item)).encode()) == [item]


def test_no_repr_shows_who_somebody_is_or_what_they_wrote() -> None:
    shown = repr([parse(fixture_bytes(name)) for name in NAMES])

    for private in (GRACE, GRACE_ID, GRACE_PARENT, PATRICK, SAMI, "Grâce", "Patrick", "COUR-", "wamid", "trois", "t-9"):
        assert private not in shown


def _alone(item: News | Unreadable) -> dict[str, Any]:
    if isinstance(item, Unreadable):
        return item.raw
    entry: dict[str, Any] = {"id": item.waba_id, "changes": [item.raw]}
    if item.at is not None:
        entry["time"] = int(item.at.timestamp())
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _holds(whole: Any, part: Any) -> bool:
    """Whether everything in `part` stands at its place in `whole`, lists aside, of which a part may hold fewer."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and _holds(whole[name], member) for name, member in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return all(member in whole for member in part)
    return bool(whole == part)

"""Whatever is posted, parsing neither breaks nor loses the items it could have read."""

import contextlib
import copy
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.webhook import BadWebhook, InboundMessage, Item, OtherReceived, StatusUpdate, Unreadable, parse
from tests.channels.whatsapp.cast import FIXTURES, GRACE, fixture
from tests.channels.whatsapp.webhook_strategies import valid_messages

SITUATIONS = {path.stem: fixture(path.stem) for path in sorted(FIXTURES.glob("*.json"))}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
situations = st.sampled_from(sorted(SITUATIONS))


def posted(document: Any) -> list[Item]:
    return parse(json.dumps(document).encode())


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(body: bytes) -> None:
    # Now and then they are a webhook: hypothesis tries the words of the code it tests, too.
    with contextlib.suppress(BadWebhook):
        assert isinstance(parse(body), list)


@settings(max_examples=40)
@given(json_values)
def test_random_json_in_our_envelope_is_read_or_kept(entries: Any) -> None:
    posted({"object": "whatsapp_business_account", "entry": entries})


@settings(max_examples=40)
@given(json_values, json_values)
def test_random_values_and_contacts_are_read_or_kept(value: Any, contacts: Any) -> None:
    body = fixture("text")
    body["entry"][0]["changes"].append({"field": "messages", "value": value})
    body["entry"][0]["changes"][0]["value"]["contacts"] = contacts

    items = posted(body)

    assert isinstance(items[0], InboundMessage)
    assert items[0].wamid == "wamid.GRACE1"


@settings(max_examples=40)
@given(situations, st.data(), json_values)
def test_any_one_change_to_a_body_of_ours_raises_nothing(name: str, data: st.DataObject, odd: Any) -> None:
    body = copy.deepcopy(SITUATIONS[name])
    holder, place = data.draw(st.sampled_from(list(places(body["entry"]))))
    if data.draw(st.booleans()):
        holder[place] = odd
    else:
        del holder[place]

    for item in posted(body):
        stored = json.dumps(item.raw, ensure_ascii=False, allow_nan=False)
        assert "\\u0000" not in stored
        assert stored.encode().decode() == stored


@settings(max_examples=40)
@given(situations, situations, st.data(), json_values)
def test_a_mutated_item_costs_no_neighbour(whole: str, broken: str, data: st.DataObject, odd: Any) -> None:
    neighbour = copy.deepcopy(SITUATIONS[whole]["entry"][0]["changes"][0])
    mutated = copy.deepcopy(SITUATIONS[broken]["entry"][0]["changes"][0])
    holder, place = data.draw(st.sampled_from(list(places(mutated))))
    holder[place] = odd
    changes = data.draw(st.permutations([neighbour, mutated]))
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}

    found = posted(body)

    alone = posted({**body, "entry": [{"id": "1", "changes": [neighbour]}]})
    assert all(item in found for item in alone)


@settings(max_examples=40)
@given(st.lists(json_values, max_size=3), st.lists(json_values, max_size=3))
def test_random_items_between_whole_ones_cost_none_of_them(before: list[Any], between: list[Any]) -> None:
    body = fixture("batch")
    value = body["entry"][0]["changes"][0]["value"]
    first, second = value["messages"]
    value["messages"] = [*before, first, *between, second, *before]
    value["statuses"] = [*between, *value["statuses"], *before]

    items = posted(body)

    messages = [item.wamid for item in items if isinstance(item, InboundMessage)]
    statuses = [item.wamid for item in items if isinstance(item, StatusUpdate)]
    assert messages == ["wamid.GRACE1", "wamid.GRACE2", "wamid.SAMI1"]
    assert statuses == ["wamid.OURS1", "wamid.OURS2", "wamid.OURS3"]
    assert len(items) == 7 + 3 * len(before) + 2 * len(between)


@settings(max_examples=40)
@given(st.lists(st.tuples(situations, st.booleans()), min_size=1, max_size=5), st.data(), json_values)
def test_situations_in_one_body_are_read_as_each_by_itself(
    chosen: list[tuple[str, bool]], data: st.DataObject, odd: Any
) -> None:
    bodies = [copy.deepcopy(SITUATIONS[name]) for name, _ in chosen]
    for body, (_, is_mutated) in zip(bodies, chosen, strict=True):
        if is_mutated:
            holder, place = data.draw(st.sampled_from(list(places(body["entry"]))))
            holder[place] = odd

    together = posted({**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]})

    assert without_raw(together) == without_raw([item for body in bodies for item in posted(body)])


@settings(max_examples=25)
@given(st.lists(valid_messages, min_size=1, max_size=4), st.lists(json_values, max_size=2))
def test_valid_messages_are_all_read_in_their_order_whatever_lies_between(
    messages: list[dict[str, Any]], junk: list[Any]
) -> None:
    body = fixture("text")
    body["entry"][0]["changes"][0]["value"]["messages"] = [part for each in messages for part in (each, *junk)]

    read = [item for item in posted(body) if isinstance(item, InboundMessage)]

    assert [item.wamid for item in read] == [message["id"] for message in messages]
    assert [item.raw["type"] for item in read] == [message["type"] for message in messages]
    assert not any(isinstance(item.content, OtherReceived) for item in read)


@settings(max_examples=40)
@given(situations, st.data(), json_values)
def test_a_mutated_message_costs_none_beside_it(name: str, data: st.DataObject, odd: Any) -> None:
    changes = [change for entry in SITUATIONS[name]["entry"] for change in entry["changes"]]
    found = [message for change in changes for message in change["value"].get("messages", [])]
    mutated = copy.deepcopy(found)
    if mutated and (spots := list(places(mutated[0]))):
        holder, place = data.draw(st.sampled_from(spots))
        holder[place] = odd
    body = fixture("batch")
    value = body["entry"][0]["changes"][0]["value"]
    first, second = value["messages"]
    value["messages"] = [first, *mutated, second]

    items = posted(body)

    assert len(items) == 7 + len(mutated)
    assert [posted(fixture("batch"))[n] for n in (0, 1)] == [items[0], items[1 + len(mutated)]]


ESSENTIAL = frozenset(
    {"from", "id", "timestamp", "type", "body", "latitude", "longitude", "catalog_id", "title", "text"}
    | {"product_retailer_id", "quantity", "item_price", "currency", "message_id", "original_message_id", "response"}
)
"""What a message cannot be without: everything else may be odd."""


@pytest.mark.parametrize("odd", [None, "", "odd", 7, -0.5, True, [], ["odd"], {}, {"odd": 7}], ids=repr)
def test_what_stands_beside_the_point_may_be_odd(odd: Any) -> None:
    for name, situation in SITUATIONS.items():
        whole = posted(situation)
        if not isinstance(whole[0], InboundMessage) or any(isinstance(item, Unreadable) for item in whole):
            continue
        body = copy.deepcopy(situation)
        message = body["entry"][0]["changes"][0]["value"]["messages"][0]
        message.setdefault("from", GRACE)
        for holder, place in places(message):
            was = holder[place]
            if place in ESSENTIAL or isinstance(was, dict | list):
                continue
            holder[place] = odd
            assert isinstance(posted(body)[0], InboundMessage), (name, place)
            holder[place] = was


def without_raw(items: list[Item]) -> list[Item]:
    return [dataclasses.replace(item, raw={}) for item in items]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and element of a document, as the holder and the key under which it stands there."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from places(value[key])

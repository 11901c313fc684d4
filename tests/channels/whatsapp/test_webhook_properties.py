"""Whatever is posted, parsing neither breaks nor loses the items it could have read."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.webhook import BadWebhook, InboundMessage, Item, StatusUpdate, parse
from tests.channels.whatsapp.cast import FIXTURES, fixture

SITUATIONS = {path.stem: fixture(path.stem) for path in sorted(FIXTURES.glob("*.json"))}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
situations = st.sampled_from(sorted(SITUATIONS))


def posted(document: Any) -> list[Item]:
    return parse(json.dumps(document).encode())


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(BadWebhook):
        parse(body)


@given(json_values)
def test_random_json_in_our_envelope_is_read_or_kept(entries: Any) -> None:
    posted({"object": "whatsapp_business_account", "entry": entries})


@given(json_values, json_values)
def test_random_values_and_contacts_are_read_or_kept(value: Any, contacts: Any) -> None:
    body = fixture("text")
    body["entry"][0]["changes"].append({"field": "messages", "value": value})
    body["entry"][0]["changes"][0]["value"]["contacts"] = contacts

    items = posted(body)

    assert isinstance(items[0], InboundMessage)
    assert items[0].wamid == "wamid.GRACE1"


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


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and element of a document, as the holder and the key under which it stands there."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    for key in keys:
        yield value, key
        yield from places(value[key])

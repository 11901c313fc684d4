"""Whatever is posted is taken and shown, or refused in Meta's envelope; nothing breaks the emulator."""

import asyncio
import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.rules import check_message, check_read
from tests.channels.whatsapp.emulator.test_rules import AROUND, GOOD
from tests.channels.whatsapp.emulator.world import BEARER, GRACE, KIMIA, Emulator, asking, settings_in

texts = st.text(max_size=30) | st.sampled_from(["", "http://a.example", "123", "text", "image", "🎉", "\ud83d"])
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something can be changed."""
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from _places(member, (*path, key))


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A good message with one or two members replaced, taken away or added."""
    body: dict[str, Any] = {**AROUND, **copy.deepcopy(draw(st.sampled_from([GOOD[name] for name in sorted(GOOD)])))}
    for _ in range(draw(st.integers(1, 2))):
        *above, last = draw(st.sampled_from(sorted(_places(body), key=repr)))
        holder: Any = body
        for key in above:
            holder = holder[key]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                holder[last] = draw(values)
            case "remove":
                del holder[last]
            case "add" if isinstance(holder, dict):
                holder[draw(texts)] = draw(values)
    return body


@given(spoilt() | st.dictionaries(texts | st.sampled_from([*AROUND, "type", "text", "status"]), values, max_size=6))
def test_any_body_is_good_or_wrong_for_a_reason(body: dict[str, Any]) -> None:
    for check in (check_message, check_read):
        with suppress(GraphError):
            check(body)


class Asked:
    """An emulator without a network, asked from ordinary functions."""

    def __init__(self, runner: asyncio.Runner, emulator: Emulator) -> None:
        self._runner = runner
        self._emulator = emulator

    def post(self, body: object) -> httpx.Response:
        path, content = f"/v23.0/{KIMIA}/messages", json.dumps(body)
        return self._runner.run(self._emulator.http.post(path, content=content, headers=BEARER))

    def page(self) -> httpx.Response:
        return self._runner.run(self._emulator.http.get(f"/?open={KIMIA}-{GRACE}"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with asyncio.Runner() as runner:
        emulator = asking(settings_in(tmp_path_factory.mktemp("emulator")))
        yield Asked(runner, runner.run(emulator.__aenter__()))
        runner.run(emulator.__aexit__(None, None, None))


@settings(max_examples=20)
@given(body=spoilt())
def test_any_post_is_answered_in_metas_shape_and_the_page_lives(asked: Asked, body: dict[str, Any]) -> None:
    response = asked.post({**body, "to": GRACE})
    if response.status_code == 200:
        assert response.json()["messages"][0]["id"]
    else:
        assert 400 <= response.status_code < 500
        assert {"message", "type", "code", "fbtrace_id"} <= set(response.json()["error"])
    assert asked.page().status_code == 200

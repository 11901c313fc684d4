"""Each replacement of a part of Rasa does what the part did."""

import asyncio
import copy
import itertools
from typing import Any

import aiohttp
import pytest
from action_server_fake import FakeActionServer
from bot_in_process import InProcessBot, texts
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.events import Event
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from relais_bot import speedups
from relais_bot.action_server import ACTION_SECONDS, ActionServer
from relais_bot.rasa_version import require_supported_rasa
from relais_bot.refusals import WrongRasa


def test_another_rasa_is_refused_with_a_sentence() -> None:
    require_supported_rasa()
    with pytest.raises(WrongRasa, match=r"holds Rasa 3\.7\.0, but relais_bot works with Rasa 3\.6\.21 only"):
        require_supported_rasa("3.7.0")


RESULTS: "list[dict[str, Any]]" = [
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": [{"text": "x"}]},
    {"events": [{"event": "slot", "timestamp": 1.5}], "responses": []},
    {"events": [{"event": "invented"}], "responses": []},
    {"events": ["slot"], "responses": []},
    {"events": {}, "responses": []},
    {"events": [], "responses": ["x"]},
    {"events": [], "responses": {}},
]


@pytest.mark.parametrize("result", RESULTS)
def test_results_of_actions_are_judged_as_rasa_judges_them(result: dict[str, Any]) -> None:
    from jsonschema import validate

    action = RemoteAction("action_x", None)

    def verdict_of_rasa() -> bool:
        try:
            validate(result, RemoteAction.action_response_format_spec())
        except ValidationError:
            return False
        return True

    def verdict_of_ours() -> bool:
        try:
            return speedups.validate_action_result(action, result)
        except ValidationError:
            return False

    assert verdict_of_ours() == verdict_of_rasa()


def test_a_wrong_result_is_explained_as_rasa_explains_it() -> None:
    with pytest.raises(ValidationError, match="Failed to validate Action server response"):
        speedups.validate_action_result(RemoteAction("action_x", None), {"events": {}})


def test_event_types_are_resolved_as_rasa_resolves_them() -> None:
    for _, cls in itertools.product(range(2), all_subclasses(Event)):
        assert speedups.resolve_event_type(cls.type_name) is speedups._resolve_event_type(cls.type_name)
    assert speedups.resolve_event_type("topic") is None
    assert speedups.resolve_event_type("invented", Event) is Event
    with pytest.raises(ValueError, match="invented"):
        speedups.resolve_event_type("invented")


async def test_rules_decide_the_same_without_the_search_for_quoted_words(bot: InProcessBot) -> None:
    """Every prediction of a few conversations, with the search and without it."""
    runner = bot.agent.processor.graph_runner
    policy = next(node for name, node in runner._instantiated_nodes.items() if "RulePolicy" in name)._component
    compared = 0

    def both(tracker: Any, domain: Any, use_text_for_last_user_input: bool) -> Any:
        nonlocal compared
        ours = speedups.find_action_from_rules(policy, tracker, domain, use_text_for_last_user_input)
        theirs = speedups._find_action_from_rules(policy, tracker, domain, use_text_for_last_user_input)
        # The description of "no rule matched" is for logs; what was found is what counts.
        assert (ours[0], ours[2]) == (theirs[0], theirs[2])
        compared += 1
        return ours

    assert speedups._every_rule_asks_for_an_intent(policy)
    policy._find_action_from_rules = both
    talks = (
        ["hello", "i want a refund", "too late", "hello"],
        ["i want a refund", "cancel", "where is my parcel COUR-20250127-061", "tell me a joke", "in english"],
    )
    for number, talk in enumerate(talks):
        for text in talk:
            await bot.say(text, sender_id=f"s{number}")
    assert compared > 20


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ('[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}]', True),
        ('[{"prev_action": {"action_name": "action_listen"}, "user": {"text": "hello"}}]', False),
        ('[{"prev_action": {"action_name": "action_listen"}}]', False),
        ('[{"prev_action": {"action_name": "utter_greet"}}]', True),
        ("[{}]", False),
    ],
)
def test_which_rules_the_search_could_find(rule: str, asks: bool) -> None:
    assert speedups._asks_for_an_intent(rule) is asks


async def test_a_graph_gives_the_same_in_order_as_with_dask(bot: InProcessBot) -> None:
    """What is understood and what is done, for every run of a few turns."""
    runner = bot.agent.processor.graph_runner
    compared: set[tuple[str, ...]] = set()

    def both(inputs: Any = None, targets: Any = None) -> Any:
        ours = speedups.run_in_order(runner, copy.deepcopy(inputs), targets)
        theirs = speedups._run_with_dask(runner, inputs, targets)
        assert list(ours) == list(theirs) == targets
        assert [_comparable(ours[name]) for name in ours] == [_comparable(theirs[name]) for name in theirs]
        compared.add(tuple(targets))
        return theirs

    runner.run = both
    for text in ("hello", "i want a refund", "cancel", "where is my parcel COUR-20250127-061", "tell me a joke"):
        await bot.say(text)
    assert len(compared) == 2  # understanding, and deciding


def _comparable(output: Any) -> Any:
    messages_or_prediction = output if isinstance(output, list) else [output]
    return [
        each.as_dict() if isinstance(each, Message) else (each.probabilities, each.policy_name)
        for each in messages_or_prediction
    ]


async def test_a_node_that_breaks_says_so_in_order_as_with_dask(bot: InProcessBot) -> None:
    runner = bot.agent.processor.graph_runner
    for run in (speedups.run_in_order, speedups._run_with_dask):
        with pytest.raises(GraphRunError, match="Missing input"):
            run(runner, {}, [bot.agent.processor.model_metadata.nlu_target])


async def test_actions_are_called_over_one_connection_pool_with_the_secret(
    bot: InProcessBot, action_server: FakeActionServer
) -> None:
    for _ in range(3):
        assert texts(await bot.say("track my order COUR-20250127-061")) == ["COUR-20250127-061 in en"]
    endpoint = bot.agent.action_endpoint
    connections = sum(len(pool) for pool in endpoint._session.connector._conns.values())

    assert connections == 1
    assert action_server.names() == ["action_track"] * 3


async def test_actions_that_hang_do_not_keep_another_one_waiting(action_server: FakeActionServer) -> None:
    more_than_aiohttp_would_open = 120
    endpoint = EndpointConfig(action_server.url.rpartition("/")[0], headers={"Authorization": "Bearer test-secret"})
    server = ActionServer.from_endpoint(endpoint)
    body = {"next_action": "action_track", "tracker": {"slots": {"delivery_code": "", "language": "en"}}}
    action_server.gate.clear()
    calls = [
        asyncio.ensure_future(server.request("post", "webhook", json=body)) for _ in range(more_than_aiohttp_would_open)
    ]

    for _ in calls:
        await asyncio.wait_for(action_server.arrivals.acquire(), ACTION_SECONDS / 2)

    action_server.gate.set()
    await asyncio.gather(*calls)
    await server.close()


async def test_the_pool_keeps_basic_auth_and_headers() -> None:
    plain = EndpointConfig("http://127.0.0.1:1/", basic_auth={"username": "u", "password": "p"}, headers={"A": "b"})
    server = ActionServer.from_endpoint(plain)
    async with server.session() as first, server.session() as second:
        assert first is second
        assert first.auth == aiohttp.BasicAuth("u", "p")
        assert first.headers["A"] == "b"
    assert not first.closed

    await server.close()
    assert first.closed

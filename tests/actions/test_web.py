"""The action server as Rasa meets it over HTTP."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from structlog.testing import capture_logs

from actions.__main__ import all_actions
from actions.people import PeopleClient
from actions.web import create_app
from backend import BackendClient
from tests.actions.rasa import DOMAIN, TURN_ID, said_by_person, tracker

SECRET = "a-secret-for-tests-only"
ADMITTED = {"Authorization": f"Bearer {SECRET}"}
PRIVATE_WORDS = "je m'appelle Marie"


class Broken(Action):  # type: ignore[misc]
    """An action that does not apologise by itself."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def name(self) -> str:
        return "action_broken"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        raise self.error


def call(action: str, **message: Any) -> dict[str, Any]:
    """What Rasa posts."""
    state = tracker(said_by_person(text=PRIVATE_WORDS, **message)).current_state()
    return {"next_action": action, "sender_id": "grace", "tracker": state, "domain": DOMAIN, "version": "3.6.21"}


@pytest.fixture
def executor(people: PeopleClient, backend: BackendClient) -> ActionExecutor:
    executor = ActionExecutor()
    for action in all_actions(people, backend):
        executor.register_action(action)
    return executor


@pytest.fixture
async def rasa(executor: ActionExecutor) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(executor, SECRET))
    async with httpx.AsyncClient(transport=transport, base_url="http://actions.test") as client:
        yield client


def test_every_action_of_the_domain_exists_and_no_other(executor: ActionExecutor) -> None:
    assert sorted(executor.actions) == sorted(DOMAIN["actions"])


async def test_an_action_answers_with_responses_and_events(rasa: httpx.AsyncClient) -> None:
    code = "COUR-20250127-061"

    answer = await rasa.post("/webhook", json=call("action_track_delivery", delivery_code=code), headers=ADMITTED)

    assert answer.status_code == 200
    assert [each["response"] for each in answer.json()["responses"]] == ["utter_delivery"]
    assert answer.json()["events"][0]["value"] == code


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": SECRET}])
@pytest.mark.parametrize(("method", "path"), [("POST", "/webhook"), ("GET", "/actions"), ("GET", "/anything")])
async def test_nobody_comes_in_without_the_secret(
    rasa: httpx.AsyncClient, headers: dict[str, str], method: str, path: str
) -> None:
    answer = await rasa.request(method, path, headers=headers, json=call("action_human_agent"))

    assert answer.status_code == 401


async def test_health_needs_no_secret(rasa: httpx.AsyncClient) -> None:
    assert (await rasa.get("/health")).json() == {"status": "ok"}


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"next_action": "action_human_agent"}', '{"tracker": {}}'])
async def test_a_body_that_is_no_call_is_refused(rasa: httpx.AsyncClient, body: str) -> None:
    answer = await rasa.post("/webhook", content=body, headers=ADMITTED)

    assert answer.status_code == 422


async def test_an_unknown_action_is_named(rasa: httpx.AsyncClient) -> None:
    answer = await rasa.post("/webhook", json=call("action_of_tomorrow"), headers=ADMITTED)

    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_of_tomorrow"


async def test_a_rejection_reaches_rasa_as_one(rasa: httpx.AsyncClient, executor: ActionExecutor) -> None:
    executor.register_action(Broken(ActionExecutionRejection("tracking_form")))

    answer = await rasa.post("/webhook", json=call("action_broken"), headers=ADMITTED)

    assert (answer.status_code, answer.json()["action_name"]) == (400, "tracking_form")


async def test_a_call_without_the_domain_asks_for_it(rasa: httpx.AsyncClient) -> None:
    bare = {key: value for key, value in call("action_human_agent").items() if key != "domain"}

    assert (await rasa.post("/webhook", json=bare, headers=ADMITTED)).status_code == 449


async def test_a_failure_echoes_nothing_of_the_conversation(
    rasa: httpx.AsyncClient, executor: ActionExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    executor.register_action(Broken(RuntimeError(PRIVATE_WORDS)))

    with capture_logs() as logs:
        answer = await rasa.post("/webhook", json=call("action_broken"), headers=ADMITTED)

    assert answer.status_code == 500
    assert answer.json() == {"error": "internal error", "action_name": "action_broken"}
    assert logs == [
        {
            "event": "an action broke",
            "log_level": "error",
            "action": "action_broken",
            "turn_id": TURN_ID,
            "reason": "RuntimeError",
            "place": logs[0]["place"],
        }
    ]
    assert re.fullmatch(r"test_web\.py:\d+ run", logs[0]["place"])
    assert PRIVATE_WORDS not in caplog.text


async def test_a_tracker_that_makes_no_sense_breaks_only_its_own_call(rasa: httpx.AsyncClient) -> None:
    odd = call("action_human_agent") | {"tracker": {"events": None}}

    answer = await rasa.post("/webhook", content=json.dumps(odd), headers=ADMITTED)

    assert answer.status_code == 500

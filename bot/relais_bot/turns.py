"""Runs each turn once, whatever happens to the caller that asked for it.

TurnNotRun     nothing was changed and the same request may simply be sent again (503)
TurnFailed     the turn cannot be completed (500)
"""

import asyncio
import logging
import traceback
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import LockError

from relais_bot.processor import TurnMessage
from relais_bot.tracker_store import SqlTrackerStore, TrackerStoreError
from relais_bot.turn_answer import TurnAnswer, answer_from
from relais_bot.turn_request import TurnRequest

logger = logging.getLogger(__name__)

CHANNEL = "whatsapp"

TurnKey = tuple[str, str]


class TurnNotRun(Exception):
    """Nothing was changed; the same request may be sent again."""


class TurnFailed(Exception):
    """The turn raised. Its message says nothing the user said."""


class Turns:
    """The turns that are running, by sender and turn id."""

    def __init__(self) -> None:
        # The strong references also keep tasks alive whose caller has gone: asyncio holds tasks weakly.
        self._running: dict[TurnKey, asyncio.Task[TurnAnswer]] = {}

    async def answer(self, agent: Agent, request: TurnRequest) -> TurnAnswer:
        """Runs the turn, joins it where it is running, or returns what it answered before.

        Cancelling the caller (sanic does when a client disconnects) does not cancel the turn.
        """
        key = (request.sender_id, request.turn_id)
        task = self._running.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(_run(agent, request))
            self._running[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    async def finish(self, timeout_seconds: float) -> None:
        """Waits for the turns under way, before the process ends."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=timeout_seconds)

    def _forget(self, key: TurnKey, task: "asyncio.Task[TurnAnswer]") -> None:
        del self._running[key]
        if not task.cancelled():
            task.exception()  # looked at, in case nobody was left to await it


async def _run(agent: Agent, request: TurnRequest) -> TurnAnswer:
    try:
        # Rasa's agent would take this lock later, after a look at the store: turns could overtake each other there.
        async with agent.lock_store.lock(request.sender_id):
            return await _run_locked(agent, request)
    except (LockError, TrackerStoreError) as error:
        logger.warning(f"Turn {request.turn_id} was not run: {error}")
        raise TurnNotRun(str(error)) from error
    except Exception as error:
        logger.error(f"Turn {request.turn_id} failed: {type(error).__name__} in {_place(error)}")
        logger.debug("Why the turn failed:", exc_info=True)
        raise TurnFailed(f"The turn failed ({type(error).__name__}).") from error


async def _run_locked(agent: Agent, request: TurnRequest) -> TurnAnswer:
    store: SqlTrackerStore = agent.tracker_store
    events = await store.turn_events(request.sender_id, request.turn_id)
    replayed = bool(events)
    if not replayed:
        await agent.processor.handle_message(_message(request))
        events = await store.turn_events(request.sender_id, request.turn_id)
    return answer_from(events, request.turn_id, replayed=replayed)


def _message(request: TurnRequest) -> TurnMessage:
    return TurnMessage(
        text=request.text,
        output_channel=_Silence(),
        sender_id=request.sender_id,
        parse_data=dict(request.parse_data) if request.parse_data is not None else None,
        input_channel=CHANNEL,
        message_id=request.turn_id,
        metadata=dict(request.metadata),
        slots=request.slots,
        notes=request.notes,
    )


def _place(error: BaseException) -> str:
    """Where it was raised: an error's own text may quote the user, its place does not."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"


class _Silence(OutputChannel):
    """Says nothing: what the bot says is read from the saved events. Its name makes `channel: whatsapp` apply."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Rasa would hand every response over here, before anything is saved."""

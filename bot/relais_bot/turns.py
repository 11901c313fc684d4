"""Runs each turn once, whatever happens to the caller that asked for it."""

import asyncio
import logging
import traceback
from typing import Protocol, runtime_checkable

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.lock_store import LockError

from relais_bot.plain_rasa import PlainRasa
from relais_bot.turn_answer import TurnAnswer
from relais_bot.turn_errors import TurnFailed, TurnNotRun
from relais_bot.turn_output import TurnOutput
from relais_bot.turn_request import TurnRequest
from relais_bot.unasked import Unasked

logger = logging.getLogger(__name__)

TurnKey = tuple[str, str]


@runtime_checkable
class RunsTurns(Protocol):
    """What an agent may bring along: Relais's own does, and `PlainRasa` does it for any other."""

    def fitted(self, request: TurnRequest) -> TurnRequest:
        """The request as the loaded model understands it. Raises `BadTurn` for what it does not know."""

    async def run_turn(self, request: TurnRequest, output: OutputChannel) -> TurnAnswer:
        """Run the turn, or return what it answered before. The sender's lock is held."""


def runner_of(agent: Agent) -> RunsTurns:
    """Who runs the turns of this agent."""
    return agent if isinstance(agent, RunsTurns) else PlainRasa(agent)


class Turns:
    """The turns that are running, by sender and turn id."""

    def __init__(self, unasked: Unasked) -> None:
        self._unasked = unasked
        # The strong references also keep tasks alive whose caller has gone: asyncio holds tasks weakly.
        self._running: dict[TurnKey, asyncio.Task[TurnAnswer]] = {}

    async def answer(self, agent: Agent, request: TurnRequest) -> TurnAnswer:
        """Runs the turn, joins it where it is running, or returns what it answered before. Raises also `BadTurn`.

        Cancelling the caller (sanic does when a client disconnects) does not cancel the turn.
        """
        request = runner_of(agent).fitted(request)
        key = (request.sender_id, request.turn_id)
        task = self._running.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(_run(agent, request, TurnOutput(self._unasked)))
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


async def _run(agent: Agent, request: TurnRequest, output: TurnOutput) -> TurnAnswer:
    try:
        # Rasa's agent would take this lock later, after a look at the store: turns could overtake each other there.
        async with agent.lock_store.lock(request.sender_id):
            return await runner_of(agent).run_turn(request, output)
    except (LockError, TurnNotRun) as error:
        logger.warning(f"Turn {request.turn_id} was not run: {error}")
        raise TurnNotRun(str(error)) from error
    except Exception as error:
        logger.error(f"Turn {request.turn_id} failed: {type(error).__name__} in {_place(error)}")
        logger.debug("Why the turn failed:", exc_info=True)
        raise TurnFailed(f"The turn failed ({type(error).__name__}).") from error
    finally:
        output.end_turn()


def _place(error: BaseException) -> str:
    """Where it was raised: an error's own text may quote the user, its place does not."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"

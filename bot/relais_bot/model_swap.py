"""Puts another model in the place of the one that answers, without losing or failing a turn.

The new model is loaded beside the old one, in a thread, and tried. Only then does one assignment decide who runs the
turns that come from now on. Turns under way finish with the model they began with; when the last of them has ended,
nothing holds the old one any more. Both share connections and the lock of each sender, so that a person's turns stay in
order across the change. What cannot be loaded or does not pass its trial leaves everything as it was.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from relais_bot import light
from relais_bot.agent import TurnAgent, successor_of
from relais_bot.model_archive import metadata_of
from relais_bot.model_files import CURRENT, point_current
from relais_bot.refusals import Refused

logger = logging.getLogger(__name__)

#: What a model is tried with: it must make something of each, in its own terms.
TRIAL = ("bonjour", "hello", "où est mon colis", "where is my parcel", "oui", "no", "xyzzy 42", "👍")
NEEDS_RESTART = (
    "{name} needs a network of Rasa's, and this bot was started without those: "
    "make it the current model (`ln -sfn {name} models/current.tar.gz`) and start the bot again."
)


class SwapRefused(Refused):
    """The model cannot answer; the one before goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """Who answers now, who did before, and how many seconds loading and trying took."""

    model: str
    before: str
    seconds: float


class ModelSwap:
    """The agent that answers (`app.ctx.agent`), and how another one takes its place."""

    def __init__(self, context: Any, endpoints: AvailableEndpoints, models: Path) -> None:
        self._context = context
        self._endpoints = endpoints
        #: The folder of models.
        self.models = models
        self._one_at_a_time = asyncio.Lock()
        #: The one that is being loaded and tried now.
        self.taking: str | None = None
        #: The last one that was refused, and why.
        self.refused: tuple[str, str] | None = None

    @property
    def path(self) -> Path:
        """The file of the model that answers."""
        return Path(self._context.agent.processor.model_path)

    @property
    def model(self) -> str:
        """The file name of the model that answers."""
        return str(self._context.agent.model_name)

    async def take(self, model: Path) -> Swapped:
        """Let this model answer from now on, and after a restart. Raises `SwapRefused`: nothing has changed then."""
        async with self._one_at_a_time:
            started, old = time.monotonic(), self._context.agent
            self.taking = model.name
            try:
                if model.name != self.model:
                    self._context.agent = await self._loaded(model)
                self._keep(model)
            except SwapRefused as error:
                self._context.agent = old
                self.refused = model.name, str(error)
                logger.warning(f"{self.model} goes on answering: {error}")
                raise
            finally:
                self.taking = None
            self.refused = None
            done = Swapped(model=model.name, before=str(old.model_name), seconds=time.monotonic() - started)
            if done.model != done.before:
                logger.info(f"{done.model} answers now, ready in {done.seconds:.1f} s; before: {done.before}.")
            return done

    def _keep(self, model: Path) -> None:
        """Whoever starts after us begins with this one. Raises `SwapRefused`."""
        try:
            if (self.models / CURRENT).resolve() != model.resolve():
                point_current(self.models, model)
        except OSError as error:
            raise SwapRefused(f"{CURRENT} cannot be made to mean {model.name} ({error.strerror}).") from error

    async def _loaded(self, model: Path) -> TurnAgent:
        """An agent that runs this model and passed its trial. Raises `SwapRefused`."""
        try:
            if light.lacks_what_is_needed(metadata_of(model)):
                raise SwapRefused(NEEDS_RESTART.format(name=model.name))
            agent = successor_of(self._context.agent, self._endpoints)
            await asyncio.get_running_loop().run_in_executor(None, agent.load_model, model)
            await try_out(agent)
        except SwapRefused:
            raise
        except Refused as error:
            raise SwapRefused(str(error)) from error
        except (Exception, SystemExit) as error:
            # What a component raises may be anything, and none of it may reach those who write meanwhile.
            why = f"{type(error).__name__}: {_first_line(error)}"
            raise SwapRefused(f"{model.name} cannot be loaded ({why})") from error
        return agent


async def try_out(agent: TurnAgent) -> None:
    """Whether the model understands and decides at all, without a conversation. Raises `SwapRefused`."""
    for text in TRIAL:
        tracker = DialogueStateTracker("trial", agent.domain.slots)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), agent.domain)
        found = await agent.processor.parse_message(UserMessage(text, sender_id="trial"), tracker)
        intent = (found.get("intent") or {}).get("name")
        if intent not in agent.domain.intents:
            raise SwapRefused(f"{agent.model_name} takes {text!r} for {intent}, which its own domain does not know")
        tracker.update(UserUttered(text, found["intent"], found.get("entities"), found), agent.domain)
        agent.processor.predict_next_with_tracker(tracker)
        await asyncio.sleep(0)  # whoever writes meanwhile is answered in between


def _first_line(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return (str(error).splitlines() or [""])[0][:300]

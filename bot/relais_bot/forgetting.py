"""Forgets a conversation, where the store of it can."""

from rasa.core.agent import Agent
from rasa.core.lock_store import LockError

from relais_bot.turn_errors import TrackerStoreError, TurnNotRun


class CannotForget(Exception):
    """The tracker store is one of Rasa's own, which have no way to delete a conversation."""


async def forget(agent: Agent, sender_id: str) -> int:
    """Waits for the turn under way, then forgets; how many events there were. Raises CannotForget and TurnNotRun."""
    store_forgets = getattr(agent.tracker_store, "forget", None)
    if store_forgets is None:
        raise CannotForget
    try:
        async with agent.lock_store.lock(sender_id):
            return int(await store_forgets(sender_id))
    except (LockError, TrackerStoreError) as error:
        raise TurnNotRun(str(error)) from error

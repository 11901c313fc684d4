"""Puts a model in front of people, and the one before it back: asked for, checked, taken by the bot, kept.

The bot does the change itself and loses no turn (bot/relais_bot/model_swap.py). Here it is made sure that the model
fits what runs beside it, and that everybody is of one mind afterwards, whoever dies in between: a promotion is a row
before the bot is asked, and one that nobody works on any more is ended by what the bot says.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.engine import Connection

from conversations.models import history
from conversations.models.history import Promotion, State
from server.models.bot_door import Answering, BotAway, BotDoor
from server.models.errors import Busy, ModelError, NoSuchModel, NotPromoted
from server.models.files import ModelFiles
from server.models.lock import alone, is_held
from staff.audit import Deed, keep
from storage.database import Database

log = structlog.get_logger()

NAMED: Final = 8
"""Names in one sentence."""

SWITCHING: Final = "Another model is being put in place; wait until that has ended."


class Promoter:
    """Changes which model answers."""

    def __init__(self, files: ModelFiles, door: BotDoor, database: Database, clock: Callable[[], datetime]) -> None:
        self._files = files
        self._door = door
        self._database = database
        self._clock = clock
        self._lock: Path = files.folder / ".switching"

    async def answering(self) -> Answering | None:
        """Who answers people now; None while the bot is away."""
        try:
            return await self._door.which()
        except BotAway:
            return None

    async def promote(self, name: str, member_id: str | None, address: str | None = None) -> Promotion:
        """Have this model answer. Raises ModelError, saying why nothing changed."""
        with alone(self._lock, SWITCHING):
            await self._settle()
            before = await self.answering()
            current = before.model if before else self._files.current()
            if before is not None and before.model == name == self._files.current():
                raise NotPromoted(f"{name} answers people already.")
            promotion_id = await self._database.write(
                history.begin, from_model=current, to_model=name, member_id=member_id, now=self._clock()
            )
            if promotion_id is None:
                raise Busy(SWITCHING)
            try:
                takes_models = await self._check(name)
            except ModelError as error:
                await self._database.write(history.end, promotion_id, State.REFUSED, self._clock(), str(error))
                raise
            try:
                await self._switch(name, takes_models)
            except NotPromoted as error:
                await self._settle(str(error))
                raise
            await self._database.write(self._done, promotion_id, member_id, address)
        log.info("models.promoted", model=name, before=current)
        (done,) = [each for each in await self._database.read(history.listed) if each.id == promotion_id]
        return done

    async def back(self, member_id: str | None, address: str | None = None) -> Promotion:
        """Have the model answer that did before the present one. Raises ModelError."""
        before = await self.before()
        if before is None:
            raise NoSuchModel("There is no model to go back to: nothing was promoted yet, or its file is gone.")
        return await self.promote(before, member_id, address)

    async def before(self) -> str | None:
        """The model that the present one was put in the place of, where its file is still there."""
        current = self._files.current()
        last = await self._database.read(history.latest, current) if current else None
        if last is None or last.from_model is None:
            return None
        try:
            await asyncio.to_thread(self._files.find, last.from_model)
        except NoSuchModel:
            return None
        return last.from_model

    async def settle(self) -> None:
        """End a promotion whose process has died."""
        if not is_held(self._lock) and await self._database.read(history.open_one) is not None:
            with alone(self._lock, SWITCHING):
                await self._settle()

    async def _settle(self, why: str = "The server ended before the bot had answered.") -> None:
        """What the bot has is what is so; while it is away, what it will start with. Left open while it still loads."""
        left = await self._database.read(history.open_one)
        if left is None:
            return
        answering = await self.answering()
        if answering is not None and answering.taking == left.to_model:
            return
        now_has = answering.model if answering else self._files.current()
        if now_has == left.to_model:
            await asyncio.to_thread(self._files.point_current, left.to_model)
            await self._database.write(self._done, left.id, left.member_id, None)
        else:
            await self._database.write(history.end, left.id, State.REFUSED, self._clock(), why)

    async def _switch(self, name: str, takes_models: bool) -> None:
        if takes_models:
            digest = await asyncio.to_thread(lambda: self._files.digest(self._files.find(name)))
            await self._door.take(name, digest)
        try:
            await asyncio.to_thread(self._files.point_current, name)
        except OSError as error:
            raise NotPromoted(f"{self._files.folder.name}/ cannot be written to ({error.strerror}).") from None

    async def _check(self, name: str) -> bool:
        """Whether the bot takes models when asked. Raises ModelError where this one does not fit what is there."""
        before = await self._door.which()
        wanted = await asyncio.to_thread(self._files.names, name)
        known = await self._door.actions()
        missing = sorted(wanted.actions - set(known)) if known is not None else []
        if missing:
            raise NotPromoted(
                f"{name} wants actions that the action server does not have: {_some(missing)}. "
                "Start the action server of the same version first."
            )
        lost = sorted(await self._intents(before.model) - wanted.intents)
        # What people had on their screens before, they may have again.
        if lost and name != await self.before():
            raise NotPromoted(
                f"{name} no longer knows what buttons on people's phones may mean: {_some(lost)}. "
                "Keep these intents in the domain; to give one up, let `make train` make the model current."
            )

        return before.takes_models

    async def _intents(self, name: str) -> frozenset[str]:
        try:
            return (await asyncio.to_thread(self._files.names, name)).intents
        except NoSuchModel:
            return frozenset()  # a model of the bot's own machine

    def _done(self, connection: Connection, promotion_id: str, member_id: str | None, address: str | None) -> None:
        if history.end(connection, promotion_id, State.DONE, self._clock()):
            subject = ("model", promotion_id)
            keep(connection, Deed.MODEL_PROMOTED, self._clock(), member_id=member_id, subject=subject, address=address)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more

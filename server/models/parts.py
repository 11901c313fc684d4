"""Everything about models, joined: the folder, the bench, the bot's door, and work that goes on beside a request."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from channels.transport import Transport
from conversations.models import history
from conversations.review.corrections import export, keeping
from conversations.review.corrections.lesson import Lessons
from server.models import comparing, training
from server.models.bot_door import BotDoor
from server.models.errors import ModelError
from server.models.files import Candidate, ModelFiles
from server.models.promoting import Promoter
from server.models.training import Changes
from server.models.work import Bench, Kind
from server.settings import Settings
from storage.database import Database

log = structlog.get_logger()

SPARED: Final = 3
"""Promotions whose models stay, however old they are."""

FRESH_SECONDS: Final = 20.0

type Told = Callable[[str], None]


@dataclass(slots=True)
class Models:
    """What the desk and the command line do about models."""

    files: ModelFiles
    bench: Bench
    promoter: Promoter
    project: Path
    database: Database
    _pending: tuple[float, Changes] | None = None
    _beside: set[asyncio.Task[None]] = field(default_factory=set)

    async def changes(self) -> Changes:
        """What reviewers said of lines, as far as the project has not got it yet."""
        lessons = await self.database.read(keeping.lessons)
        return await asyncio.to_thread(_changes, self.project, lessons)

    async def pending(self) -> Changes:
        """The same, as it was a moment ago: for a page that asks every two seconds."""
        if self._pending is None or time.monotonic() - self._pending[0] > FRESH_SECONDS:
            self._pending = time.monotonic(), await self.changes()
        return self._pending[1]

    async def train(self, member_id: str | None, told: Told | None = None) -> Candidate:
        """Train a candidate; the current model stays. Raises ModelError."""
        # Held before anything is read: whoever looks right after asking sees that it is under way.
        async with self.bench.working(Kind.TRAIN, "", member_id) as task:
            last = await self.database.read(history.listed, SPARED)
            spared = [name for each in last for name in (each.from_model, each.to_model) if name]
            return await training.train(self.files, task, self.project, await self.changes(), spared=spared, told=told)

    async def compare(self, name: str, member_id: str | None, told: Told | None = None) -> Mapping[str, Any]:
        """Compare a candidate with the current model and keep what was found. Raises ModelError."""
        self.files.candidate(name)
        async with self.bench.working(Kind.COMPARE, name, member_id) as task:
            recorded = await self.database.read(comparing.recorded)
            lessons = await self.database.read(keeping.lessons)
            return await comparing.compare(
                self.files, task, self.project, recorded=recorded, confirmed=lessons, told=told
            )

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for here goes on."""
        return bool(self._beside)

    def beside(self, work: Coroutine[Any, Any, object]) -> None:
        """Do it while the one who asked looks on; how it ended is kept where they look."""

        async def done() -> None:
            try:
                await work
            except ModelError as error:
                log.info("models.ended", problem=type(error).__name__)
            except Exception:
                log.exception("models.broken")

        task = asyncio.ensure_future(done())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def close(self) -> None:
        """End what is under way."""
        for task in list(self._beside):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def build_models(settings: Settings, database: Database, transport: Transport, clock: Callable[[], datetime]) -> Models:
    """Join them."""
    files = ModelFiles(settings.models_dir)
    door = BotDoor(transport, settings.bot_url, settings.actions_url, settings.relais_secret.get_secret_value())
    return Models(
        files=files,
        bench=Bench(settings.models_dir, settings.bot_python),
        promoter=Promoter(files, door, database, clock),
        project=settings.project_dir,
        database=database,
    )


def _changes(project: Path, lessons: Lessons) -> Changes:
    plan = export.plan(lessons, export.read_files(project))
    of_project = {path: text for path, text in plan.files.items() if path.startswith("data/")}
    remarks = [
        f"{path}: {why}. Mend it by hand; until then its corrections are left out." for path, why in plan.problems
    ]
    return Changes(files=of_project, added=len(plan.added), removed=len(plan.removed), remarks=remarks)

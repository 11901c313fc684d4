"""The pages of models, and what their buttons do. Training and promoting go on beside; the page looks on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Response
from sqlalchemy.engine import Connection

from conversations.models import history
from conversations.models.history import Promotion, State
from server.desk.door import needs
from server.desk.models.shown import compared, seen_texts
from server.desk.page import Desk
from server.desk.visit import Visit
from server.models.errors import ModelError, NoSuchModel
from server.models.files import Candidate
from server.models.parts import Models
from staff import Act, members
from staff.audit import Deed, keep

type Teacher = Annotated[Visit, needs(Act.TEACH)]
type Promoting = Annotated[Visit, needs(Act.PROMOTE)]

AGAIN: Final = {True: "every 2s", False: "every 15s"}
"""How often a page looks: while something goes on, and else."""

TOLD_FOR: Final = timedelta(minutes=10)
"""How long a refusal stands above all; the history has it for good."""


def model_pages(desk: Desk) -> APIRouter:
    """/models, a candidate's own page, and their forms."""
    router, pages = APIRouter(prefix="/models"), _Pages(desk)
    router.get("")(pages.show)
    router.get("/now")(pages.now)
    router.post("/train")(pages.train)
    router.post("/cancel")(pages.cancel)
    router.post("/back")(pages.back)
    router.get("/{name}")(pages.candidate)
    router.post("/{name}/compare")(pages.compare)
    router.post("/{name}/promote")(pages.promote)
    router.post("/{name}/drop")(pages.drop)
    return router


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    @property
    def _models(self) -> Models:
        return self._desk.parts.models

    async def show(self, visit: Teacher) -> Response:
        """What answers, what is under way, candidates, and what was promoted."""
        return self._desk.page(visit, "models/models.html", **await self._found(visit))

    async def now(self, visit: Teacher) -> Response:
        """The piece of it that renews itself."""
        return self._desk.piece(visit, "models/now.html", **await self._found(visit))

    async def candidate(self, visit: Teacher, name: str) -> Response:
        """What one was trained on, and how it compares."""
        about = self._known(name)
        found = self._models.files.comparison(name)
        texts = await self._database.read(seen_texts, found, visit.member.reach(Act.READ_TALKS)) if found else {}
        told: dict[str, Any] = {"about": about, "compared": compared(found, texts) if found else None}
        return self._desk.page(visit, "models/candidate.html", **told, **await self._found(visit))

    async def train(self, visit: Teacher) -> Response:
        """Train a candidate and compare it, while the page looks on."""
        if not self._models.bench.can_work:
            return self._desk.go("/models", done="models.done.no_environment")
        if self._is_working():
            return self._desk.go("/models", done="models.done.busy")
        await self._database.write(_trained, visit)
        self._models.beside(self._train(visit.member.id))
        return self._desk.go("/models")

    async def compare(self, visit: Teacher, name: str) -> Response:
        """Compare it anew."""
        self._known(name)
        if not self._models.bench.can_work or self._is_working():
            word = "busy" if self._models.bench.can_work else "no_environment"
            return self._desk.go(f"/models/{name}", done=f"models.done.{word}")
        self._models.beside(self._models.compare(name, visit.member.id))
        return self._desk.go(f"/models/{name}")

    async def cancel(self, visit: Teacher) -> Response:
        """Have what is under way end."""
        was = self._models.bench.cancel()
        return self._desk.go("/models", done=f"models.done.{'cancelled' if was else 'nothing'}")

    async def promote(self, visit: Promoting, name: str) -> Response:
        """Put it in front of people; the page shows how that ends."""
        try:
            self._models.files.find(name)
        except NoSuchModel:
            raise HTTPException(404) from None
        return self._switched(visit, name)

    async def back(self, visit: Promoting) -> Response:
        """Put the one before in its place."""
        before = await self._models.promoter.before()
        if before is None:
            return self._desk.go("/models", done="models.done.nothing")
        return self._switched(visit, before)

    async def drop(self, visit: Teacher, name: str) -> Response:
        """Remove a candidate that does not answer people."""
        self._known(name)
        if name == self._models.files.current() or name == await self._models.promoter.before():
            return self._desk.go("/models", done="models.done.in_use")
        self._models.files.drop_candidate(name)
        return self._desk.go("/models", done="models.done.dropped")

    def _switched(self, visit: Visit, name: str) -> Response:
        if not may_promote(visit):
            return self._desk.go("/models", done="models.done.not_everywhere")
        self._models.beside(self._models.promoter.promote(name, visit.member.id, visit.address))
        return self._desk.go("/models", done="models.done.switching")

    async def _train(self, member_id: str) -> None:
        made = await self._models.train(member_id)
        await self._models.compare(made.name, member_id)

    def _is_working(self) -> bool:
        work = self._models.bench.look()
        return work is not None and work.outcome is None

    def _known(self, name: str) -> Candidate:
        try:
            return self._models.files.candidate(name)
        except NoSuchModel:
            raise HTTPException(404) from None

    async def _found(self, visit: Visit) -> dict[str, Any]:
        models = self._models
        await self._settled()
        promotions, names = await self._database.read(_history)
        work, changes = models.bench.look(), await models.pending()
        is_busy = (
            models.is_busy
            or (work is not None and work.outcome is None)
            or any(each.state is State.SWITCHING for each in promotions)
        )
        candidates = models.files.candidates()
        return {
            "answering": await models.promoter.answering(),
            "current": models.files.current(),
            "before": await models.promoter.before(),
            "candidates": [(each, models.files.comparison(each.name)) for each in candidates],
            "others": models.files.others(),
            "promotions": promotions,
            "refused": _just_refused(promotions, visit.now),
            "names": names,
            "work": work,
            "changes": changes,
            "can_work": models.bench.can_work,
            "may_promote": may_promote(visit),
            "is_busy": is_busy,
            "again": AGAIN[is_busy],
        }

    async def _settled(self) -> None:
        try:
            await self._models.promoter.settle()
        except ModelError:
            return  # somebody else is at it


def may_promote(visit: Visit) -> bool:
    """A model answers all businesses: who changes it may do so at every one of them."""
    reach = visit.member.reach(Act.PROMOTE)
    return reach is None or set(visit.houses) <= set(reach)


def _just_refused(promotions: Sequence[Promotion], now: datetime) -> Promotion | None:
    """The last promotion, where the bot would not and somebody may still wonder."""
    last = promotions[0] if promotions else None
    if last is None or last.state is not State.REFUSED or last.ended_at is None:
        return None
    return last if now - last.ended_at < TOLD_FOR else None


def _history(connection: Connection) -> tuple[Any, dict[str, str]]:
    return history.listed(connection), {each.id: each.name for each in members.listed(connection)}


def _trained(connection: Connection, visit: Visit) -> None:
    keep(connection, Deed.MODEL_TRAINED, visit.now, member_id=visit.member.id, address=visit.address)

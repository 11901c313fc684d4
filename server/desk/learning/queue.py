"""The page Learning: lines that were not understood, or only just, for somebody to say what they mean."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response

from conversations.review.corrections import queue
from conversations.review.corrections.keeping import MEANING, SKIPPED, BadCorrection, Decision
from conversations.review.corrections.queue import MOST_COUNTED, MOST_FOLDED, PAGE
from server.desk.door import needs
from server.desk.learning import school as schools
from server.desk.learning.school import School, house_of
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act

type Reviewing = Annotated[Visit, needs(Act.REVIEW)]
type Name = Annotated[str, Form(max_length=128)]
type Verdict = Annotated[Literal["meaning", "skipped"], Form()]
type Ids = Annotated[str, Form(max_length=37 * MOST_FOLDED)]
"""Ids with commas between them."""


def queue_routes(desk: Desk, school: School) -> APIRouter:
    """GET /learning, and what is done with its lines."""
    router, pages = APIRouter(prefix="/learning"), _Queue(desk, school)
    router.get("")(pages.show)
    router.get("/count")(pages.count)
    router.post("/decide")(pages.decide)
    router.post("/decide-chosen")(pages.decide_chosen)
    router.post("/undo")(pages.undo)
    return router


class _Queue:
    def __init__(self, desk: Desk, school: School) -> None:
        self._desk = desk
        self._school = school
        self._database = desk.parts.database

    async def show(self, visit: Reviewing, business: str = "") -> Response:
        """What to look at next: the least certain first, each unlike those before it."""
        houses = visit.of(visit.member.reach(Act.REVIEW))
        counts = {each.id: await self._database.read(queue.count, {each.id}) for each in houses}
        # Where none is named, one at which there is something to do.
        busy = next((each.slug for each in houses if counts[each.id]), "")
        house = house_of(visit, business or busy)
        known = await self._school.choices(visit)
        shown: dict[str, Any] = {
            "house": house,
            "houses": houses,
            "lines": await self._database.read(queue.page, house.id),
            "counts": counts,
            "most_counted": MOST_COUNTED,
            "known": known,
            "has_out_of_scope": _has(known),
            "tab": "queue",
        }
        return self._desk.page(visit, "learning/queue.html", **shown)

    async def count(self, visit: Reviewing) -> Response:
        """How many lines wait, for the menu."""
        found = await self._database.read(queue.count, visit.member.reach(Act.REVIEW))
        return Response("" if not found else f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found))

    async def decide(self, visit: Reviewing, turns: Ids, verdict: Verdict = "meaning", meaning: Name = "") -> Response:
        """Say what these lines mean, or that nobody is to be asked; the row says what was done."""
        ids = _ids(turns)
        decision = Decision(verdict=verdict, intent=meaning)
        try:
            kept = await self._database.write(schools.decide, visit, ids, decision)
        except BadCorrection as error:
            return schools.not_kept(self._desk, visit, error)
        unclear = await self._database.read(queue.group, visit.member.reach(Act.REVIEW), ids)
        answer = self._desk.piece(visit, "learning/decided.html", each=unclear, kept=kept, done=kept[0])
        answer.headers["HX-Trigger"] = "counted"
        return answer

    async def decide_chosen(
        self,
        visit: Reviewing,
        act: Verdict,
        chosen: Annotated[list[str], Form(max_length=PAGE)] = [],  # noqa: B006
        meaning: Name = "",
        business: Name = "",
    ) -> Response:
        """The same for several rows at once."""
        ids = [turn_id for each in chosen for turn_id in _ids(each)]
        if not ids or (act == MEANING and not meaning.strip()):
            return self._desk.go("/learning", done="learning.done.nothing", business=business)
        try:
            await self._database.write(schools.decide, visit, ids, Decision(verdict=act, intent=meaning))
        except BadCorrection as error:
            return self._desk.go("/learning", done=f"learning.done.not_kept.{error.why}", business=business)
        word = "learning.done.skipped" if act == SKIPPED else "learning.done.meaning"
        return self._desk.go("/learning", done=word, business=business)

    async def undo(self, visit: Reviewing, corrections: Ids) -> Response:
        """Take decisions back; the row stands there as before."""
        ids = await self._database.write(schools.undo, visit, _ids(corrections))
        unclear = await self._database.read(queue.group, visit.member.reach(Act.REVIEW), ids)
        known = await self._school.choices(visit)
        answer = self._desk.piece(visit, "learning/line.html", each=unclear, has_out_of_scope=_has(known))
        answer.headers["HX-Trigger"] = "counted"
        return answer


def _has(known: list[schools.Choice]) -> bool:
    return any(each.name == "out_of_scope" for each in known)


def _ids(given: str) -> list[str]:
    """Ids as our own page joins them."""
    try:
        return [str(UUID(each)) for each in given.split(",")][:MOST_FOLDED]
    except ValueError:
        raise HTTPException(422) from None

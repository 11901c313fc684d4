"""The page of kept answers: what agents insert by its shortcut, in both languages, for each business."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response

from conversations.handoffs import canned
from conversations.handoffs.canned import LANGUAGES, PLACEHOLDERS, BadAnswer
from server.desk.door import MayNot, needs
from server.desk.page import Desk
from server.desk.visit import House, Visit
from staff import Act

type Writer = Annotated[Visit, needs(Act.ASSIGN)]
type Words = Annotated[str, Form(max_length=10_000)]


def kept_answer_routes(desk: Desk) -> APIRouter:
    """/answers and below."""
    router, pages = APIRouter(prefix="/answers"), _KeptAnswers(desk)
    router.get("")(pages.show)
    router.post("")(pages.keep)
    router.post("/{answer_id}")(pages.change)
    router.post("/{answer_id}/drop")(pages.drop)
    return router


class _KeptAnswers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.parts.database

    async def show(self, visit: Writer, business: str = "", edit: UUID | None = None) -> Response:
        """Those of a business, and a form for a new one or this one."""
        house = self._house(visit, business)
        found = await self._database.read(canned.listed, house.id)
        edited = next((each for each in found if each.id == str(edit)), None)
        form = {"shortcut": edited.shortcut, **edited.texts} if edited else {}
        return self._page(visit, house, found, form, edited.id if edited else None)

    async def keep(
        self, visit: Writer, business: Words = "", shortcut: Words = "", fr: Words = "", en: Words = ""
    ) -> Response:
        """Keep a new one."""
        house = self._house(visit, business)
        return await self._keep(visit, house, None, {"shortcut": shortcut, "fr": fr, "en": en})

    async def change(
        self, visit: Writer, answer_id: UUID, shortcut: Words = "", fr: Words = "", en: Words = ""
    ) -> Response:
        """Change one."""
        house = await self._house_of(visit, answer_id)
        return await self._keep(visit, house, str(answer_id), {"shortcut": shortcut, "fr": fr, "en": en})

    async def drop(self, visit: Writer, answer_id: UUID) -> Response:
        """Forget one."""
        house = await self._house_of(visit, answer_id)
        await self._database.write(canned.drop, house.id, str(answer_id))
        return self._desk.go("/answers", done="answers.done.dropped", business=house.slug)

    async def _keep(self, visit: Visit, house: House, answer_id: str | None, form: Mapping[str, str]) -> Response:
        texts = {language: form[language] for language in LANGUAGES}
        by: dict[str, Any] = {"member_id": visit.member.id, "now": visit.now, "answer_id": answer_id}
        try:
            await self._database.write(canned.keep, house.id, form["shortcut"], texts, **by)
        except BadAnswer as error:
            found = await self._database.read(canned.listed, house.id)
            return self._page(visit, house, found, form, answer_id, error)
        return self._desk.go("/answers", done="answers.done.kept", business=house.slug)

    def _page(
        self,
        visit: Visit,
        house: House,
        found: Any,
        form: Mapping[str, str],
        edited: str | None,
        error: BadAnswer | None = None,
    ) -> Response:
        shown = {"house": house, "houses": visit.of(visit.member.reach(Act.ASSIGN)), "answers": found}
        told = {"form": form, "edited": edited, "error": error, "placeholders": PLACEHOLDERS}
        return self._desk.page(visit, "team/answers.html", 422 if error else 200, **shown, **told)

    def _house(self, visit: Visit, slug: str) -> House:
        """The business that is named, else the first at which they may. Raises MayNot."""
        theirs = visit.of(visit.member.reach(Act.ASSIGN))
        found = next((house for house in theirs if house.slug == slug or not slug), None)
        if found is None:
            raise MayNot
        return found

    async def _house_of(self, visit: Visit, answer_id: UUID) -> House:
        found = await self._database.read(canned.find, str(answer_id))
        if found is None:
            raise HTTPException(404)
        if not visit.member.may(Act.ASSIGN, found.business_id):
            raise MayNot
        return visit.houses[found.business_id]

"""Temporary meanings, which wait for an intent of the domain; remarks about entities, which wait for a developer."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Form, Response
from sqlalchemy.engine import Connection

from conversations.review.corrections import keeping
from conversations.review.corrections.keeping import BadCorrection, Correction
from conversations.review.facts import Facts
from conversations.review.masking import masked
from server.desk.door import needs
from server.desk.learning.school import School, by, note
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act

type Reviewing = Annotated[Visit, needs(Act.REVIEW)]
type Name = Annotated[str, Form(max_length=128)]


def meaning_routes(desk: Desk, school: School) -> APIRouter:
    """GET /learning/meanings, POST /learning/meanings, GET /learning/remarks."""
    router, database = APIRouter(prefix="/learning"), desk.parts.database

    @router.get("/meanings")
    async def temporary(visit: Reviewing) -> Response:
        """Names that readers gave and the domain does not have, with their lines."""
        known = (await school.meanings()).intents
        found = await database.read(keeping.standing, visit.member.reach(Act.REVIEW))
        lines: dict[str, list[Correction]] = {}
        for each in found:
            if each.intent and each.intent not in known:
                lines.setdefault(each.intent, []).append(each)
        choices = await school.choices(visit)
        return desk.page(visit, "learning/meanings.html", temporary=lines, known=choices, tab="meanings")

    @router.post("/meanings")
    async def rename(visit: Reviewing, old: Name, new: Name) -> Response:
        """Give all lines of a name another one."""
        try:
            count = await database.write(_rename, visit, old, new.strip())
        except BadCorrection:
            return desk.go("/learning/meanings", done="learning.done.bad_name")
        return desk.go("/learning/meanings", done="learning.done.renamed" if count else "learning.done.nothing")

    @router.get("/remarks")
    async def remarks(visit: Reviewing) -> Response:
        """Entities that readers marked, beside those that were found."""
        found, facts = await database.read(_remarks, visit)
        shown = [(each, _parts(visit, each, facts.get(each.turn_id or ""))) for each in found]
        return desk.page(visit, "learning/remarks.html", remarks=shown, facts=facts, tab="remarks")

    return router


def _rename(connection: Connection, visit: Visit, old: str, new: str) -> int:
    reach = visit.member.reach(Act.REVIEW)
    concerned = Counter(each.business_id for each in keeping.standing(connection, reach) if each.intent == old)
    count = keeping.rename(connection, reach, old, new, by(visit))
    for business_id in concerned:
        note(connection, visit, business_id, None)
    return count


def _remarks(connection: Connection, visit: Visit) -> tuple[list[Correction], dict[str, Facts]]:
    found = keeping.with_remarks(connection, visit.member.reach(Act.REVIEW))
    return found, keeping.facts_of_turns(connection, [each.turn_id for each in found if each.turn_id])


def _parts(visit: Visit, each: Correction, facts: Facts | None) -> list[tuple[str, str]]:
    """What was marked: entity and words, as this reader may see them."""
    text = facts.text if facts else ""
    sees = visit.member.may(Act.READ_PEOPLE, each.business_id)
    marked = [(str(one["entity"]), text[one["start"] : one["end"]]) for one in each.remarks or ()]
    return [(name, words if sees else masked(words)) for name, words in marked]

"""Correcting a line where it was said: the panel under a message of a talk."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy.engine import Connection

from conversations.review.corrections import keeping, queue
from conversations.review.corrections.keeping import BadCorrection, Correction, Decision, Remark
from conversations.review.facts import FALLBACK_INTENT, Facts
from server.desk.door import needs
from server.desk.learning import school as schools
from server.desk.learning.school import School
from server.desk.page import Desk
from server.desk.visit import Visit
from staff import Act

type Reviewing = Annotated[Visit, needs(Act.REVIEW)]
type Name = Annotated[str, Form(max_length=128)]
type Verdict = Annotated[Literal["meaning", "right", "skipped", "remark"], Form()]
type Text = Annotated[str, Form(max_length=5000)]


def turn_routes(desk: Desk, school: School) -> APIRouter:
    """GET and POST /learning/turns/{id}."""
    router, database = APIRouter(prefix="/learning/turns/{turn_id}"), desk.parts.database

    @router.get("")
    async def panel(visit: Reviewing, turn_id: UUID) -> Response:
        """What can be said of this line."""
        facts, line, found = await database.read(_read, visit, str(turn_id))
        meanings = await school.meanings()
        shown: dict[str, Any] = {
            "facts": facts,
            "line": line,
            "done": found,
            "turn_id": str(turn_id),
            "meanings": meanings,
        }
        shown["guesses"] = queue.guesses(facts.ranking)[:5]
        shown["known"] = await school.choices(visit)
        shown["is_understood"] = facts.intent not in (None, FALLBACK_INTENT)
        shown["language"] = (found and found.language) or facts.line_language or facts.language
        return desk.piece(visit, "learning/panel.html", **shown)

    @router.post("")
    async def decide(
        visit: Reviewing,
        turn_id: UUID,
        verdict: Verdict = "meaning",
        guess: Name = "",
        meaning: Name = "",
        language: Name = "",
        line: Text = "",
        remarks: Text = "",
    ) -> Response:
        """Keep it; what stands under the message says so."""
        decision = Decision(
            verdict=verdict,
            intent=guess or meaning,
            language=language or None,
            line=line or None,
            remarks=_remarks(remarks),
        )
        try:
            (kept,) = await database.write(_decide, visit, str(turn_id), decision)
        except BadCorrection as error:
            return schools.not_kept(desk, visit, error)
        answer = desk.piece(visit, "learning/turn.html", turn_id=str(turn_id), done=kept)
        answer.headers["HX-Trigger"] = "counted"
        return answer

    @router.post("/undo")
    async def undo(visit: Reviewing, turn_id: UUID) -> Response:
        """Take back what was said of it."""
        await database.write(_undo, visit, str(turn_id))
        answer = desk.piece(visit, "learning/turn.html", turn_id=str(turn_id), done=None)
        answer.headers["HX-Trigger"] = "counted"
        return answer

    return router


def _read(connection: Connection, visit: Visit, turn_id: str) -> tuple[Facts, str, Correction | None]:
    """What was understood, the line as it would be taught, and what stands about it. Raises HTTPException."""
    found = queue.businesses_of(connection, [turn_id]).get(turn_id)
    if found is None or not visit.member.may(Act.REVIEW, found[0]):
        raise HTTPException(404)
    facts = keeping.facts_of_turns(connection, [turn_id])[turn_id]
    stands = keeping.of_turns(connection, [turn_id]).get(turn_id)
    people = keeping.names_of(connection, [found[1]])
    line = keeping.line_of(facts, people.get(found[1])) if stands is None or stands.line is None else stands.line
    return facts, line, stands


def _decide(connection: Connection, visit: Visit, turn_id: str, decision: Decision) -> list[Correction]:
    stands = keeping.of_turns(connection, [turn_id]).get(turn_id)
    if decision.verdict == keeping.REMARK and stands is not None and stands.verdict in keeping.TAUGHT:
        # Remarks stand beside what was said of the meaning, and do not take its place.
        said: dict[str, Any] = {"intent": stands.intent, "language": stands.language, "line": stands.line}
        decision = Decision(verdict=stands.verdict, remarks=decision.remarks, **said)
    return schools.decide(connection, visit, [turn_id], decision)


def _undo(connection: Connection, visit: Visit, turn_id: str) -> None:
    stands = keeping.of_turns(connection, [turn_id]).get(turn_id)
    if stands is None:
        raise HTTPException(404)
    schools.undo(connection, visit, [stands.id])


def _remarks(given: str) -> list[Remark] | None:
    """Remarks as our own page writes them; None where it has none to tell. Raises HTTPException."""
    if not given:
        return None
    try:
        return [
            Remark(entity=str(each["entity"]), start=int(each["start"]), end=int(each["end"]))
            for each in json.loads(given)
        ]
    except (ValueError, KeyError, TypeError):
        raise HTTPException(422) from None

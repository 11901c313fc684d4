"""What the pages of learning share: the project, whose lines a reader may judge, and keeping what they say."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException, Response
from sqlalchemy.engine import Connection

from conversations.review.corrections import keeping, queue
from conversations.review.corrections.keeping import BadCorrection, By, Correction, Decision, NoSuchTurn
from server.desk.door import MayNot
from server.desk.page import Desk
from server.desk.visit import House, Visit
from server.teaching.project import Meanings, ProjectFiles
from staff import Act, audit
from staff.audit import Deed


@dataclass(frozen=True, slots=True)
class Choice:
    """A meaning that can be chosen."""

    name: str
    hint: str
    """A line that is said so; "" for a temporary one."""


class School:
    """Knows the project, and keeps decisions."""

    def __init__(self, desk: Desk) -> None:
        self.database = desk.parts.database
        self.project = ProjectFiles(desk.parts.settings.project_dir)

    async def meanings(self) -> Meanings:
        """What a line can mean; the files are read outside of everybody's way."""
        return await asyncio.to_thread(self.project.meanings)

    async def choices(self, visit: Visit) -> list[Choice]:
        """Every meaning that can be chosen: the project's, and temporary ones."""
        known = (await self.meanings()).intents
        used = await self.database.read(keeping.standing, visit.member.reach(Act.REVIEW))
        temporary = sorted({each.intent for each in used if each.intent} - set(known))
        own = [Choice(name, said.get(visit.language) or next(iter(said.values()), "")) for name, said in known.items()]
        return own + [Choice(name, "") for name in temporary]


def house_of(visit: Visit, slug: str = "", act: Act = Act.REVIEW) -> House:
    """The business whose lines are shown: the one that is named, else the reader's first. Raises MayNot."""
    theirs = visit.of(visit.member.reach(act))
    found = next((house for house in theirs if house.slug == slug), theirs[0] if theirs and not slug else None)
    if found is None:
        raise MayNot
    return found


def not_kept(desk: Desk, visit: Visit, error: BadCorrection) -> Response:
    """Says why, over the page, which stays as it is."""
    said = desk.words(visit).find(f"learning.done.not_kept.{error.why}") or str(error)
    return Response(status_code=204, headers={"HX-Trigger": json.dumps({"toast": said})})


def by(visit: Visit) -> By:
    """Who decides, and when."""
    return By(member_id=visit.member.id, name=visit.member.name, now=visit.now)


def decide(connection: Connection, visit: Visit, turn_ids: Sequence[str], decision: Decision) -> list[Correction]:
    """Keep what is said of these lines, with who said it; those that are gone are left out.

    Raises MayNot where one is not theirs to judge, and BadCorrection where it cannot be kept.
    """
    found = queue.businesses_of(connection, turn_ids)
    kept = []
    for turn_id in turn_ids:
        if turn_id not in found:
            continue
        business_id, conversation_id = found[turn_id]
        if not visit.member.may(Act.REVIEW, business_id):
            raise MayNot
        kept.append(keeping.decide(connection, business_id, turn_id, decision, by(visit)))
        note(connection, visit, business_id, conversation_id)
    if not kept:
        raise NoSuchTurn("gone", "These lines are gone.")
    return kept


def undo(connection: Connection, visit: Visit, correction_ids: Sequence[str], act: Act = Act.REVIEW) -> list[str]:
    """Withdraw these decisions; the turns they were about."""
    turn_ids = []
    for correction_id in correction_ids:
        found = keeping.find(connection, visit.member.reach(act), correction_id)
        if found is None or found.turn_id is None:
            continue
        if keeping.withdraw(connection, visit.member.reach(act), correction_id, by(visit)):
            turn_ids.append(found.turn_id)
            note(connection, visit, found.business_id, found.conversation_id)
    if not turn_ids:
        raise HTTPException(404)
    return turn_ids


def note(connection: Connection, visit: Visit, business_id: str, conversation_id: str | None) -> None:
    """Keep in the audit that a line of this talk was judged."""
    subject = None if conversation_id is None else ("talk", conversation_id)
    told: dict[str, Any] = {"business_id": business_id, "subject": subject, "address": visit.address}
    audit.keep(connection, Deed.TALK_CORRECTED, visit.now, member_id=visit.member.id, **told)

"""What corrections would change in the training data: shown, checked, and committed to a branch or taken as a patch."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Response
from sqlalchemy.engine import Connection

from conversations.review.corrections import export, keeping
from conversations.review.corrections.export import Plan
from conversations.review.corrections.lesson import Lessons
from conversations.review.corrections.patch import patch
from server.desk.door import needs
from server.desk.learning import school as schools
from server.desk.learning.school import School
from server.desk.page import Desk
from server.desk.visit import Visit
from server.teaching import staging
from server.teaching.branch import Author, Committed, NoBranch, Repository
from server.teaching.staging import Uncheckable
from staff import Act, audit
from staff.audit import Deed

type Teaching = Annotated[Visit, needs(Act.TEACH)]
type Digest = Annotated[str, Form(max_length=64)]

MOST_SHOWN: Final = 60_000
"""Characters of the difference on the page; the patch holds all of it."""
MOST_PROBLEMS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What would change, with what it is told from a later one by."""

    lessons: Lessons
    plan: Plan
    patch: str
    digest: str


def change_routes(desk: Desk, school: School) -> APIRouter:
    """GET /learning/changes, and what is done with them."""
    router, pages = APIRouter(prefix="/learning/changes"), _Changes(desk, school)
    router.get("")(pages.show)
    router.get("/patch")(pages.patch)
    router.post("/check")(pages.check)
    router.post("/commit")(pages.commit)
    router.post("/{correction_id}/drop")(pages.drop)
    return router


class _Changes:
    def __init__(self, desk: Desk, school: School) -> None:
        self._desk = desk
        self._school = school
        self._database = desk.parts.database
        self._root = desk.parts.settings.project_dir
        # A lint computes for seconds: one at a time is enough.
        self._one_at_a_time = asyncio.Lock()

    async def show(self, visit: Teaching) -> Response:
        """What would change, and what is left to a person."""
        found = await self._pending(visit)
        why_not = await asyncio.to_thread(self._why_no_branch)
        shown: dict[str, Any] = {
            "pending": found,
            "plan": found.plan,
            "lines": _shown(found.patch),
            "is_cut": _is_cut(found.patch),
        }
        shown |= {"branch": branch_of(visit), "why_not": why_not, "tab": "changes"}
        return self._desk.page(visit, "learning/changes.html", **shown)

    async def patch(self, visit: Teaching) -> Response:
        """All of it for `git apply`."""
        found = await self._pending(visit)
        await self._database.write(_taught, visit)
        name = f"{branch_of(visit).replace('/', '-')}.patch"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(found.patch, media_type="text/x-patch; charset=utf-8", headers=headers)

    async def check(self, visit: Teaching, digest: Digest = "") -> Response:
        """`relais lint` on a copy of the project with the changes."""
        found = await self._pending(visit)
        if digest != found.digest:
            return self._said(visit, "changed")
        return self._said(visit, **await self._lint(found))

    async def commit(self, visit: Teaching, digest: Digest = "") -> Response:
        """The same, and then a commit on a branch."""
        found = await self._pending(visit)
        if digest != found.digest:
            return self._said(visit, "changed")
        checked = await self._lint(found)
        if checked["result"] != "sound":
            return self._said(visit, **checked)
        try:
            made = await asyncio.to_thread(self._commit, visit, found)
        except NoBranch as error:
            return self._said(visit, "no_branch", why=error.why, detail=error.detail)
        if made is None:
            return self._said(visit, "there", branch=branch_of(visit))
        await self._database.write(_taught, visit)
        return self._said(visit, "committed", branch=made.branch, commit=made.commit[:10])

    async def drop(self, visit: Teaching, correction_id: UUID) -> Response:
        """Leave a line out: its correction is withdrawn."""
        await self._database.write(schools.undo, visit, [str(correction_id)], Act.TEACH)
        return self._desk.go("/learning/changes", done="learning.done.left_out")

    async def _pending(self, visit: Visit) -> Pending:
        lessons = await self._database.read(keeping.lessons, visit.member.reach(Act.TEACH))
        return await asyncio.to_thread(_planned, lessons, self._school.project.files)

    async def _lint(self, found: Pending) -> dict[str, Any]:
        try:
            async with self._one_at_a_time:
                problems = await staging.lint(self._root, found.plan.files)
        except Uncheckable as error:
            return {"result": "uncheckable", "detail": str(error)}
        problems.sort(key=lambda each: not any(each.startswith(f"{path}:") for path in found.plan.files))
        told = {"problems": problems[:MOST_PROBLEMS], "count": len(problems)}
        return {"result": "unsound", **told} if problems else {"result": "sound"}

    def _said(self, visit: Visit, result: str, **told: Any) -> Response:
        return self._desk.piece(visit, "learning/result.html", result=result, told=told)

    def _why_no_branch(self) -> str | None:
        try:
            Repository(self._root)
        except NoBranch as error:
            return error.why
        return None

    def _commit(self, visit: Visit, found: Pending) -> Committed | None:
        author = Author(name=visit.member.name, email=visit.member.email)
        return Repository(self._root).commit(
            branch_of(visit), lambda files: export.changes(found.lessons, files), author, _message(found.plan)
        )


def branch_of(visit: Visit) -> str:
    """The branch of a day."""
    return f"relais/reviewed-{visit.now.date().isoformat()}"


def _planned(lessons: Lessons, read: Any) -> Pending:
    files: Mapping[str, str] = read()
    plan = export.plan(lessons, files)
    digest = hashlib.sha256(json.dumps(plan.files, sort_keys=True).encode()).hexdigest()
    return Pending(lessons=lessons, plan=plan, patch=patch(files, plan.files), digest=digest)


def _message(plan: Plan) -> str:
    counted: dict[str, int] = {}
    for each in plan.added:
        counted[each.intent] = counted.get(each.intent, 0) + 1
    told = "".join(f"- {intent}: {count}\n" for intent, count in sorted(counted.items()))
    gone = f"\n{len(plan.removed)} withdrawn lines go.\n" if plan.removed else ""
    return f"Take {len(plan.added)} reviewed lines over into the training data\n\n{told}{gone}"


def _taught(connection: Connection, visit: Visit) -> None:
    audit.keep(connection, Deed.CORRECTIONS_TAUGHT, visit.now, member_id=visit.member.id, address=visit.address)


def _shown(difference: str) -> list[tuple[str, str]]:
    """The lines of the difference, each with what it is."""
    kinds = {"+": "come", "-": "go", "@": "place"}
    lines = difference[:MOST_SHOWN].split("\n")
    headers = ("+++", "---", "diff ", "new file", "deleted file")
    return [("file" if line.startswith(headers) else kinds.get(line[:1], "stay"), line) for line in lines]


def _is_cut(difference: str) -> bool:
    return len(difference) > MOST_SHOWN

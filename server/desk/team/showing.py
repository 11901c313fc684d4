"""Shows the page of a talk: the same after looking, and after something could not be sent."""

from typing import Any

from fastapi import Response

from server.desk.inbox.routes import body_of, version_of
from server.desk.page import Desk
from server.desk.team.answer_box import Draft, answer_box
from server.desk.team.reading import Talk, colleagues
from server.desk.visit import Visit


def log_of(desk: Desk, visit: Visit, talk: Talk) -> dict[str, Any]:
    """What was said, as a piece, and what tells it from a later one."""
    body = body_of(desk, visit, "team/log.html", talk=talk)
    return {"talk": talk, "body": body, "version": version_of(body)}


async def talk_page(desk: Desk, visit: Visit, talk: Talk, draft: Draft | None = None, status: int = 200) -> Response:
    """The whole page; with what somebody wrote and could not send."""
    box = await answer_box(desk, visit, talk, draft)
    others = await desk.parts.database.read(colleagues, talk.business_id)
    shown = log_of(desk, visit, talk) | {"box": box, "colleagues": others, "watchers": []}
    return desk.page(visit, "team/talk.html", status, **shown)

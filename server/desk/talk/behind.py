"""What stands behind a message of a talk: its story, its file."""

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.engine import Connection

from conversations import sent_files
from conversations.review import talk
from conversations.sent_files import SentFile
from notifications.explain import explain
from notifications.tables import messages
from server.desk.door import needs
from server.desk.page import Desk
from server.desk.visit import Visit
from server.media_routes import serve_file, serve_kept
from staff import Act
from storage.tables import conversations

type Reading = Annotated[Visit, needs(Act.READ_TALKS)]


def behind_routes(desk: Desk) -> APIRouter:
    """GET /talks/{id}/messages/{id} and /talks/{id}/files/{id}."""
    router = APIRouter(prefix="/talks")
    database = desk.parts.database

    @router.get("/{talk_id}/messages/{message_id}")
    async def story(visit: Reading, talk_id: UUID, message_id: UUID) -> Response:
        """Why a message went, waits, or did not go."""
        told = await database.read(_story, visit, str(talk_id), str(message_id))
        if told is None:
            raise HTTPException(404)
        return desk.piece(visit, "talk/story.html", story=told)

    @router.get("/{talk_id}/files/{media_id}")
    async def file(visit: Reading, talk_id: UUID, media_id: UUID, request: Request) -> Response:
        """A file that the person sent."""
        if not await database.read(_has_file, visit, str(talk_id), str(media_id)):
            raise HTTPException(404)
        return await serve_file(desk.parts, media_id, request)

    @router.get("/{talk_id}/sent/{file_id}")
    async def sent(visit: Reading, talk_id: UUID, file_id: UUID, request: Request) -> Response:
        """A file that an agent sent, or is about to."""
        found = await database.read(_sent_file, visit, str(talk_id), str(file_id))
        if found is None:
            raise HTTPException(404)
        return await serve_kept(desk.parts, found, found.storage_key, request)

    return router


def _story(connection: Connection, visit: Visit, talk_id: str, message_id: str) -> dict[str, Any] | None:
    if not _may_read(connection, visit, talk_id):
        return None
    talk_of = connection.scalar(sa.select(messages.c.conversation_id).where(messages.c.id == message_id))
    return explain(connection, message_id) if talk_of == talk_id else None


def _has_file(connection: Connection, visit: Visit, talk_id: str, media_id: str) -> bool:
    return _may_read(connection, visit, talk_id) and talk.file_of(connection, talk_id, media_id)


def _sent_file(connection: Connection, visit: Visit, talk_id: str, file_id: str) -> SentFile | None:
    return sent_files.find(connection, file_id, talk_id) if _may_read(connection, visit, talk_id) else None


def _may_read(connection: Connection, visit: Visit, talk_id: str) -> bool:
    c = conversations.c
    business_id = connection.scalar(sa.select(c.business_id).where(c.id == talk_id))
    return business_id is not None and visit.member.may(Act.READ_TALKS, business_id)

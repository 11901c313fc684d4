"""Puts the inbox together: its routes, its live line, and how it says no."""

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from server.inbox.cors import Cors
from server.inbox.door import InboxDoor
from server.inbox.live import PAUSES, Pauses, live_routes
from server.inbox.routes import inbox_routes
from server.incoming import RETRY_LATER, problem
from server.parts import Parts
from storage.database import StorageError

log = structlog.get_logger()


def inbox_app(parts: Parts, pauses: Pauses = PAUSES) -> FastAPI:
    """The app under /inbox of the public port."""
    app = FastAPI(title="Relais, inbox", docs_url=None, redoc_url=None, openapi_url=None)
    door = InboxDoor(parts)
    app.include_router(inbox_routes(parts, door))
    app.include_router(live_routes(parts, door, pauses))
    app.add_middleware(Cors, door=door)

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def of_fields(_request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        # What was sent is not repeated.
        return problem(422, f"{'.'.join(str(each) for each in first['loc'])}: {first['msg']}.")

    @app.exception_handler(StorageError)
    async def of_storage(_request: Request, error: StorageError) -> Response:
        log.error("inbox.storage_unavailable", problem=str(error))
        return problem(503, "The inbox cannot be read or kept now; ask again.", RETRY_LATER)

    return app

"""Models over HTTP, for bots on other machines: the current one as Rasa's `models:` pulls it, and each by its name."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Response
from fastapi.responses import FileResponse

from server.models.errors import NoSuchModel
from server.models.files import CURRENT, ModelFiles


def model_routes(files: ModelFiles) -> APIRouter:
    """GET /models/current and GET /models/{name}; whoever mounts them asks for the secret."""
    router = APIRouter(prefix="/models")

    @router.get("/current")
    async def current(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """The model that answers: 200 with ETag and filename, 304 where that is known, 404 where there is none."""
        return await _served(CURRENT, if_none_match)

    @router.get("/{name}")
    async def named(name: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """One of them, in the same way."""
        return await _served(name, if_none_match)

    async def _served(name: str, known: str | None) -> Response:
        try:
            # Its own file, not the name that may mean another one in an instant.
            model = await asyncio.to_thread(files.find, name)
            etag = f'"{await asyncio.to_thread(files.digest, model)}"'
        except (NoSuchModel, OSError):
            raise HTTPException(404, "There is no such model.") from None
        headers = {"ETag": etag, "filename": model.name}
        if known == etag:
            return Response(status_code=304, headers=headers)
        return FileResponse(model, media_type="application/gzip", headers=headers)

    return router

"""The private port: what our own processes and operators call, with the shared secret."""

import hmac
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse

from server.api import api_app
from server.desk import desk_app
from server.guest.customer import customer_behind
from server.handoff_routes import asking_routes
from server.health import health_routes
from server.media_routes import media_routes
from server.models.routes import model_routes
from server.parts import Parts
from server.personal.routes import personal_routes
from server.preferences import preference_routes
from server.tracking.routes import link_routes
from server.unasked import unasked_routes
from server.watching import CountRequests, metrics_routes


def private_app(parts: Parts) -> FastAPI:
    """The app behind PRIVATE_PORT."""
    # What businesses call is described by an app of its own, at /api/docs.
    app = FastAPI(title="Relais, private port", docs_url=None, redoc_url=None)
    app.include_router(health_routes(parts, in_words=True))
    secret = parts.settings.relais_secret.get_secret_value()

    async def ours(request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            raise HTTPException(401, "Send Authorization: Bearer with RELAIS_SECRET.")

    app.include_router(metrics_routes(parts), include_in_schema=False)
    app.include_router(media_routes(parts), dependencies=[Depends(ours)])

    @app.get("/internal/people/{sender_id}", dependencies=[Depends(ours)], include_in_schema=False)
    async def people(sender_id: UUID) -> dict[str, Any]:
        """Who an opaque sender id stands for: for the actions alone, never to be kept or logged."""
        found = await parts.database.read(customer_behind, str(sender_id), parts.settings)
        if found is None:
            raise HTTPException(404, "There is no such sender.")
        return asdict(found)

    app.include_router(link_routes(parts), dependencies=[Depends(ours)], include_in_schema=False)
    app.include_router(asking_routes(parts), dependencies=[Depends(ours)], include_in_schema=False)
    app.include_router(personal_routes(parts), dependencies=[Depends(ours)], include_in_schema=False)
    app.include_router(preference_routes(parts), dependencies=[Depends(ours)], include_in_schema=False)
    app.include_router(model_routes(parts.models.files), dependencies=[Depends(ours)], include_in_schema=False)
    app.include_router(unasked_routes(parts), dependencies=[Depends(ours)], include_in_schema=False)

    app.add_route("/desk", lambda request: RedirectResponse("/desk/"))
    app.mount("/desk", desk_app(parts))

    # Last: what is not one of the above is the API's, and so is the answer that there is no such address.
    app.mount("", api_app(parts))
    app.add_middleware(CountRequests, port="private")
    return app

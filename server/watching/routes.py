"""GET /metrics, as Prometheus reads it."""

import asyncio
import hmac
import time
from typing import Final

import structlog
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from server.health import Checkup
from server.parts import Parts
from server.watching import readings
from storage.database import StorageError
from telemetry.metrics import REGISTRY

FRESH_SECONDS: Final = 5.0
"""What waits is counted anew when the last count is older: several who watch cost no more than one. Our choice."""

log = structlog.get_logger()


def metrics_app(parts: Parts) -> FastAPI:
    """The app behind METRICS_PORT: a worker of its own has no other."""
    app = FastAPI(title="Relais, numbers of a worker", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(metrics_routes(parts))
    return app


def metrics_routes(parts: Parts) -> APIRouter:
    """GET /metrics, for whoever says METRICS_TOKEN or RELAIS_SECRET."""
    router, checkup = APIRouter(tags=["health"]), Checkup(parts)
    keys = [key.get_secret_value() for key in (parts.settings.metrics_token, parts.settings.relais_secret)]
    expected = [f"Bearer {key}".encode() for key in keys if key]
    counting = asyncio.Lock()
    counted_at = -FRESH_SECONDS

    @router.get("/metrics", response_class=Response)
    async def metrics(request: Request) -> Response:
        """This process's numbers, and how much waits in the database (the same whichever process is asked)."""
        nonlocal counted_at
        given = request.headers.get("authorization", "").encode()
        if not any(hmac.compare_digest(given, each) for each in expected):
            raise HTTPException(401, "Send Authorization: Bearer with METRICS_TOKEN or RELAIS_SECRET.")
        async with counting:
            if time.monotonic() - counted_at > FRESH_SECONDS:
                try:
                    read = await parts.database.read(readings.read)
                    found = await checkup.findings()
                    disk = readings.of_disk(parts.settings.var_dir)
                    readings.tell([*read, *readings.of_parts(found.parts), *disk])
                    counted_at = time.monotonic()
                except StorageError as error:
                    # What this process counted is still true; alerts notice a database that is away by themselves.
                    log.warning("metrics.not_counted", problem=str(error))
        return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return router

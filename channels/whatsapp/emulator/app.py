"""The emulator as a FastAPI app: routes, guard, and the delivery that runs as long as the app does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from channels.whatsapp.emulator import api, control, events, graph, page, page_acts
from channels.whatsapp.emulator.clock import Clock, utc_now
from channels.whatsapp.emulator.guard import Guard
from channels.whatsapp.emulator.handshake import verify
from channels.whatsapp.emulator.media import STATIC
from channels.whatsapp.emulator.parts import put_together
from channels.whatsapp.emulator.settings import EmulatorSettings
from channels.whatsapp.emulator.start import set_the_table

# Made once for all apps: FastAPI reads every route anew for each router it is included in, which takes longer than
# making everything else of an emulator. Routes find the parts of their own app through the request.
routes = APIRouter()
routes.include_router(api.router)
routes.include_router(control.router)
routes.include_router(page.router)
routes.include_router(page_acts.router)
routes.include_router(events.router)
routes.mount("/static", StaticFiles(directory=STATIC), name="static")
routes.include_router(graph.router)


def create_app(
    settings: EmulatorSettings, *, clock: Clock = utc_now, to_server: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """The whole emulator. Webhooks are delivered while the app's lifespan runs, so give it a real server.

    `to_server` carries them instead of the network: `httpx.ASGITransport(app=…)` to a server in this program.
    """
    parts = put_together(settings, clock, to_server)
    set_the_table(parts)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        delivering = asyncio.create_task(parts.delivery.run())
        verifying = asyncio.create_task(verify(settings, parts.delivery.line, parts.feed, to_server))
        yield
        # Delivery ends with the feed; cancelled as well, it would be kept from closing its connections.
        parts.feed.close()
        verifying.cancel()
        await asyncio.gather(delivering, verifying, return_exceptions=True)
        parts.database.close()

    # The interactive API pages would load scripts from elsewhere.
    app = FastAPI(title="WhatsApp emulator", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    app.add_middleware(Guard)
    app.mount("/", routes)
    return app

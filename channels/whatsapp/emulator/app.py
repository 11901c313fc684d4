"""The emulator as a FastAPI app: routes, guard, and the delivery that runs as long as the app does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from channels.whatsapp.emulator import api, events, graph, page
from channels.whatsapp.emulator.guard import Guard
from channels.whatsapp.emulator.handshake import verify
from channels.whatsapp.emulator.media import STATIC
from channels.whatsapp.emulator.parts import put_together
from channels.whatsapp.emulator.settings import EmulatorSettings
from channels.whatsapp.emulator.switchboard import Clock, utc_now


def create_app(settings: EmulatorSettings, *, clock: Clock = utc_now) -> FastAPI:
    """The whole emulator. Webhooks are delivered while the app's lifespan runs, so give it a real server."""
    parts = put_together(settings, clock)
    parts.switchboard.seed()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = [
            asyncio.create_task(parts.delivery.run()),
            asyncio.create_task(verify(settings, parts.delivery.line, parts.feed)),
        ]
        yield
        parts.feed.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        parts.database.close()

    # The interactive API pages would load scripts from elsewhere.
    app = FastAPI(title="WhatsApp emulator", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.parts = parts
    app.add_middleware(Guard)
    app.include_router(api.router)
    app.include_router(page.router)
    app.include_router(events.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(graph.router)
    return app

"""Builds the demo backend's application: the contract, the controls, and their data."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI

from demo.backend import api, controls, page
from demo.backend.beside import Beside
from demo.backend.callers import Clock
from demo.backend.couriers import Couriers
from demo.backend.faults import FaultMiddleware, FaultSwitch
from demo.backend.photos import Photos
from demo.backend.planting import plant, replant
from demo.backend.problems import PROBLEM_MEDIA_TYPE, answer_problems
from demo.backend.seed import seed_businesses
from demo.backend.settings import Settings
from demo.backend.store import Store
from demo.backend.telling import Teller, client_of

CONTRACT_VERSION = "1.1"
ABOUT = (
    "What Relais asks a business's own system. Implement these calls, set BACKEND_URL and BACKEND_TOKEN, "
    "and the assistant answers from your data."
)


# Made once for all apps: FastAPI reads every route anew for each app it is included in, which takes longer than making
# everything else of a demo. Routes find the data of their own app through the request.
routes = APIRouter()
for each in (api, controls, page):
    routes.include_router(each.router)


def utc_now() -> datetime:
    """The clock of every day."""
    return datetime.now(UTC)


def create_app(settings: Settings, *, reset: bool = False, clock: Clock = utc_now) -> FastAPI:
    """The application, its data opened and seeded; close `app.state.store` where no server runs it."""
    store = Store(settings.database)
    (replant if reset else plant)(store, seed_businesses())
    app = _without_routes()
    app.mount("/", routes)
    app.state.settings = settings
    app.state.store = store
    app.state.clock = clock
    app.state.photos = Photos(settings.photos)
    app.state.beside = list(_beside(settings, store, clock))
    return app


def _beside(settings: Settings, store: Store, clock: Clock) -> Iterator[Beside]:
    """What goes on by itself while the application runs."""
    if settings.demo_tells_relais:
        yield Beside("teller", Teller(store, client_of(settings)).turn)
    if settings.demo_courier_seconds:
        yield Beside("couriers", Couriers(store, settings.demo_courier_seconds, clock).turn)


def openapi_text() -> str:
    """The contract as OpenAPI, as docs/backend-openapi.json keeps it; needs no settings and no data."""
    app = _without_routes()
    app.include_router(routes)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def _without_routes() -> FastAPI:
    # The documentation pages are off: they load their scripts from somebody else's server.
    app = _Contract(
        title="Relais backend",
        version=CONTRACT_VERSION,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_while_it_runs,
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.faults = FaultSwitch()
    app.add_middleware(FaultMiddleware, switch=app.state.faults)
    answer_problems(app)
    return app


@asynccontextmanager
async def _while_it_runs(app: FastAPI) -> AsyncIterator[None]:
    for each in app.state.beside:
        each.start()
    yield
    for each in app.state.beside:
        each.stop()
    app.state.store.close()


class _Contract(FastAPI):
    """FastAPI whose OpenAPI tells the truth about our errors: problems, served as such."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                _state_problems(operation["responses"])
        document["components"]["schemas"].pop("HTTPValidationError", None)
        document["components"]["schemas"].pop("ValidationError", None)
        return document


def _state_problems(responses: dict[str, Any]) -> None:
    """Serve every error as a problem, in the document as on the wire; forget those that cannot happen."""
    if responses.get("422", {}).get("description") == "Validation Error":  # FastAPI adds it to every route
        del responses["422"]
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST:
            schema = {"$ref": "#/components/schemas/Problem"}
            response["content"] = {PROBLEM_MEDIA_TYPE: {"schema": schema}}

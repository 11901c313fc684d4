"""The action server's surroundings, in this process: the demo backend and a small server that knows the people."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from actions.people import PeopleClient
from backend import BackendClient
from demo.backend import Settings, create_app
from tests.actions.people import PEOPLE_URL, SECRET, SmallServer

BACKEND_URL = "http://backend.test"
TOKEN = "demo-token"


@pytest.fixture
def server() -> SmallServer:
    return SmallServer()


@pytest.fixture
async def people(server: SmallServer) -> AsyncIterator[PeopleClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as http:
        yield PeopleClient(http, PEOPLE_URL, SECRET)


@pytest.fixture(scope="session")
def demo_transport(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.ASGITransport]:
    folder: Path = tmp_path_factory.mktemp("backend")
    app = create_app(Settings(backend_token=SecretStr(TOKEN), var_dir=folder))
    yield httpx.ASGITransport(app=app)
    app.state.store.close()


@pytest.fixture
async def backend(demo_transport: httpx.ASGITransport) -> AsyncIterator[BackendClient]:
    async with httpx.AsyncClient(transport=demo_transport) as http:
        yield BackendClient(http, BACKEND_URL, TOKEN)

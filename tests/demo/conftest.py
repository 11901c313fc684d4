"""A demo backend of its own for each test, in this process."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from demo.backend import Settings, create_app
from tests.demo.people import BASE_URL, GRACE, PATRICK, SAMI, TOKEN, Person
from tests.demo.told_clock import ToldClock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(backend_token=SecretStr(TOKEN), var_dir=tmp_path)


@pytest.fixture
def clock() -> ToldClock:
    return ToldClock()


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data of the first day, to be copied for each test: planting it takes longer than most of them."""
    first_day = Settings(backend_token=SecretStr(TOKEN), var_dir=tmp_path_factory.mktemp("planted"))
    create_app(first_day).state.store.close()
    return first_day.database


@pytest.fixture
def app(settings: Settings, clock: ToldClock, planted: Path) -> Iterator[FastAPI]:
    shutil.copy(planted, settings.database)
    app = create_app(settings, clock=clock)
    yield app
    app.state.store.close()


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
        yield http


@pytest.fixture
def grace(http: httpx.AsyncClient) -> Person:
    return Person(http, GRACE)


@pytest.fixture
def patrick(http: httpx.AsyncClient) -> Person:
    return Person(http, PATRICK)


@pytest.fixture
def sami(http: httpx.AsyncClient) -> Person:
    return Person(http, SAMI, "jasmin")

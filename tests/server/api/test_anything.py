"""Whatever anybody sends to a route that changes something: an answer or a problem, and nothing half done."""

import asyncio
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL, Connection

from storage.tables import metadata
from tests.house import House, open_house, settings_for
from tests.server.api.shop import Shop, shop_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


class Town:
    """A server on a loop of its own, so that Hypothesis may ask it again and again."""

    def __init__(self, address: URL, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.house: House = self.runner.run(self._open(address, folder))
        self.shop: Shop = self.runner.run(shop_of(self.house))
        self.runner.run(self.shop.ask("PUT", "/v1/topics/weekly-offers", json={}))
        self.bodies = dict(self.runner.run(self._bodies()))

    async def _open(self, address: URL, folder: Path) -> House:
        return open_house(settings_for(address, folder, api_requests_per_minute=10**6))

    async def _bodies(self) -> list[tuple[str, Any]]:
        """The example of each POST route, by its path."""
        described = (await self.house.private.get("/api/openapi.json")).json()
        found = []
        for path, methods in described["paths"].items():
            content = methods.get("post", {}).get("requestBody", {}).get("content", {})
            if content:
                name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
                found.append((path, described["components"]["schemas"][name]["examples"][0]))
        return found

    def rows(self) -> dict[str, int]:
        def count(connection: Connection) -> dict[str, int]:
            counted = metadata.sorted_tables
            return {t.name: connection.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in counted}

        return self.runner.run(self.house.parts.database.read(count))

    def post(self, path: str, body: Any) -> tuple[int, str]:
        answer = self.runner.run(self.shop.post(path, body))
        return answer.status_code, answer.headers["content-type"]

    def close(self) -> None:
        self.runner.run(self.house.parts.close())
        self.runner.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    if request.param == "sqlite":
        file = folder / "relais.db"
        file.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        address = sa.make_url(f"sqlite:///{file}")
    else:
        address = request.getfixturevalue("postgres_database")
    opened = Town(address, folder)
    yield opened
    opened.close()


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _places(each, (*path, name))
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _places(each, (*path, index))


def _with(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(body)
    inner = changed
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return changed


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_any_json_is_answered_or_refused_whole(town: Town, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(town.bodies)))
    example = town.bodies[path]
    place = data.draw(st.sampled_from(list(_places(example))))
    before = town.rows()

    status, kind = town.post(path.replace("{topic}", "weekly-offers"), _with(example, place, data.draw(values)))

    assert status < 500
    if status >= 400:
        assert kind == "application/problem+json"
        assert town.rows() == before, "what is refused changes nothing"

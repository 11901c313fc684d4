"""Every page of the desk and every button on it is open to the roles that may, and to nobody else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from server.desk.door import act_of
from staff import Act, Role
from staff.roles import allows
from tests.server.desk.desk_house import DeskHouse

OPEN = {
    "GET /static/{version}/{name}",
    "GET /login",
    "POST /login",
    "GET /login/code",
    "POST /login/code",
    "POST /demo",
    "GET /links/{token}",
    "POST /links/{token}",
}
"""What is there before one is logged in."""

NOBODY = "0197a000-0000-7000-8000-000000000000"


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, tuple[bool, Act | None]]]:
    """Method, path, and what lets people in, of every route of the desk."""
    desk = next(route.app for route in app.routes if isinstance(route, Mount) and route.path == "/desk")
    for path, route in _flat(desk.routes):  # type: ignore[attr-defined]
        doors = [act_of(each.call) for each in route.dependant.dependencies]
        found = next((door for door in doors if door[0]), (False, None))
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, path, found


def _flat(routes: Any, prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif hasattr(route, "original_router"):
            yield from _flat(route.original_router.routes, prefix + route.include_context.prefix)


async def test_every_route_has_a_door(small_desk: DeskHouse) -> None:
    doorless = {f"{method} {path}" for method, path, (has_door, _) in routes_of(small_desk.app) if not has_door}
    assert doorless == OPEN


@pytest.mark.parametrize("role", Role)
async def test_a_role_is_let_in_where_it_may_and_turned_away_elsewhere(small_desk: DeskHouse, role: Role) -> None:
    browser = await small_desk.as_role(role, "kimia")
    for method, path, (has_door, act) in routes_of(small_desk.app):
        if not has_door or path == "/logout":
            continue
        address = re.sub(r"\{\w+\}", NOBODY, path)
        answer = await (browser.get(address) if method == "GET" else browser.post(address))
        is_refused = answer.status_code == 403
        assert is_refused == (act is not None and not allows(role, act)), (
            f"{role} {method} {path}: {answer.status_code}"
        )
        assert answer.status_code < 500, f"{role} {method} {path}"


async def test_nobody_is_let_in_without_a_session(small_desk: DeskHouse) -> None:
    stranger = small_desk.stranger()
    for method, path, (has_door, _) in routes_of(small_desk.app):
        address = re.sub(r"\{\w+\}", NOBODY, path)
        if has_door:
            answer = await (stranger.get(address) if method == "GET" else stranger.post(address))
            assert answer.headers["location"].startswith("/desk/login"), f"{method} {path}"


async def test_no_change_is_taken_without_what_our_pages_send(small_desk: DeskHouse) -> None:
    browser = await small_desk.as_role(Role.ADMIN)
    for method, path, (has_door, _) in routes_of(small_desk.app):
        if has_door and method != "GET":
            answer = await browser.client.post("/desk" + re.sub(r"\{\w+\}", NOBODY, path), data={"csrf": "guessed"})
            assert answer.status_code == 403, f"{method} {path}"

"""The emulator can act as anybody: who it listens to, and who it does not."""

import pytest
from starlette.datastructures import Headers

from channels.whatsapp.emulator.guard import refusal
from tests.channels.whatsapp.emulator.world import BEARER, GRACE, KIMIA, Emulator

OWN = "127.0.0.1:8025"


@pytest.mark.parametrize("host", ["127.0.0.1", OWN, "localhost:8025", "[::1]:8025"])
def test_answers_to_its_own_names(host: str) -> None:
    assert refusal("GET", "/", Headers({"host": host})) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8025",
        "127.0.0.1:8025@evil",
        "localhost:x",
        "10.0.0.1",
    ],
)
def test_answers_to_no_other_name(host: str) -> None:
    assert refusal("GET", "/", Headers({"host": host})) is not None


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"origin": f"http://{OWN}"}, True),
        ({"x-emulator": "1"}, True),
        ({}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": f"https://{OWN}"}, False),
        ({"origin": "http://evil.example", "x-emulator": "1"}, False),
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_takes_changes_from_its_own_page_and_from_programs_only(
    method: str, headers: dict[str, str], taken: bool
) -> None:
    answer = refusal(method, f"/api/phones/{GRACE}/send", Headers({"host": OWN, **headers}))
    assert (answer is None) is taken


def test_a_graph_call_needs_no_header_of_ours_but_no_foreign_page_can_make_one() -> None:
    path = f"/v23.0/{KIMIA}/messages"
    assert refusal("POST", path, Headers({"host": OWN})) is None
    assert refusal("POST", path, Headers({"host": OWN, "origin": "http://evil.example"})) is not None


async def test_every_answer_tells_the_browser_to_load_nothing_foreign(offline: Emulator) -> None:
    for path in ("/", "/static/phone.js", "/api/phones", "/nowhere"):
        headers = (await offline.http.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' http://127.0.0.1:*")
        assert headers["x-content-type-options"] == "nosniff"


async def test_the_page_itself_holds_no_inline_script_style_or_handler(offline: Emulator) -> None:
    page = (await offline.http.get("/")).text
    assert "<style" not in page
    assert " style=" not in page
    assert " on" not in {piece[:3] for piece in page.split("<")}
    assert page.count("<script") == page.count('<script src="/static/phone.js" type="module"></script>') == 1


async def test_a_foreign_host_or_page_changes_nothing(offline: Emulator) -> None:
    body = {"phone_number_id": KIMIA, "type": "text", "text": "forged"}
    path = f"/api/phones/{GRACE}/send"
    assert (await offline.http.post(path, json=body)).status_code == 403
    assert (await offline.http.post(path, json=body, headers={"Host": "evil.example"})).status_code == 403
    evil = {"Origin": "http://evil.example", **BEARER}
    assert (await offline.http.post(f"/v23.0/{KIMIA}/messages", json={}, headers=evil)).status_code == 403
    assert await offline.chat(GRACE) == []

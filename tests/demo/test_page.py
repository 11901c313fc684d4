"""The page shows orders, claims and merchants, and its buttons do what the controls do."""

import httpx

from tests.demo.people import BASE_URL, Person
from tests.demo.wishes import fcfa, order_at

HOSTILE = "<script>alert(1)</script>"


async def test_an_order_is_shown_with_its_mission(grace: Person) -> None:
    order = await grace.done("/v1/orders", order_at(fcfa(6000), note=HOSTILE))

    page = (await grace.http.get("/")).text

    assert order["code"] in page
    assert "2 × Poulet Mayo" in page
    assert HOSTILE not in page
    assert grace.phone not in page


async def test_a_claim_is_answered_by_a_button(grace: Person) -> None:
    claim = await grace.done("/v1/claims", {"about": "COUR-20250124-032", "kind": "damaged", "description": HOSTILE})
    pressed = await grace.http.post(
        f"/claims/{claim['id']}/accepted", data={"answer": "Pardon."}, headers={"Origin": BASE_URL}
    )

    page = (await grace.http.get("/")).text
    answered = await grace.read(f"/v1/claims/{claim['id']}")

    assert (pressed.status_code, pressed.headers["location"]) == (303, f"/#{claim['id']}")
    assert (answered["status"], answered["answer"]) == ("accepted", "Pardon.")
    assert "Pardon." in page
    assert HOSTILE not in page


async def test_a_merchant_is_closed_and_opened_by_a_button(grace: Person) -> None:
    states = []
    for button in ("close", "open", "hours"):
        await grace.http.post(f"/merchants/papeterie-matsoua/{button}")
        states.append((await grace.read("/v1/merchants/papeterie-matsoua"))["open_now"])

    assert states == [False, True, False]


async def test_a_button_that_does_not_exist_changes_nothing(http: httpx.AsyncClient) -> None:
    answers = [
        await http.post("/claims/RCL-0/accepted"),
        await http.post("/claims/RCL-0/burned"),
        await http.post("/merchants/nobody/open"),
        await http.post("/merchants/flamboyant/burned"),
    ]

    assert [answer.status_code for answer in answers] == [404, 422, 404, 422]


async def test_another_site_presses_no_button(http: httpx.AsyncClient) -> None:
    answer = await http.post("/merchants/flamboyant/close", headers={"Origin": "http://evil.test"})

    assert answer.status_code == 403

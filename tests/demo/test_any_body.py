"""Whatever somebody puts into a request, the backend answers it or names what is wrong; it never breaks."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.demo.people import Person, refusal
from tests.demo.wishes import CART, HOME, PARCEL, fcfa, order_at, parcel_at

pytestmark = pytest.mark.slow  # hundreds of requests

RIGHT: dict[str, dict[str, Any]] = {
    "/v1/mission-quotes": PARCEL,
    "/v1/missions": parcel_at(fcfa(1600), note="vite"),
    "/v1/missions/COUR-20250127-074/dropoff": {"dropoff": HOME, "expected_total": fcfa(1000)},
    "/v1/order-quotes": CART | {"promo_code": "BIENVENUE"},
    "/v1/orders": order_at(fcfa(6000)),
    "/v1/payments": {"about": "COUR-20250127-074", "reference": "MP250127", "provider": "MTN MoMo"},
    "/v1/claims": {"about": "COUR-20250127-074", "kind": "late", "media": [{"id": "a"}]},
    "/v1/ratings": {"about": "COUR-20250124-032", "score": 3, "comment": "bien"},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _wrong(draw: st.DrawFn, right: Any) -> Any:
    """The right body with something else in one place."""
    if isinstance(right, dict) and right and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(right)))
        return right | {name: draw(_wrong(right[name]))}
    if isinstance(right, list) and right and draw(st.booleans()):
        return [draw(_wrong(right[0])), *right[1:]]
    return draw(JSON)


@pytest.mark.parametrize("path", RIGHT)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_body_breaks_the_backend(grace: Person, path: str, data: st.DataObject) -> None:
    answer: httpx.Response = await grace.post(path, data.draw(_wrong(RIGHT[path])))

    assert answer.status_code in {200, 201, 404, 409, 422}
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"note": "\\ud800"}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("path", ["/v1/missions", "/v1/claims"])
async def test_what_is_no_body_is_refused(grace: Person, path: str, body: bytes) -> None:
    answer = await grace.post_bytes(path, body)

    assert refusal(answer) in {(400, "invalid"), (422, "invalid")}  # 400 where it cannot even be decoded


async def test_half_a_character_is_refused(grace: Person) -> None:
    body = json.dumps(parcel_at(fcfa(1600), note="half \ud800")).encode()

    answer = await grace.post_bytes("/v1/missions", body)

    assert refusal(answer) == (422, "invalid")

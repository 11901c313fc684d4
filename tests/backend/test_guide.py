"""What docs/backend.md shows as an example is what the client reads and writes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from backend import Refused
from tests.backend.contract_samples import SCHEMAS, unknown_fields
from tests.backend.every_call import CART, PARCEL
from tests.backend.fake_backend import GRACE, Backend, as_json
from trade.problems import ProblemCode

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "backend.md").read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


def _example(*fields: str) -> dict[str, Any]:
    (found,) = [each for each in EXAMPLES if set(fields) <= set(each)]
    return found


def test_no_example_is_left_out_here() -> None:
    assert len(EXAMPLES) == 7


async def test_the_mission_of_the_guide_is_read_whole() -> None:
    mission = await Backend(as_json(_example("steps"))).client().mission(GRACE, "COUR-20250127-061")

    assert mission.delay is not None
    assert mission.position is not None
    assert (mission.delay.minutes, set(mission.allowed)) == (15, {"claim"})


async def test_the_quotes_of_the_guide_add_up() -> None:
    parcel = await Backend(as_json(_example("distance_km"))).client().quote_mission(GRACE, PARCEL)
    cart = await Backend(as_json(_example("subtotal", "problems"))).client().quote_order(GRACE, CART)

    assert len(parcel.payment_options) == 2
    assert cart.delivery_fee is not None
    assert cart.subtotal.amount - cart.discount.amount + cart.delivery_fee.amount == cart.total.amount
    assert sum(line.total.amount for line in cart.lines) == cart.subtotal.amount
    assert [problem.code for problem in cart.problems] == [ProblemCode.MERCHANT_CLOSED]


async def test_the_shop_of_the_guide_is_read() -> None:
    merchant = await Backend(as_json(_example("open_now"))).client().merchant(GRACE, "flamboyant")
    product = await Backend(as_json(_example("photo_url"))).client().product(GRACE, "poulet-mayo")

    assert (merchant.open_now, len(merchant.hours)) == (False, 3)
    assert [choice.id for choice in product.options[0].choices] == ["riz", "double-plantains"]


def test_the_cart_of_the_guide_is_one() -> None:
    cart = _example("lines", "dropoff")

    assert unknown_fields(cart, SCHEMAS["OrderWanted"]) == set()


async def test_the_problem_of_the_guide_is_understood() -> None:
    with pytest.raises(Refused) as caught:
        await Backend(as_json(_example("title"), 409)).client().mission(GRACE, "a1")

    assert (caught.value.code, caught.value.problem.in_stock) == (ProblemCode.OUT_OF_STOCK, 2)

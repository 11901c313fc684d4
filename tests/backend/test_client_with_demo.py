"""The client and the demo backend, written apart from one contract, understand each other."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from backend import BackendClient, BackendUnavailable, Customer, NotFound, Refused
from demo.backend import Settings, create_app
from trade.missions import Courier
from trade.money import Money
from trade.timeline import render_timeline

TOKEN = "demo-token"
BASE_URL = "http://127.0.0.1:8090"
GRACE = Customer(business="kimia", phone="+242061234567")
PATRICK = Customer(business="kimia", phone="+242055551234")
SAMI = Customer(business="jasmin", phone="+21620123456")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(backend_token=SecretStr(TOKEN), var_dir=tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
        yield http
    app.state.store.close()


@pytest.fixture
def client(http: httpx.AsyncClient) -> BackendClient:
    return BackendClient(http, BASE_URL, TOKEN)


async def test_every_mission_of_the_demo_is_read_and_renders(client: BackendClient) -> None:
    missions = [*await client.missions(GRACE, 50), *await client.missions(PATRICK), *await client.missions(SAMI)]

    assert len(missions) == 10
    for mission in missions:
        assert mission.code in render_timeline(mission, "fr")


async def test_the_famous_timeline_comes_out_of_the_demo(client: BackendClient) -> None:
    mission = await client.mission(GRACE, "COUR-20250127-061")

    assert mission.value == Money(amount=Decimal(8000), currency="XAF")
    assert mission.courier == Courier(name="Jean Malonga", phone="+242069876543", organization="Kimia Express")
    assert "⏱️ *Statut actuel :* _En route vers la destination_" in render_timeline(mission, "fr")


@pytest.mark.parametrize("code", ["COUR-20250127-071", "COUR-20250127-014", "COUR-19990101-001"])
async def test_grace_finds_nobody_elses_missions(client: BackendClient, code: str) -> None:
    with pytest.raises(NotFound):
        await client.mission(GRACE, code)


async def test_products_are_searched_and_read(client: BackendClient) -> None:
    (found,) = await client.products(GRACE, "poulet")

    assert found == await client.product(GRACE, "poulet-mayo")
    assert found.price == Money(amount=Decimal(2500), currency="XAF")
    assert found.photo_url == f"{BASE_URL}/photos/poulet-mayo.jpg"


async def test_a_wrong_token_is_a_refusal_that_says_so(http: httpx.AsyncClient) -> None:
    with pytest.raises(Refused) as caught:
        await BackendClient(http, BASE_URL, "wrong").missions(GRACE)
    assert caught.value.detail == "The token is not this backend's BACKEND_TOKEN."


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 500}, {"delay_seconds": 60}])
async def test_a_backend_made_unwell_is_unavailable(http: httpx.AsyncClient, fault: dict[str, int]) -> None:
    await http.post("/demo/faults", json=fault)

    with pytest.raises(BackendUnavailable):
        await BackendClient(http, BASE_URL, TOKEN, try_timeout_seconds=0.05).missions(GRACE)

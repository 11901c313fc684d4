"""The client and the demo backend, written apart from one contract, understand each other."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from backend import BackendClient, BackendUnavailable, Customer, InDoubt, NotFound, Refused
from demo.backend import Settings, create_app
from trade.claims import Media
from trade.missions import Allowed, Courier, MissionDraft, Recipient
from trade.money import Money
from trade.orders import Line, OrderDraft, OrderStatus
from trade.payments import PaymentChoice, PaymentMethod, PaymentStatus
from trade.places import Place
from trade.problems import ProblemCode
from trade.timeline import render_timeline

TOKEN = "demo-token"
BASE_URL = "http://127.0.0.1:8090"
GRACE = Customer(business="kimia", phone="+242061234567")
PATRICK = Customer(business="kimia", phone="+242055551234")
SAMI = Customer(business="jasmin", phone="+21620123456")
HOME = Place(address="114 Rue Mbochis, Poto-Poto")
PARCEL = MissionDraft(pickup=HOME, dropoff=Place(address="8 Avenue Matsoua, Bacongo"))
MARIE = Recipient(name="Marie Okemba", phone="+242061234576")
CASH = PaymentChoice(method=PaymentMethod.CASH)
PHOTO = Media(id="0194a7c2-1f0e-7b7a-9d1c-8f4f6d1b2a33", mime_type="image/jpeg")


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


# --- what is done, and not only asked ------------------------------------------------------------


async def test_a_parcel_is_quoted_sent_rated_and_claimed(http: httpx.AsyncClient, client: BackendClient) -> None:
    quote = await client.quote_mission(GRACE, PARCEL)
    mission = await client.create_mission(GRACE, PARCEL, MARIE, CASH, quote.total, note="Sonner", key="turn-1:send:1")
    for _ in range(4):
        await http.post(f"/demo/missions/{mission.code}/advance")
    await client.rate(GRACE, mission.code, 5, comment="Merci", key="turn-2:rate:1")
    claim = await client.make_claim(GRACE, mission.code, "damaged", media=[PHOTO], key="turn-3:claim:1")

    arrived = await client.mission(GRACE, mission.code)
    assert (mission.price, mission.note, mission.recipient_name) == (quote.total, "Sonner", MARIE.name)
    assert {Allowed.CANCEL, Allowed.CHANGE_DROPOFF} <= mission.allowed
    assert (arrived.status, arrived.rating, arrived.expected_at) == ("delivered", 5, None)
    assert arrived.payment is not None
    assert arrived.payment.status == PaymentStatus.PAID
    assert (await client.receipt(GRACE, mission.code)).total == quote.total
    assert (await client.claims(GRACE)).items == (claim,)


async def test_a_cart_is_priced_ordered_and_ordered_again(client: BackendClient) -> None:
    cart = OrderDraft(lines=(Line(product_id="poulet-mayo", quantity=2, choices=("riz",)),), dropoff=HOME)
    quote = await client.quote_order(GRACE, cart)
    order = await client.place_order(GRACE, cart, CASH, quote.total, key="turn-1:order:1")
    again = await client.quote_order(GRACE, order.draft)

    assert (quote.problems, order.total, again.total) == ((), quote.total, quote.total)
    assert order.known_status is OrderStatus.PLACED
    assert (await client.orders(GRACE)).items == (order,)
    assert order.mission_code is not None
    assert (await client.mission(GRACE, order.mission_code)).order_code == order.code


async def test_a_turn_that_is_played_again_orders_nothing_twice(http: httpx.AsyncClient, client: BackendClient) -> None:
    quote = await client.quote_mission(GRACE, PARCEL)
    await http.post("/demo/faults", json={"status": 503, "after_work": True})
    with pytest.raises(InDoubt):
        await client.create_mission(GRACE, PARCEL, MARIE, CASH, quote.total, key="turn-1:send:1")
    await http.post("/demo/faults", json={})

    found = await client.create_mission(GRACE, PARCEL, MARIE, CASH, quote.total, key="turn-1:send:1")

    missions = await client.missions(GRACE, 50)
    assert (missions[0].code, len(missions)) == (found.code, 8)


async def test_a_refusal_brings_what_there_is_to_tell(client: BackendClient) -> None:
    cart = OrderDraft(lines=(Line(product_id="ngoki-braise", quantity=2),), dropoff=HOME)
    quote = await client.quote_order(GRACE, cart)

    with pytest.raises(Refused) as caught:
        await client.place_order(GRACE, cart, CASH, quote.total, key="turn-1:order:1")

    assert quote.problems == (caught.value.problem,)
    assert (caught.value.code, caught.value.problem.in_stock) == (ProblemCode.OUT_OF_STOCK, 1)


async def test_the_shop_is_browsed_page_by_page(client: BackendClient) -> None:
    categories = await client.categories(GRACE)
    merchants = await client.merchants(GRACE, category_id=categories[0].id)
    first = await client.product_page(GRACE, limit=20)
    rest = await client.product_page(GRACE, limit=20, cursor=first.next_cursor)

    assert {merchant.id for merchant in merchants.items} == {"maman-wivine", "flamboyant"}
    assert (len(first.items), len(rest.items), rest.next_cursor) == (20, 5, None)
    assert (await client.merchant(GRACE, "maman-wivine")).open_now


async def test_somebody_leaves_with_their_data(http: httpx.AsyncClient, client: BackendClient) -> None:
    with pytest.raises(Refused, match="409"):
        await client.delete_customer(PATRICK, key="turn-1:delete:1")
    await http.post("/demo/missions/COUR-20250127-071/cancel")

    export = await client.export(PATRICK)
    deletion = await client.delete_customer(PATRICK, key="turn-2:delete:1")

    assert export.data["customer"] == {"phone": PATRICK.phone, "name": "Patrick Ngoma"}
    assert deletion.kept == ()
    assert await client.missions(PATRICK) == ()

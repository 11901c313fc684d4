"""Every method of the client, called with everything it takes."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from backend import BackendClient
from tests.backend.fake_backend import GRACE
from trade.claims import Media
from trade.missions import MissionDraft, Recipient
from trade.money import Money
from trade.orders import Line, OrderDraft
from trade.payments import PaymentChoice
from trade.places import Location, Place

FEE = Money(amount=Decimal(1600), currency="XAF")
HOME = Place(address="114 Rue Mbochis", location=Location(latitude=-4.26, longitude=15.28))
MARIE = Recipient(name="Marie Okemba", phone="+242061234576")
PARCEL = MissionDraft(pickup=HOME, dropoff=HOME, value=FEE)
CART = OrderDraft(
    lines=(Line(product_id="poulet-mayo", quantity=2, choices=("riz",)),), dropoff=HOME, promo_code="BIENVENUE"
)
MOMO = PaymentChoice(method="mobile_money", provider="MTN MoMo", reference="MP250127.1015")
PHOTO = Media(id="0194a7c2", mime_type="image/jpeg")
KEY = "turn-1:act:1"

type Call = Callable[[BackendClient], Awaitable[object]]

READS: dict[str, Call] = {
    "read_mission": lambda client: client.mission(GRACE, "a1"),
    "list_missions": lambda client: client.mission_page(GRACE, 5, "next"),
    "quote_mission": lambda client: client.quote_mission(GRACE, PARCEL),
    "list_categories": lambda client: client.categories(GRACE),
    "list_merchants": lambda client: client.merchants(GRACE, "maquis", category_id="a1", limit=5, cursor="next"),
    "read_merchant": lambda client: client.merchant(GRACE, "a1"),
    "list_products": lambda client: client.product_page(
        GRACE, "poulet", merchant_id="a1", category_id="a1", limit=5, cursor="next"
    ),
    "read_product": lambda client: client.product(GRACE, "a1"),
    "quote_order": lambda client: client.quote_order(GRACE, CART),
    "read_order": lambda client: client.order(GRACE, "a1"),
    "list_orders": lambda client: client.orders(GRACE, 5, "next"),
    "read_receipt": lambda client: client.receipt(GRACE, "a1"),
    "read_claim": lambda client: client.claim(GRACE, "a1"),
    "list_claims": lambda client: client.claims(GRACE, 5, "next"),
    "export_customer": lambda client: client.export(GRACE),
}
WRITES: dict[str, Call] = {
    "create_mission": lambda client: client.create_mission(GRACE, PARCEL, MARIE, MOMO, FEE, note="vite", key=KEY),
    "cancel_mission": lambda client: client.cancel_mission(GRACE, "a1", reason="trop cher", key=KEY),
    "change_mission_dropoff": lambda client: client.change_mission_dropoff(GRACE, "a1", HOME, FEE, key=KEY),
    "place_order": lambda client: client.place_order(GRACE, CART, MOMO, FEE, recipient=MARIE, note="vite", key=KEY),
    "cancel_order": lambda client: client.cancel_order(GRACE, "a1", reason="trop cher", key=KEY),
    "change_order_dropoff": lambda client: client.change_order_dropoff(GRACE, "a1", HOME, FEE, key=KEY),
    "create_payment": lambda client: client.pay(GRACE, "a1", "MP250127.1015", provider="MTN MoMo", key=KEY),
    "create_claim": lambda client: client.make_claim(
        GRACE, "a1", "damaged", description="cassé", media=[PHOTO], key=KEY
    ),
    "create_rating": lambda client: client.rate(GRACE, "a1", 5, comment="merci", key=KEY),
    "withdraw": lambda client: client.withdraw(GRACE, "turn-0:place_order:1", key=KEY),
    "delete_customer": lambda client: client.delete_customer(GRACE, key=KEY),
}
EVERY = READS | WRITES

"""An order reads as it is, in both languages, whatever the backend and its people wrote."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trade.missions import Mission
from trade.money import Money
from trade.order_text import order_status_label, payment_label, render_order
from trade.orders import Order, PricedLine, Seller
from trade.payments import Payment
from trade.places import Place


def francs(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="XAF")


ORDER = Order(
    code="CMD-20250127-012",
    status="preparing",
    created_at=datetime(2025, 1, 27, 12, tzinfo=UTC),
    customer_phone="+242061234567",
    lines=(
        PricedLine(
            product_id="poulet-mayo",
            name="Poulet Mayo",
            quantity=2,
            unit_price=francs(3000),
            total=francs(6000),
            choice_names=("Double portion de plantains",),
        ),
    ),
    subtotal=francs(6000),
    discount=francs(600),
    delivery_fee=francs(1000),
    total=francs(6400),
    promo_code="BIENVENUE",
    merchant=Seller(id="maman-wivine", name="Chez Maman Wivine"),
    dropoff=Place(address="10 Avenue de la Paix"),
    note="Sans piment",
    expected_at=datetime(2025, 1, 27, 13, 30, tzinfo=UTC),
    payment=Payment(about="CMD-20250127-012", method="cash", status="due", amount=francs(6400)),
)
MISSION = Mission(
    code="COUR-20250127-080", status="accepted", created_at=ORDER.created_at, customer_phone=ORDER.customer_phone
)
FRENCH = """\
*🧾 COMMANDE CMD-20250127-012*
🏪 Chez Maman Wivine
📊 _En préparation_

✅ Demande créée
🔵 Livreur assigné
⚪ Récupération
⚪ En transit
⚪ Livré

• 2 × Poulet Mayo : 6 000 FCFA
   _Double portion de plantains_
🎁 Réduction BIENVENUE : −600 FCFA
🚴 Livraison : 1 000 FCFA
💰 *Total : 6 400 FCFA*
💳 En espèces, au livreur

📍 10 Avenue de la Paix
📝 Sans piment
🕐 Prévue : lun. 27 janv., 14:30"""
ENGLISH = """\
*🧾 ORDER CMD-20250127-012*
🏪 Chez Maman Wivine
📊 _Being prepared_

• 2 × Poulet Mayo: 6,000 FCFA
   _Double portion de plantains_
🎁 Discount BIENVENUE: −600 FCFA
🚴 Delivery: 1,000 FCFA
💰 *Total: 6,400 FCFA*
💳 In cash, to the courier

📍 10 Avenue de la Paix
📝 Sans piment
🕐 Expected: Mon, Jan 27, 14:30"""


def test_an_order_in_french_with_the_steps_of_its_delivery() -> None:
    assert render_order(ORDER, MISSION, "Africa/Brazzaville", "fr").replace("\u00a0", " ") == FRENCH


def test_an_order_in_english_whose_delivery_nobody_knows() -> None:
    assert render_order(ORDER, None, "Africa/Brazzaville", "en").replace("\u00a0", " ") == ENGLISH


@given(st.text(), st.text(max_size=30))
def test_whatever_was_written_stays_on_its_line(text: str, status: str) -> None:
    line = replace(ORDER.lines[0], name=text or "?", choice_names=(text,))
    order = replace(ORDER, lines=(line,) * 3, note=text, merchant=Seller(id="x", name=text), status=status or "?")

    shown = render_order(order, MISSION, "Africa/Brazzaville", "fr")

    assert len(shown.splitlines()) <= len(FRENCH.splitlines()) + 4
    assert shown.count("*") == FRENCH.count("*")


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("status", ["due", "checking", "paid", "refunded", "cancelled", "held_back"])
@pytest.mark.parametrize(("method", "provider"), [("cash", None), ("mobile_money", "MTN MoMo"), ("card", None)])
def test_every_payment_has_words(locale: str, status: str, method: str, provider: str | None) -> None:
    payment = Payment(about="X", method=method, status=status, amount=francs(1), provider=provider)

    label = payment_label(payment, locale)

    assert label
    assert "\n" not in label
    assert (provider or "") in label or status not in {"due", "paid"}


def test_a_status_of_another_backend_is_shown_in_its_own_words() -> None:
    assert order_status_label("waiting_for_oven", "en") == "waiting for oven"

"""Puts the seed into the store: on the first start, or again when asked."""

import json
import sqlite3
from collections.abc import Iterable

from pydantic import TypeAdapter

from demo.backend.contract.values import Place
from demo.backend.distances import road
from demo.backend.seed import SeedBusiness, SeedMerchant, SeedMission, SeedOption, SeedProduct
from demo.backend.store import Store, insert, to_text

# Children before their parents, as foreign keys want it.
_TABLES = (
    "news", "answers", "ratings", "claims", "payments", "orders", "steps", "missions",
    "promo_codes", "products", "merchants", "categories", "couriers", "customers", "businesses",
)  # fmt: skip
_OPTIONS = TypeAdapter(list[SeedOption])


def plant(store: Store, businesses: Iterable[SeedBusiness]) -> None:
    """Fill an empty store; leave one that holds anything as people left it."""
    with store.writing() as database:
        if database.execute("SELECT 1 FROM businesses").fetchone() is None:
            _insert_all(database, businesses)


def replant(store: Store, businesses: Iterable[SeedBusiness]) -> None:
    """Forget everything that happened and start from the first day."""
    with store.writing() as database:
        for table in _TABLES:
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant of this module
        _insert_all(database, businesses)


def _insert_all(database: sqlite3.Connection, businesses: Iterable[SeedBusiness]) -> None:
    for business in businesses:
        _insert_business(database, business)
        for mission in business.missions:
            _insert_mission(database, business, mission)
        for merchant in business.merchants:
            _insert_merchant(database, business.slug, merchant)
        for product in business.products:
            _insert_product(database, business.slug, product)


def _insert_business(database: sqlite3.Connection, business: SeedBusiness) -> None:
    slug = business.slug
    insert(
        database,
        "businesses",
        slug=slug,
        name=business.name,
        currency=business.currency,
        timezone=business.timezone,
        terms=business.terms.model_dump_json(),
    )
    for customer in business.customers:
        insert(database, "customers", business=slug, phone=customer.phone, name=customer.name)
    for courier in business.couriers:
        insert(database, "couriers", id=courier.id, business=slug, name=courier.name, phone=courier.phone)
    for category in business.categories:
        names = json.dumps(category.names, ensure_ascii=False)
        insert(database, "categories", id=category.id, business=slug, name=category.name, names=names)
    for promo in business.promo_codes:
        insert(database, "promo_codes", business=slug, code=promo.code, terms=promo.model_dump_json())


def _insert_mission(database: sqlite3.Connection, business: SeedBusiness, mission: SeedMission) -> None:
    pickup, dropoff = Place(address=mission.pickup), Place(address=mission.dropoff)
    way = road(business.terms, pickup, dropoff)
    insert(
        database,
        "missions",
        code=mission.code,
        business=business.slug,
        customer_phone=mission.customer,
        status=mission.status,
        created_at=to_text(mission.created_at),
        pickup=pickup.model_dump_json(),
        dropoff=dropoff.model_dump_json(),
        pickup_point=way.pickup.model_dump_json(),
        dropoff_point=way.dropoff.model_dump_json(),
        recipient_name=mission.recipient.name,
        recipient_phone=mission.recipient.phone,
        value=None if mission.value is None else str(mission.value),
        road_minutes=way.minutes,
        ready_minutes=0,
        delay_reason=mission.delay.reason if mission.delay else None,
        delay_minutes=mission.delay.minutes if mission.delay else None,
        courier=mission.courier,
    )
    for status, at in mission.reached.items():
        insert(database, "steps", mission=mission.code, status=status, reached_at=to_text(at))


def _insert_merchant(database: sqlite3.Connection, business: str, merchant: SeedMerchant) -> None:
    insert(
        database,
        "merchants",
        id=merchant.id,
        business=business,
        category=merchant.category,
        name=merchant.name,
        description=merchant.description,
        address=merchant.address,
        phone=merchant.phone,
        hours=json.dumps(merchant.hours),
        minimum=None if merchant.minimum is None else str(merchant.minimum),
        preparation_minutes=merchant.preparation_minutes,
    )


def _insert_product(database: sqlite3.Connection, business: str, product: SeedProduct) -> None:
    insert(
        database,
        "products",
        id=product.id,
        business=business,
        merchant=product.merchant,
        name=product.name,
        description=product.description,
        price=str(product.price),
        available=int(product.available),
        in_stock=product.in_stock,
        options=_OPTIONS.dump_json(product.options).decode(),
    )

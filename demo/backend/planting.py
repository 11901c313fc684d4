"""Puts the seed into the store: on the first start, or again when asked."""

import sqlite3
from collections.abc import Iterable

from demo.backend.seed import SeedBusiness, SeedMission
from demo.backend.store import Store, to_text

# Children before their parents, as foreign keys want it.
_TABLES = ("steps", "missions", "products", "merchants", "couriers", "customers", "businesses")


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
        _insert(database, "businesses", business.slug, business.name, business.currency, business.timezone)
        for customer in business.customers:
            _insert(database, "customers", business.slug, customer.phone, customer.name)
        for courier in business.couriers:
            _insert(database, "couriers", courier.id, business.slug, courier.name, courier.phone)
        for merchant in business.merchants:
            _insert(database, "merchants", merchant.id, business.slug, merchant.name)
        for mission in business.missions:
            _insert_mission(database, business.slug, mission)
        for product in business.products:
            _insert(
                database,
                "products",
                product.id,
                business.slug,
                product.merchant,
                product.name,
                product.description,
                str(product.price),
                int(product.available),
            )


def _insert_mission(database: sqlite3.Connection, business: str, mission: SeedMission) -> None:
    _insert(
        database,
        "missions",
        mission.code,
        business,
        mission.customer,
        mission.status,
        to_text(mission.created_at),
        mission.pickup,
        mission.dropoff,
        mission.recipient.name,
        mission.recipient.phone,
        None if mission.value is None else str(mission.value),
        mission.courier,
    )
    for status, at in {"pending": mission.created_at, **mission.steps}.items():
        _insert(database, "steps", mission.code, status, to_text(at))


def _insert(database: sqlite3.Connection, table: str, *values: str | int | None) -> None:
    places = ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} VALUES ({places})", values)  # noqa: S608 - constants of this module

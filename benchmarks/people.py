"""People for the load: customers of the demo's Kimia Express, each with a delivery like the demo's best known one."""

from pathlib import Path

from benchmarks.sides import Person
from demo.backend.planting import plant
from demo.backend.seed import SeedBusiness, SeedCustomer, seed_businesses
from demo.backend.store import Store

FAMOUS = "COUR-20250127-061"
MOST_PEOPLE = 999
"""The code's last part has three digits."""


def plant_people(database: Path, count: int) -> list[Person]:
    """Fill the demo backend's database before it starts: its own seed, and `count` people more."""
    if count > MOST_PEOPLE:
        raise ValueError(f"at most {MOST_PEOPLE} people, not {count}")
    people = [
        Person(phone=f"+2420640{number:05}", name=f"Cliente {number}", code=f"{FAMOUS[:4]}-20250201-{number:03}")
        for number in range(1, count + 1)
    ]
    store = Store(database)
    plant(store, [_with(people, business) for business in seed_businesses()])
    store.close()
    return people


def _with(people: list[Person], business: SeedBusiness) -> SeedBusiness:
    famous = [mission for mission in business.missions if mission.code == FAMOUS]
    if not famous:
        return business
    customers = [SeedCustomer(phone=person.phone, name=person.name) for person in people]
    missions = [famous[0].model_copy(update={"code": each.code, "customer": each.phone}) for each in people]
    return business.model_copy(
        update={
            "customers": [*business.customers, *customers],
            "missions": [*business.missions, *missions],
        }
    )

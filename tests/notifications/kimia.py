"""One business in a database: its ids, for tests that write rows by hand."""

import sqlalchemy as sa

from storage.database import Database
from storage.tables import phone_numbers

KIMIA_NUMBER, KIMIA_ACCOUNT = "100000000000001", "200000000000001"
JASMIN_NUMBER = "100000000000002"


async def business_of(database: Database, phone_number_id: str = KIMIA_NUMBER) -> str:
    n = phone_numbers.c
    query = sa.select(n.business_id).where(n.phone_number_id == phone_number_id)
    return str(await database.read(lambda connection: connection.scalar(query)))

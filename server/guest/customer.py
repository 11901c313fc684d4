"""For whom the actions ask the business's system: a guest is nobody's customer, but for the demo's in the demo."""

from dataclasses import replace

from sqlalchemy.engine import Connection

from conversations.guests.reach import is_guest
from conversations.people import Person, goes_on_as, person
from server.settings import Settings


def customer_behind(connection: Connection, sender_id: str, settings: Settings) -> Person | None:
    """Who an opaque sender id stands for, or None."""
    found = person(connection, sender_id)
    has_demo = settings.uses_emulator and bool(settings.guest_phone)
    if found is None or found.phone is not None or not has_demo:
        return found
    if not is_guest(connection, goes_on_as(connection, sender_id)):
        return found
    return replace(found, phone=settings.guest_phone)

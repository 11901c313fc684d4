"""A person takes another number or gets another user id: every business they talk with is told.

IdentityProblem    it cannot be done; the text says why
"""

from typing import Any

from channels.whatsapp.emulator.chats import Chat
from channels.whatsapp.emulator.envelope import system_value
from channels.whatsapp.emulator.numbers import new_wamid
from channels.whatsapp.emulator.parts import Parts


class IdentityProblem(Exception):
    """Why the person cannot have this identity."""


def change_number(parts: Parts, wa_id: str, new_wa_id: str) -> None:
    """Chats, name and user ids go along; the ids are new. Raises IdentityProblem when the number is taken."""
    if parts.chats.of_phone(new_wa_id):
        raise IdentityProblem("There is a phone with this number already.")
    with parts.database.transaction() as t:
        before = parts.chats.of_phone(wa_id)
        parts.chats.move(t, wa_id, new_wa_id)
        for old in before:
            said = f"User {old.name} changed from {wa_id} to {new_wa_id}"
            _tell(parts, t, old, {"body": said, "wa_id": new_wa_id, "type": "user_changed_number"})
    parts.feed.wake()


def change_user_id(parts: Parts, wa_id: str) -> None:
    with parts.database.transaction() as t:
        before = parts.chats.of_phone(wa_id)
        parts.chats.exchange_identity(t, wa_id)
        for old in before:
            new = parts.chats.by_id(old.id)
            system = {"body": f"User {old.name} changed their user id", "type": "user_changed_user_id"}
            ids = {"user_id": new.user_id, "previous_user_id": old.user_id}
            _tell(parts, t, old, {**system, **ids, **({} if old.hides_number else {"wa_id": wa_id})})
    parts.feed.wake()


def _tell(parts: Parts, t: Any, old: Chat, system: dict[str, Any]) -> None:
    number = parts.directory.numbers.get(old.phone_number_id)
    if number is None:
        return
    wamid = new_wamid(old.digits, to_business=True)
    value = system_value(number, old, wamid, parts.clock(), system)
    parts.outgoing.tell(t, number.account_id, value, lane=old.key, about=system["type"])

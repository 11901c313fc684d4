"""What WhatsApp's answers teach about the addresses of the people we write to."""

from typing import Any

from sqlalchemy.engine import Connection

from notifications.outgoing import Outgoing
from notifications.providers.base import Accepted
from storage.insert import insert_new
from storage.tables import addresses
from storage.types import new_id


def learn(connection: Connection, message: Outgoing, accepted: Accepted) -> None:
    """Keep WhatsApp's own spelling of a number, and the user id it goes with.

    An address that is somebody else's already stays theirs: the next message from this person shows who they are.
    """
    if accepted.wa_id and accepted.wa_id != message.recipient:
        _keep(connection, message, "whatsapp", accepted.wa_id)
    if accepted.user_id and accepted.user_id != message.bsuid:
        _keep(connection, message, "bsuid", accepted.user_id)


def _keep(connection: Connection, message: Outgoing, kind: str, value: str) -> None:
    row: dict[str, Any] = {
        "id": new_id(),
        "business_id": message.business_id,
        "subscriber_id": message.subscriber_id,
        "kind": kind,
        "value": value,
    }
    insert_new(connection, addresses, row, addresses.c.id)

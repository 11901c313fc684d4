"""An email to change in one part, and what a mail program would make of its bytes."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from channels.email.message import Email, Mailbox
from channels.email.mime import to_mime

NOW = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
KIMIA = Mailbox(address="bonjour@kimia.example", name="Kimia Livraison")
GRACE = Mailbox(address="grace.mabiala@example.cg", name="Grâce Mabiala")
LEAVE = "https://kimia.example/u/abc.def"


def email(**changes: Any) -> Email:
    parts: dict[str, Any] = {
        "message_id": "0198f0a2-7b1c-7cc0-8a51-2f1f0f5b6c01",
        "sender": KIMIA,
        "recipient": GRACE,
        "subject": "Votre colis est arrivé",
        "text": "Bonjour Grâce, votre colis est arrivé.",
    }
    return Email(**(parts | changes))


def read(written: Email) -> EmailMessage:
    """The email as the recipient's program reads it."""
    return message_from_bytes(to_mime(written, NOW), policy=default)

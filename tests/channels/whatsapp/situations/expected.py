"""Short words for the items that the tables beside this expect; `raw` is compared elsewhere."""

from datetime import UTC, datetime
from typing import Any

from channels.whatsapp.webhook import Content, InboundMessage, Item, News, Sender, StatusUpdate
from tests.channels.whatsapp.cast import GRACE, GRACE_ID, KIMIA, KIMIA_ACCOUNT

type Expected = dict[str, list[Item | str]]
"""By the name of a fixture, what it must become; a text is the problem of something unreadable."""

SENT_AT = datetime(2025, 6, 16, 16, 24, 5, tzinfo=UTC)
REPORTED_AT = datetime(2025, 6, 16, 16, 24, 10, tzinfo=UTC)
TOLD_AT = datetime(2025, 6, 16, 16, 24, 20, tzinfo=UTC)
EXPIRES_AT = datetime(2025, 6, 16, 23, 28, tzinfo=UTC)

GRACE_PARENT = "CG.ENT.11815799212886844830"
SHA256 = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
GRACE_SENDER = Sender(wa_id=GRACE, user_id=GRACE_ID, name="Grâce Mabiala")
STRANGER = Sender(wa_id=GRACE)


def said(content: Content, **more: Any) -> InboundMessage:
    usual = {
        "phone_number_id": KIMIA,
        "waba_id": KIMIA_ACCOUNT,
        "wamid": "wamid.GRACE1",
        "sender": GRACE_SENDER,
        "sent_at": SENT_AT,
    }
    return InboundMessage(**{**usual, **more}, content=content, raw={})


def receipt(status: str, **more: Any) -> StatusUpdate:
    usual = {
        "phone_number_id": KIMIA,
        "waba_id": KIMIA_ACCOUNT,
        "wamid": "wamid.OURS1",
        "recipient": GRACE,
        "at": REPORTED_AT,
    }
    return StatusUpdate(**{**usual, **more}, status=status, raw={})


def told[Kind: News](kind: type[Kind], field: str, **more: Any) -> Kind:
    """News of the account."""
    return kind(**{"waba_id": KIMIA_ACCOUNT, "at": TOLD_AT, **more}, field=field, raw={})


def told_of_number[Kind: News](kind: type[Kind], field: str, **more: Any) -> Kind:
    """News that name the number of ours which they concern."""
    return told(kind, field, **{"phone_number_id": KIMIA, **more})

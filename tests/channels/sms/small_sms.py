"""An SMS to change in one part."""

from typing import Any

from channels.sms.message import Sms

GRACE = "+242061234567"


def sms(**changes: Any) -> Sms:
    parts: dict[str, Any] = {
        "message_id": "m-1",
        "recipient": GRACE,
        "text": "Votre colis arrive à 14 h.",
        "sender": "KIMIA",
    }
    return Sms(**(parts | changes))

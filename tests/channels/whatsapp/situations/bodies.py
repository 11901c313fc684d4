"""Bodies that hold several things at once, some of them broken, and what they are read as."""

from typing import Any

from channels.whatsapp.webhook import AccountUpdate, Sender, TextReceived
from tests.channels.whatsapp.cast import GRACE_ID, JASMIN, JASMIN_ACCOUNT, SAMI
from tests.channels.whatsapp.situations.expected import SENT_AT, Expected, receipt, said, told


def first(body: str, number: int, **more: Any) -> Any:
    return said(TextReceived(body=body), wamid=f"wamid.GRACE{number}", **more)


EXPECTED: Expected = {
    "batch": [
        first("un", 1),
        first("deux", 2),
        receipt("delivered", recipient_user_id=GRACE_ID),
        receipt("sent", wamid="wamid.OURS2"),
        receipt("read", wamid="wamid.OURS3"),
        said(
            TextReceived(body="trois"),
            phone_number_id=JASMIN,
            waba_id=JASMIN_ACCOUNT,
            wamid="wamid.SAMI1",
            sender=Sender(wa_id=SAMI),
        ),
        told(AccountUpdate, "account_update", waba_id=JASMIN_ACCOUNT, at=None, event="VERIFIED_ACCOUNT"),
    ],
    "broken_beside_whole": [
        first("un", 1),
        "message.text is not an object",
        first("trois", 3),
        "message is not an object",
        "message.timestamp is not a whole number",
        "status.status is missing",
        receipt("read", wamid="wamid.OURS2", recipient_user_id=GRACE_ID, at=SENT_AT),
    ],
}

"""An SMS to one person, as a value.

InvalidMessage      a part can never be sent as it is; the problem names it and quotes nothing of it
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from channels.invalid import InvalidMessage
from channels.sms.segments import segmented

MAX_SEGMENTS: Final = 10
"""segments of one text: 1530 letters, or 670 with one that the GSM alphabet lacks. Twilio takes 1600 letters."""

_RECIPIENT: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}")
_NAME: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9 ]{0,9}[A-Za-z0-9]")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    message_id: str
    """Our id of the message; it comes back with each of a provider's reports."""
    recipient: str = field(repr=False)
    """In E.164, such as +242061234567."""
    text: str = field(repr=False)
    sender: str | None = None
    """A number in E.164, a short code, or a name of 2 to 11 letters, digits and spaces, which most countries want to be
    registered. None leaves it to the provider's account."""
    stop_clause: bool = False
    """Let the provider add how to stop such messages, where it can (OVH); marketing in France needs it."""

    def __post_init__(self) -> None:
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise InvalidMessage("message_id", "is not made of letters, digits, dots, hyphens and underscores")
        if not _RECIPIENT.fullmatch(self.recipient):
            raise InvalidMessage("recipient", "is no number in E.164, such as +242061234567")
        if self.sender is not None:
            check_sender(self.sender)
        if not self.text.strip():
            raise InvalidMessage("text", "is empty")
        if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\r\n" for each in self.text):
            raise InvalidMessage("text", "holds a control character or half a character")
        if segmented(self.text).count > MAX_SEGMENTS:
            raise InvalidMessage("text", f"takes more than {MAX_SEGMENTS} segments")


def check_sender(sender: str) -> None:
    """Raises InvalidMessage where it is no number, short code or name."""
    if not (_NUMBER.fullmatch(sender) or _NAME.fullmatch(sender)):
        raise InvalidMessage("sender", "is neither a number nor a name of 2 to 11 letters, digits and spaces")

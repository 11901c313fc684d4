"""What can be sent over WhatsApp, as values that cannot break a limit of Meta's, and their JSON.

What a person reads or is called by (texts, names, numbers, places) is kept out of every repr, so that it cannot
slip into a log. A kind of message is one class with `content()` and `read()`, and one line in `payload`.
"""

from channels.whatsapp.messages.checks import InvalidMessage, is_digits
from channels.whatsapp.messages.contacts import Contact, Contacts, Phone
from channels.whatsapp.messages.interactive import Button, Buttons, List, Row, Section
from channels.whatsapp.messages.location import Location
from channels.whatsapp.messages.media import Image
from channels.whatsapp.messages.payload import Message, from_payload, to_payload
from channels.whatsapp.messages.text import Text

__all__ = [
    "Button",
    "Buttons",
    "Contact",
    "Contacts",
    "Image",
    "InvalidMessage",
    "List",
    "Location",
    "Message",
    "Phone",
    "Row",
    "Section",
    "Text",
    "from_payload",
    "is_digits",
    "to_payload",
]

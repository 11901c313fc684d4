"""Contact cards and places."""

from channels.whatsapp.emulator.graph_errors import missing
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.shapes import also, anything, array, as_record, number, record, text


def _more_than_formatted_name(path: str, value: object) -> None:
    if len(as_record(path, value)) < 2:
        raise missing(f"{path}['first_name']")


_PHONE = record({"phone": text(64)}, {"type": text(64), "wa_id": text(20)})
_NAME = record(
    {"formatted_name": text(256)},
    dict.fromkeys(("first_name", "last_name", "middle_name", "prefix", "suffix"), text(256)),
)
_CONTACT = record(
    {"name": also(_NAME, _more_than_formatted_name)},
    {
        "phones": array(_PHONE, fewest=0, most=limits.PHONES),
        "org": record({}, dict.fromkeys(("company", "department", "title"), text(256))),
        **dict.fromkeys(("addresses", "birthday", "emails", "urls"), anything),
    },
)

CONTACTS = array(_CONTACT, fewest=1, most=limits.CONTACTS)
LOCATION = record(
    {"latitude": number(-90, 90), "longitude": number(-180, 180)}, {"name": text(1024), "address": text(1024)}
)

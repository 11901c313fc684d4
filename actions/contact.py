"""A contact card: somebody to call or to write to."""

from channels.whatsapp.messages import Contact, Contacts, Phone
from trade.markup import plain, shorten
from trade.phones import digits

MAX_CARD_TEXT = 120  # characters of a name or organisation: our own limit, a card shows about 30


def contact_card(name: str, phone: str | None, organization: str | None = None) -> Contacts | None:
    """The card, or None without a name to show or a number to call."""
    shown, wa_id = _card_text(name), digits(phone or "")
    if not (shown and wa_id):
        return None
    first_name, _, last_name = shown.partition(" ")
    return Contacts(
        contacts=(
            Contact(
                formatted_name=shown,
                first_name=first_name,
                last_name=last_name or None,
                phones=(Phone(number=f"+{wa_id}", wa_id=wa_id),),
                organization=_card_text(organization or "") or None,
            ),
        )
    )


def _card_text(text: str) -> str:
    return shorten(plain(text), MAX_CARD_TEXT)

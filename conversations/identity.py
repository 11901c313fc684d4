"""What WhatsApp says of who somebody is: new numbers, new ids, and a number that its owner showed us."""

from dataclasses import replace

from sqlalchemy.engine import Connection

from channels.whatsapp.messages import is_digits
from channels.whatsapp.webhook import ContactsReceived, InboundMessage, Sender, SystemReceived
from conversations.people import Conversation, rename


def heed(connection: Connection, item: InboundMessage, conversation: Conversation) -> Conversation:
    """Let the person go by the ids that this message tells of; their conversation, which may have become another."""
    match item.content:
        case SystemReceived(kind="user_changed_number" | "user_changed_user_id") as system:
            before, after = _ids(item.sender, system)
            return rename(connection, conversation, before=before, after=after)
        case ContactsReceived(is_own_number=True) as shared:
            # WhatsApp vouches for it; a card that anybody forwards would prove nothing.
            after = replace(item.sender, wa_id=_number(shared) or item.sender.wa_id)
            return rename(connection, conversation, before=Sender(), after=after)
        case _:
            return conversation


def _ids(sender: Sender, system: SystemReceived) -> tuple[Sender, Sender]:
    """What the person went by, and goes by now. What the news does not name stays as it was."""
    before = Sender(
        wa_id=sender.wa_id if system.wa_id else None,
        user_id=(system.previous_user_id or sender.user_id) if system.user_id else None,
        parent_user_id=sender.parent_user_id if system.parent_user_id else None,
    )
    after = Sender(wa_id=system.wa_id, user_id=system.user_id, parent_user_id=system.parent_user_id)
    return before, after


def _number(shared: ContactsReceived) -> str | None:
    for card in shared.contacts:
        for phone in card.phones:
            if phone.wa_id and is_digits(phone.wa_id):
                return phone.wa_id
    return None

"""What a message can hold, by kind; taps and forms stand in `replies`, contact cards in `cards`."""

from dataclasses import dataclass, field
from decimal import Decimal

from channels.whatsapp.received.cards import ContactsReceived
from channels.whatsapp.received.receipts import StatusError
from channels.whatsapp.received.replies import (
    BrokenInteractive,
    ButtonReply,
    CallPermissionReply,
    FlowReply,
    ListReply,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived:
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationReceived:
    latitude: float = field(repr=False)  # degrees
    longitude: float = field(repr=False)  # degrees
    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived:
    """A file, which is fetched by its id (7 days) or its `url` (5 minutes), both with our token."""

    kind: str  # image, video, audio, document, sticker
    media_id: str
    mime_type: str | None = None
    caption: str | None = field(default=None, repr=False)
    filename: str | None = field(default=None, repr=False)  # as the sender named it: never a path of ours
    voice: bool = False  # recorded in the chat
    animated: bool = False  # of stickers
    sha256: str | None = None  # base64 of 32 bytes
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    product_retailer_id: str
    quantity: int
    item_price: Decimal  # of one, in units of the currency; as the phone saw it, so count with our own
    currency: str  # ISO 4217


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceived:
    """The cart that a person sent off."""

    catalog_id: str
    text: str = field(default="", repr=False)
    items: tuple[OrderItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionReceived:
    """An emoji on a message; None takes it away again."""

    message_id: str = field(repr=False)
    emoji: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemReceived:
    """News of the person, told by WhatsApp: the sender is who they were, `wa_id` and `user_id` who they are now."""

    kind: str  # user_changed_number, user_changed_user_id, customer_identity_changed, or one not known yet
    wa_id: str | None = field(default=None, repr=False)
    user_id: str | None = field(default=None, repr=False)
    parent_user_id: str | None = field(default=None, repr=False)
    previous_user_id: str | None = field(default=None, repr=False)
    previous_parent_user_id: str | None = field(default=None, repr=False)
    body: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsupportedReceived:
    """Something WhatsApp does not hand over, such as a poll; `kind` where it says what it was."""

    kind: str | None = None
    errors: tuple[StatusError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReceived:
    """An earlier message as it reads now."""

    original_message_id: str = field(repr=False)
    content: "Content"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeReceived:
    """An earlier message was deleted for everyone."""

    original_message_id: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReceived:
    """A kind that is kept and acknowledged but not read here; interactive ones as `interactive.<type>`."""

    kind: str


Content = (
    TextReceived
    | MediaReceived
    | LocationReceived
    | ContactsReceived
    | ButtonReply
    | ListReply
    | FlowReply
    | CallPermissionReply
    | BrokenInteractive
    | OrderReceived
    | ReactionReceived
    | SystemReceived
    | UnsupportedReceived
    | EditReceived
    | RevokeReceived
    | OtherReceived
)

"""What arrives from WhatsApp, as values: messages of people, receipts, other news, and what could not be read.

Whatever tells who somebody is or what they wrote is kept out of every repr, so that it cannot slip into a log.
That includes message ids, which encode the phone number.
"""

from dataclasses import dataclass, field
from typing import Any

from channels.whatsapp.received.cards import CardAddress, CardOrganisation, CardPhone, ContactCard, ContactsReceived
from channels.whatsapp.received.contents import (
    Content,
    EditReceived,
    LocationReceived,
    MediaReceived,
    OrderItem,
    OrderReceived,
    OtherReceived,
    ReactionReceived,
    RevokeReceived,
    SystemReceived,
    TextReceived,
    UnsupportedReceived,
)
from channels.whatsapp.received.messages import Forwarded, InboundMessage, Referral, ReferredProduct
from channels.whatsapp.received.news import (
    AccountAlert,
    AccountReview,
    AccountUpdate,
    CapabilityUpdate,
    Echo,
    News,
    NumberErrors,
    NumberNameChange,
    NumberQualityChange,
    OtherChange,
    PreferenceChange,
    Restriction,
    SecurityEvent,
    UserIdUpdate,
)
from channels.whatsapp.received.people import Identity, Sender
from channels.whatsapp.received.receipts import BillingConversation, Pricing, StatusError, StatusUpdate
from channels.whatsapp.received.replies import (
    BrokenInteractive,
    ButtonReply,
    CallPermissionReply,
    FlowReply,
    ListReply,
)
from channels.whatsapp.received.templates import (
    TemplateCategoryChange,
    TemplateComponentsChange,
    TemplateNews,
    TemplateQualityChange,
    TemplateStatusChange,
)

__all__ = [
    "AccountAlert",
    "AccountReview",
    "AccountUpdate",
    "BillingConversation",
    "BrokenInteractive",
    "ButtonReply",
    "CallPermissionReply",
    "CapabilityUpdate",
    "CardAddress",
    "CardOrganisation",
    "CardPhone",
    "ContactCard",
    "ContactsReceived",
    "Content",
    "Echo",
    "EditReceived",
    "FlowReply",
    "Forwarded",
    "Identity",
    "InboundMessage",
    "Item",
    "ListReply",
    "LocationReceived",
    "MediaReceived",
    "News",
    "NumberErrors",
    "NumberNameChange",
    "NumberQualityChange",
    "OrderItem",
    "OrderReceived",
    "OtherChange",
    "OtherReceived",
    "PreferenceChange",
    "Pricing",
    "ReactionReceived",
    "Referral",
    "ReferredProduct",
    "Restriction",
    "RevokeReceived",
    "SecurityEvent",
    "Sender",
    "StatusError",
    "StatusUpdate",
    "SystemReceived",
    "TemplateCategoryChange",
    "TemplateComponentsChange",
    "TemplateNews",
    "TemplateQualityChange",
    "TemplateStatusChange",
    "TextReceived",
    "Unreadable",
    "UnsupportedReceived",
    "UserIdUpdate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An item whose shape we do not understand."""

    phone_number_id: str | None
    waba_id: str | None = None
    raw: dict[str, Any] = field(repr=False)  # a webhook body of its own with this item alone, to be parsed again
    problem: str


Item = InboundMessage | StatusUpdate | News | Unreadable

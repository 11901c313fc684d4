"""What can be sent over WhatsApp, as values that cannot break a limit of Meta's, and their JSON.

What a person reads or is called by (texts, names, numbers, places) is kept out of every repr, so that it cannot
slip into a log. A kind of message is one class with `content()` and `read()`, and its lines in `payload`.
"""

from channels.invalid import InvalidMessage
from channels.whatsapp.messages.buttons import Button, Buttons
from channels.whatsapp.messages.carousel import Card, CardLink, Carousel
from channels.whatsapp.messages.checks import is_bsuid, is_digits
from channels.whatsapp.messages.contact_details import Email, Phone, PostalAddress, Url
from channels.whatsapp.messages.contacts import Contact, Contacts
from channels.whatsapp.messages.cta_url import CtaUrl
from channels.whatsapp.messages.flow import Flow
from channels.whatsapp.messages.frame import Header
from channels.whatsapp.messages.lists import List, Row, Section
from channels.whatsapp.messages.location import Location
from channels.whatsapp.messages.media import Audio, Document, Gif, Image, Sticker, Video
from channels.whatsapp.messages.orders import OrderDetails, OrderStatus
from channels.whatsapp.messages.payload import Message, from_payload, read_payload, to_payload
from channels.whatsapp.messages.products import Catalog, Product, ProductList, ProductSection
from channels.whatsapp.messages.reaction import Reaction
from channels.whatsapp.messages.requests import ContactRequest, LocationRequest
from channels.whatsapp.messages.template import Template, TemplateCard
from channels.whatsapp.messages.template_buttons import (
    CatalogButton,
    CopyCodeButton,
    FlowButton,
    ProductsButton,
    QuickReplyButton,
    TemplateButton,
    UrlButton,
    VoiceCallButton,
)
from channels.whatsapp.messages.template_parts import ProductHeader, TemplateHeader
from channels.whatsapp.messages.template_values import CurrencyValue, DateTimeValue, TextValue, Value
from channels.whatsapp.messages.text import Text

__all__ = [
    "Audio",
    "Button",
    "Buttons",
    "Card",
    "CardLink",
    "Carousel",
    "Catalog",
    "CatalogButton",
    "Contact",
    "ContactRequest",
    "Contacts",
    "CopyCodeButton",
    "CtaUrl",
    "CurrencyValue",
    "DateTimeValue",
    "Document",
    "Email",
    "Flow",
    "FlowButton",
    "Gif",
    "Header",
    "Image",
    "InvalidMessage",
    "List",
    "Location",
    "LocationRequest",
    "Message",
    "OrderDetails",
    "OrderStatus",
    "Phone",
    "PostalAddress",
    "Product",
    "ProductHeader",
    "ProductList",
    "ProductSection",
    "ProductsButton",
    "QuickReplyButton",
    "Reaction",
    "Row",
    "Section",
    "Sticker",
    "Template",
    "TemplateButton",
    "TemplateCard",
    "TemplateHeader",
    "Text",
    "TextValue",
    "Url",
    "UrlButton",
    "Value",
    "Video",
    "VoiceCallButton",
    "from_payload",
    "is_bsuid",
    "is_digits",
    "read_payload",
    "to_payload",
]

"""What a person can be asked to do, as JSON: one shape per `type`, checked before anything happens."""

from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from channels.whatsapp.emulator.answers import MOST_OF_ONE
from channels.whatsapp.emulator.phone import Ad, Card


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt field is an error, not a surprise


class _Act(_Strict):
    phone_number_id: str  # the business written to
    name: str | None = Field(default=None, min_length=1)  # renames the phone first


class SentAct(_Act):
    reply_to: str | None = None  # quotes the message with this wamid
    forwarded: bool | Literal["often"] = False
    ad: Ad | None = None  # the person comes from this advertisement; {} is a ready-made one


class SendText(SentAct):
    type: Literal["text"]
    text: str
    product: "ProductName | None" = None  # asks about a product


class ProductName(_Strict):
    product_retailer_id: str = Field(min_length=1)
    catalog_id: str | None = None  # without it: the number's own


class _Tap(SentAct):
    id: str | None = None
    title: str | None = None
    wamid: str | None = None  # without it: the latest message that offers this

    @model_validator(mode="after")
    def names_one(self) -> "_Tap":
        if (self.id is None) == (self.title is None):
            raise ValueError("give either id or title")
        return self


class SendButton(_Tap):
    """Reply buttons, those of a carousel's cards, and quick replies of templates."""

    type: Literal["button"]


class SendListChoice(_Tap):
    type: Literal["list"]


class SendLocation(SentAct):
    type: Literal["location"]
    latitude: float
    longitude: float
    place: str | None = None  # the webhook's location.name
    address: str | None = None


class SendPicture(SentAct):
    type: Literal["image", "video"]
    caption: str | None = None
    data_base64: Base64Bytes | None = None  # without it, a ready-made one


class SendDocument(SentAct):
    type: Literal["document"]
    caption: str | None = None
    filename: str | None = None
    mime_type: str | None = None
    data_base64: Base64Bytes | None = None


class SendSticker(SentAct):
    type: Literal["sticker"]
    data_base64: Base64Bytes | None = None


class SendAudio(SentAct):
    type: Literal["audio"]
    voice: bool = True
    data_base64: Base64Bytes | None = None


class SendContacts(SentAct):
    type: Literal["contacts"]
    contacts: list[Card] | Literal["me"]  # "me": the person's own card, which can answer a contact request


class SendReaction(_Act):
    type: Literal["reaction"]
    wamid: str
    emoji: str = ""  # empty: takes the person's emoji away


class EditMessage(_Act):
    type: Literal["edit"]
    wamid: str
    text: str


class DeleteMessage(_Act):
    """For everyone."""

    type: Literal["delete"]
    wamid: str


class FinishFlow(SentAct):
    type: Literal["flow"]
    wamid: str | None = None  # without it: the latest message that opens one
    answers: dict[str, Any] = Field(default_factory=dict)


class OrderedItem(_Strict):
    product_retailer_id: str = Field(min_length=1)
    quantity: int = Field(default=1, ge=1, le=MOST_OF_ONE)
    item_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)  # without it: the catalogue's
    currency: str | None = None


class SendOrder(SentAct):
    type: Literal["order"]
    items: list[OrderedItem] = Field(min_length=1)
    catalog_id: str | None = None  # without it: the number's own
    text: str = ""


class SendUnsupported(SentAct):
    type: Literal["unsupported"]
    kind: str = "poll_creation"


type Act = Annotated[
    SendText
    | SendButton
    | SendListChoice
    | SendLocation
    | SendPicture
    | SendDocument
    | SendSticker
    | SendAudio
    | SendContacts
    | SendReaction
    | EditMessage
    | DeleteMessage
    | FinishFlow
    | SendOrder
    | SendUnsupported,
    Field(discriminator="type"),
]

ACT: TypeAdapter[Act] = TypeAdapter(Act)

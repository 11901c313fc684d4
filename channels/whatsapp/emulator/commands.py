"""What a test can ask of a phone, as JSON: one shape per `type`, checked before anything happens."""

from typing import Annotated, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

from channels.whatsapp.emulator.faults import Fault, Target


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt field is an error, not a surprise


class _Sent(_Strict):
    phone_number_id: str  # the business written to
    name: str | None = Field(default=None, min_length=1)  # renames the phone first
    reply_to: str | None = None  # quotes the message with this wamid


class SendText(_Sent):
    type: Literal["text"]
    text: str


class _Tap(_Sent):
    id: str | None = None
    title: str | None = None
    wamid: str | None = None  # without it: the latest message that offers this

    @model_validator(mode="after")
    def names_one(self) -> "_Tap":
        if (self.id is None) == (self.title is None):
            raise ValueError("give either id or title")
        return self


class SendButton(_Tap):
    type: Literal["button"]


class SendListChoice(_Tap):
    type: Literal["list"]


class SendLocation(_Sent):
    type: Literal["location"]
    latitude: float
    longitude: float
    place: str | None = None  # the webhook's location.name
    address: str | None = None


class SendImage(_Sent):
    type: Literal["image"]
    caption: str | None = None
    data_base64: Base64Bytes | None = None  # JPEG or PNG; without it, a ready-made photo


class SendAudio(_Sent):
    type: Literal["audio"]
    voice: bool = True
    data_base64: Base64Bytes | None = None


type SendCommand = Annotated[
    SendText | SendButton | SendListChoice | SendLocation | SendImage | SendAudio, Field(discriminator="type")
]


class NewPhone(_Strict):
    phone: str
    phone_number_id: str
    name: str | None = Field(default=None, min_length=1)


class OpenChat(_Strict):
    phone_number_id: str


class FaultPlan(_Strict):
    """How the next `count` Graph calls go wrong."""

    count: int = Field(default=1, ge=1)
    target: Target = "messages"
    to: str | None = None  # only calls with exactly this `to`
    code: int | None = None
    http_status: int | None = Field(default=None, ge=400, le=599)
    details: str | None = None
    retry_after_seconds: int | None = Field(default=None, ge=0)
    delay_seconds: float = Field(default=0.0, ge=0, le=120)
    lose_answer: bool = False
    receipts: bool = True

    def fault(self) -> Fault:
        return Fault(**self.model_dump(exclude={"count", "target", "to"}))

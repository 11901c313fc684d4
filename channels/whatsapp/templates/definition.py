"""A message template as its file describes it: what is said, with named variables and an example for each.

Only the shape is checked here, so that `lint` can tell everything that is wrong with a template at once.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from channels.whatsapp.templates.variables import names_in

Category = Literal["utility", "marketing", "authentication"]

Words = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TextHeader(_Strict):
    """A bold line above the body."""

    type: Literal["text"] = "text"
    text: Words


class MediaHeader(_Strict):
    """A file above the body. Each message brings its own; the sample is what Meta reviews."""

    type: Literal["image", "video", "document", "gif"]
    sample: Words | None = None
    """A file beside the template's, such as samples/offer.jpg."""


class LocationHeader(_Strict):
    """A place on a map above the body; each message brings its own."""

    type: Literal["location"]


def _plain_header(value: Any) -> Any:
    return {"type": "text", "text": value} if isinstance(value, str) else value


Header = Annotated[TextHeader | MediaHeader | LocationHeader, Field(discriminator="type")]


class QuickReply(_Strict):
    """Answers with its text, or with what the message says it stands for."""

    type: Literal["quick_reply"]
    text: Words


class UrlLink(_Strict):
    """Opens a page. The address may end with one variable."""

    type: Literal["url"]
    text: Words
    url: Words


class PhoneCall(_Strict):
    type: Literal["phone_number"]
    text: Words
    phone_number: Words


class CopyCode(_Strict):
    """Copies a code, such as {{promo_code}}; its label is Meta's."""

    type: Literal["copy_code"]
    code: Words


class OpenFlow(_Strict):
    type: Literal["flow"]
    text: Words
    flow_id: Words
    action: Literal["navigate", "data_exchange"] = "navigate"
    screen: Words | None = None


class Opener(_Strict):
    """Opens the catalogue, a list of products, or a call on WhatsApp."""

    type: Literal["catalog", "mpm", "voice_call"]
    text: Words


class AskContact(_Strict):
    """Asks for the person's number; its label is Meta's."""

    type: Literal["request_contact_info"]


class OneTimeCode(_Strict):
    """Copies the code of an authentication template."""

    type: Literal["otp"]
    text: Words | None = None


Button = Annotated[
    QuickReply | UrlLink | PhoneCall | CopyCode | OpenFlow | Opener | AskContact | OneTimeCode,
    Field(discriminator="type"),
]


class Authentication(_Strict):
    """The sentences of an authentication template, which are Meta's; the code is the variable {{code}}."""

    security_recommendation: bool = True
    expiration_minutes: Annotated[int, Field(ge=1, le=90)] | None = None


CODE = "code"
"""The one variable of an authentication template."""


class Definition(_Strict):
    """One template in one language."""

    name: Words
    language: Words
    category: Category
    header: Annotated[Header | None, BeforeValidator(_plain_header)] = None
    body: Words | None = None
    """None in an authentication template alone."""

    footer: Words | None = None
    buttons: tuple[Button, ...] = ()
    examples: dict[str, str] = {}
    authentication: Authentication | None = None
    ttl_seconds: int | None = None
    """How long Meta tries to deliver it; None is Meta's own measure."""

    alternate: Words | None = None
    """The template that goes instead while this one may not."""

    format: Literal["named", "positional"] = "named"
    """How Meta is told of the variables; made elsewhere, it may have numbered ones."""

    @property
    def header_variables(self) -> tuple[str, ...]:
        """Names in order of their first appearance; so below."""
        return names_in(self.header.text) if isinstance(self.header, TextHeader) else ()

    @property
    def body_variables(self) -> tuple[str, ...]:
        if self.category == "authentication":
            return (CODE,)
        return names_in(self.body or "")

    @property
    def button_variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for button in self.buttons for name in names_in(_variable_part(button))))

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable once."""
        return tuple(dict.fromkeys((*self.header_variables, *self.body_variables, *self.button_variables)))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text a person reads, with the name of its field."""
        if isinstance(self.header, TextHeader):
            yield "header", self.header.text
        if self.body is not None:
            yield "body", self.body
        if self.footer is not None:
            yield "footer", self.footer
        for index, button in enumerate(self.buttons):
            text = getattr(button, "text", None)
            if text is not None:
                yield f"buttons.{index}.text", text


def _variable_part(button: Button) -> str:
    match button:
        case UrlLink(url=url):
            return url
        case CopyCode(code=code):
            return code
        case _:
            return ""

"""What the buttons of a template are given when it is sent; those with nothing to be given are left out.

`index` is the place of a button among all of the template's, from 0 on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.checks import check_json, check_trimmed
from channels.whatsapp.messages.products import ProductSection, check_product_sections
from channels.whatsapp.messages.template_values import check_value, read_type


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlButton:
    """Opens the template's address with `suffix` behind it. (An authentication template's code travels so, too.)"""

    index: int
    suffix: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_index("UrlButton.index", self.index)
        check_value("UrlButton.suffix", self.suffix, limits.MAX_URL)
        check_trimmed("UrlButton.suffix", self.suffix)

    def content(self) -> dict[str, Any]:
        return _button("url", self.index, {"type": "text", "text": self.suffix})

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        return cls(index=index, suffix=_only(parameters, "text").string("text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickReplyButton:
    """Answers with `payload`, in a message of the type `button`."""

    index: int
    payload: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_index("QuickReplyButton.index", self.index)
        check_trimmed("QuickReplyButton.payload", self.payload, limits.MAX_BUTTON_ID)

    def content(self) -> dict[str, Any]:
        return _button("quick_reply", self.index, {"type": "payload", "payload": self.payload})

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        # Meta's older samples call the payload a text.
        given = _only(parameters, "payload", "text")
        return cls(index=index, payload=given.string(read_type(given)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyCodeButton:
    index: int
    code: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_index("CopyCodeButton.index", self.index)
        check_trimmed("CopyCodeButton.code", self.code, limits.MAX_COPY_CODE)

    def content(self) -> dict[str, Any]:
        return _button("copy_code", self.index, {"type": "coupon_code", "coupon_code": self.code})

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        return cls(index=index, code=_only(parameters, "coupon_code").string("coupon_code"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowButton:
    """Opens the template's flow; `token` comes back with the answer, `data` fills the first screen."""

    index: int
    token: str = field(repr=False)
    data: Mapping[str, Any] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _check_index("FlowButton.index", self.index)
        check_trimmed("FlowButton.token", self.token)
        if self.data is not None:
            check_json("FlowButton.data", self.data)

    def content(self) -> dict[str, Any]:
        data = {} if self.data is None else {"flow_action_data": dict(self.data)}
        return _button("flow", self.index, _action({"flow_token": self.token, **data}))

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        action = _only(parameters, "action").nested("action")
        return cls(index=index, token=action.string("flow_token"), data=action.mapping("flow_action_data"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogButton:
    """Opens the catalogue, with the picture of one product."""

    index: int
    thumbnail_product_retailer_id: str

    def __post_init__(self) -> None:
        _check_index("CatalogButton.index", self.index)
        check_trimmed("CatalogButton.thumbnail_product_retailer_id", self.thumbnail_product_retailer_id)

    def content(self) -> dict[str, Any]:
        shown = {"thumbnail_product_retailer_id": self.thumbnail_product_retailer_id}
        return _button("catalog", self.index, _action(shown))

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        action = _only(parameters, "action").nested("action")
        return cls(index=index, thumbnail_product_retailer_id=action.string("thumbnail_product_retailer_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsButton:
    """Opens a list of products, with the picture of one of them."""

    index: int
    thumbnail_product_retailer_id: str
    sections: tuple[ProductSection, ...]

    def __post_init__(self) -> None:
        _check_index("ProductsButton.index", self.index)
        check_trimmed("ProductsButton.thumbnail_product_retailer_id", self.thumbnail_product_retailer_id)
        check_product_sections("ProductsButton.sections", self.sections)

    def content(self) -> dict[str, Any]:
        listed = {
            "thumbnail_product_retailer_id": self.thumbnail_product_retailer_id,
            "sections": [section.content() for section in self.sections],
        }
        return _button("mpm", self.index, _action(listed))

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        action = _only(parameters, "action").nested("action")
        return cls(
            index=index,
            thumbnail_product_retailer_id=action.string("thumbnail_product_retailer_id"),
            sections=tuple(ProductSection.read(section) for section in action.each("sections")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCallButton:
    """Calls us on WhatsApp for as long as `ttl_minutes`; `payload` comes with the call."""

    index: int
    ttl_minutes: int
    payload: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _check_index("VoiceCallButton.index", self.index)
        if type(self.ttl_minutes) is not int or not 1 <= self.ttl_minutes <= limits.MAX_CALL_TTL_MINUTES:
            most = limits.MAX_CALL_TTL_MINUTES
            raise InvalidMessage("VoiceCallButton.ttl_minutes", f"is not a whole number from 1 to {most}")
        if self.payload is not None:
            check_trimmed("VoiceCallButton.payload", self.payload, limits.MAX_CALL_PAYLOAD)

    def content(self) -> dict[str, Any]:
        traced = [] if self.payload is None else [{"type": "payload", "payload": self.payload}]
        return _button("voice_call", self.index, {"type": "ttl_minutes", "ttl_minutes": self.ttl_minutes}, *traced)

    @classmethod
    def read(cls, index: int, parameters: list[JsonObject]) -> Self:
        timed, traced = parameters[:1], parameters[1:]
        return cls(
            index=index,
            ttl_minutes=_only(timed, "ttl_minutes").numeral("ttl_minutes"),
            payload=_only(traced, "payload").string("payload") if traced else None,
        )


TemplateButton = (
    UrlButton | QuickReplyButton | CopyCodeButton | FlowButton | CatalogButton | ProductsButton | VoiceCallButton
)

_READERS: Final[dict[str, Callable[[int, list[JsonObject]], TemplateButton]]] = {
    "url": UrlButton.read,
    "quick_reply": QuickReplyButton.read,
    "copy_code": CopyCodeButton.read,
    "flow": FlowButton.read,
    "catalog": CatalogButton.read,
    "mpm": ProductsButton.read,
    "voice_call": VoiceCallButton.read,
}


def read_button(component: JsonObject) -> TemplateButton:
    """From a component of the type `button`."""
    sub_type = component.string("sub_type").lower()
    if sub_type not in _READERS:
        raise WrongShape(component.path("sub_type"), "is not a kind of button known here")
    parameters = component.each("parameters")
    if not parameters:
        raise WrongShape(component.path("parameters"), "is empty; leave the button out")
    return _READERS[sub_type](component.numeral("index"), parameters)


def _button(sub_type: str, index: int, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "sub_type": sub_type, "index": str(index), "parameters": list(parameters)}


def _action(action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "action", "action": action}


def _only(parameters: list[JsonObject], *types: str) -> JsonObject:
    if len(parameters) > 1:
        raise WrongShape(parameters[1].path("type"), "is one more than the button takes")
    if read_type(parameters[0]) not in types:
        raise WrongShape(parameters[0].path("type"), f"is not {' or '.join(types)}")
    return parameters[0]


def _check_index(field: str, index: int) -> None:
    if type(index) is not int or not 0 <= index < limits.MAX_TEMPLATE_BUTTONS:
        raise InvalidMessage(field, f"is not a whole number from 0 to {limits.MAX_TEMPLATE_BUTTONS - 1}")

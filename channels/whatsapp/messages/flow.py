"""A text with a button that opens a flow: a form of several screens, inside WhatsApp."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self

from channels.invalid import InvalidMessage
from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.checks import (
    check_json,
    check_optional,
    check_trimmed,
    holds_emoji,
)
from channels.whatsapp.messages.frame import Header, check_frame, framed, read_body, read_footer, read_header

MESSAGE_VERSION: Final = "3"
"""The only one that Meta takes."""

type FlowAction = Literal["navigate", "data_exchange"]
type FlowMode = Literal["published", "draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """`title` is what stands on the button; `token` comes back with the answer and says whose it is.

    `navigate` opens `screen` with `data` in it; `data_exchange` asks our endpoint for the first screen. A `draft` can
    be opened by testers alone.
    """

    body: str = field(repr=False)
    title: str = field(repr=False)
    token: str = field(repr=False)
    id: str | None = None
    name: str | None = None
    action: FlowAction = "navigate"
    screen: str | None = None
    data: Mapping[str, Any] | None = field(default=None, repr=False)
    mode: FlowMode = "published"
    header: Header | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("Flow", self.body, self.header, self.footer)
        check_trimmed("Flow.title", self.title, limits.MAX_FLOW_TITLE)
        if holds_emoji(self.title):
            raise InvalidMessage("Flow.title", "holds an emoji")
        check_trimmed("Flow.token", self.token)
        if (self.id is None) == (self.name is None):
            raise InvalidMessage("Flow.id", "and a name are both there or both missing; give one of the two")
        check_optional("Flow.id", self.id)
        check_optional("Flow.name", self.name)
        if self.mode not in ("published", "draft"):
            raise InvalidMessage("Flow.mode", "is neither published nor draft")
        self._check_action()

    def _check_action(self) -> None:
        if self.action not in ("navigate", "data_exchange"):
            raise InvalidMessage("Flow.action", "is neither navigate nor data_exchange")
        if self.action == "navigate" and self.screen is None:
            raise InvalidMessage("Flow.screen", "is missing; navigate needs one")
        if self.action == "data_exchange" and (self.screen is not None or self.data is not None):
            raise InvalidMessage("Flow.screen", "or data is there; with data_exchange the endpoint gives both")
        check_optional("Flow.screen", self.screen)
        if self.data is not None:
            check_json("Flow.data", self.data)

    def content(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {"flow_message_version": MESSAGE_VERSION}
        parameters |= {"flow_name": self.name} if self.id is None else {"flow_id": self.id}
        parameters |= {"flow_token": self.token, "flow_cta": self.title, "flow_action": self.action}
        if self.mode == "draft":
            parameters["mode"] = self.mode
        if self.screen is not None:
            data = {} if self.data is None else {"data": dict(self.data)}
            parameters["flow_action_payload"] = {"screen": self.screen, **data}
        return framed("flow", {"name": "flow", "parameters": parameters}, self.body, self.header, self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        action.constant("name", "flow")
        parameters = action.nested("parameters")
        parameters.constant("flow_message_version", MESSAGE_VERSION)
        first = parameters.optional_nested("flow_action_payload")
        return cls(
            header=read_header(content),
            body=read_body(content),
            footer=read_footer(content),
            title=parameters.string("flow_cta"),
            token=parameters.string("flow_token"),
            id=parameters.optional_string("flow_id"),
            name=parameters.optional_string("flow_name"),
            action=_read_action(parameters),
            mode=_read_mode(parameters),
            screen=None if first is None else first.string("screen"),
            data=None if first is None else first.mapping("data"),
        )


def _read_action(parameters: JsonObject) -> FlowAction:
    match parameters.optional_string("flow_action"):
        case None | "navigate":
            return "navigate"
        case "data_exchange":
            return "data_exchange"
        case _:
            raise WrongShape(parameters.path("flow_action"), "is neither navigate nor data_exchange")


def _read_mode(parameters: JsonObject) -> FlowMode:
    match parameters.optional_string("mode"):
        case None | "published":
            return "published"
        case "draft":
            return "draft"
        case _:
            raise WrongShape(parameters.path("mode"), "is neither published nor draft")

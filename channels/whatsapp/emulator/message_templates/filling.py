"""A template sent: which one, whether it may be, and what the person reads once its parameters are filled in. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.message_templates.creation import BODY
from channels.whatsapp.emulator.message_templates.template import VARIABLE, Template, component, variables
from channels.whatsapp.emulator.shapes import length

# A template that is only a body may become this long; any other keeps the limit of its creation.
BODY_ALONE = 32_768
_NO_SUCH_TEXT = re.compile(r"[\n\t]| {5,}")  # Meta: "new-line/tab characters or more than 4 consecutive spaces"

type Part = Mapping[str, Any]
type Filled = dict[str, Any]


def check_state(template: Template | None, name: str, language: str) -> Template:
    """The template, if it may be sent; raises the GraphError for why not."""
    if template is None:
        raise GraphError(132001, f"template name ({name}) does not exist in {language}")
    if template.status == "PAUSED":
        raise GraphError(132015, f"template name ({name}) is paused due to low quality")
    if template.status == "DISABLED":
        raise GraphError(132016, f"template name ({name}) is disabled")
    if template.status != "APPROVED":
        raise GraphError(132001, f"template name ({name}) in {language} is not approved: {template.status}")
    return template


def fill_in(template: Template, sent: Part) -> Filled:
    """What the phone shows: header, body, footer, buttons, cards, and the category it is paid by."""
    parts = list(sent.get("components") or ())
    named = template.parameter_format == "NAMED"
    rendered = _filled(template.components, parts, named, alone=len(template.components) == 1)
    if carousel := template.component("CAROUSEL"):
        given: Part = next((part for part in parts if _kind(part) == "carousel"), {"cards": []})
        rendered["cards"] = list(_cards(carousel["cards"], given["cards"], named))
    return {**rendered, "category": template.category}


def _filled(components: Sequence[Part], parts: Sequence[Part], named: bool, *, alone: bool = False) -> Filled:
    rendered: Filled = {"buttons": list(_buttons(components, parts))}
    if header := component(components, "HEADER"):
        rendered["header"] = _header(header, _parameters(parts, "header"), named)
    elif _parameters(parts, "header"):
        raise GraphError(132000, _count("header", len(_parameters(parts, "header")), 0))
    if body := component(components, "BODY"):
        text = _text(str(body.get("text", "")), _parameters(parts, "body"), named, "body")
        if length(text) > (BODY_ALONE if alone else BODY):
            raise GraphError(132005, f"body: the text has {length(text)} characters once it is filled in")
        rendered["body"] = {"text": text}
    if footer := component(components, "FOOTER"):
        rendered["footer"] = {"text": footer.get("text", "")}
    return rendered


def _header(header: Part, parameters: Sequence[Part], named: bool) -> Filled:
    kind = str(header["format"]).upper()
    if kind == "TEXT":
        return {"type": "text", "text": _text(str(header["text"]), parameters, named, "header")}
    if len(parameters) != 1 or _kind(parameters[0]) != kind.lower():
        received = _kind(parameters[0]).upper() if parameters else "UNKNOWN"
        raise GraphError(132012, f"header: Format mismatch, expected {kind}, received {received}")
    return {"type": kind.lower(), kind.lower(): parameters[0][kind.lower()]}


def _text(text: str, parameters: Sequence[Part], named: bool, where: str) -> str:
    names = variables(text)
    if len(parameters) != len(names):
        raise GraphError(132000, _count(where, len(parameters), len(names)))
    if where == "body":
        wrong = next((_kind(each) for each in parameters if _kind(each) not in ("text", "currency", "date_time")), None)
    else:
        wrong = next((_kind(each) for each in parameters if _kind(each) != "text"), None)
    if wrong:
        raise GraphError(132012, f"{where}: Format mismatch, expected TEXT, received {wrong.upper()}")
    values = _by_name(names, parameters, where) if named else dict(zip(names, parameters, strict=True))
    said = {name: _said(parameter, where) for name, parameter in values.items()}
    return VARIABLE.sub(lambda found: said[found[1]], text)


def _by_name(names: Sequence[str], parameters: Sequence[Part], where: str) -> dict[str, Part]:
    given = {str(parameter.get("parameter_name", "")): parameter for parameter in parameters}
    if "" in given:
        raise GraphError(100, f"{where}: Parameter name is missing or empty")
    if set(given) != set(names):
        raise GraphError(132000, f"{where}: the parameters must be named {', '.join(names)}")
    return given


def _said(parameter: Part, where: str) -> str:
    kind = _kind(parameter)
    text = str(parameter[kind] if kind == "text" else parameter[kind]["fallback_value"])
    if _NO_SUCH_TEXT.search(text):
        raise GraphError(
            132018, f"{where}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        )
    return text


def _buttons(components: Sequence[Part], parts: Sequence[Part]) -> Iterator[Filled]:
    listed = component(components, "BUTTONS")
    buttons = listed["buttons"] if listed else ()
    given = {int(part["index"]): part for part in parts if _kind(part) == "button"}
    for index in given:
        if index >= len(buttons):
            raise GraphError(132018, f"buttons: the template has no button at index {index}")
    for index, button in enumerate(buttons):
        yield _button(button, index, given.get(index))


def _button(button: Part, index: int, part: Part | None) -> Filled:
    kind = str(button["type"]).lower()
    _check_kind(kind, index, part)
    parameters = list(part.get("parameters") or ()) if part else []
    first = parameters[0] if parameters else {}
    filled: Filled = {"type": kind, "text": button.get("text") or _WORDS.get(kind, "")}
    match kind:
        case "quick_reply":
            return filled | {"payload": first.get("payload", filled["text"])}
        case "url":
            return filled | {"url": _url(button, index, first)}
        case "otp":
            _required(first, "text", kind, index)
            return filled | {"code": first["text"]}
        case "copy_code":
            _required(first, "coupon_code", kind, index)
            return filled | {"code": first["coupon_code"]}
        case "phone_number":
            return filled | {"phone_number": button["phone_number"]}
        case "flow":
            return filled | {"flow_id": button.get("flow_id"), "action": first.get("action", {})}
        case "mpm":
            _required(first, "action", kind, index)
    return filled | ({"action": first["action"]} if "action" in first else {})


def _check_kind(kind: str, index: int, part: Part | None) -> None:
    if part is None:
        return
    said = str(part.get("sub_type", "")).lower()
    # Meta takes the parameter of a one-time code under the name url.
    if said != kind and not (kind == "otp" and said == "url"):
        raise GraphError(132018, f"buttons: Button at index {index} is of type {kind}, not {said}")


def _url(button: Part, index: int, first: Part) -> str:
    url = str(button["url"])
    if not VARIABLE.search(url):
        if first:
            raise GraphError(132018, f"buttons: Button at index {index} of type Url takes no parameter")
        return url
    _required(first, "text", "url", index)
    return VARIABLE.sub(lambda found: str(first["text"]), url)


def _required(first: Part, name: str, kind: str, index: int) -> None:
    if not first.get(name):
        raise GraphError(131008, f"buttons: Button at index {index} of type {kind} requires a parameter")


def _cards(cards: Sequence[Part], given: Sequence[Part], named: bool) -> Iterator[Filled]:
    if len(given) != len(cards):
        raise GraphError(132000, _count("carousel", len(given), len(cards)))
    by_place = {int(card.get("card_index", place)): card for place, card in enumerate(given)}
    for place, card in enumerate(cards):
        parts = list(by_place.get(place, {}).get("components") or ())
        yield _filled(card["components"], parts, named)


def _parameters(parts: Sequence[Part], kind: str) -> list[Part]:
    return [parameter for part in parts if _kind(part) == kind for parameter in part.get("parameters") or ()]


def _kind(part: Part) -> str:
    return str(part.get("type", "")).lower()


def _count(where: str, given: int, expected: int) -> str:
    return f"{where}: number of localizable_params ({given}) does not match the expected number of params ({expected})"


# The words Meta puts on buttons whose text nobody writes.
_WORDS = {"copy_code": "Copy code", "otp": "Copy code", "request_contact_info": "Share phone number"}

"""From a template's definition to what Meta is told when it is created or edited."""

from collections.abc import Iterator, Mapping
from typing import Any

from channels.whatsapp.templates.definition import (
    AskContact,
    Button,
    CopyCode,
    Definition,
    LocationHeader,
    MediaHeader,
    OneTimeCode,
    OpenFlow,
    PhoneCall,
    TextHeader,
    UrlLink,
)
from channels.whatsapp.templates.variables import fill_in, names_in, numbered


def creation(template: Definition, sample_handle: str | None = None) -> dict[str, Any]:
    """The document that creates it. A media header needs the handle of its uploaded sample."""
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category.upper(),
        "parameter_format": template.format.upper(),
        **edition(template, sample_handle),
    }


def edition(template: Definition, sample_handle: str | None = None) -> dict[str, Any]:
    """The document that makes an existing template say what the definition says."""
    ttl = {} if template.ttl_seconds is None else {"message_send_ttl_seconds": template.ttl_seconds}
    return {"components": components(template, sample_handle), **ttl}


def components(template: Definition, sample_handle: str | None = None) -> list[dict[str, Any]]:
    """Meta's list: header, body, footer, buttons; every variable with its example."""
    return list(_components(template, sample_handle))


def _components(template: Definition, sample_handle: str | None) -> Iterator[dict[str, Any]]:
    if template.header is not None:
        yield {"type": "HEADER", **_header(template, sample_handle)}
    if template.authentication is not None or template.category == "authentication":
        yield from _authentication(template)
    elif template.body is not None:
        yield {"type": "BODY", **_text(template, template.body, "body")}
    if template.footer is not None:
        yield {"type": "FOOTER", "text": template.footer}
    if template.buttons:
        yield {"type": "BUTTONS", "buttons": [_button(each, template.examples) for each in template.buttons]}


def _authentication(template: Definition) -> Iterator[dict[str, Any]]:
    wanted = template.authentication
    yield {"type": "BODY", "add_security_recommendation": wanted is None or wanted.security_recommendation}
    if wanted is not None and wanted.expiration_minutes is not None:
        yield {"type": "FOOTER", "code_expiration_minutes": wanted.expiration_minutes}


def _header(template: Definition, sample_handle: str | None) -> dict[str, Any]:
    match template.header:
        case TextHeader(text=text):
            return {"format": "TEXT", **_text(template, text, "header")}
        case MediaHeader(type=kind):
            example = {} if sample_handle is None else {"example": {"header_handle": [sample_handle]}}
            return {"format": kind.upper(), **example}
        case LocationHeader():
            return {"format": "LOCATION"}
        case None:
            return {}


def _text(template: Definition, text: str, part: str) -> dict[str, Any]:
    names = names_in(text)
    if not names:
        return {"text": text}
    examples = [template.examples.get(name, "") for name in names]
    if template.format == "named":
        named = [{"param_name": name, "example": example} for name, example in zip(names, examples, strict=True)]
        return {"text": text, "example": {f"{part}_text_named_params": named}}
    # A body has a list for each of several examples, a header only one of them.
    return {"text": numbered(text), "example": {f"{part}_text": [examples] if part == "body" else examples}}


def _button(button: Button, examples: Mapping[str, str]) -> dict[str, Any]:
    kind = button.type.upper()
    match button:
        case UrlLink(text=text, url=url):
            filled = {"example": [_with_examples(url, examples)]} if names_in(url) else {}
            return {"type": kind, "text": text, "url": numbered(url), **filled}
        case PhoneCall(text=text, phone_number=phone_number):
            return {"type": kind, "text": text, "phone_number": phone_number}
        case CopyCode(code=code):
            return {"type": kind, "example": _with_examples(code, examples)}
        case OpenFlow(text=text, flow_id=flow_id, action=action, screen=screen):
            shown = {} if screen is None else {"navigate_screen": screen}
            return {"type": kind, "text": text, "flow_id": flow_id, "flow_action": action, **shown}
        case OneTimeCode(text=text):
            return {"type": kind, "otp_type": "COPY_CODE", **({} if text is None else {"text": text})}
        case AskContact():
            return {"type": kind}
        case _:
            return {"type": kind, "text": button.text}


def _with_examples(text: str, examples: Mapping[str, str]) -> str:
    return fill_in(text, {name: examples.get(name, "") for name in names_in(text)})

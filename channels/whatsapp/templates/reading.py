"""From what Meta has of a template to a definition: what cannot be written as one is named, never dropped.

CannotBeWritten     a component or button that our files have no words for
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from channels.whatsapp.account import RemoteTemplate
from channels.whatsapp.templates.definition import CODE, Definition
from channels.whatsapp.templates.variables import names_in, rename


class CannotBeWritten(ValueError):
    """The template has a part that our files have no words for."""


def definition_of(remote: RemoteTemplate) -> Definition:
    """The definition that would create this template. Raises CannotBeWritten.

    Numbered variables get names (`value_1`, `header_1`, `link_1`); a media header comes without its sample.
    """
    reader = _Reader(is_named=remote.parameter_format == "NAMED", is_code=remote.category == "AUTHENTICATION")
    for component in remote.components:
        reader.read(component)
    try:
        return Definition.model_validate(
            {
                "name": remote.name,
                "language": remote.language,
                "category": remote.category.lower(),
                "format": "named" if reader.is_named else "positional",
                "ttl_seconds": remote.ttl_seconds,
                "examples": reader.examples,
                **reader.parts,
            }
        )
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise CannotBeWritten(f"{where} is not of a kind that our files have words for") from None


@dataclass(slots=True)
class _Reader:
    """Collects the parts of a definition from Meta's components."""

    is_named: bool
    is_code: bool
    parts: dict[str, Any] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def read(self, component: Mapping[str, Any]) -> None:
        kind = str(component.get("type", "")).upper()
        match kind:
            case "HEADER":
                self.parts["header"] = self._header(component)
            case "BODY" if self.is_code:
                self._authentication()["security_recommendation"] = component.get("add_security_recommendation", True)
            case "BODY":
                self.parts["body"] = self._text(component, "body", "value")
            case "FOOTER" if "code_expiration_minutes" in component:
                self._authentication()["expiration_minutes"] = component["code_expiration_minutes"]
            case "FOOTER":
                self.parts["footer"] = component.get("text")
            case "BUTTONS":
                buttons = component.get("buttons")
                self.parts["buttons"] = [
                    self._button(each, place) for place, each in enumerate(buttons if isinstance(buttons, list) else [])
                ]
            case _:
                raise CannotBeWritten(f"a component of the type {kind or 'none'} is not known here")

    def _authentication(self) -> dict[str, Any]:
        found: dict[str, Any] = self.parts.setdefault("authentication", {})
        return found

    def _header(self, component: Mapping[str, Any]) -> dict[str, Any]:
        kind = str(component.get("format", "")).lower()
        return {"type": kind, "text": self._text(component, "header", "header")} if kind == "text" else {"type": kind}

    def _text(self, component: Mapping[str, Any], part: str, prefix: str) -> str:
        text = str(component.get("text") or "")
        names = names_in(text)
        example = component.get("example")
        known = example if isinstance(example, Mapping) else {}
        if self.is_named:
            given = known.get(f"{part}_text_named_params") or []
            found = {str(each.get("param_name")): str(each.get("example")) for each in given}
            self.examples |= {name: found[name] for name in names if name in found}
            return text
        if list(names) != [str(place + 1) for place in range(len(names))]:
            raise CannotBeWritten(f"the numbers of the {part}'s variables are not in order")
        given = known.get(f"{part}_text") or []
        values = given[0] if given and isinstance(given[0], list) else given
        self.examples |= {f"{prefix}_{name}": str(value) for name, value in zip(names, values, strict=False)}
        return rename(text, lambda name: f"{prefix}_{name}")

    def _button(self, button: Mapping[str, Any], place: int) -> dict[str, Any]:
        kind = str(button.get("type", "")).upper()
        if self.is_code:
            # Meta shows the button of a code as an address of its own.
            return {"type": "otp", "text": button.get("text")}
        if kind == "URL":
            return self._url(button, f"link_{place + 1}")
        if kind == "COPY_CODE":
            name = f"{CODE}_{place + 1}"
            example = button.get("example")
            self.examples[name] = str(example[0] if isinstance(example, list) and example else example or "")
            return {"type": "copy_code", "code": "{{" + name + "}}"}
        if kind not in _MEMBERS:
            raise CannotBeWritten(f"a button of the type {kind or 'none'} is not known here")
        return {"type": kind.lower()} | {
            ours: change(button[theirs]) for theirs, ours, change in _MEMBERS[kind] if button.get(theirs) is not None
        }

    def _url(self, button: Mapping[str, Any], name: str) -> dict[str, Any]:
        url = str(button.get("url") or "")
        example = button.get("example")
        if names_in(url):
            whole = str(example[0]) if isinstance(example, list) and example else ""
            fixed = url[: url.index("{{")]
            self.examples[name] = whole.removeprefix(fixed)
        return {"type": "url", "text": button.get("text"), "url": rename(url, lambda _: name)}


_TEXT: Final = ("text", "text", str)

_MEMBERS: Final[dict[str, tuple[tuple[str, str, Callable[[Any], Any]], ...]]] = {
    "QUICK_REPLY": (_TEXT,),
    "PHONE_NUMBER": (_TEXT, ("phone_number", "phone_number", str)),
    "FLOW": (
        _TEXT,
        ("flow_id", "flow_id", str),
        ("flow_action", "action", lambda action: str(action).lower()),
        ("navigate_screen", "screen", str),
    ),
    "CATALOG": (_TEXT,),
    "MPM": (_TEXT,),
    "VOICE_CALL": (_TEXT,),
    "REQUEST_CONTACT_INFO": (),
}

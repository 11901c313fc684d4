"""A template filled in: the message that is sent, and how it reads."""

from collections.abc import Iterator, Mapping, Sequence

from channels.whatsapp import limits
from channels.whatsapp.limits import length
from channels.whatsapp.messages import (
    CopyCodeButton,
    InvalidMessage,
    Template,
    TemplateButton,
    TemplateHeader,
    TextValue,
    UrlButton,
)
from channels.whatsapp.templates.definition import (
    Button,
    CopyCode,
    Definition,
    OneTimeCode,
    Opener,
    OpenFlow,
    QuickReply,
    TextHeader,
    UrlLink,
)
from channels.whatsapp.templates.variables import VARIABLE, fill_in, names_in


def fill(
    definition: Definition,
    values: Mapping[str, str],
    *,
    header: TemplateHeader | None = None,
    buttons: Sequence[TemplateButton] = (),
) -> Template:
    """The message: every variable takes its value, and nothing else may be given.

    `header` is the file or place of a header that is no text. `buttons` is for what text does not fill: the payload
    of a quick reply, the token of a flow, the products of a list, a call; each at the place its button has.
    Raises InvalidMessage naming the value that is missing, unknown, too long or of the wrong form.
    """
    _check_names(definition, values)
    _check_buttons(definition, buttons)
    body = tuple(_value(definition, name, values) for name in definition.body_variables)
    template = Template(
        name=definition.name,
        language=definition.language,
        header=_header(definition, values, header),
        body=body,
        buttons=tuple(sorted((*_buttons(definition, values), *buttons), key=lambda button: button.index)),
    )
    _check_length(definition, values)
    return template


def preview(definition: Definition, values: Mapping[str, str] | None = None) -> str:
    """How it reads, in plain text; without values, with the definition's examples."""
    shown = {**definition.examples} if values is None else dict(values)
    filled = {name: shown.get(name, "{{" + name + "}}") for name in definition.variables}
    return "\n\n".join(_shown(definition, filled))


def _shown(definition: Definition, values: Mapping[str, str]) -> Iterator[str]:
    if isinstance(definition.header, TextHeader):
        yield f"*{fill_in(definition.header.text, values)}*"
    elif definition.header is not None:
        yield f"[{definition.header.type}]"
    if definition.category == "authentication":
        yield f"*{values['code']}*"
    elif definition.body is not None:
        yield fill_in(definition.body, values)
    if definition.footer is not None:
        yield f"_{definition.footer}_"
    if definition.buttons:
        yield "\n".join(f"[{_label(button)}]" for button in definition.buttons)


def _label(button: Button) -> str:
    text = getattr(button, "text", None)
    return text or button.type.replace("_", " ")


def _check_names(definition: Definition, values: Mapping[str, str]) -> None:
    asked = definition.variables
    for name in asked:
        if name not in values:
            raise InvalidMessage(f"values.{name}", f"is missing; {definition.name} asks for {', '.join(asked)}")
    for name in values:
        if name not in asked:
            known = ", ".join(asked) or "no values"
            raise InvalidMessage("values", f"holds a name that {definition.name} does not know; it asks for {known}")


def _header(definition: Definition, values: Mapping[str, str], header: TemplateHeader | None) -> TemplateHeader | None:
    wanted = definition.header
    if wanted is None or isinstance(wanted, TextHeader):
        if header is not None:
            raise InvalidMessage("header", f"is given, and {definition.name} has none to be given")
        names = definition.header_variables
        return _value(definition, names[0], values) if names else None
    if header is None or type(header).__name__.lower() != wanted.type:
        raise InvalidMessage("header", f"is not the {wanted.type} that {definition.name} begins with")
    return header


def _value(definition: Definition, name: str, values: Mapping[str, str]) -> TextValue:
    is_named = definition.format == "named" and definition.category != "authentication"
    try:
        return TextValue(text=values[name], name=name if is_named else None)
    except InvalidMessage as error:
        raise InvalidMessage(f"values.{name}", error.problem) from None


def _buttons(definition: Definition, values: Mapping[str, str]) -> Iterator[TemplateButton]:
    for index, button in enumerate(definition.buttons):
        try:
            match button:
                case UrlLink(url=url) if names_in(url):
                    # What travels is the end of the address alone: Meta has the rest.
                    yield UrlButton(index=index, suffix=fill_in(url[url.index("{{") :], values))
                case CopyCode(code=code) if names_in(code):
                    yield CopyCodeButton(index=index, code=fill_in(code, values))
                case OneTimeCode():
                    yield UrlButton(index=index, suffix=values[definition.body_variables[0]])
        except InvalidMessage as error:
            raise InvalidMessage(f"values, at buttons.{index},", error.problem) from None


_FILLED_BY_HAND = (QuickReply, OpenFlow, Opener)


def _check_buttons(definition: Definition, buttons: Sequence[TemplateButton]) -> None:
    for given in buttons:
        kind = given.content()["sub_type"]
        wanted = definition.buttons[given.index] if given.index < len(definition.buttons) else None
        if not isinstance(wanted, _FILLED_BY_HAND) or wanted.type != kind:
            raise InvalidMessage(f"buttons.{given.index}", f"is no {kind} button in {definition.name}")


def _check_length(definition: Definition, values: Mapping[str, str]) -> None:
    """Meta counts the words around the values too (132005)."""
    body = definition.body or ""
    alone = definition.header is None and not definition.buttons
    most = limits.MAX_TEMPLATE_BODY_ALONE if alone else limits.MAX_TEMPLATE_BODY
    total = length(fill_in(body, values)) if VARIABLE.search(body) else 0
    if total > most:
        raise InvalidMessage("values", f"make a body of {total}; at most {most} are allowed")

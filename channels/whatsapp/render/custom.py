"""A WhatsApp message that a response carries as it is: only the ids that a person may tap are swapped."""

from collections.abc import Callable, Mapping
from typing import Any

Issue = Callable[[str, str], str]


def with_issued_ids(payload: Mapping[str, Any], issue: Issue) -> Mapping[str, Any]:
    """The same payload, the ids of its buttons, rows and cards issued; what has another shape stays as it is."""
    match payload:
        case {"interactive": {"action": {**action}, **interactive}}:
            return {**payload, "interactive": {**interactive, "action": _action(action, issue)}}
        case _:
            return payload


def _action(action: Mapping[Any, Any], issue: Issue) -> Mapping[str, Any]:
    made = dict(action)
    for name, swap in (("buttons", _button), ("sections", _section), ("cards", _card)):
        match action.get(name):
            case [*members]:
                made[name] = [swap(member, issue) for member in members]
    return made


def _card(card: Any, issue: Issue) -> Any:
    match card:
        case {"action": {**action}, **rest}:
            return {**rest, "action": _action(action, issue)}
        case _:
            return card


def _section(section: Any, issue: Issue) -> Any:
    match section:
        case {"rows": [*rows], **rest}:
            return {**rest, "rows": [_option(row, issue) for row in rows]}
        case _:
            return section


def _button(button: Any, issue: Issue) -> Any:
    """In a message a button is a "reply", on a card a "quick_reply"."""
    match button:
        case {"reply": reply, **rest}:
            return {**rest, "reply": _option(reply, issue)}
        case {"quick_reply": reply, **rest}:
            return {**rest, "quick_reply": _option(reply, issue)}
        case _:
            return button


def _option(option: Any, issue: Issue) -> Any:
    match option:
        case {"id": str(payload), "title": str(title), **rest}:
            return {**rest, "id": issue(payload, title), "title": title}
        case _:
            return option

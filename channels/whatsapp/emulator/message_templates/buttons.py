"""The buttons of a template: which, how many, in what order, and what each needs. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from channels.whatsapp.emulator.graph_errors import GraphError
from channels.whatsapp.emulator.message_templates.refusals import refused, too_long
from channels.whatsapp.emulator.message_templates.template import VARIABLE
from channels.whatsapp.emulator.shapes import length

# Meta's template guide; lengths in characters.
BUTTONS = 10
MOST_OF = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "OTP": 1, "FLOW": 1, "CATALOG": 1, "MPM": 1, "SPM": 1}
TEXT = 25
URL = 2000
COPY_CODE = 15
PHONE_NUMBER = 20
OTHERS = ("QUICK_REPLY", "VOICE_CALL", "REQUEST_CONTACT_INFO", "ORDER_DETAILS")
KINDS = (*MOST_OF, *OTHERS)
WITHOUT_TEXT = ("COPY_CODE", "OTP", "REQUEST_CONTACT_INFO")  # Meta writes their words
_PHONE_NUMBER = re.compile(r"\+?[0-9]+", re.ASCII)


def check_buttons(listed: object, category: str) -> None:
    """Raises the GraphError Meta would refuse these buttons with."""
    if not isinstance(listed, list) or not listed or not all(isinstance(each, dict) for each in listed):
        raise GraphError(100, "BUTTONS needs an array of buttons.")
    if len(listed) > BUTTONS:
        raise GraphError(100, f"A template has at most {BUTTONS} buttons.")
    kinds = [str(button.get("type", "")).upper() for button in listed]
    for kind in kinds:
        if kind not in KINDS:
            raise GraphError(100, f"Button type must be one of {{{', '.join(KINDS)}}} - got '{kind}'.")
        if kinds.count(kind) > MOST_OF.get(kind, BUTTONS):
            raise GraphError(100, f"A template has at most {MOST_OF[kind]} buttons of type {kind}.")
    if ("OTP" in kinds) != (category == "AUTHENTICATION"):
        raise GraphError(100, "A button of type OTP belongs to AUTHENTICATION templates, which need one.")
    _check_order(kinds)
    for button, kind in zip(listed, kinds, strict=True):
        _check_button(button, kind)


def _check_order(kinds: Sequence[str]) -> None:
    """Quick replies stand together, before or after the others."""
    groups = [is_reply for is_reply, _ in groupby(kind == "QUICK_REPLY" for kind in kinds)]
    if len(groups) > 2:
        raise refused(
            2388060, "Buttons are in the wrong order", "Quick replies must stand together, apart from other buttons."
        )


def _check_button(button: Mapping[str, Any], kind: str) -> None:
    if kind not in WITHOUT_TEXT:
        _check_words(button.get("text"), kind)
    if check := _CHECKS.get(kind):
        check(button)


def _check_words(text: object, kind: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise GraphError(100, f"A button of type {kind} needs a text.")
    if length(text) > TEXT:
        raise too_long("A button's text", TEXT)
    if VARIABLE.search(text):
        raise GraphError(100, "A button's text can't have variables.")


def _check_phone_number(button: Mapping[str, Any]) -> None:
    number = str(button.get("phone_number", ""))
    if not _PHONE_NUMBER.fullmatch(number) or len(number) > PHONE_NUMBER:
        raise GraphError(100, "A button of type PHONE_NUMBER needs a phone_number in international form.")


def _check_code(button: Mapping[str, Any]) -> None:
    example = button.get("example")
    example = example[0] if isinstance(example, list) and example else example
    if not isinstance(example, str) or not 0 < length(example) <= COPY_CODE:
        raise GraphError(100, f"A button of type COPY_CODE needs an example of at most {COPY_CODE} characters.")


def _check_flow(button: Mapping[str, Any]) -> None:
    if not any(button.get(name) for name in ("flow_id", "flow_name", "flow_json")):
        raise GraphError(100, "A button of type FLOW needs a flow_id, flow_name or flow_json.")


def _check_url(button: Mapping[str, Any]) -> None:
    url = button.get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise GraphError(100, "A button of type URL needs a url.")
    if len(url) > URL:
        raise too_long("A button's url", URL)
    found = list(VARIABLE.finditer(url))
    if not found:
        return
    if len(found) > 1 or found[0].end() != len(url):
        raise GraphError(100, "A button's url has one variable at most, at its end.")
    if not button.get("example"):
        raise GraphError(100, "A button's url with a variable needs an example.")


_CHECKS = {"URL": _check_url, "PHONE_NUMBER": _check_phone_number, "COPY_CODE": _check_code, "FLOW": _check_flow}

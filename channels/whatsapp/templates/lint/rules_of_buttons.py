"""Rules of buttons: how many, in which order, how long, and where they may lead."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

import phonenumbers

from channels.whatsapp import limits
from channels.whatsapp.limits import length
from channels.whatsapp.templates.definition import CopyCode, Definition, PhoneCall, UrlLink
from channels.whatsapp.templates.lint.finding import Finding, WordLists, error
from channels.whatsapp.templates.variables import VARIABLE, fill_in, names_in

MAX_TEXT: Final = 25
"""units on a template's button; pywa"""

MOST_OF_A_KIND: Final = {
    "url": limits.MAX_TEMPLATE_URLS,
    "phone_number": 1,
    "copy_code": limits.MAX_TEMPLATE_COPY_CODES,
    "flow": 1,
    "catalog": 1,
    "mpm": 1,
    "voice_call": 1,
    "request_contact_info": 1,
    "otp": 1,
}
"""buttons; pywa, Meta's guide"""

CHAT_HOSTS: Final = frozenset({"wa.me", "api.whatsapp.com", "chat.whatsapp.com", "whatsapp.com", "www.whatsapp.com"})
"""Meta refuses buttons that lead back into WhatsApp."""


def rules_of_buttons(definition: Definition, words: WordLists) -> Iterator[Finding]:
    yield from _numbers(definition)
    yield from _texts(definition)
    for index, button in enumerate(definition.buttons):
        match button:
            case UrlLink(url=url):
                yield from _address(f"buttons.{index}.url", url)
                yield from _host(f"buttons.{index}.url", url, words)
            case PhoneCall(phone_number=phone_number) if not _is_phone(phone_number):
                remedy = "Write it with its country code, such as +242065000001"
                yield error("button_phone", f"buttons.{index}.phone_number", "is no international number", remedy)
            case CopyCode(code=code) if length(_filled(code, definition.examples)) > limits.MAX_COPY_CODE:
                remedy = f"Give an example of at most {limits.MAX_COPY_CODE} characters"
                yield error("length", f"buttons.{index}.code", "is too long", remedy)
    for address in re.findall(r"https?://\S+", definition.body or ""):
        yield from _host("body", address, words)


def _numbers(definition: Definition) -> Iterator[Finding]:
    kinds: list[str] = [button.type for button in definition.buttons]
    if len(kinds) > limits.MAX_TEMPLATE_BUTTONS:
        remedy = f"Keep {limits.MAX_TEMPLATE_BUTTONS} at most"
        yield error("buttons_many", "buttons", f"are {len(kinds)}", remedy)
    for kind, most in MOST_OF_A_KIND.items():
        if kinds.count(kind) > most:
            problem = f"hold {kinds.count(kind)} of the kind {kind}"
            yield error("buttons_of_a_kind", "buttons", problem, f"Keep {most}")
    is_reply = [kind == "quick_reply" for kind in kinds]
    changes = sum(left != right for left, right in pairwise(is_reply))
    if changes > 1:
        yield error("buttons_order", "buttons", "mix quick replies with others", "Put all quick replies side by side")


def _texts(definition: Definition) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, button in enumerate(definition.buttons):
        text = getattr(button, "text", None)
        if text is None:
            continue
        field = f"buttons.{index}.text"
        if length(text) > MAX_TEXT:
            yield error("length", field, f"is {length(text)} long", f"Shorten it to {MAX_TEXT} characters")
        if text.casefold() in seen:
            yield error("buttons_alike", field, "is there twice", "Give each button a text of its own")
        seen.add(text.casefold())


def _address(field: str, url: str) -> Iterator[Finding]:
    names = VARIABLE.findall(url)
    if len(names) > 1 or (names and not url.endswith("}}")):
        yield error("url_variable", field, "has a variable elsewhere than at its end", "Keep one, at the very end")
    if length(url) > limits.MAX_URL:
        yield error("length", field, "is too long", f"Shorten it to {limits.MAX_URL} characters")
    try:
        parts = urlsplit(VARIABLE.sub("x", url))
        is_https = parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        is_https = False
    if not is_https:
        yield error("url_form", field, "is no https address", "Begin it with https:// and your own domain")


def _host(field: str, url: str, words: WordLists) -> Iterator[Finding]:
    try:
        host = (urlsplit(VARIABLE.sub("x", url)).hostname or "").lower()
    except ValueError:
        return
    if host in CHAT_HOSTS:
        remedy = "Ask people to answer instead; the chat is open already"
        yield error("url_of_whatsapp", field, "leads back into WhatsApp", remedy)
    if host.removeprefix("www.") in words.shorteners:
        yield error("url_shortened", field, "hides where it leads", "Use the whole address on your own domain")


def _is_phone(text: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, None))
    except phonenumbers.NumberParseException:
        return False


def _filled(code: str, examples: dict[str, str]) -> str:
    return fill_in(code, {name: examples.get(name, "") for name in names_in(code)})

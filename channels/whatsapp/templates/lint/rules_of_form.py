"""Rules of form: the name, the language, lengths, line breaks, and where emoji and markup may stand."""

import re
from collections.abc import Iterator
from typing import Final

import regex

from channels.whatsapp import limits
from channels.whatsapp.limits import length
from channels.whatsapp.templates.definition import Definition, MediaHeader
from channels.whatsapp.templates.lint.finding import Finding, error

MAX_BODY: Final = 1024
"""units of a template's body when it is created; pywa, Meta's guide"""

MAX_LINE_BREAKS_IN_A_ROW: Final = 2
"""Meta refuses more; so does the sample's example."""

_NAME: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
_EMOJI: Final = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")
_MARKUP: Final = re.compile(r"[*~`]|(?<![A-Za-z0-9])_[^_\s][^_]*_(?![A-Za-z0-9])")


def rules_of_form(definition: Definition) -> Iterator[Finding]:
    yield from _name(definition)
    yield from _lengths(definition)
    yield from _spaces(definition)
    yield from _ornaments(definition)
    if isinstance(definition.header, MediaHeader) and definition.header.sample is None:
        yield error(
            "header_sample",
            "header",
            f"is a {definition.header.type} without a sample",
            "Put a file beside the template and name it in header.sample; Meta reviews it",
        )
    if definition.body is None and definition.category != "authentication":
        yield error("body_missing", "body", "is missing", "Say something: every template but authentication has one")


def _name(definition: Definition) -> Iterator[Finding]:
    if not _NAME.fullmatch(definition.name):
        remedy = "Use small letters, digits and underscores, such as mission_reminder"
        yield error("name_form", "name", "holds other characters than Meta allows", remedy)
    if length(definition.name) > limits.MAX_TEMPLATE_NAME:
        yield _too_long("name", length(definition.name), limits.MAX_TEMPLATE_NAME)
    if not _LANGUAGE.fullmatch(definition.language):
        yield error("language_form", "language", "is no code of Meta's", "Use a code such as fr, en or en_US")


def _lengths(definition: Definition) -> Iterator[Finding]:
    most = {"header": limits.MAX_HEADER, "body": MAX_BODY, "footer": limits.MAX_FOOTER}
    for field, text in definition.texts():
        if field in most and length(text) > most[field]:
            yield _too_long(field, length(text), most[field])


def _too_long(field: str, found: int, most: int) -> Finding:
    return error("length", field, f"is {found} long", f"Shorten it to {most} characters")


def _spaces(definition: Definition) -> Iterator[Finding]:
    for field, text in definition.texts():
        if field != "body" and re.search(r"[\n\r]", text):
            yield error("line_break", field, "holds a line break", "Write it on one line; only the body has several")
        if "\t" in text or " " * 4 in text:
            yield error("spaces", field, "holds a tab or four spaces in a row", "Use single spaces")
        if "\n" * (MAX_LINE_BREAKS_IN_A_ROW + 1) in text.replace("\r", ""):
            yield error("line_breaks", field, "holds more than one empty line in a row", "Leave one empty line at most")
        if text != text.strip():
            yield error("edges", field, "begins or ends with a space or line break", "Remove it")


def _ornaments(definition: Definition) -> Iterator[Finding]:
    for field, text in definition.texts():
        if field == "body":
            continue
        if _EMOJI.search(text):
            yield error("emoji", field, "holds an emoji", "Keep emoji for the body")
        if _MARKUP.search(text):
            yield error("markup", field, "holds markup such as *bold*", "Keep markup for the body")

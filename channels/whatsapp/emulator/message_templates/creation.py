"""What Meta checks when a template is created or edited: names, lengths, variables with examples, buttons. Pure.

Written from Meta's documentation and its table of error subcodes, shared with nobody.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from channels.whatsapp.emulator.graph_errors import GraphError, required
from channels.whatsapp.emulator.message_templates.buttons import check_buttons
from channels.whatsapp.emulator.message_templates.refusals import refused, too_long
from channels.whatsapp.emulator.message_templates.template import VARIABLE, component, variables
from channels.whatsapp.emulator.shapes import length

type SampleExists = Callable[[str], bool]

# Lengths in characters: Meta's template guide.
NAME = 512
BODY = 1024
HEADER = 60
FOOTER = 60
# A text needs more than two words of its own for each variable (reported by providers; Meta names no figure).
WORDS_PER_VARIABLE = 2
CARDS = (2, 10)
# Seconds: from, to. Reported by YCloud; -1 means 30 days.
TIME_TO_LIVE = {"AUTHENTICATION": (30, 900), "UTILITY": (30, 43_200), "MARKETING": (43_200, 2_592_000)}

CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
FORMATS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "GIF", "PRODUCT")
MEDIA_FORMATS = ("IMAGE", "VIDEO", "DOCUMENT", "GIF")
COMPONENTS = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER", "CALL_PERMISSION_REQUEST")

_NAME = re.compile(r"[a-z0-9_]+", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?", re.ASCII)
_NAMED = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_PROMOTION = re.compile(
    r"\b(sale|discount|promo\w*|coupon|special offer|\d+ ?% off|soldes?|remise|offre spéciale)\b", re.IGNORECASE
)


def check_creation(document: Mapping[str, Any], sample_exists: SampleExists) -> None:
    """Raises the GraphError Meta would refuse it with. `sample_exists` knows the handles of uploaded samples."""
    for name in ("name", "language", "category", "components"):
        if not document.get(name):
            raise required(name)
    if not isinstance(document["name"], str) or not _NAME.fullmatch(document["name"]):
        raise GraphError(100, "Param name must hold lower-case letters, digits and underscores only.")
    if length(document["name"]) > NAME:
        raise too_long("name", NAME)
    if not isinstance(document["language"], str) or not _LANGUAGE.fullmatch(document["language"]):
        raise GraphError(100, "Param language must be a locale code such as en_US.")
    if str(document["category"]).upper() not in CATEGORIES:
        raise GraphError(100, f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
    check_content(document, str(document["category"]).upper(), sample_exists)


def check_content(document: Mapping[str, Any], category: str, sample_exists: SampleExists) -> None:
    """The components, how their variables are written, and how long a message may wait."""
    named = str(document.get("parameter_format", "POSITIONAL")).upper()
    if named not in ("POSITIONAL", "NAMED"):
        raise GraphError(100, "Param parameter_format must be one of {POSITIONAL, NAMED}.")
    components = document["components"]
    _check_list(components)
    _check_components(components, named == "NAMED", category, sample_exists)
    time_to_live = document.get("message_send_ttl_seconds")
    if time_to_live not in (None, -1):
        shortest, longest = TIME_TO_LIVE[category]
        if not isinstance(time_to_live, int) or not shortest <= time_to_live <= longest:
            raise GraphError(
                100, f"Param message_send_ttl_seconds of {category} must lie between {shortest} and {longest}."
            )


def normalised(document: Mapping[str, Any]) -> dict[str, Any]:
    """A checked document with the words Meta writes itself: those of a one-time code."""
    if str(document["category"]).upper() != "AUTHENTICATION":
        return dict(document)
    return {**document, "components": [_with_metas_words(each) for each in document["components"]]}


def reads_like_promotion(components: Sequence[Mapping[str, Any]]) -> bool:
    """Whether Meta's reviewers would call it marketing: a few plain words are enough for practice."""
    return any(_PROMOTION.search(str(each.get("text", ""))) for each in components)


def _check_list(components: object) -> None:
    if not isinstance(components, list) or not all(isinstance(each, dict) for each in components):
        raise GraphError(100, "Param components must be an array of objects.")
    kinds = [str(each.get("type", "")).upper() for each in components]
    for kind in kinds:
        if kind not in COMPONENTS:
            raise GraphError(100, f"Component type must be one of {{{', '.join(COMPONENTS)}}} - got '{kind}'.")
        if kinds.count(kind) > 1:
            raise GraphError(100, f"The component {kind} is there twice.")


def _check_components(
    components: Sequence[Mapping[str, Any]], named: bool, category: str, sample_exists: SampleExists
) -> None:
    body = component(components, "BODY")
    if body is None:
        raise refused(2388072, "Message body is missing", "A template needs a BODY.")
    if category != "AUTHENTICATION":
        _check_text(body, BODY, named, "BODY")
    if header := component(components, "HEADER"):
        _check_header(header, named, sample_exists)
    footer = component(components, "FOOTER")
    if footer and category != "AUTHENTICATION":
        _check_footer(footer)
    if listed := component(components, "BUTTONS"):
        check_buttons(listed.get("buttons"), category)
    if carousel := component(components, "CAROUSEL"):
        _check_cards(carousel.get("cards"), named, category, sample_exists)


def _check_text(part: Mapping[str, Any], longest: int, named: bool, kind: str) -> None:
    text = part.get("text")
    if not isinstance(text, str) or not text.strip():
        raise refused(2388072, f"{kind} is incorrectly formatted", f"{kind} needs a text.")
    if length(text) > longest:
        raise too_long(kind, longest)
    names = variables(text)
    _check_names(names, named, kind)
    if not names:
        return
    if kind == "BODY":
        _check_surroundings(text, names)
    _check_examples(part, names, named, kind)


def _check_names(names: Sequence[str], named: bool, kind: str) -> None:
    if named:
        wrong = [name for name in names if not _NAMED.fullmatch(name)]
        expected = "lower-case letters, digits and underscores"
    else:
        wrong = [name for place, name in enumerate(names, 1) if name != str(place)]
        expected = "numbers from 1 on, in order"
    if wrong:
        raise refused(2388072, "Variables are incorrectly formatted", f"The variables of {kind} must be {expected}.")


def _check_surroundings(text: str, names: Sequence[str]) -> None:
    bare = text.strip()
    if VARIABLE.match(bare) or any(found.end() == len(bare) for found in VARIABLE.finditer(bare)):
        raise refused(
            2388299,
            "Message template has leading or trailing params",
            "Variables can't be at the start or end of the template.",
        )
    if re.search(r"\}\}\s*\{\{", bare):
        raise refused(2388072, "Variables are incorrectly formatted", "Two variables can't be next to each other.")
    words = [word for word in VARIABLE.sub(" ", bare).split() if any(sign.isalnum() for sign in word)]
    if len(words) <= WORDS_PER_VARIABLE * len(names):
        raise refused(
            2388293,
            "Template parameters to words ratio exceeds limit",
            "This template has too many variables for its length. Reduce the variables or write more words.",
        )


def _check_examples(part: Mapping[str, Any], names: Sequence[str], named: bool, kind: str) -> None:
    example = part.get("example")
    example = example if isinstance(example, dict) else {}
    if named:
        listed = example.get(f"{kind.lower()}_text_named_params")
        given = {str(each.get("param_name")) for each in _objects(listed) if each.get("example")}
        complete = given == set(names)
    else:
        listed = example.get(f"{kind.lower()}_text")
        row = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], list) else listed
        complete = isinstance(row, list) and len(row) == len(names) and all(isinstance(each, str) for each in row)
    if not complete:
        code = 2388072 if kind == "BODY" else 2388047
        raise refused(code, "Examples are missing", f"{kind} needs one example for each of its {len(names)} variables.")


def _check_header(header: Mapping[str, Any], named: bool, sample_exists: SampleExists) -> None:
    kind = str(header.get("format", "")).upper()
    if kind not in FORMATS:
        raise GraphError(100, f"Header format must be one of {{{', '.join(FORMATS)}}}.")
    if kind == "TEXT":
        _check_text(header, HEADER, named, "HEADER")
        if len(variables(str(header["text"]))) > 1:
            raise refused(2388047, "Message header is incorrectly formatted", "A header has one variable at most.")
    elif kind in MEDIA_FORMATS:
        example = header.get("example")
        handles = example.get("header_handle") if isinstance(example, dict) else None
        if not (isinstance(handles, list) and handles and all(sample_exists(str(each)) for each in handles)):
            raise refused(
                2388273, "Missing sample", f"A {kind} header needs the handle of an uploaded sample in header_handle."
            )


def _check_footer(footer: Mapping[str, Any]) -> None:
    text = footer.get("text")
    if not isinstance(text, str) or not text.strip() or variables(text):
        raise refused(2388073, "Message footer is incorrectly formatted", "A footer is text without variables.")
    if length(text) > FOOTER:
        raise too_long("FOOTER", FOOTER)


def _check_cards(cards: object, named: bool, category: str, sample_exists: SampleExists) -> None:
    fewest, most = CARDS
    listed = _objects(cards)
    if not fewest <= len(listed) <= most:
        raise GraphError(100, f"A carousel has {fewest} to {most} cards.")
    for card in listed:
        components = card.get("components")
        _check_list(components)
        for part in _objects(components):
            kind = str(part.get("type", "")).upper()
            if kind == "HEADER":
                _check_header(part, named, sample_exists)
            elif kind == "BODY":
                _check_text(part, BODY, named, "BODY")
            elif kind == "BUTTONS":
                check_buttons(part.get("buttons"), category)


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _with_metas_words(part: Mapping[str, Any]) -> Mapping[str, Any]:
    match str(part.get("type", "")).upper():
        case "BODY":
            advice = " For your security, do not share this code." if part.get("add_security_recommendation") else ""
            return {**part, "text": "*{{1}}* is your verification code." + advice}
        case "FOOTER" if part.get("code_expiration_minutes"):
            return {**part, "text": f"This code expires in {part['code_expiration_minutes']} minutes."}
    return part

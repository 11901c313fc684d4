"""What is said: in both languages, within WhatsApp's limits, all of it used, its buttons understood."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, meta

from channels.whatsapp.markdown import to_whatsapp
from channels.whatsapp.messages import InvalidMessage
from channels.whatsapp.render import Labels, render
from server.lint.decisions import said_in_code
from server.lint.longest import LONGEST
from server.lint.project import Entry, Place, Problem, Project

LANGUAGES = ("fr", "en")
FIXED = {"business_name", "support_number"}  # the server sets them before every turn
ONE_WAY = {"utter_language_changed"}  # offers the way back, which differs
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}")
PAYLOAD = re.compile(r"/(\w+)(\{.*\})?", re.DOTALL)
A_ROW = {"title": "COUR-20250127-061", "payload": "/help", "description": "…"}


def unsaid_and_unwritten(project: Project) -> Iterator[Problem]:
    """Every response is said by a rule, an action or a form; whatever is said is written."""
    in_code = list(said_in_code(project))
    steps = (step for _, rule in project.rules for step in rule["steps"])
    said = {step["action"] for step in steps if "action" in step} | {name for _, name in in_code}
    for form, (_, entry) in project.forms.items():
        said |= {f"utter_ask_{form}_{slot}" for slot in entry["required_slots"]}
        said |= {f"utter_ask_{slot}" for slot in entry["required_slots"]}
    for name, (place, _) in project.responses.items():
        if name not in said:
            yield place.problem(f"nobody says {name}: delete it, or name it in a rule or an action.")
    for place, name in in_code:
        if name not in project.responses:
            yield place.problem(f"{name} is in no file of data/responses/: write it there, in both languages.")


def one_language_without_the_other(project: Project) -> Iterator[Problem]:
    """The variations of both languages differ in their words alone."""
    for name, (place, variations) in project.responses.items():
        shapes: dict[str, list[Any]] = {language: [] for language in LANGUAGES}
        for variation in variations:
            language = _language(variation)
            if language not in LANGUAGES:
                yield _at(place, variation).problem(f"a variation of {name} is for no language: fr and en are known.")
                continue
            shapes[language].append(_shape(variation))
        fr, en = shapes["fr"], shapes["en"]
        if name in ONE_WAY:
            fr, en = [""] * len(fr), [""] * len(en)
        if not fr or not en:
            yield place.problem(f"{name} is not said in {'English' if fr else 'French'}: write a variation.")
        elif len(fr) != len(en):
            yield place.problem(f"{name} has {len(fr)} French and {len(en)} English variations: write as many of each.")
        elif fr != en:
            yield place.problem(
                f"{name} differs in more than its words: conditions, buttons and {{names}} must be the same."
            )


def what_does_not_fit(project: Project) -> Iterator[Problem]:
    """Each response is made a WhatsApp message with the longest data."""
    for name, (place, variations) in project.responses.items():
        for variation in variations:
            where = _at(place, variation)
            for unknown in sorted(
                {found for text in _strings(variation) for found in PLACEHOLDER.findall(text)} - set(LONGEST)
            ):
                yield where.problem(f"{name} holds {{{unknown}}}: say in server/lint/longest.py how long that gets.")
            yield from (where.problem(f"{name}: {problem}") for problem in _misfits(variation))
            for slug in (
                slug for slug, named in project.businesses.items() if any(named in text for text in _strings(variation))
            ):
                yield where.problem(f"{name} names the business {slug}: write {{business_name}}.")


def buttons_without_a_meaning(project: Project) -> Iterator[Problem]:
    """What a button means is an intent of the domain, with entities of the domain."""
    for name, (place, variations) in project.responses.items():
        for variation in variations:
            for button in variation.get("buttons", []):
                where = Place(file=place.file, line=button.line)
                if "url" not in button:
                    yield from (where.problem(f"{name}: {each}") for each in _meaningless(project, button["payload"]))


def texts_without_their_other_language(project: Project) -> Iterator[Problem]:
    """A text of actions/content/ is there in both languages, with the same values."""
    files = {path.name: path for path in sorted(project.root.glob("actions/content/*.j2"))}
    for name, path in files.items():
        topic, language, _ = name.rsplit(".", 2)
        other = f"{topic}.{'en' if language == 'fr' else 'fr'}.j2"
        where = Place(file=f"actions/content/{name}", line=1)
        if other not in files:
            yield where.problem(f"there is no {other} beside it: write it.")
            continue
        try:
            here, there = (_values(each.read_text(encoding="utf-8")) for each in (path, files[other]))
        except TemplateSyntaxError as error:
            yield Place(file=where.file, line=error.lineno).problem(f"this is no Jinja: {error.message}.")
            continue
        for value in sorted(here - there):
            yield where.problem(f"it says {value}, and {other} does not.")


def _misfits(variation: Entry) -> Iterator[str]:
    said = _filled({key: value for key, value in variation.items() if key != "condition"})
    if "list" in said.get("custom", {}) and "buttons" not in said:  # the action adds the rows
        said["buttons"] = [A_ROW]
    text = variation.get("text", "")
    if to_whatsapp(text) != text:
        yield "the text is Markdown: one * for bold, one _ for italics, ~ for what is struck out."
    try:
        made = render(said, _Issuer(), Labels(more="Plus…", choose="Choisir"))
    except InvalidMessage as error:
        yield f"WhatsApp refuses it: {error}."
        return
    if len(made.messages) != 1:
        yield f"with the longest data it makes {len(made.messages)} messages: shorten it."
    for cut in made.cuts:
        yield f"{cut.field} has {cut.length} characters with the longest data, and {cut.limit} are allowed: shorten it."


def _meaningless(project: Project, payload: str) -> Iterator[str]:
    if set(PLACEHOLDER.findall(payload)) - set(LONGEST):
        return  # said by what_does_not_fit
    found = PAYLOAD.fullmatch(_filled(payload))
    if found is None:
        yield f'the payload {payload} is none: it reads /intent or /intent{{{{"entity": "value"}}}}.'
        return
    if found[1] not in project.intents:
        yield f"a button means the intent {found[1]}, which domain/ does not have."
    try:
        entities = json.loads(found[2] or "{}")
    except ValueError:
        yield f"what stands behind the intent in {payload} is no JSON."
        return
    for entity in entities:
        if entity not in project.entities:
            yield f"a button carries the entity {entity}, which domain/ does not have."


class _Issuer:
    """Ids as long as the server's."""

    def __init__(self) -> None:
        self._numbers = count()

    def reply(self, payload: str, title: str) -> str:
        return f"{next(self._numbers):016}"

    def page(self, rest: Mapping[str, Any], title: str) -> str:
        return f"{next(self._numbers):016}"


def _filled(value: Any) -> Any:
    """As Rasa fills a response: names in braces by values, doubled braces by braces."""
    if isinstance(value, str):
        filled = PLACEHOLDER.sub(lambda found: LONGEST.get(found[1], found[1]), value)
        return filled.replace("{{", "{").replace("}}", "}")
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items()}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def _shape(variation: Entry) -> tuple[Any, ...]:
    """Everything of a variation but its words."""
    return (
        [(each["name"], each["value"]) for each in variation["condition"] if each["name"] != "language"],
        [button.get("payload") or button["url"] for button in variation.get("buttons", [])],
        sorted({found for text in _strings(variation) for found in PLACEHOLDER.findall(text)} - FIXED),
        "list" in variation.get("custom", {}),
    )


def _language(variation: Entry) -> str | None:
    return next((each["value"] for each in variation.get("condition", ()) if each["name"] == "language"), None)


def _at(place: Place, variation: Entry) -> Place:
    return Place(file=place.file, line=variation.line)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _values(template: str) -> set[str]:
    return meta.find_undeclared_variables(Environment(autoescape=True).parse(template))

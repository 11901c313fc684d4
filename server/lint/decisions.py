"""Intents, rules, forms and actions: whether each name that is used exists, and each that exists is used."""

import re
from collections.abc import Iterator
from typing import Any

from server.lint.project import Entry, Place, Problem, Project

FALLBACK = "nlu_fallback"
REQUESTED = "requested_slot"  # Rasa's own: which question of a form is open
OF_RASA = {
    "action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_deactivate_loop",
    "action_back", "action_extract_slots", "action_unlikely_intent",
}  # fmt: skip


def intents_without_a_rule(project: Project) -> Iterator[Problem]:
    answered = {intent for _, rule in project.rules for intent in _intents(rule["steps"][0])}
    for intent, place in project.intents.items():
        if intent not in answered:
            yield place.problem(f"no rule begins with the intent {intent}: write one in data/rules/.")


def names_nobody_knows(project: Project) -> Iterator[Problem]:
    """Names in rules and in the mappings of slots that the domain does not have."""
    intents = {*project.intents, FALLBACK}
    said = {*project.actions, *project.responses, *project.forms, *OF_RASA}
    known = {
        "intent": intents,
        "action": said,
        "form": project.forms,
        "slot": {*project.slots, REQUESTED},
        "entity": project.entities,
    }
    for file, rule in project.rules:
        for kind, name in _names(rule):
            if name not in known[kind]:
                place = Place(file=file, line=getattr(name, "line", rule.line))
                yield place.problem(f"the rule “{rule['rule']}” names the {kind} {name}, which domain/ does not have.")
    for slot, (place, entry) in project.slots.items():
        for kind, name in _mapped(entry):
            if name not in known[kind]:
                yield place.problem(f"the slot {slot} is filled from the {kind} {name}, which domain/ does not have.")


def actions_nobody_runs(project: Project) -> Iterator[Problem]:
    for action, place in project.actions.items():
        if action not in project.running | OF_RASA:
            yield place.problem(f"nobody runs {action}: add it to all_actions in actions/__main__.py.")
    for action in sorted(project.running - set(project.actions)):
        yield Problem("actions/__main__.py", 1, f"{action} is in no file of domain/: Rasa will never call it.")


def questions_nobody_asks(project: Project) -> Iterator[Problem]:
    """A form's slot is asked for by an action or a response, of this form or of any."""
    for form, (place, entry) in project.forms.items():
        for slot in entry["required_slots"]:
            if slot not in project.slots:
                yield place.problem(f"the form {form} requires the slot {slot}, which domain/ does not have.")
            names = (f"ask_{form}_{slot}", f"ask_{slot}")
            if not any(f"action_{name}" in project.actions or f"utter_{name}" in project.responses for name in names):
                yield place.problem(
                    f"nobody asks for {slot}: write utter_ask_{form}_{slot}, or an action of that name."
                )


def _intents(step: Entry) -> Iterator[str]:
    for each in step.get("or", [step]):
        if "intent" in each:
            yield each["intent"]


def _names(rule: Entry) -> Iterator[tuple[str, str]]:
    for step in [*rule.get("condition", []), *rule["steps"]]:
        for each in step.get("or", [step]):
            if "intent" in each:
                yield "intent", each["intent"]
            yield from (("entity", name) for entity in each.get("entities", []) for name in _keys(entity))
            yield from (("slot", name) for slot in each.get("slot_was_set", []) for name in _keys(slot))
        if "action" in step:
            yield "action", step["action"]
        if step.get("active_loop"):
            yield "form", step["active_loop"]


def _keys(entry: Any) -> list[str]:
    return list(entry) if isinstance(entry, dict) else [entry]


def _mapped(slot: Entry) -> Iterator[tuple[str, str]]:
    for mapping in slot.get("mappings", []):
        for kind in ("intent", "not_intent"):
            named = mapping.get(kind, [])
            yield from (("intent", name) for name in ([named] if isinstance(named, str) else named))
        if "entity" in mapping:
            yield "entity", mapping["entity"]
        for condition in mapping.get("conditions", []):
            if condition.get("active_loop"):
                yield "form", condition["active_loop"]
            if condition.get("requested_slot"):
                yield "slot", condition["requested_slot"]


def said_in_code(project: Project) -> Iterator[tuple[Place, str]]:
    """The responses that the actions name."""
    for file, number, text in project.code():
        for name in re.findall(r'"(utter_(?!message\b)\w+)"', text):
            yield Place(file=file, line=number), name

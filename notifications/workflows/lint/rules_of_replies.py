"""Rules of replies: every button and every answer means something that the bot knows."""

from collections.abc import Iterator, Mapping

from channels.whatsapp import limits
from notifications.workflows.lint.finding import Finding, Surroundings
from notifications.workflows.workflow import Workflow


def rules_of_replies(workflow: Workflow, surroundings: Surroundings) -> Iterator[Finding]:
    """Intents and entities of the domain; and no more buttons than WhatsApp shows."""
    meanings = list(_meanings(workflow))
    for field, intent, entities in meanings:
        if surroundings.intents is not None and intent not in surroundings.intents:
            yield _finding(workflow, field, "intent_unknown", f"means {intent}", "Name an intent of domain/")
        for name in entities:
            if surroundings.entities is not None and name not in surroundings.entities:
                yield _finding(workflow, field, "entity_unknown", f"carries {name}", "Name an entity of domain/")
    buttons = workflow.contents.whatsapp.buttons if workflow.contents.whatsapp else ()
    if len(buttons) > limits.MAX_BUTTONS:
        problem = f"are {len(buttons)}; WhatsApp shows {limits.MAX_BUTTONS}"
        yield _finding(workflow, "contents.whatsapp.buttons", "buttons_many", problem, "Keep those that matter most")


def _meanings(workflow: Workflow) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Where, which intent, which entities."""
    if workflow.contents.whatsapp is not None:
        for index, button in enumerate(workflow.contents.whatsapp.buttons):
            if button.option is None:
                yield f"contents.whatsapp.buttons.{index}", button.intent, button.entities
    for option in workflow.reply.options if workflow.reply else ():
        yield f"reply.{option.key}", option.intent, option.entities


def _finding(workflow: Workflow, field: str, rule: str, problem: str, remedy: str) -> Finding:
    return Finding(workflow=workflow.key, field=field, rule=rule, problem=problem, remedy=remedy)

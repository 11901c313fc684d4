"""How the command line shows a workflow: its steps in words, and what it says on each channel."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from channels.whatsapp.templates.definition import Definition
from channels.whatsapp.templates.filling import preview as shown_template
from notifications.prices import Category, Estimate, PriceBook, estimate
from notifications.quiet import QuietHours, waits_in_words
from notifications.workflows import (
    Condition,
    Delay,
    Digest,
    EmailContent,
    InAppContent,
    Ladder,
    Rendered,
    Send,
    SmsContent,
    Step,
    WebhookContent,
    WhatsAppContent,
    Workflow,
)
from notifications.workflows.schema import Field
from trade.money import Money


def steps_of(workflow: Workflow) -> Iterator[str]:
    """A line for each step."""
    for step in workflow.steps:
        yield step_in_words(step)


def step_in_words(step: Step) -> str:
    """Such as "whatsapp, after 10m without delivered sms"."""
    match step:
        case Send(channel=channel):
            return f"send by {channel}"
        case Ladder(rungs=rungs):
            words = f"send by {rungs[0].channel}"
            for before, rung in pairwise(rungs):
                words += f"; if not {before.success} after {_length(before.fallback_after)}, by {rung.channel}"
            return words
        case Delay():
            return _delay_in_words(step)
        case Digest(key=key, window=window, most=most):
            limit = f" or {most} triggers" if most else ""
            return f"gather by {key.source} for {_length(window)}{limit}"
        case Condition(when=when):
            return f"go on if {when.source}"


def _delay_in_words(delay: Delay) -> str:
    match delay:
        case Delay(for_=timedelta() as length):
            return f"wait {_length(length)}"
        case Delay(around=timedelta() as length):
            if length > timedelta():
                return f"wait until {_length(length)} after the anchor"
            return f"wait until {_length(-length)} before the anchor; what follows is over when that begins"
        case _:
            return f"wait until {delay.until.source if delay.until else ''}"


def quiet_line(workflow: Workflow, quiet: QuietHours | None) -> str:
    """Such as "quiet hours: mon-sun 21:00-08:00; waits by whatsapp, sms"."""
    lane = "critical" if workflow.critical else workflow.lane
    return f"quiet hours: {waits_in_words(quiet, workflow.category, lane, workflow.channels, workflow.quiet)}"


def fields_of(workflow: Workflow) -> Iterator[str]:
    """A line for each field of the payload, with its example."""
    yield from _fields("", workflow.payload.fields)


def channel_lines(rendered: Rendered, template: Definition | None) -> Iterator[str]:
    """What a person reads."""
    match rendered:
        case WhatsAppContent():
            yield rendered.said
            yield from (f"[{button.title}]" for button in rendered.buttons)
            yield from (f"({message['type']})" for message in rendered.free_form[1:])
            yield from _template_lines(rendered, template)
        case EmailContent(subject=subject, text=text):
            yield f"Subject: {subject}"
            yield text
        case SmsContent(text=text):
            yield text
        case InAppContent(title=title, body=body):
            yield title
            yield body
        case WebhookContent(body=sent):
            yield json.dumps(sent, ensure_ascii=False, indent=2)


def cost_lines(book: PriceBook, rendered: Rendered, country: str, at: date, category: Category) -> Iterator[str]:
    """What it would cost a person of that country."""
    match rendered:
        case WhatsAppContent():
            yield f"window open: {_cost(estimate(book, rendered, country, at, window_open=True))}"
            filled = estimate(book, rendered, country, at, form="template", template_category=category)
            yield f"window closed: {_cost(filled)}"
        case SmsContent():
            yield _cost(estimate(book, rendered, country, at))


def _fields(path: str, fields: Any) -> Iterator[str]:
    for name, field in fields.items():
        yield from _field(f"{path}{name}", field)


def _field(path: str, field: Field) -> Iterator[str]:
    optional = "" if field.required else ", optional"
    example = "" if field.example is None else f", such as {json.dumps(field.example, ensure_ascii=False)}"
    yield f"{path}: {field.kind}{optional}{example}"
    yield from _fields(f"{path}.", field.fields)
    if field.items is not None:
        yield from _field(f"{path}[]", field.items)


def _template_lines(rendered: WhatsAppContent, template: Definition | None) -> Iterator[str]:
    if rendered.template is None:
        return
    filled = rendered.template["template"]
    yield f"-- template {filled['name']} ({filled['language']['code']}), while the window is closed:"
    if template is None:
        yield "there is no such template file"
        return
    body = next((part["parameters"] for part in filled.get("components", ()) if part["type"] == "body"), ())
    yield shown_template(template, {each["parameter_name"]: each["text"] for each in body})


def _cost(found: Estimate) -> str:
    return f"{_money(found.price)}{found.reason}"


def _money(price: Money | None) -> str:
    return "" if price is None else f"{price.amount.normalize():f} {price.currency}, "


def _length(length: timedelta | None) -> str:
    """As a workflow writes it."""
    left, written = int((length or timedelta()).total_seconds()), ""
    for sign, seconds in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        written += f"{count}{sign}" if count else ""
    return written

"""Workflows read from YAML and from their JSON, and written as such: the same text is always the same version."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import yaml

from notifications.workflows.errors import BadWorkflow
from notifications.workflows.part import Part
from notifications.workflows.reading_contents import read_contents
from notifications.workflows.reading_replies import read_reply
from notifications.workflows.reading_schema import read_schema
from notifications.workflows.reading_steps import read_expression, read_steps
from notifications.workflows.schema import Schema
from notifications.workflows.workflow import LANES, SUBJECTS, Workflow

CATEGORIES: Final = ("transactional", "tracking", "reminders", "marketing", "work")

MAX_BYTES: Final = 64 * 1024
"""of one workflow; ours have three thousand. Our choice, against a wrong file in the folder."""

VERSION_LENGTH: Final = 12
"""hexadecimal digits of SHA-256: enough to tell the versions of one workflow apart for ever."""


def read_workflow(text: str, source_name: str) -> Workflow:
    """The workflow of a YAML text. Raises BadWorkflow naming file, field, what is wrong and how to mend it."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise BadWorkflow(source_name, "", f"is longer than {MAX_BYTES} bytes", "Shorten it, or split it in two")
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        remedy = "Put a text that begins with {{ or holds ': ' into quotes"
        raise BadWorkflow(source_name, "", f"is not YAML{where}", remedy) from None
    return from_document(document, source_name)


def from_document(document: Mapping[str, Any], source_name: str = "the stored workflow") -> Workflow:
    """The workflow of a document such as `to_document` gives. Raises BadWorkflow."""
    part = Part(document, source_name)
    normalised = _normalised(part, document)
    schema = read_schema(part)
    reply = read_reply(part, schema)
    workflow = Workflow(
        key=_key(part),
        title=part.text("title"),
        category=part.choice("category", CATEGORIES),
        critical=part.flag("critical", default=False),
        lane=part.choice("lane", LANES, default="immediate"),
        payload=schema,
        group=read_expression(part, "group", schema) if "group" in part else None,
        about=_about(part, schema),
        rank=part.number("rank"),
        expires_after=part.duration("expires_after"),
        quiet=part.choice("quiet_hours", ("heed", "ignore")) if "quiet_hours" in part else None,
        cap=part.number("cap", least=1),
        steps=read_steps(part, schema),
        contents=read_contents(part, schema, reply),
        reply=reply,
        version=hashlib.sha256(normalised.encode()).hexdigest()[:VERSION_LENGTH],
        document=json.loads(normalised),
    )
    part.take("group")
    part.take("quiet_hours")
    part.done()
    _check_whole(part, workflow)
    return workflow


def to_document(workflow: Workflow) -> dict[str, Any]:
    """JSON from which `from_document` makes the same workflow."""
    document: dict[str, Any] = json.loads(json.dumps(workflow.document))
    return document


def _normalised(part: Part, document: Mapping[str, Any]) -> str:
    try:
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        # YAML reads 2026-01-27 as a date and .nan as a number; JSON has neither.
        raise part.wrong("", "holds a value that JSON cannot say", "Put dates and times into quotes") from None


def _key(part: Part) -> str:
    key = part.text("key")
    if not all(word.isascii() and word.isalnum() and word.islower() for word in key.split("-")) or len(key) > 64:
        raise part.wrong("key", "is not made of small letters and dashes", "Write for instance mission-reminder")
    return key


def _about(part: Part, schema: Schema) -> dict[str, str]:
    named = part.optional("about")
    part.take("about")
    if named is None:
        return {}
    about = {subject: field for subject in SUBJECTS if (field := named.optional_text(subject)) is not None}
    named.done()
    for subject, field in about.items():
        if field not in schema.fields or schema.fields[field].kind != "text":
            raise named.wrong(subject, "names no text of the payload", "Write the name of a field, such as code")
    return about


def _check_whole(part: Part, workflow: Workflow) -> None:
    for channel in workflow.channels:
        if getattr(workflow.contents, channel) is None:
            raise part.wrong("contents", f"says nothing for {channel}, which a step uses", f"Add contents.{channel}")
    if workflow.rank is not None and workflow.group is None:
        raise part.wrong("rank", "stands without a group", "Add group: payload.code, or take the rank away")
    if workflow.critical and workflow.category == "marketing":
        raise part.wrong("critical", "stands on marketing, which people may always refuse", "Take it away")
    if workflow.critical and workflow.quiet == "heed":
        raise part.wrong("quiet_hours", "are heeded by what is critical, and so must not wait", "Take one of them away")

"""How a workflow reads with the examples of its payload."""

from typing import Final

from notifications.workflows.anchor import read_anchor
from notifications.workflows.rendered import Rendered
from notifications.workflows.rendering import render
from notifications.workflows.values import BusinessFacts, Person
from notifications.workflows.workflow import CHANNELS, Channel, Workflow

EXAMPLE_PERSON: Final = Person(first_name="Grâce", name="Grâce Mabiala", timezone="Africa/Brazzaville")
EXAMPLE_BUSINESS: Final = BusinessFacts(
    name="Kimia Express", currency="XAF", timezone="Africa/Brazzaville", support_number="+242065000001"
)
EXAMPLE_ANCHOR: Final = read_anchor(
    {"type": "appointment", "id": "RDV-17", "starts_at": "2026-12-05T19:30:00", "timezone": "Africa/Brazzaville"}
)


def preview(
    workflow: Workflow, locale: str, person: Person = EXAMPLE_PERSON, business: BusinessFacts = EXAMPLE_BUSINESS
) -> dict[Channel, Rendered]:
    """Every channel that the workflow has words for. Raises CannotRender."""
    payload = workflow.payload.example()
    return {
        channel: render(workflow, channel, locale, person, business, payload, events=(payload,), anchor=EXAMPLE_ANCHOR)
        for channel in CHANNELS
        if getattr(workflow.contents, channel) is not None
    }

"""A stencil says what rendering anew says, and is not used where it could say anything else."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.workflows import CannotRender, Person, Rendered, Workflow, read_workflow, render
from notifications.workflows.pen import Pen
from notifications.workflows.preview import EXAMPLE_ANCHOR
from notifications.workflows.stencils import filled
from notifications.workflows.whatsapp import whatsapp_content
from tests.notifications.workflows.samples import GRACE, KIMIA, PAYLOAD, SOMEBODY, reminder

OURS = sorted((Path(__file__).parents[3] / "workflows").glob("*.yml"))
WORKFLOWS = {path.stem: read_workflow(path.read_text(encoding="utf-8"), path.name) for path in OURS}

# More than this, and the whole content is rendered for each person.
RENDERED_ANEW = {
    "delivery-delayed",
    "mission-accepted",
    "merchant-order-confirmed",
    "order-confirmed",
    "promotional-offer",
}


def said(workflow: Workflow, person: Person, payload: Mapping[str, Any]) -> Rendered | str:
    try:
        return render(workflow, "whatsapp", person.locale, person, KIMIA, payload, anchor=EXAMPLE_ANCHOR)
    except CannotRender as error:
        return str(error)


def said_anew(workflow: Workflow, person: Person, payload: Mapping[str, Any]) -> Rendered | str:
    draft = workflow.contents.whatsapp
    assert draft is not None
    try:
        pen = Pen.of(
            workflow, "whatsapp", draft.languages, person.locale, person, KIMIA, payload, anchor=EXAMPLE_ANCHOR
        )
        return whatsapp_content(pen, draft)
    except CannotRender as error:
        return str(error)


def is_from_a_stencil(workflow: Workflow, person: Person, payload: Mapping[str, Any]) -> bool:
    draft = workflow.contents.whatsapp
    assert draft is not None
    return filled(workflow, draft, person.locale, person, KIMIA, payload, EXAMPLE_ANCHOR) is not None


@pytest.mark.parametrize("person", [GRACE, SOMEBODY], ids=["known", "unknown"])
@pytest.mark.parametrize("with_optional", [True, False])
@pytest.mark.parametrize("key", [key for key, each in WORKFLOWS.items() if each.contents.whatsapp])
def test_our_own_workflows_read_the_same(key: str, with_optional: bool, person: Person) -> None:
    workflow = WORKFLOWS[key]
    payload = workflow.payload.example(with_optional=with_optional)
    assert said(workflow, person, payload) == said_anew(workflow, person, payload)


def test_most_of_our_workflows_have_stencils() -> None:
    anew = {
        key
        for key, workflow in WORKFLOWS.items()
        if workflow.contents.whatsapp and not is_from_a_stencil(workflow, GRACE, workflow.payload.example())
    }
    assert anew <= RENDERED_ANEW


@given(
    name=st.none() | st.text(max_size=80),
    code=st.text(min_size=1, max_size=300),
    address=st.none() | st.text(max_size=300),
)
def test_whatever_people_are_called_and_type_reads_the_same(name: str | None, code: str, address: str | None) -> None:
    person = replace(GRACE, first_name=name, name=name)
    place = {} if address is None else {"place": {"address": address}}
    payload = {**PAYLOAD, "code": code, **place}
    assert said(REMINDED, person, payload) == said_anew(REMINDED, person, payload)


REMINDED = reminder()


def test_each_person_reads_their_own_clocks() -> None:
    assert is_from_a_stencil(REMINDED, GRACE, PAYLOAD)
    in_tokyo = replace(GRACE, timezone="Asia/Tokyo")
    assert said(REMINDED, in_tokyo, PAYLOAD) == said_anew(REMINDED, in_tokyo, PAYLOAD)
    assert said(REMINDED, in_tokyo, PAYLOAD) != said(REMINDED, GRACE, PAYLOAD)


@pytest.mark.parametrize(
    "text",
    [
        "{% if payload.code == 'RDV-9' %}neuf{% endif %}",
        "{{ payload.code | upper }}",
        "{{ payload.code[:3] }}",
        "{% for sign in payload.code %}{{ sign }} {% endfor %}",
        "{{ payload.code | length }}",
        "{{ payload.starts_at + days(1) }}",
        "{{ (payload.code ~ ' ') | addressed }}",
        "{% set code = payload.code %}{{ code }}",
        "{{ payload.code is defined }}",
    ],
)
def test_what_looks_closer_at_a_value_is_rendered_anew(text: str) -> None:
    draft = REMINDED.contents.whatsapp
    assert draft is not None
    # The version names what a workflow says; another text is another version.
    contents = replace(REMINDED.contents, whatsapp=replace(draft, text={"fr": text, "en": text}))
    workflow = replace(REMINDED, contents=contents, version=text[:16])
    assert not is_from_a_stencil(workflow, GRACE, PAYLOAD)
    assert said(workflow, GRACE, PAYLOAD) == said_anew(workflow, GRACE, PAYLOAD)


def test_what_may_be_too_long_for_its_place_is_rendered_anew() -> None:
    footer = reminder(**{"    buttons:": '    footer: "{{ payload.code }}"\n    buttons:'})
    assert not is_from_a_stencil(footer, GRACE, PAYLOAD)
    assert said(footer, GRACE, PAYLOAD) == said_anew(footer, GRACE, PAYLOAD)


def test_what_is_filled_in_is_nobody_elses() -> None:
    first, second = said(REMINDED, GRACE, PAYLOAD), said(REMINDED, GRACE, {**PAYLOAD, "code": "RDV-10"})
    assert first == said_anew(REMINDED, GRACE, PAYLOAD)
    assert first != second

"""Workflows as their files write them: what they become, and what is said about a mistake."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.workflows import (
    BadWorkflow,
    Condition,
    Delay,
    Expr,
    Ladder,
    Rung,
    from_document,
    read_workflow,
    to_document,
)
from tests.notifications.workflows.samples import REMINDER, reminder

DOCUMENT = to_document(reminder())
PIECES = (
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "if ",
    "for a in ",
    "endif",
    "payload",
    ".",
    "code",
    "(",
    ")",
    "|",
    "9",
    " ",
    "\n",
)


def test_a_workflow_says_what_is_sent_when() -> None:
    workflow = reminder()

    assert (workflow.key, workflow.category, workflow.lane, workflow.critical) == (
        "appointment-reminder",
        "reminders",
        "immediate",
        False,
    )
    assert workflow.group == Expr(source="payload.code")
    assert workflow.expires_after == timedelta(hours=2)
    assert workflow.steps == (
        Delay(until=Expr(source="payload.starts_at - days(1)")),
        Condition(when=Expr(source="not replied")),
        Ladder(
            rungs=(
                Rung(channel="whatsapp", success="read", fallback_after=timedelta(hours=1, minutes=30)),
                Rung(channel="sms"),
            )
        ),
    )
    assert workflow.channels == ("whatsapp", "sms")


def test_what_is_kept_as_json_is_the_same_workflow_again() -> None:
    workflow = reminder()
    kept = json.loads(json.dumps(to_document(workflow)))
    assert from_document(kept) == workflow
    assert from_document(kept).version == workflow.version


def test_comments_and_the_order_of_members_make_no_new_version_but_a_word_does() -> None:
    workflow = reminder()
    rearranged = read_workflow(
        "# A comment\ncategory: reminders\n" + REMINDER.replace("category: reminders\n", ""), "x"
    )
    assert rearranged.version == workflow.version
    assert reminder(**{"see you": "meet us"}).version != workflow.version


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("category: reminders", "category: reminder", "category is 'reminder', which is not known. Choose one of"),
        ("category: reminders", "categorie: reminders", "category is missing"),
        ("title: Reminds", "titel: Reminds", "title is missing. Add title: with a text."),
        ("rank: 1", "rank: first", "rank is not a whole number from 0 on"),
        ("rank: 1", "ranck: 1", "ranck is not known. Did you mean rank."),
        ("group: payload.code\n", "", "rank stands without a group. Add group: payload.code"),
        ("group: payload.code", "group: payload.cod", "payload.cod, which is not known (did you mean code?)"),
        ("group: payload.code", "group: payload.", "group is no expression"),
        ("expires_after: 2h", "expires_after: 2 hours", "expires_after is not a length of time such as 90s"),
        ("expires_after: 2h", "expires_after: 0s", "expires_after is not between one second and 366 days"),
        ("type: moment", "type: datetime", "payload.starts_at.type is 'datetime', which is not known. Choose one of"),
        ('example: "2026-12-01T10:00:00+01:00"', "example: demain", "payload.starts_at.example is not a moment"),
        (', example: "2026-12-01T10:00:00+01:00"', "", "payload.starts_at.example is missing"),
        ("{channel: sms}", "{channel: pigeon}", "steps.2.ladder.1.channel is 'pigeon'"),
        ("{channel: sms}", "{channel: email}", "contents says nothing for email, which a step uses"),
        ("{channel: sms}", "{channel: sms, success: read}", "success is read, which no SMS ever reports"),
        (", fallback_after: 1h30m", "", "steps.2.ladder.0.fallback_after is missing. Say how long to wait"),
        ("- condition: not replied", "- if: not replied", "steps.1 is not one step. Begin it with one of send, ladder"),
        ("not replied", "not answered", "speaks of answered, which is not known"),
        ("{{ payload.starts_at | moment }}", "{{ payload.start | moment }}", "payload.start, which is not known"),
        ("{{ payload.place.address }}", "{{ payload.place.street }}", "payload.place.street, which is not known"),
        ("{{ person.first_name or 'Bonjour' }}", "{{ person.phone }}", "person.phone, which is not known"),
        ("{% if payload.place %}", "{% if payload.place }", "contents.whatsapp.text.fr is no template"),
        ("payload.starts_at | moment", "payload.starts_at | momentous", "No filter named 'momentous'"),
        ("payload.starts_at | moment", "payload.code | center(999999999)", "No filter named 'center'"),
        ("payload.starts_at | moment", "(" * 9999 + "1" + ")" * 9999, "nested too deeply"),
        ("payload.starts_at | moment", "9" * 9999, "too large a number"),
        ("- reply: confirm", "- reply: comfirm", "names comfirm, which reply: does not hold"),
        ('"1"]', '"2"]', "shares the word “2” with confirm"),
        ("effect: confirm", "effect: confirmed", "reply.0.effect is 'confirmed'"),
        ("words: {fr: [oui", "words: {fr: [1, oui", "is not a list of words. Write for instance [oui"),
    ],
)
def test_a_mistake_is_named_with_its_field_and_a_way_to_mend_it(old: str, new: str, sentence: str) -> None:
    with pytest.raises(BadWorkflow) as caught:
        reminder(**{old: new})
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("appointment-reminder.yml")


@pytest.mark.parametrize("text", ["", "- a\n- b", "key: [", "key: &a [*a]", "nothing", "1: 2", "\x00"])
def test_what_is_no_workflow_at_all_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadWorkflow, match=r"^odd\.yml"):
        read_workflow(text, "odd.yml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["steps", "payload", "contents", "reply", "group", "key", "cap"]),
)
def test_any_member_of_any_shape_is_read_or_refused_in_words(value: object, member: str) -> None:
    document = {**DOCUMENT, member: value}
    with suppress(BadWorkflow):
        from_document(document)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_any_text_is_a_template_or_refused_in_words(text: str) -> None:
    document = {**DOCUMENT, "contents": {**DOCUMENT["contents"], "sms": {"text": text}}, "group": text}
    with suppress(BadWorkflow):
        from_document(document)

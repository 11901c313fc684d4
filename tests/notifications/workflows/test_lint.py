"""What is found before anybody is told anything: too long, one language missing, another template, no meaning."""

import pytest

from channels.whatsapp.templates.definition import Definition
from notifications.workflows.lint import Surroundings, lint, lint_together
from tests.notifications.workflows.samples import reminder

TEMPLATES = {
    ("appointment_reminder", language): Definition.model_validate(
        {
            "name": "appointment_reminder",
            "language": language,
            "category": "utility",
            "body": "Bonjour, rendez-vous le {{when}} comme convenu.",
            "buttons": [{"type": "quick_reply", "text": title} for title in titles],
            "examples": {"when": "mardi"},
        }
    )
    for language, titles in (("fr", ("Je viens", "Changer l'heure")), ("en", ("I'm coming", "Change the time")))
}
AROUND = Surroundings(templates=TEMPLATES, intents=frozenset({"affirm", "deny"}), entities=frozenset({"order_code"}))


def test_nothing_is_said_about_a_workflow_that_can_be_sent() -> None:
    assert lint(reminder(), AROUND) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("title: {fr: Je viens, en: I'm coming}", "title: {fr: Je viens avec plaisir !, en: I'm coming}", "unsayable"),
        ("example: 12 rue Lamothe}", "longest: 1200, example: 12 rue Lamothe}", "too_long: contents.whatsapp, in en"),
        (
            "Rendez-vous {{",
            "Rendez-vous {{ payload.code ~ payload.code ~ payload.code }} 👋 {{",
            "in segments, of 10; at most 3",
        ),
        ("name: appointment_reminder", "name: appointment_remainder", "template_unknown"),
        ("values: {when:", "values: {moment:", "value_missing: contents.whatsapp.template gives no when"),
        ("values: {when:", "values: {moment:", "value_unknown: contents.whatsapp.template gives moment"),
        (
            "    - reply: confirm\n    - reply: reschedule",
            "    - reply: reschedule\n    - reply: confirm",
            "buttons_differ",
        ),
        ("category: reminders", "category: marketing", "category_differs"),
        ("intent: affirm", "intent: agree", "intent_unknown: reply.confirm means agree"),
        ("{order_code:", "{code:", "entity_unknown: reply.confirm carries code"),
        ("expires_after: 2h", "expires_after: 1h", "too_late: steps.2.ladder.1"),
        ("{% if payload.price %}", "{% if true %}", "unsayable: contents.sms, in fr with the shortest data"),
    ],
)
def test_what_keeps_a_workflow_from_being_sent_is_named(old: str, new: str, sentence: str) -> None:
    found = [str(each) for each in lint(reminder(**{old: new}), AROUND)]
    assert any(sentence in each for each in found), found


def test_a_content_in_one_language_lacks_the_other() -> None:
    workflow = reminder(
        **{
            "      en: >-\n        See you {{ payload.starts_at | moment }}.{% if payload.price %}\n"
            "        Price: {{ payload.price | money }}{% endif %}\n": ""
        }
    )
    assert [each.rule for each in lint(workflow, AROUND)] == ["language_missing"]


def test_outside_of_the_24_hours_a_workflow_needs_a_template() -> None:
    workflow = reminder(
        **{
            "    template:\n      name: appointment_reminder\n"
            '      values: {when: "{{ payload.starts_at | moment }}"}\n': ""
        }
    )
    assert [each.rule for each in lint(workflow, AROUND)] == ["template_missing"]


def test_workflows_about_one_thing_share_one_cap() -> None:
    other = reminder(**{"key: appointment-reminder": "key: other", "rank: 1": "rank: 2\ncap: 4"})
    assert [each.rule for each in lint_together([reminder(), other])] == ["caps_differ"]
    assert lint_together([reminder(), reminder(**{"rank: 1": "rank: 2"})]) == []

"""What push would do: create what is missing, edit what differs, and say what Meta does not let it do."""

from typing import Any

import pytest

from channels.whatsapp.templates import Act, compare
from tests.channels.whatsapp.templates.a_template import a_template, at_meta
from tests.channels.whatsapp.templates.test_creating import a_code

OURS = a_template(ttl_seconds=600)


def test_what_meta_has_as_we_have_it_is_left_alone() -> None:
    (step,) = compare([OURS], [at_meta(OURS)])

    assert (step.act, step.differences) == (Act.NOTHING, ())


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"body": "Bonjour {{first_name}}, votre colis {{code}} arrive."}, ("body",)),
        ({"header": None}, ("header",)),
        ({"footer": "Kimia"}, ("footer",)),
        ({"buttons": []}, ("buttons",)),
        ({"ttl_seconds": 60}, ("ttl_seconds",)),
        ({"format": "positional"}, ("format", "body")),
        ({"examples": {"first_name": "Paul", "code": "C-1"}}, ()),
        ({"alternate": "other"}, ()),
    ],
    ids=str,
)
def test_each_part_that_differs_is_named(changes: dict[str, Any], differs: tuple[str, ...]) -> None:
    (step,) = compare([OURS.model_copy(update=dict(a_template(**{"ttl_seconds": 600, **changes})))], [at_meta(OURS)])

    assert step.differences == differs
    assert step.act is (Act.EDIT if differs else Act.NOTHING)


def test_each_side_may_have_what_the_other_has_not() -> None:
    english = a_template(language="en")

    steps = compare([OURS], [at_meta(english)])

    assert [(step.act, step.language) for step in steps] == [(Act.FOREIGN, "en"), (Act.CREATE, "fr")]


@pytest.mark.parametrize("status", ["PENDING", "DISABLED", "IN_APPEAL"])
def test_what_meta_takes_no_edit_of_is_blocked(status: str) -> None:
    (step,) = compare([a_template(footer=None)], [at_meta(a_template(), status=status)])

    assert step.act is Act.BLOCKED
    assert step.note is not None
    assert status in step.note


def test_an_edit_of_an_approved_template_says_meta_s_rule_beforehand() -> None:
    (approved,) = compare([a_template(footer=None)], [at_meta(a_template())])
    (rejected,) = compare([a_template(footer=None)], [at_meta(a_template(), status="REJECTED")])

    assert "24 hours" in str(approved.note)
    assert (rejected.act, rejected.note) == (Act.EDIT, None)


def test_a_category_that_meta_changed_cannot_be_edited_back() -> None:
    (step,) = compare([a_template()], [at_meta(a_template(), category="MARKETING")])

    assert (step.act, step.differences) == (Act.BLOCKED, ("category",))
    assert "MARKETING" in str(step.note)


def test_meta_s_own_words_of_an_authentication_template_are_no_difference() -> None:
    shown = [
        {"type": "BODY", "text": "*{{1}}* est votre code.", "add_security_recommendation": True},
        {"type": "FOOTER", "text": "Ce code expire dans 10 minutes.", "code_expiration_minutes": 10},
        {
            "type": "BUTTONS",
            "buttons": [{"type": "URL", "text": "Copier", "url": "https://www.whatsapp.com/otp/{{1}}"}],
        },
    ]

    (step,) = compare([a_code()], [at_meta(a_code(), components=shown)])

    assert step.act is Act.NOTHING

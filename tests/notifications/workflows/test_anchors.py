"""A content says when the appointment is: in the person's language, by the appointment's own clocks."""

from dataclasses import replace
from typing import Any

import pytest

from notifications.workflows import BadWorkflow, CannotRender, Channel, SmsContent, Workflow, read_anchor, render
from notifications.workflows.lint import Surroundings, lint
from tests.notifications.push_desk import workflow
from tests.notifications.workflows.samples import GRACE, KIMIA, SOMEBODY

AT = read_anchor({"starts_at": "2026-12-05T19:30:00", "timezone": "Africa/Brazzaville"})


def says(words: str, **members: Any) -> Workflow:
    both = {"text": {"fr": words, "en": words}}
    return workflow(contents={"whatsapp": both, "sms": both}, **members)


def said(words: str, channel: Channel = "sms", anchor: Any = AT, person: Any = GRACE) -> str:
    content = render(says(words), channel, person.locale, person, KIMIA, {"code": "A1"}, anchor=anchor)
    return content.text if isinstance(content, SmsContent) else content.said  # type: ignore[union-attr]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        ("{{ anchor | moment }}", "sam. 5 déc., 19:30", "Sat, Dec 5, 19:30"),
        ("{{ anchor | day }}", "5 décembre", "December 5"),
        ("{{ anchor | time }}", "19:30", "19:30"),
    ],
)
def test_it_reads_as_times_do(channel: Channel, words: str, french: str, english: str) -> None:
    assert said(words, "whatsapp") == french
    assert said(words, channel, person=SOMEBODY) == english


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_who_is_elsewhere_comes_to_where_it_is(channel: Channel) -> None:
    far = replace(SOMEBODY, timezone="Asia/Tokyo")
    assert said("{{ anchor | moment }} {{ anchor | time }}", channel, person=far) == "Sat, Dec 5, 19:30 19:30"
    assert said("{{ anchor | day }}", channel, read_anchor({"starts_at": "2026-12-05T23:30:00Z"}), far) == "December 5"


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_what_may_hang_on_nothing_says_so_itself(channel: Channel) -> None:
    words = "{% if anchor %}{{ anchor | day }}{% else %}soon{% endif %}"
    assert said(words, channel, person=SOMEBODY) == "December 5"
    assert said(words, channel, anchor=None) == "soon"
    with pytest.raises(CannotRender):
        said("{{ anchor | moment }}", channel, anchor=None)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_nobody_reads_an_anchor_as_it_is_kept(channel: Channel) -> None:
    with pytest.raises(CannotRender, match=r"write \{\{ anchor \| moment \}\}"):
        said("{{ anchor }}", channel)
    with pytest.raises(BadWorkflow, match=r"speaks of anchor.starts_at, but an anchor is shown by"):
        says("{{ anchor.starts_at }}")


def test_lint_names_a_content_that_needs_an_anchor_which_a_trigger_may_lack() -> None:
    found = lint(says("{{ anchor | moment }}"), Surroundings())
    assert {each.rule for each in found} == {"unsayable"}
    steps = [{"delay": {"before": "1d"}}, {"send": "sms"}]
    assert lint(says("{{ anchor | moment }}", steps=steps), Surroundings()) == []

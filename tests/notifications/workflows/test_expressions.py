"""Groups, digests, conditions and delays: what a workflow's expressions come to."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.workflows import (
    CannotRender,
    Condition,
    Delay,
    Digest,
    Expr,
    Facts,
    digest_key,
    due_at,
    group_of,
    is_met,
)
from tests.notifications.workflows.samples import GRACE, KIMIA, PAYLOAD, reminder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def facts(*, replied: bool = False) -> Facts:
    return Facts(person=GRACE, business=KIMIA, payload=PAYLOAD, replied=replied)


def test_the_group_is_what_the_notification_is_about() -> None:
    assert group_of(reminder(), facts()) == "RDV-9"
    assert group_of(reminder(**{"group: payload.code\nrank: 1\n": ""}), facts()) is None


def test_a_condition_looks_at_what_the_person_did() -> None:
    condition = Condition(when=Expr(source="not replied and payload.code == 'RDV-9'"))
    assert is_met(reminder(), condition, facts())
    assert not is_met(reminder(), condition, facts(replied=True))


def test_a_delay_until_the_day_before_keeps_the_hour_on_the_clock() -> None:
    delay = reminder().steps[0]
    assert isinstance(delay, Delay)
    assert due_at(reminder(), delay, facts(), NOW) == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_a_moment_that_has_passed_is_over_at_once() -> None:
    delay = Delay(until=Expr(source="payload.starts_at - days(30)"))
    assert due_at(reminder(), delay, facts(), NOW) == NOW


def test_a_delay_of_a_length_counts_from_now() -> None:
    assert due_at(reminder(), Delay(for_=timedelta(minutes=5)), facts(), NOW) == NOW + timedelta(minutes=5)


def test_triggers_of_one_key_are_gathered() -> None:
    digest = Digest(key=Expr(source="payload.code ~ '/' ~ person.first_name"), window=timedelta(minutes=10))
    assert digest_key(reminder(), digest, facts()) == "RDV-9/Grâce"


@pytest.mark.parametrize(
    "source", ["payload.price.amount", "payload.nothing", "payload.starts_at + 1", "payload.price"]
)
def test_an_expression_without_an_answer_is_an_error_that_names_it(source: str) -> None:
    with pytest.raises(CannotRender, match=r"^appointment-reminder: digest\.key"):
        digest_key(reminder(), Digest(key=Expr(source=source), window=timedelta(minutes=1)), facts())

"""Inbox tokens open one inbox for a while: nothing else is one, however it is made."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.inapp import InboxPass, make_token, read_token

SECRET = "a-secret-for-tests-only"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PASS = InboxPass(
    business_id="0198f0a2-0000-7cc0-8a51-2f1f0f5b6c01",
    subscriber_id="0198f0a2-1111-7cc0-8a51-2f1f0f5b6c01",
    is_test=False,
    expires_at=NOW + timedelta(minutes=15),
)


def test_a_token_says_what_it_was_made_for() -> None:
    assert read_token(SECRET, make_token(SECRET, PASS), NOW) == PASS


def test_it_fits_a_header_and_an_address() -> None:
    token = make_token(SECRET, PASS)
    assert len(token) < 220
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@pytest.mark.parametrize(("seconds", "opens"), [(0, True), (899, True), (900, False), (10**6, False)])
def test_it_ends_at_its_second(seconds: int, opens: bool) -> None:
    found = read_token(SECRET, make_token(SECRET, PASS), NOW + timedelta(seconds=seconds))
    assert (found is not None) is opens


def test_another_secret_opens_nothing() -> None:
    assert read_token("another-secret-for-tests", make_token(SECRET, PASS), NOW) is None


def test_a_token_of_another_kind_opens_nothing() -> None:
    """The links of emails are signed with the same secret where no other is set."""
    from channels.email.unsubscribe import Leaving
    from channels.email.unsubscribe import make_token as make_leaving

    leaving = Leaving(business_id="b", who="w", category="marketing", message_id="m")
    assert read_token(SECRET, make_leaving(SECRET, leaving), NOW) is None


def test_no_letter_of_it_can_be_another() -> None:
    token = make_token(SECRET, PASS)
    for place, letter in product(range(len(token)), "A_."):
        changed = token[:place] + letter + token[place + 1 :]
        assert changed == token or read_token(SECRET, changed, NOW) is None


@given(st.text(max_size=500))
def test_whatever_somebody_sends_is_no_token(text: str) -> None:
    assert read_token(SECRET, text, NOW) is None

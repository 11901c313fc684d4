"""A link that leaves a list works for years, says who leaves what, and cannot be made by somebody else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.unsubscribe import MAX_TOKEN, Leaving, make_token, read_token

SECRET = "the-secret-of-this-house"
LEAVING = Leaving(business_id="kimia", who="019a-address", category="marketing", message_id="019a-message")
ids = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
leavings = st.builds(Leaving, business_id=ids, who=ids, category=ids, message_id=ids)


@given(leaving=leavings)
def test_a_token_says_who_leaves_what(leaving: Leaving) -> None:
    token = make_token(SECRET, leaving)

    assert read_token([SECRET], token) == leaving
    assert all(each.isascii() and (each.isalnum() or each in "-_.") for each in token)


def test_it_stays_the_same_so_that_links_of_last_year_still_work() -> None:
    assert make_token(SECRET, LEAVING) == (
        "WyJraW1pYSIsIjAxOWEtYWRkcmVzcyIsIm1hcmtldGluZyIsIjAxOWEtbWVzc2FnZSJd.GGsKIfA17kD8jYnLOhz82w"
    )


def test_a_new_secret_signs_and_older_ones_are_still_read() -> None:
    old = make_token(SECRET, LEAVING)

    assert read_token(["a-newer-secret", SECRET], old) == LEAVING
    assert read_token(["a-newer-secret"], old) is None
    assert make_token("a-newer-secret", LEAVING) != old


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_believed(secrets: list[str]) -> None:
    assert read_token(secrets, make_token(SECRET, LEAVING)) is None


def test_without_a_secret_no_token_is_made() -> None:
    with pytest.raises(ValueError, match="empty"):
        make_token("", LEAVING)


def test_ids_that_would_not_fit_a_header_are_refused() -> None:
    with pytest.raises(ValueError, match=str(MAX_TOKEN)):
        make_token(SECRET, Leaving(business_id="a" * 600, who="", category="", message_id=""))


@given(position=st.integers(min_value=0), letter=st.sampled_from("ABCxyz019-_.=é "))
def test_a_token_with_one_letter_changed_is_no_token(position: int, letter: str) -> None:
    token = make_token(SECRET, LEAVING)
    at = position % len(token)
    changed = token[:at] + letter + token[at + 1 :]

    assert (read_token([SECRET], changed) is None) == (changed != token)


@given(st.text(max_size=MAX_TOKEN + 10))
def test_what_a_stranger_makes_up_is_refused(token: str) -> None:
    assert read_token([SECRET], token) is None


def test_nobody_leaves_for_another_category_or_another_person() -> None:
    told, _, signature = make_token(SECRET, LEAVING).partition(".")
    names = base64.urlsafe_b64decode(told + "==").replace(b"marketing", b"reminders")

    forged = f"{base64.urlsafe_b64encode(names).rstrip(b'=').decode()}.{signature}"

    assert read_token([SECRET], forged) is None

"""The usage headers are read as far as they can be, and never raise."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.usage import ACCOUNT_HEADER, APP_HEADER, NO_USAGE, Usage, read_usage


def account(*allowances: object) -> dict[str, str]:
    return {ACCOUNT_HEADER: json.dumps({"100000000000009": list(allowances)})}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, NO_USAGE),
        ({APP_HEADER: '{"call_count": 28, "total_time": 25, "total_cputime": 31}'}, Usage(percent=31)),
        (account({"type": "messaging", "call_count": 99.9, "total_time": 4}), Usage(percent=99)),
        (account({"call_count": 100, "estimated_time_to_regain_access": 7}), Usage(percent=100, regain_seconds=420)),
        (account({"call_count": 10}, {"total_time": 90}), Usage(percent=90)),
        ({**account({"call_count": 10}), APP_HEADER: '{"call_count": 95}'}, Usage(percent=95)),
        (account({"estimated_time_to_regain_access": 1e8}), Usage(regain_seconds=86400)),
        (account({"call_count": "many", "total_time": None, "total_cputime": -5}), NO_USAGE),
        (account("odd", 7, None), NO_USAGE),
        ({ACCOUNT_HEADER: '{"1": {"call_count": 90}}'}, NO_USAGE),
        ({APP_HEADER: "not json"}, NO_USAGE),
        ({APP_HEADER: "[" * 100_000}, NO_USAGE),
        ({APP_HEADER: '{"call_count": Infinity, "total_time": NaN}'}, NO_USAGE),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_fullest_allowance_counts(headers: dict[str, str], expected: Usage) -> None:
    assert read_usage(headers) == expected


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["call_count", "total_time", "1", "estimated_time_to_regain_access"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(anything, anything)
def test_whatever_stands_there_is_read_as_a_figure_within_bounds(app: object, accounts: object) -> None:
    usage = read_usage({APP_HEADER: json.dumps(app), ACCOUNT_HEADER: json.dumps(accounts)})

    assert usage.percent >= 0
    assert 0 <= usage.regain_seconds <= 86400

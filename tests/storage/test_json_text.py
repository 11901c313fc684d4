"""Documents come back from a column as they went in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.json_text import from_json, to_json

numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | st.text()


@given(st.recursive(leaves, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=20))
def test_a_document_comes_back(document: Any) -> None:
    text = to_json(document)
    assert to_json(from_json(text)) == text


def test_what_orjson_refuses_goes_the_long_way() -> None:
    assert from_json(to_json({"half": "\ud83d"})) == {"half": "\ud83d"}
    assert to_json({"large": 2**70}) == '{"large": 1180591620717411303424}'
    assert to_json({1: "one"}) == '{"1": "one"}'


def test_a_moment_is_no_json() -> None:
    with pytest.raises(TypeError):
        to_json({"at": datetime.now(UTC)})

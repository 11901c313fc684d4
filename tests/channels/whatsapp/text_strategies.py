"""Hypothesis strategies for what messages are made of: texts, addresses, digits and JSON."""

from typing import Any

from hypothesis import strategies as st

from channels.whatsapp.limits import length

SENDABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


def texts(most: int = 100) -> st.SearchStrategy[str]:
    return st.text(SENDABLE, min_size=1, max_size=min(most, 60)).filter(
        lambda text: bool(text.strip()) and length(text) <= most
    )


def trimmed(most: int = 100) -> st.SearchStrategy[str]:
    return texts(most).map(str.strip)


def maybe[Thing](strategy: st.SearchStrategy[Thing]) -> st.SearchStrategy[Thing | None]:
    return st.none() | strategy


words = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=20)
"""Names that Meta takes everywhere."""

links = st.builds(
    lambda scheme, path: f"{scheme}://photos.example/{path}",
    st.sampled_from(["http", "https"]),
    st.text("abcéñ/-_.%20?=&", max_size=20),
)
digits = st.text("0123456789", min_size=1, max_size=15)

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(SENDABLE, max_size=10)
)
json_objects: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.text(SENDABLE, max_size=10),
    st.recursive(
        _LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(SENDABLE, max_size=10), inner, max_size=3),
        max_leaves=5,
    ),
    min_size=1,
    max_size=3,
)

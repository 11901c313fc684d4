"""How the API speaks: problems that name what is wrong, limits that are announced, pages that stay right."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from notifications.access import Scope
from server.api.bodies import MAX_BODY_BYTES, read_json
from server.api.limits import LocalLimits, SharedLimits
from server.api.problems import KINDS, Problem
from server.settings import ROOT
from tests.house import PATRICK, House, open_house, settings_for
from tests.server.api.shop import Shop, shop_of

NOBODY = "0190163d-8694-739b-aea5-966c26f8ad91"


@pytest.fixture
async def shop(small_house: House) -> Shop:
    return await shop_of(small_house)


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem, which has the shape of RFC 9457 and a page that tells what it means."""
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert said["status"] == answer.status_code
    kind = said["type"].removeprefix("/api/problems/")
    assert said["title"] == KINDS[kind].title
    return {**said, "kind": kind}


async def test_an_address_that_is_not_there_is_a_problem_too(shop: Shop) -> None:
    assert problem_of(await shop.get("/v1/nothing"))["kind"] == "not-found"
    wrong = await shop.ask("DELETE", "/v1/messages")
    assert problem_of(wrong)["kind"] == "method-not-allowed"
    assert wrong.headers["allow"] == "GET"


async def test_each_wrong_field_is_named_with_how_to_mend_it(shop: Shop) -> None:
    answer = await shop.get("/v1/messages", params={"limit": 1000, "status": "gone"})

    errors = {error["field"]: error for error in problem_of(answer)["errors"]}
    assert set(errors) == {"query.limit", "query.status"}
    assert errors["query.limit"]["mend"] == "Send 100 or less."
    assert "delivered" in errors["query.status"]["mend"]


async def test_the_type_of_a_problem_leads_to_what_it_means(shop: Shop) -> None:
    answer = await shop.get(f"/v1/messages/{NOBODY}")

    meant = await shop.house.private.get(problem_of(answer)["type"])

    assert meant.status_code == 200
    assert KINDS["not-found"].meaning in meant.text


@pytest.mark.parametrize("sent", [b"{", b'{"a": NaN}', b'{"a": 1e999}', b'"\\u0000"', b'"\\ud800"', b"\xff", b"[" * 99])
async def test_a_body_that_cannot_be_kept_is_refused(shop: Shop, sent: bytes) -> None:
    path = f"/v1/messages/{NOBODY}/cancel"
    headers = {"Content-Type": "application/json"}
    with pytest.raises(Problem, match="body"):
        read_json(sent)
    answer = await shop.ask("POST", path, content=sent, headers=headers)
    assert answer.status_code in {404, 415}, "nothing is read of it where nothing is wanted"


async def test_what_is_not_json_or_too_large_is_refused_before_it_is_read(shop: Shop) -> None:
    path = f"/v1/messages/{NOBODY}/cancel"

    form = await shop.ask("POST", path, data={"a": "b"})
    assert problem_of(form)["kind"] == "not-json"

    async def endless() -> Any:
        while True:
            yield b" " * 100_000

    large = await shop.ask("POST", path, content=endless(), headers={"Content-Type": "application/json"})
    assert problem_of(large)["kind"] == "too-large"
    announced = {"Content-Type": "application/json", "Content-Length": str(MAX_BODY_BYTES + 1)}
    assert (await shop.ask("POST", path, content=b"{}", headers=announced)).status_code == 413


texts = st.text(st.characters(codec=None) | st.sampled_from("\0\ud800"), max_size=5)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_what_json_can_say_is_read_as_it_is_unless_no_database_keeps_it(value: Any) -> None:
    cannot_be_kept = any("\0" in text or not _is_whole(text) for text in _texts(value))
    try:
        assert read_json(json.dumps(value).encode()) == value
        assert not cannot_be_kept
    except Problem:
        assert cannot_be_kept


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []


async def test_a_key_is_told_what_is_left_and_when_it_is_too_much(sqlite_address: URL, tmp_path: Path) -> None:
    house = open_house(settings_for(sqlite_address, tmp_path, api_requests_per_minute=2))
    one, other = await shop_of(house), await shop_of(house)

    answers = [await one.get("/v1/messages") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"key";q=2;w=60'
    assert answers[0].headers["ratelimit"].startswith('"key";r=1;t=')
    assert problem_of(answers[2])["kind"] == "too-many-requests"
    assert 0 < int(answers[2].headers["retry-after"]) <= 60
    assert (await other.get("/v1/messages")).status_code == 200, "each key has its own"
    await house.stop()


async def test_the_next_minute_begins_anew() -> None:
    now = [59.5]
    limits = LocalLimits(1, lambda: now[0])

    first, second = await limits.count("k"), await limits.count("k")
    now[0] = 60.0
    third = await limits.count("k")

    assert [first.is_spent, second.is_spent, third.is_spent] == [False, True, False]
    assert second.reset_seconds == 1


async def test_several_processes_count_together_through_redis(redis_url: str, redis_prefix: str) -> None:
    one, two = (SharedLimits(redis_url, 3, prefix=redis_prefix) for _ in range(2))

    left = [(await each.count("k")).remaining for each in (one, two, one, two)]

    assert left == [2, 1, 0, -1]
    await one.aclose()
    await two.aclose()


async def test_without_redis_each_counts_for_itself() -> None:
    limits = SharedLimits("redis://127.0.0.1:9/0", 1)

    assert [(await limits.count("k")).is_spent for _ in range(2)] == [False, True]
    await limits.aclose()


async def test_pages_stay_right_while_messages_come(house: House) -> None:
    shop = await shop_of(house)
    for text in ("one", "two", "three"):
        await house.says(text, PATRICK)
    await house.quiet()
    first = (await shop.get("/v1/messages", params={"limit": 2})).json()
    await house.says("four", PATRICK)
    await house.quiet()

    second = (await shop.get("/v1/messages", params={"limit": 2, "cursor": first["next"]})).json()

    assert [each["text"] for each in first["data"] + second["data"]] == [
        f"you said {text}" for text in ("three", "two", "one")
    ]
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "", "é", "MTo", "MToAAAAAAAAAAAAAAAAAAAAAA=", "a" * 129])
async def test_a_cursor_that_is_not_ours_is_refused(shop: Shop, cursor: str) -> None:
    answer = await shop.get("/v1/messages", params={"cursor": cursor})
    assert problem_of(answer)["errors"][0]["field"] == "query.cursor"


async def test_the_page_that_describes_it_needs_nothing_from_the_internet(small_house: House) -> None:
    page = await small_house.private.get("/api/docs")

    assert page.status_code == 200
    for part in ("/api/static/swagger-ui-bundle.js", "/api/static/swagger-ui.css", "/api/openapi.json"):
        assert part in page.text
        assert (await small_house.private.get(part)).status_code == 200
    assert "https://" not in page.text


def test_the_page_tells_every_kind_of_problem_and_every_scope() -> None:
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        assert f"| `{name}` | {kind.status} | {kind.title}. {kind.meaning} |" in page
    assert [scope for scope in Scope if f"`{scope}`" not in page] == []

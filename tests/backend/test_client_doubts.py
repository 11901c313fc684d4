"""The client believes no shape, shows nobody another person's mission, and keeps numbers out of logs."""

import contextlib
import logging
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from backend import BackendError, NotFound, Unreadable
from tests.backend.fake_backend import (
    CODE,
    GRACE,
    MISSION,
    PATRICKS_PHONE,
    PRODUCT,
    Backend,
    as_json,
    fails,
)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": None}, "code"),
        ({"status": ""}, "status"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"created_at": "2025-01-27T09:36:00"}, "created_at"),
        ({"customer_phone": ""}, "customer_phone"),
        ({"steps": ["accepted"]}, "steps"),
        ({"steps": {"accepted": "soon"}}, "steps.accepted"),
        ({"pickup": "10 Avenue de la Paix"}, "pickup"),
        ({"recipient": {"name": 7}}, "recipient.name"),
        ({"value": {"amount": "a lot", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "-1", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "NaN", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "1e30", "currency": "XAF"}}, "value.amount"),
        ({"value": {"amount": "8000", "currency": "francs"}}, "value.currency"),
        ({"courier": {"phone": "+242069876543"}}, "courier.name"),
    ],
)
async def test_a_wrong_shape_is_named_by_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Unreadable) as caught:
        await Backend(as_json(MISSION | wrong)).client().mission(GRACE, CODE)
    assert caught.value.field == field


async def test_a_wrong_shape_deep_in_a_page_is_named_by_its_path() -> None:
    page = {"missions": [MISSION, MISSION | {"value": {"amount": "x", "currency": "XAF"}}]}

    with pytest.raises(Unreadable) as caught:
        await Backend(as_json(page)).client().missions(GRACE)
    assert caught.value.field == "missions.1.value.amount"


@pytest.mark.parametrize("photo_url", ["poulet.jpg", "javascript:alert(1)", "file:///etc/passwd"])
async def test_a_photo_must_have_a_web_address(photo_url: str) -> None:
    with pytest.raises(Unreadable, match="photo_url"):
        await Backend(as_json(PRODUCT | {"photo_url": photo_url})).client().product(GRACE, "poulet-mayo")


@given(st.binary(max_size=200))
async def test_no_bytes_make_the_client_fail_in_another_way(body: bytes) -> None:
    # Now and then they are an empty page.
    with contextlib.suppress(Unreadable):
        assert await Backend(httpx.Response(200, content=body)).client().missions(GRACE) == ()


async def test_a_wrong_shape_takes_no_personal_data_into_the_error() -> None:
    with pytest.raises(Unreadable) as caught:
        await Backend(as_json(MISSION | {"status": {"phone": GRACE.phone}})).client().mission(GRACE, CODE)
    assert GRACE.phone not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_somebody_elses_mission_is_not_found_even_when_the_backend_gives_it() -> None:
    foreign = MISSION | {"customer_phone": PATRICKS_PHONE}

    with pytest.raises(NotFound):
        await Backend(as_json(foreign)).client().mission(GRACE, CODE)
    page = await Backend(as_json({"missions": [foreign, MISSION]})).client().missions(GRACE)
    assert [mission.customer_phone for mission in page] == [GRACE.phone]


@pytest.mark.parametrize("written", ["242061234567", "+242 06 123 45 67", "00242061234567"])
async def test_ones_own_mission_is_known_however_the_number_is_written(written: str) -> None:
    mission = await Backend(as_json(MISSION | {"customer_phone": written})).client().mission(GRACE, CODE)

    assert mission.code == CODE


@pytest.mark.parametrize("code", ["", " ", ".", "..", "../products", "a/b", "a?b", "a#b", "é", "x" * 65, "a\nb"])
async def test_what_cannot_be_a_code_is_not_found_without_asking(code: str) -> None:
    backend = Backend(as_json(MISSION))

    with pytest.raises(NotFound):
        await backend.client().mission(GRACE, code)
    with pytest.raises(NotFound):
        await backend.client().product(GRACE, code)
    assert backend.requests == []


async def test_no_phone_number_and_no_token_reaches_a_log_at_any_level(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    foreign = as_json(MISSION | {"customer_phone": PATRICKS_PHONE})

    with capture_logs() as events:
        for answer in (
            foreign,
            fails(httpx.ConnectError),
            httpx.Response(503),
            as_json({"detail": GRACE.phone}, 409),
        ):
            with pytest.raises(BackendError):
                await Backend(answer).client().mission(GRACE, CODE)

    logged = f"{events} {caplog.text}"
    assert {"backend.not_theirs", "backend.read_again"} <= {event["event"] for event in events}
    assert not [secret for secret in (GRACE.phone[1:], PATRICKS_PHONE[1:], "s3cret") if secret in logged]

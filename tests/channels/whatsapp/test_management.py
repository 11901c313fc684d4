"""What an account asks of Meta beside sending: every page is read, short waits are waited, odd answers are survived."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.account import (
    NumberState,
    RemoteTemplate,
    read_number,
    read_subscribed_app,
    read_template,
    read_token_facts,
)
from channels.whatsapp.errors import Rejected, Throttled, UnknownOutcome, WhatsAppError
from channels.whatsapp.messages import InvalidMessage
from tests.channels.whatsapp.cast import KIMIA, KIMIA_ACCOUNT
from tests.channels.whatsapp.small_account import APP, APP_SECRET, TOKEN, SmallAccount, number, refusal, template

EDGE = f"{KIMIA_ACCOUNT}/message_templates"


async def test_templates_are_read_page_by_page_until_there_is_no_next() -> None:
    account = SmallAccount(templates=[template(f"notice_{index}") for index in range(5)])

    found = await account.management().templates(KIMIA_ACCOUNT)

    assert [each.name for each in found] == [f"notice_{index}" for index in range(5)]
    assert [params.get("after") for _, _, params, _ in account.asked] == [None, "2", "4"]


async def test_a_cursor_that_leads_in_a_circle_ends_the_reading() -> None:
    circle = {"data": [template()], "paging": {"cursors": {"after": "A"}, "next": "https://graph.example/next"}}
    account = SmallAccount(refuse={EDGE: [(200, dict(circle)) for _ in range(5)]})

    assert len(await account.management().templates(KIMIA_ACCOUNT)) == 2


async def test_a_template_without_a_name_is_passed_over_and_its_neighbours_are_read() -> None:
    account = SmallAccount(templates=[{"id": "4"}, template()])

    assert [each.name for each in await account.management().templates(KIMIA_ACCOUNT)] == ["mission_reminder"]


async def test_a_template_is_created_edited_and_deleted() -> None:
    account = SmallAccount()
    management = account.management()

    made = await management.create_template(KIMIA_ACCOUNT, {"name": "promo", "language": "fr", "category": "MARKETING"})
    assert made.id is not None
    assert (made.status, made.category) == ("PENDING", "MARKETING")
    await management.edit_template(KIMIA_ACCOUNT, made.id, {"components": []})
    assert account.templates[0]["components"] == []
    await management.delete_template(KIMIA_ACCOUNT, "promo", made.id)
    assert account.templates == []
    assert account.asked[-1][2] == {"name": "promo", "hsm_id": made.id}


@pytest.mark.parametrize("code", [4, 80007])
async def test_a_short_throttling_is_waited_out(code: int) -> None:
    throttled = refusal(code, 429)
    throttled[1]["headers"] = {"retry-after": "7"}
    account = SmallAccount(templates=[template()], refuse={EDGE: [throttled, refusal(2, 500)]})

    assert len(await account.management().templates(KIMIA_ACCOUNT)) == 1
    assert account.waited == [7, 14]


async def test_a_long_throttling_is_told_at_once() -> None:
    throttled = refusal(80007, 429)
    throttled[1]["headers"] = {"retry-after": "3000"}
    account = SmallAccount(refuse={EDGE: [throttled]})

    with pytest.raises(Throttled, match="80007"):
        await account.management().templates(KIMIA_ACCOUNT)
    assert account.waited == []


async def test_after_three_tries_it_is_told() -> None:
    account = SmallAccount(refuse={EDGE: [refusal(2, 500) for _ in range(3)]})

    with pytest.raises(WhatsAppError):
        await account.management().templates(KIMIA_ACCOUNT)
    assert account.waited == [2, 4]


async def test_a_refusal_is_not_repeated() -> None:
    account = SmallAccount(refuse={EDGE: [refusal(100)]})

    with pytest.raises(Rejected):
        await account.management().create_template(KIMIA_ACCOUNT, {"name": "promo"})
    assert len(account.asked) == 1


async def test_an_answer_that_is_no_object_is_an_unknown_outcome() -> None:
    with pytest.raises(UnknownOutcome):
        await SmallAccount(refuse={KIMIA: [(200, [])]}).management().number(KIMIA)


async def test_a_number_is_read_with_what_is_in_its_way() -> None:
    errors = [{"error_code": 141006, "error_description": "No payment method", "possible_solution": "Add one"}]
    state = {"can_send_message": "BLOCKED", "entities": [{"entity_type": "WABA", "id": "2", "errors": errors}]}
    account = SmallAccount(number=number(quality_rating="RED", is_on_biz_app=True, health_status=state, brand_new=1))

    found = await account.management().number(KIMIA)

    assert (found.quality, found.throughput, found.messaging_limit, found.is_on_app) == (
        "RED",
        "STANDARD",
        "TIER_2K",
        True,
    )
    (blocker,) = found.blockers
    assert (found.can_send, blocker.entity, blocker.code, blocker.solution) == ("BLOCKED", "WABA", 141006, "Add one")
    assert found.raw["brand_new"] == 1
    assert "500 00 01" not in repr(found)
    assert await account.management().numbers(KIMIA_ACCOUNT) == [found]


async def test_the_app_is_subscribed_and_unsubscribed() -> None:
    account = SmallAccount()
    management = account.management()

    await management.subscribe(KIMIA_ACCOUNT, "https://relais.example/webhooks/whatsapp", "a-word")
    assert account.asked[-1][3] == {
        "override_callback_uri": "https://relais.example/webhooks/whatsapp",
        "verify_token": "a-word",
    }
    assert [app.id for app in await management.subscribed_apps(KIMIA_ACCOUNT)] == [APP]
    await management.unsubscribe(KIMIA_ACCOUNT)
    assert await management.subscribed_apps(KIMIA_ACCOUNT) == []


async def test_a_token_is_examined_in_the_apps_name() -> None:
    account = SmallAccount()
    account.token |= {
        "expires_at": 1800000000,
        "scopes": ["whatsapp_business_messaging"],
        "granular_scopes": [{"scope": "whatsapp_business_messaging", "target_ids": [KIMIA_ACCOUNT]}],
    }
    management = account.management()

    facts = await management.token_facts(TOKEN, app=(APP, APP_SECRET), owner=KIMIA_ACCOUNT)

    assert facts.is_valid
    assert facts.expires_at == datetime.fromtimestamp(1800000000, UTC)
    assert facts.missing_scopes == ("whatsapp_business_management",)
    assert (facts.covers(KIMIA_ACCOUNT), facts.covers("999")) == (True, False)
    with pytest.raises(Rejected):
        await management.token_facts(TOKEN, app=(APP, "wrong"), owner=KIMIA_ACCOUNT)


async def test_a_number_is_registered_and_its_profile_changed() -> None:
    account = SmallAccount(number=number(status="PENDING"))
    management = account.management()

    await management.register(KIMIA, "123456")
    await management.change_profile(KIMIA, {"description": "Colis en ville"})

    assert (await management.number(KIMIA)).status == "CONNECTED"
    assert (await management.profile(KIMIA))["description"] == "Colis en ville"


@pytest.mark.parametrize("id", ["", "me", "1/../2", "１２"])
async def test_an_id_cannot_change_the_address(id: str) -> None:
    account = SmallAccount()

    with pytest.raises(InvalidMessage):
        await account.management().templates(id)
    assert account.asked == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.sampled_from([*number(), *template()]), json_values)
def test_no_odd_member_breaks_the_reading(name: str, odd: Any) -> None:
    assert isinstance(read_number({**number(), name: odd}), NumberState | None)
    assert isinstance(read_template({**template(), name: odd}), RemoteTemplate | None)
    read_token_facts({"data": {"granular_scopes": odd, "expires_at": odd, "error": odd, "scopes": odd}})
    read_subscribed_app({"whatsapp_business_api_data": odd})

"""What SendGrid and Twilio report: believed when it is signed, kept once, and the same in the end in whatever order."""

from itertools import permutations
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.tables import consents, receipts
from tests.house import House
from tests.notifications.providers.other_ends import SmallSendGrid
from tests.notifications.providers.test_sms import SmallOvh, SmallTwilio
from tests.server.sender_houses import (
    BY_OVH,
    BY_SENDGRID,
    BY_TWILIO,
    GRACE_MAIL,
    GRACE_PHONE,
    Opens,
    event,
    offer,
    offer_to,
    opened,
    row_of,
    sendgrid_tells,
    twilio_tells,
)
from tests.waiting import until

__all__ = ["opened"]


async def emailed(opened: Opens) -> tuple[House, str]:
    """A house that has sent an email by SendGrid."""
    house = opened(SmallSendGrid().app(), **BY_SENDGRID)
    message_id = await offer_to(house, "email", email=GRACE_MAIL, locale="fr")
    await house.settled()
    return house, message_id


async def test_sendgrid_tells_how_far_an_email_came(opened: Opens, capsys: pytest.CaptureFixture[str]) -> None:
    house, message_id = await emailed(opened)
    row = await row_of(house, message_id)
    assert (row.status, row.provider, row.provider_message_id) == ("sent", "sendgrid", "sg1")

    told = [event(message_id, what) for what in ("processed", "delivered", "open", "click")]
    assert (await sendgrid_tells(house, *told)).status_code == 200
    assert (await sendgrid_tells(house, *told)).status_code == 200

    row = await row_of(house, message_id)
    assert row.status == "read"
    assert None not in (row.seen_at, row.clicked_at)
    assert len(await house.rows(receipts, receipts.c.message_id == message_id)) == 4
    logged = "".join(capsys.readouterr())
    assert GRACE_MAIL not in logged
    assert BY_SENDGRID["sendgrid_api_key"] not in logged


async def test_whatever_the_order_an_email_ends_the_same(opened: Opens) -> None:
    house = opened(SmallSendGrid().app(), **BY_SENDGRID)
    ends = set()
    for index, order in enumerate(permutations(("processed", "delivered", "open"))):
        message_id = await offer_to(house, "email", email=f"person{index}@example.cg")
        await house.settled()
        for what in (*order, order[0]):
            await sendgrid_tells(house, event(message_id, what, sg_message_id=f"sg{index + 1}.filter"))
        row = await row_of(house, message_id)
        ends.add((row.status, row.seen_at is not None))

    assert ends == {("read", True)}


async def test_an_address_that_does_not_exist_ends_the_message_with_the_reason(opened: Opens) -> None:
    house, message_id = await emailed(opened)

    bounce = event(message_id, "bounce", status="5.1.1", reason=f"550 5.1.1 <{GRACE_MAIL}>: no such user")
    await sendgrid_tells(house, bounce)

    row = await row_of(house, message_id)
    assert row.status == "failed"
    assert "no such mailbox" in row.error
    assert GRACE_MAIL not in row.error


async def test_an_account_that_a_report_refuses_is_not_tried_for_ever(opened: Opens) -> None:
    house, message_id = await emailed(opened)

    await sendgrid_tells(house, event(message_id, "dropped", reason="Recipient List over Package Quota"))

    assert (await row_of(house, message_id)).status == "failed"


@pytest.mark.parametrize("what", ["spamreport", "unsubscribe", "group_unsubscribe"])
async def test_who_complains_gets_no_more_email_that_may_be_declined(opened: Opens, what: str) -> None:
    house, message_id = await emailed(opened)

    await sendgrid_tells(house, event(message_id, what))
    await sendgrid_tells(house, event(message_id, what))

    said = {(row.category, row.channel, row.granted, row.source) for row in await house.rows(consents)}
    assert said == {(each, "email", False, "provider") for each in ("marketing", "tracking", "reminders", "work")}
    assert len(await house.rows(consents)) == 4
    assert (await offer(house, "email", email=GRACE_MAIL)).message_ids == ()


async def test_a_stranger_is_not_believed_and_changes_nothing(opened: Opens) -> None:
    house, message_id = await emailed(opened)

    refused = await sendgrid_tells(house, event(message_id, "delivered"), key=ec.generate_private_key(ec.SECP256R1()))

    assert (refused.status_code, "SENDGRID_WEBHOOK_KEY" in refused.json()["detail"]) == (401, True)
    assert (await row_of(house, message_id)).status == "sent"


async def test_events_of_emails_that_are_not_ours_are_taken_and_left_out(opened: Opens) -> None:
    house, message_id = await emailed(opened)
    others: list[Any] = [event("not ours", "delivered", sg_message_id="x"), {"event": 7}, "?", None]

    assert (await sendgrid_tells(house, *others, event(message_id, "delivered"))).status_code == 200

    assert (await row_of(house, message_id)).status == "delivered"
    assert len(await house.rows(receipts)) == 1


@pytest.mark.parametrize("path", ["/webhooks/sendgrid", "/webhooks/twilio"])
async def test_a_door_without_its_setting_is_closed_and_says_which(small_house: House, path: str) -> None:
    answer = await small_house.public.post(path, content=b"[]")

    assert answer.status_code == 404
    assert "is not set" in answer.json()["detail"]


async def test_twilio_tells_how_far_an_sms_came(opened: Opens, capsys: pytest.CaptureFixture[str]) -> None:
    small = SmallTwilio()
    house = opened(small.app(), **BY_TWILIO)
    message_id = await offer_to(house, "sms", phone=GRACE_PHONE)
    await house.settled()
    (asked,) = small.asked
    assert (asked["To"], asked["From"]) == (GRACE_PHONE, "KIMIA")
    assert asked["StatusCallback"] == f"https://relais.example/webhooks/twilio?nid={message_id}"

    assert (await twilio_tells(house, message_id, "delivered")).status_code == 200
    assert (await twilio_tells(house, message_id, "sent")).status_code == 200

    row = await row_of(house, message_id)
    assert (row.status, row.provider, row.provider_message_id) == ("delivered", "twilio", "SM1")
    assert GRACE_PHONE not in "".join(capsys.readouterr())


async def test_who_wrote_stop_to_the_number_gets_no_more_sms(opened: Opens) -> None:
    house = opened(SmallTwilio().app(), **BY_TWILIO)
    message_id = await offer_to(house, "sms", phone=GRACE_PHONE)
    await house.settled()

    await twilio_tells(house, message_id, "failed", ErrorCode="21610")

    assert (await row_of(house, message_id)).status == "failed"
    assert {(row.channel, row.granted) for row in await house.rows(consents)} == {("sms", False)}


async def test_a_form_that_twilio_did_not_sign_changes_nothing(opened: Opens) -> None:
    house = opened(SmallTwilio().app(), **BY_TWILIO)
    message_id = await offer_to(house, "sms", phone=GRACE_PHONE)
    await house.settled()

    assert (await twilio_tells(house, message_id, "delivered", token="another")).status_code == 401
    assert (await row_of(house, message_id)).status == "sent"


@pytest.mark.slow
async def test_ovh_is_asked_how_far_an_sms_came(opened: Opens) -> None:
    house = opened(SmallOvh().app(), **BY_OVH)
    message_id = await offer_to(house, "sms", phone=GRACE_PHONE)

    async def is_there() -> bool:
        return bool((await row_of(house, message_id)).status == "delivered")

    await until(is_there)
    assert (await row_of(house, message_id)).provider == "ovh"

"""An email on the whole road: somebody triggers a workflow, a real mail server gets what the person reads."""

from collections.abc import AsyncIterator

import pytest

from notifications.tables import message_decisions
from tests.channels.email.mail_server import MailServer, mail_server
from tests.server.sender_houses import GRACE_MAIL, Opens, offer_to, opened, row_of

__all__ = ["opened"]


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as served:
        yield served


async def test_an_email_reaches_the_person(opened: Opens, server: MailServer) -> None:
    house = opened(
        smtp_url=f"smtp://127.0.0.1:{server.port}?encryption=none", email_from="Kimia <bonjour@kimia.example>"
    )

    message_id = await offer_to(house, "email", email=GRACE_MAIL, locale="fr")
    await house.settled()

    (email,) = server.taken
    assert (email["To"], email["From"]) == (GRACE_MAIL, "Kimia <bonjour@kimia.example>")
    assert "moitié prix" in next(part for part in email.walk() if not part.is_multipart()).get_content()
    assert "/u/" in email["List-Unsubscribe"]
    row = await row_of(house, message_id)
    assert (row.status, row.provider, row.provider_message_id) == ("sent", "smtp", email["Message-ID"])


@pytest.mark.parametrize(("channel", "who"), [("email", {"email": GRACE_MAIL}), ("sms", {"phone": "+242061234567"})])
async def test_a_channel_that_is_not_set_up_skips_its_messages_and_says_why(
    opened: Opens, channel: str, who: dict[str, str]
) -> None:
    house = opened()

    message_id = await offer_to(house, channel, **who)
    await house.settled()

    assert (await row_of(house, message_id)).status == "skipped"
    *_, told = await house.rows(message_decisions, message_decisions.c.message_id == message_id)
    assert (told.decision, "Nothing is set up here" in told.reason) == ("skipped", True)

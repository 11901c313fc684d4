"""Emails by a real mail server and by a small SendGrid, from the message in the queue to what came of it."""

from collections.abc import AsyncIterator

import pytest

from channels.failures import Remedy
from notifications.providers import Accepted, Failed
from notifications.workflows import LEAVE_PLACEHOLDER
from tests.channels.email.mail_server import mail_server
from tests.notifications.providers.contract import OtherEnd, ProviderContract, outgoing
from tests.notifications.providers.other_ends import LINKS, MailHouse, SmallSendGrid


class TestSmtp(ProviderContract):
    @pytest.fixture
    async def other_end(self) -> AsyncIterator[OtherEnd]:
        async with mail_server() as server:
            house = MailHouse(server)
            yield house
            await house.client.aclose()


class TestSendGrid(ProviderContract):
    @pytest.fixture
    def other_end(self) -> OtherEnd:
        return SmallSendGrid()


@pytest.fixture
async def house() -> AsyncIterator[MailHouse]:
    async with mail_server() as server:
        made = MailHouse(server)
        yield made
        await made.client.aclose()


@pytest.mark.parametrize("category", ["tracking", "reminders", "marketing"])
async def test_an_email_that_may_be_declined_says_how_in_its_headers_and_below_its_words(
    house: MailHouse, category: str
) -> None:
    words = {
        "subject": "Offre",
        "html": f'<p>Bonjour</p><a href="{LEAVE_PLACEHOLDER}">Ne plus recevoir</a>',
        "text": f"Bonjour\n\n{LEAVE_PLACEHOLDER}",
    }
    message = outgoing(house, channel="email", category=category, payload=words)

    assert isinstance(await house.build().deliver(message), Accepted)

    (email,) = house.server.taken
    link = email["List-Unsubscribe"].strip("<>")
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leaving = LINKS.read(link.removeprefix("https://relais.example/u/"))
    assert (leaving.who, leaving.category, leaving.message_id) == (message.subscriber_id, category, message.id)
    bodies = {part.get_content_type(): part.get_content() for part in email.walk() if not part.is_multipart()}
    assert link in bodies["text/plain"]
    assert link in bodies["text/html"]
    assert LEAVE_PLACEHOLDER not in "".join(bodies.values())


async def test_an_email_that_answers_somebody_has_nothing_to_leave(house: MailHouse) -> None:
    await house.build().deliver(outgoing(house, channel="email", category="transactional"))

    (email,) = house.server.taken
    assert email["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "reply", ["450 4.2.0 Greylisted, try later", "451 greylisting in action", "452 4.2.2 The mailbox is full"]
)
async def test_what_concerns_one_mailbox_is_no_outage(house: MailHouse, reply: str) -> None:
    house.server.rcpt[house.recipient] = reply

    outcome = await house.build().deliver(outgoing(house, channel="email"))

    assert isinstance(outcome, Failed)
    assert outcome.remedy is Remedy.TRY_A_FEW_TIMES

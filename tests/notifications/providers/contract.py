"""What every provider must do, whatever is behind it. A test class inherits it and brings the provider's other end."""

import logging
from typing import Any, Protocol

import pytest

from channels.failures import Remedy
from notifications.outgoing import Outgoing
from notifications.providers import Accepted, Failed, Provider, Uncertain

MESSAGE_ID = "0198f0a2-7b1c-7cc0-8a51-2f1f0f5b6c01"


class AnyEnd(Protocol):
    """Where a provider delivers to."""

    recipient: str
    payload: dict[str, Any]

    def build(self) -> Provider: ...


class OtherEnd(AnyEnd, Protocol):
    """Plays the provider's servers."""

    secrets: tuple[str, ...]
    """What no log and no reason may hold, beside the recipient."""

    def taken(self) -> list[str]:
        """Our ids of the messages that it took."""
        ...

    def refuse_account(self) -> None: ...
    def refuse_person(self) -> None: ...
    def be_busy(self) -> None:
        """For a while: nothing is carried out."""
        ...

    def be_away(self) -> None: ...
    def lose_answer(self) -> None: ...


class DeliveryContract:
    """Of any provider. The fixture `other_end` is the inheriting class's to give."""

    async def test_a_message_is_accepted(self, other_end: AnyEnd) -> None:
        outcome = await deliver(other_end)

        assert isinstance(outcome, Accepted)
        assert outcome.provider == other_end.build().name

    async def test_what_is_no_address_never_leaves(self, other_end: AnyEnd) -> None:
        outcome = await failed(other_end, recipient="nobody\r\nBcc: everybody")

        assert (outcome.remedy, outcome.was_asked) == (Remedy.OTHER_CHANNEL, False)

    @pytest.mark.parametrize("payload", [{}, {"text": 7, "subject": 7, "title": 7}, {"text": "", "subject": ""}])
    async def test_a_message_without_words_is_a_mistake_that_is_named(
        self, other_end: AnyEnd, payload: dict[str, Any]
    ) -> None:
        outcome = await failed(other_end, payload=payload)

        assert (outcome.remedy, outcome.was_asked) == (Remedy.MEND_REQUEST, False)
        assert outcome.reason.startswith(("text", "subject", "title"))


class ProviderContract(DeliveryContract):
    """Of one with servers of its own, which may be busy, refuse and vanish."""

    async def test_what_is_accepted_arrived_and_carries_our_id(self, other_end: OtherEnd) -> None:
        await deliver(other_end)

        assert other_end.taken() == [MESSAGE_ID]

    async def test_what_is_no_address_reaches_nobody(self, other_end: OtherEnd) -> None:
        await failed(other_end, recipient="nobody\r\nBcc: everybody")

        assert other_end.taken() == []

    @pytest.mark.parametrize("trouble", ["be_busy", "be_away"])
    async def test_what_passes_by_itself_is_tried_again(self, other_end: OtherEnd, trouble: str) -> None:
        getattr(other_end, trouble)()

        outcome = await failed(other_end)

        assert outcome.remedy is Remedy.TRY_AGAIN
        assert other_end.taken() == []

    async def test_a_refused_account_stops_the_provider_and_not_the_message(self, other_end: OtherEnd) -> None:
        other_end.refuse_account()

        assert (await failed(other_end)).remedy is Remedy.STOP_PROVIDER

    async def test_who_cannot_be_reached_here_may_be_elsewhere(self, other_end: OtherEnd) -> None:
        other_end.refuse_person()

        assert (await failed(other_end)).remedy is Remedy.OTHER_CHANNEL

    async def test_a_lost_answer_leaves_open_whether_it_went(self, other_end: OtherEnd) -> None:
        other_end.lose_answer()

        outcome = await deliver(other_end)

        assert isinstance(outcome, Uncertain)
        assert outcome.reason

    @pytest.mark.parametrize("trouble", ["refuse_account", "refuse_person", "be_busy", "be_away", "lose_answer"])
    async def test_no_reason_and_no_log_holds_an_address_or_a_secret(
        self, other_end: OtherEnd, trouble: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        getattr(other_end, trouble)()

        with caplog.at_level(logging.DEBUG):
            outcome = await deliver(other_end)

        # The test's own mail server says what it hears.
        logged = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("mail."))
        told = f"{outcome!r} {logged} {other_end.build()!r}"
        for private in (other_end.recipient, *other_end.secrets):
            assert private not in told


async def failed(other_end: AnyEnd, **changes: Any) -> Failed:
    """How a message fails; any other outcome is an error."""
    outcome = await deliver(other_end, **changes)
    assert isinstance(outcome, Failed), outcome
    return outcome


async def deliver(other_end: AnyEnd, **changes: Any) -> Accepted | Failed | Uncertain:
    provider = other_end.build()
    return await provider.deliver(outgoing(other_end, channel=provider.channel, **changes))


def outgoing(other_end: AnyEnd, **changes: Any) -> Outgoing:
    """A message that was claimed; changes take the place of its own."""
    given: dict[str, Any] = {
        "id": MESSAGE_ID,
        "business_id": "0198f0a2-0000-7cc0-8a51-2f1f0f5b6c01",
        "lane": "immediate",
        "category": "tracking",
        "recipient": other_end.recipient,
        "payload": other_end.payload,
        "subscriber_id": "0198f0a2-1111-7cc0-8a51-2f1f0f5b6c01",
        "attempt": 1,
    }
    return Outgoing(**(given | changes))

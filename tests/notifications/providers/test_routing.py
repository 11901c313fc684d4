"""Which provider gets a message: the first one, another after a definite no, nobody after an unknown."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.failures import Remedy
from notifications.outages import LONGEST_STOP_SECONDS
from notifications.outgoing import Outgoing
from notifications.providers import Accepted, Failed, Outcome, Uncertain
from notifications.providers.routing import ProviderRouter


@dataclass
class Scripted:
    """Answers as it is told, in order, and then accepts."""

    name: str
    channel: str = "email"
    answers: deque[Any] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)

    async def deliver(self, message: Outgoing) -> Outcome:
        self.asked.append(message.id)
        answer = self.answers.popleft() if self.answers else None
        if isinstance(answer, Remedy):
            return Failed(provider=self.name, reason="No.", code=None, remedy=answer)
        if answer == "lost":
            return Uncertain(provider=self.name, reason="Lost.")
        return Accepted(provider=self.name, provider_message_id="1")


class Two:
    """Two providers of emails, and a clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.first, self.second = Scripted("first"), Scripted("second")
        self.router = ProviderRouter([self.first, self.second], lambda: self.now)
        self.count = 0

    async def send(self, channel: str = "email", **changes: Any) -> Outcome:
        self.count += 1
        return await self.router.deliver(message_of(str(self.count), channel=channel, **changes))


def message_of(name: str, **changes: Any) -> Outgoing:
    given: dict[str, Any] = {"id": name, "business_id": "1", "lane": "immediate", "attempt": 1}
    given |= {"category": "tracking", "recipient": "a@b.example", "payload": {}, "channel": "email"}
    return Outgoing(**(given | changes))


@pytest.fixture
def two() -> Two:
    return Two()


@pytest.mark.parametrize("remedy", [Remedy.TRY_AGAIN, Remedy.STOP_PROVIDER, Remedy.OTHER_PROVIDER])
async def test_after_a_definite_no_another_provider_does_it_and_the_story_tells(two: Two, remedy: Remedy) -> None:
    two.first.answers.append(remedy)

    outcome = await two.send()

    assert isinstance(outcome, Accepted)
    assert outcome.provider == "second"
    assert outcome.notes == ("first did not take it, second did: No.",)


async def test_after_an_unknown_nobody_else_is_asked(two: Two) -> None:
    two.first.answers.append("lost")

    assert isinstance(await two.send(), Uncertain)
    assert two.second.asked == []


@pytest.mark.parametrize("remedy", [Remedy.OTHER_CHANNEL, Remedy.KEEP_OPT_OUT, Remedy.MEND_REQUEST])
async def test_a_no_that_another_provider_would_repeat_is_final(two: Two, remedy: Remedy) -> None:
    two.first.answers.append(remedy)

    outcome = await two.send()

    assert isinstance(outcome, Failed)
    assert (outcome.remedy, two.second.asked) == (remedy, [])


@pytest.mark.parametrize("others", [Remedy.STOP_PROVIDER, Remedy.OTHER_PROVIDER])
async def test_where_one_may_do_it_later_the_message_waits_for_that_one(two: Two, others: Remedy) -> None:
    two.first.answers.append(others)
    two.second.answers.append(Remedy.TRY_AGAIN)

    outcome = await two.send()

    assert isinstance(outcome, Failed)
    assert (outcome.remedy, outcome.provider) == (Remedy.TRY_AGAIN, "second")


async def test_a_provider_that_is_away_is_passed_over_and_then_tried(two: Two) -> None:
    two.first.answers.extend([Remedy.TRY_AGAIN] * 5)
    for _ in range(5):
        await two.send()

    assert (await two.send()).provider == "second"
    assert len(two.first.asked) == 5
    two.now += 60
    assert (await two.send()).provider == "first"
    assert (await two.send()).provider == "first"


async def test_a_refused_account_is_left_alone_told_once_and_tried_with_one_message(two: Two) -> None:
    two.first.answers.extend([Remedy.STOP_PROVIDER] * 3)
    with capture_logs() as logs:
        for _ in range(4):
            await two.send()
        assert two.first.asked == ["1"]
        for _ in range(2):
            two.now += LONGEST_STOP_SECONDS
            await two.send()
            await two.send()
        assert len(two.first.asked) == 3
        two.now += LONGEST_STOP_SECONDS
        assert (await two.send()).provider == "first"

    assert [each["event"] for each in logs] == ["provider.stopped", "provider.back"]


async def test_where_every_account_is_refused_messages_wait_and_nobody_is_asked(two: Two) -> None:
    two.first.answers.append(Remedy.STOP_PROVIDER)
    two.second.answers.append(Remedy.STOP_PROVIDER)
    await two.send()

    outcome = await two.send()

    assert isinstance(outcome, Failed)
    assert (outcome.remedy, outcome.was_asked) == (Remedy.STOP_PROVIDER, False)
    assert (two.first.asked, two.second.asked) == (["1"], ["1"])


async def test_who_took_long_to_say_no_leaves_no_time_for_another(two: Two) -> None:
    class Slow(Scripted):
        async def deliver(self, message: Outgoing) -> Outcome:
            two.now += 10
            return await super().deliver(message)

    slow = Slow("slow", answers=deque([Remedy.TRY_AGAIN]))
    two.router = ProviderRouter([slow, two.second], lambda: two.now)

    outcome = await two.send()

    assert isinstance(outcome, Failed)
    assert (outcome.provider, two.second.asked) == ("slow", [])


async def test_what_nothing_is_set_up_for_is_not_offered(two: Two) -> None:
    outcome = await two.send(channel="sms")

    assert isinstance(outcome, Failed)
    assert (outcome.remedy, outcome.was_asked) == (Remedy.NOT_OFFERED, False)
    assert two.first.asked == []

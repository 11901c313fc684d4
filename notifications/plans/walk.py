"""Walks a plan from where it stands to where it has to wait, or to its end. Pure: the caller writes what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from notifications.plans import ladder, reaching
from notifications.plans.plan import Business, Plan, Sent, State, Who
from notifications.plans.sending import NewMessage, new_messages
from notifications.quiet import in_words
from notifications.workflows import (
    Condition,
    Delay,
    Digest,
    Ladder,
    Send,
    Step,
    around_anchor,
    digest_key,
    due_at,
    is_met,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why a plan went on, waits or ended: a word, and a sentence."""

    decision: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather:
    """The plan stands before a digest: it is to open a bucket for its key, or to join the one that is open."""

    key: str = field(repr=False)
    step: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How far a plan came."""

    state: State
    position: int
    progress: Mapping[str, Any] = field(repr=False)
    next_at: datetime | None
    """When to go on; None at the end."""
    messages: tuple[NewMessage, ...] = ()
    decisions: tuple[Decision, ...] = ()
    call_back: tuple[str, ...] = ()
    """Ids of messages that are to leave the queue."""
    gather: Gather | None = None


def walk(plan: Plan, who: Who, business: Business, sent: Sequence[Sent], now: datetime) -> Walked:
    """Take every step that can be taken now. `sent` is what the plan has queued before.

    Raises CannotRender where a content or an expression cannot be told with this payload.
    """
    walking = _Walking(plan, who, business, sent, now)
    if plan.expires_at is not None and plan.expires_at <= now:
        return walking.expired()
    while walking.goes_on:
        walking.take_step()
    return walking.walked()


class _Walking:
    """The plan while it is walked."""

    def __init__(self, plan: Plan, who: Who, business: Business, sent: Sequence[Sent], now: datetime) -> None:
        self._plan = plan
        self._who = who
        self._business = business
        self._sent = sent
        self._now = now
        self._position = plan.position
        self._progress = dict(plan.progress)
        self._state = State.ACTIVE
        self._next_at: datetime | None = None
        self._messages: list[NewMessage] = []
        self._decisions: list[Decision] = []
        self._call_back: list[str] = []
        self._gather: Gather | None = None

    @property
    def goes_on(self) -> bool:
        return self._state is State.ACTIVE and self._next_at is None and self._gather is None

    def walked(self) -> Walked:
        return Walked(
            state=self._state,
            position=self._position,
            progress=self._progress,
            next_at=self._next_at,
            messages=tuple(self._messages),
            decisions=tuple(self._decisions),
            call_back=tuple(self._call_back),
            gather=self._gather,
        )

    def expired(self) -> Walked:
        """What was sent before stays sent; the rest would come too late."""
        self._state = State.DONE if self._sent else State.EXPIRED
        self._note("expired", "Its time was over; what was left of it is not sent.")
        return self.walked()

    def take_step(self) -> None:
        if self._position >= len(self._plan.steps):
            self._state = State.DONE
            return
        if self._comes_too_late() and "rung" not in self._progress:
            self._leave_out_what_is_late()
            return
        match self._step:
            case Send(channel=channel):
                self._send(channel)
            case Ladder() as step:
                self._climb(step)
            case Delay() as step:
                self._delay(step)
            case Condition() as step:
                self._ask(step)
            case Digest() as step:
                self._digest(step)

    def _send(self, channel: str) -> None:
        if self._rests([channel]):
            return
        refusal = reaching.refusal(self._plan, self._who, channel)
        if refusal is None:
            self._queue(channel, 0)
        else:
            self._note("skipped", refusal)
        self._advance()

    def _climb(self, step: Ladder) -> None:
        rung = self._progress.get("rung")
        if rung is None:
            if not self._rests([each.channel for each in step.rungs]):
                self._stand_on(step, 0)
            return
        ours = [each for each in self._sent if each.position == self._position]
        match ladder.next_move(step, rung, ours, self._until(), self._now):
            case ladder.Wait(until=until):
                self._next_at = until
            case ladder.Climb(call_back=call_back) if self._comes_too_late():
                self._call_back += call_back
                self._leave_out_what_is_late()
            case ladder.Climb() if self._rests([each.channel for each in step.rungs[rung + 1 :]]):
                pass
            case ladder.Climb(reason=reason, call_back=call_back):
                self._call_back += call_back
                self._note("fell_back", reason)
                self._stand_on(step, rung + 1)
            case ladder.Over(decision=decision, reason=reason, call_back=call_back):
                self._call_back += call_back
                self._note(decision, reason)
                self._advance()

    def _rests(self, channels: Sequence[str]) -> bool:
        """Whether the person is let rest first, by the channel that would be tried now."""
        able = [each for each in channels if reaching.refusal(self._plan, self._who, each) is None]
        if not able or not self._plan.heeds_quiet(self._business, able[0]):
            return False
        quiet, timezone = self._business.quiet, self._who.person.timezone
        until = quiet.end(self._now, timezone) if quiet is not None else None
        if until is None:
            self._progress.pop("quiet", None)
            return False
        worth_until = self._plan.worth_until(self._position)
        self._next_at = until if worth_until is None else min(until, worth_until)
        if self._progress.get("quiet") != until.isoformat():
            self._progress["quiet"] = until.isoformat()
            self._note("waits", f"{in_words(until, timezone)}; {self._plan.category} messages wait for their end.")
        return True

    def _stand_on(self, step: Ladder, first: int) -> None:
        """Queue the first rung from there on that may be tried, and wait for what becomes of it."""
        for index in range(first, len(step.rungs)):
            rung = step.rungs[index]
            refusal = reaching.refusal(self._plan, self._who, rung.channel)
            if refusal is not None:
                self._note("skipped", refusal)
                continue
            self._queue(rung.channel, index)
            if rung.fallback_after is None:
                break
            until = self._now + rung.fallback_after
            self._progress |= {"rung": index, "until": until.isoformat()}
            self._next_at = until
            others = " or ".join(each.channel for each in step.rungs[index + 1 :])
            self._note("armed", f"By {rung.channel}; if it is not {rung.success} by {until:%H:%M:%S} UTC, by {others}.")
            return
        self._advance()

    def _delay(self, step: Delay) -> None:
        until = self._until()
        if until is None and step.around is not None and self._has_passed(step.around):
            return
        if until is None:
            until = due_at(self._plan.workflow, step, self._facts(), self._now)
            if until > self._now:
                self._note("waits", f"Until {until:%Y-%m-%d %H:%M:%S} UTC.")
        if until <= self._now:
            self._advance()
            return
        self._progress["until"] = until.isoformat()
        self._next_at = until

    def _has_passed(self, around: timedelta) -> bool:
        """What hangs on a moment that was over before anybody could wait for it would say something wrong."""
        moment = around_anchor(self._plan.workflow, around, self._facts())
        if moment > self._now:
            return False
        self._advance()
        left_out = self._go_to_the_next_moment()
        what = "the step after it is" if left_out == 1 else f"the {left_out} steps after it are"
        self._note("skipped", f"Its moment, {moment:%Y-%m-%d %H:%M:%S} UTC, has passed; {what} left out.")
        return True

    def _comes_too_late(self) -> bool:
        """What was to be said before an appointment, such as a reminder that a night held back until after it."""
        over_at = self._plan.over_at(self._position)
        return over_at is not None and over_at <= self._now and not _waits_for_a_moment(self._step)

    def _leave_out_what_is_late(self) -> None:
        began = self._plan.over_at(self._position)
        left_out = self._go_to_the_next_moment()
        what = "this step is" if left_out == 1 else f"these {left_out} steps are"
        self._note("skipped", f"What it was to be said before began at {began:%Y-%m-%d %H:%M:%S} UTC; {what} left out.")

    def _go_to_the_next_moment(self) -> int:
        """How many steps lie before the next one that waits for a moment, which are left out."""
        left_out = 0
        while self._position < len(self._plan.steps) and not _waits_for_a_moment(self._step):
            self._advance()
            left_out += 1
        return left_out

    def _ask(self, step: Condition) -> None:
        if is_met(self._plan.workflow, step, self._facts()):
            self._advance()
            return
        self._note("ended", f"{step.when.source} is not so; what was left of it is not sent.")
        self._state = State.DONE

    def _digest(self, step: Digest) -> None:
        gathered = self._progress.get("digest")
        if gathered is not None and gathered["position"] == self._position:
            self._advance()
            return
        self._gather = Gather(key=digest_key(self._plan.workflow, step, self._facts()), step=step)

    @property
    def _step(self) -> Step:
        return self._plan.steps[self._position]

    def _facts(self) -> Any:
        return self._plan.facts(self._who, self._business, self._sent)

    def _queue(self, channel: str, rung: int) -> None:
        made = new_messages(self._plan, self._position, channel, rung, self._who, self._business)
        self._messages += made

    def _until(self) -> datetime | None:
        until = self._progress.get("until")
        return None if until is None else datetime.fromisoformat(until)

    def _advance(self) -> None:
        self._position += 1
        digest = self._progress.get("digest")
        self._progress = {} if digest is None else {"digest": digest}

    def _note(self, decision: str, reason: str) -> None:
        self._decisions.append(Decision(decision=decision, reason=reason))


def _waits_for_a_moment(step: Step) -> bool:
    return isinstance(step, Delay) and step.is_for_a_moment

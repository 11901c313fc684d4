"""Everything the server is told passes here: to the queue, by way of whatever a test has planned for it."""

import secrets
import sqlite3
from datetime import timedelta
from typing import Any

from channels.whatsapp.emulator.account_facts import AccountFacts
from channels.whatsapp.emulator.clock import Clock
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.envelope import body_of, merged
from channels.whatsapp.emulator.webhook_queue import WebhookQueue
from channels.whatsapp.emulator.webhook_rules import UNTOUCHED, WebhookRules


class Outgoing:
    def __init__(
        self, database: Database, queue: WebhookQueue, facts: AccountFacts, rules: WebhookRules, clock: Clock
    ) -> None:
        self._database = database
        self._queue = queue
        self._facts = facts
        self._rules = rules
        self._clock = clock

    def tell(
        self,
        t: sqlite3.Connection,
        account_id: str,
        value: dict[str, Any],
        *,
        lane: str,
        about: str,
        message_id: int | None = None,
        field: str = "messages",
    ) -> None:
        """Queue a webhook for the account's app, if one is subscribed. Those of one lane keep their order."""
        if not self._facts.is_subscribed(account_id):
            return
        now = self._clock()
        body = body_of(account_id, field, value, None if field == "messages" else now)
        number, rule = self._rules.take(about, lane) or (0, UNTOUCHED)
        if rule.drop:
            return
        if rule.gather > 1:
            group = f"gathered-{number}-{rule.release}"
            until = now + timedelta(seconds=rule.gather_seconds)
            for _ in range(rule.times):
                self._queue.hold(t, group, about=about, message_id=message_id, body=body, at=now, until=until)
            self._release(t, group, at_least=rule.gather)
            return
        due_at = now + timedelta(seconds=rule.delay_seconds)
        for copy in range(rule.times):
            # What is late, or a copy, holds up nobody.
            apart = rule.at_once or rule.delay_seconds > 0 or copy > 0
            queued = f"{lane}-{secrets.token_hex(4)}" if apart else lane
            self._queue.put(t, lane=queued, about=about, message_id=message_id, body=body, at=now, due_at=due_at)

    def run_due(self) -> None:
        """Let go of what has waited long enough for company."""
        with self._database.transaction() as t:
            for lane in self._queue.overdue_groups(self._clock()):
                self._release(t, lane, at_least=1)

    def seconds_until_due(self) -> float | None:
        return self._queue.seconds_until_overdue(self._clock())

    def _release(self, t: sqlite3.Connection, group: str, *, at_least: int) -> None:
        held = self._queue.held(group)
        if len(held) < at_least:
            return
        now = self._clock()
        self._queue.forget_held(t, group)
        if group.endswith("-one_post"):
            told = [webhook.message_id for webhook in held if webhook.message_id is not None]
            body = merged([webhook.body for webhook in held])
            first = told[0] if told else None
            self._queue.put(t, lane=group, about="batch", message_id=first, also=told[1:], body=body, at=now)
            return
        for webhook in reversed(held):
            self._queue.put(
                t, lane=group, about=webhook.about, message_id=webhook.message_id, body=webhook.body, at=now
            )

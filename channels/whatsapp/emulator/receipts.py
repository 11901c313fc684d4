"""Tells the server what became of the business's messages: at once, or when the time of a step has come."""

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from channels.whatsapp.emulator.chats import Chat, Chats, Message
from channels.whatsapp.emulator.clock import Clock
from channels.whatsapp.emulator.database import Database
from channels.whatsapp.emulator.directory import Directory
from channels.whatsapp.emulator.envelope import about, contact, seconds
from channels.whatsapp.emulator.graph_errors import TITLES
from channels.whatsapp.emulator.outgoing import Outgoing
from channels.whatsapp.emulator.status_plan import USUAL, StatusPlan, StatusStep
from channels.whatsapp.emulator.window import is_open

CONVERSATION_LASTS = timedelta(hours=24)


class Receipts:
    def __init__(
        self, database: Database, chats: Chats, directory: Directory, outgoing: Outgoing, clock: Clock
    ) -> None:
        self._database = database
        self._chats = chats
        self._directory = directory
        self._outgoing = outgoing
        self._clock = clock

    def begin(self, t: sqlite3.Connection, chat: Chat, message: Message, plan: StatusPlan) -> None:
        """Report the steps that need no waiting, and keep the others until their time."""
        for step in plan.steps:
            if step.after_seconds == 0:
                self.report(t, chat, message, step, plan)
                continue
            due_at = message.at.timestamp() + step.after_seconds
            t.execute(
                "INSERT INTO coming_statuses (message_id, step, due_at) VALUES (?, ?, ?)",
                (message.id, json.dumps({"step": asdict(step), "plan": _options(plan)}), due_at),
            )

    def report(
        self, t: sqlite3.Connection, chat: Chat, message: Message, step: StatusStep, plan: StatusPlan = USUAL
    ) -> bool:
        """Note a step and tell the server; returns whether the message is further now than before."""
        now = self._clock()
        further = self._chats.raise_status(t, message, step.status, now)
        number = self._directory.numbers.get(chat.phone_number_id)
        if message.receipts and number is not None:
            value = about(number, _value(chat, message, step, plan, now))
            for _ in range(step.times):
                self._outgoing.tell(
                    t, number.account_id, value, lane=chat.key, about=step.status, message_id=message.id
                )
        return further

    def run_due(self) -> None:
        with self._database.transaction() as t:
            due = t.execute(
                "DELETE FROM coming_statuses WHERE due_at <= ? RETURNING *", (self._clock().timestamp(),)
            ).fetchall()
            for row in sorted(due, key=lambda row: (row["due_at"], row["id"])):
                message = self._chats.message(row["message_id"])
                kept = json.loads(row["step"])
                plan = StatusPlan(steps=(), **kept["plan"])
                self.report(t, self._chats.by_id(message.chat_id), message, StatusStep(**kept["step"]), plan)

    def seconds_until_due(self) -> float | None:
        row = self._database.row("SELECT min(due_at) AS due_at FROM coming_statuses")
        if row is None or row["due_at"] is None:
            return None
        return max(0.0, float(row["due_at"]) - self._clock().timestamp())


def _options(plan: StatusPlan) -> dict[str, Any]:
    return {"contacts": plan.contacts, "pricing": plan.pricing, "conversation": plan.conversation}


def _value(chat: Chat, message: Message, step: StatusStep, plan: StatusPlan, now: datetime) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": message.wamid,
        "status": step.status,
        "timestamp": seconds(now),
        **({} if chat.hides_number else {"recipient_id": chat.wa_id}),
        "recipient_user_id": chat.user_id,
    }
    if message.callback_data is not None:
        item["biz_opaque_callback_data"] = message.callback_data
    category = message.payload.get("rendered", {}).get("category", "service").lower()
    if step.status == "failed":
        item["errors"] = [_error(step.code or 131000)]
        return {"statuses": [item]}  # Meta names no contact here
    if step.status == "sent" and plan.pricing:
        item["pricing"] = _pricing(chat, message, category)
    if plan.conversation:
        item["conversation"] = {"id": f"{chat.id:032x}", "origin": {"type": category}}
        if step.status == "sent":
            item["conversation"]["expiration_timestamp"] = seconds(now + CONVERSATION_LASTS)
    # Meta names the person here without the profile.
    return {**({"contacts": [contact(chat)]} if plan.contacts else {}), "statuses": [item]}


def _pricing(chat: Chat, message: Message, category: str) -> dict[str, Any]:
    """Per message: inside the customer service window, answers and utility templates cost nothing."""
    free = category in ("service", "utility") and is_open(chat, message.at)
    kind = "free_customer_service" if free or category == "service" else "regular"
    return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}


def _error(code: int) -> dict[str, Any]:
    title = TITLES.get(code, (400, "Message failed to send"))[1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": f"{title}."},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }

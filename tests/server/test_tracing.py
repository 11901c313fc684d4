"""Spans: none while nobody collects them; else the steps of one thing join under its id, and tell nobody's words."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from conversations.tables import turns
from notifications.access import Scope
from notifications.tables import messages
from storage.database import Database
from telemetry.tracing import Tracing, tracing
from tests.house import GRACE, House
from tests.notifications.push_desk import PushDesk, workflow
from tests.server.api.shop import shop_of

TURN = "01939f2a-7c11-7aaa-8bbb-0123456789ab"


@pytest.fixture
def collected() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    tracing.start(exporter, "relais")
    yield exporter
    tracing.stop()


def test_while_it_is_off_nothing_is_made_or_asked() -> None:
    off = Tracing()

    def never() -> dict[str, str]:
        raise AssertionError("asked for attributes that nobody collects")

    assert off.span("send", TURN, never) is off.span("turn", TURN)


async def test_the_steps_of_a_turn_are_one_trace_under_its_id(house: House, collected: InMemorySpanExporter) -> None:
    await house.post(house.message("mon code est secret"))
    await house.heard(1)
    await house.quiet()
    (turn,), (message,) = await house.rows(turns), await house.rows(messages)
    tracing.stop()

    traces = {(span.name, span.context.trace_id) for span in collected.get_finished_spans() if span.context}
    about = {"turn": turn.id, "bot": turn.id, "send": message.id}
    assert traces == {(name, UUID(known).int) for name, known in about.items()}
    told = " ".join(span.to_json() for span in collected.get_finished_spans())
    assert "secret" not in told
    assert GRACE not in told


async def test_a_notification_is_one_trace_from_being_set_off_to_being_sent(
    house: House, collected: InMemorySpanExporter
) -> None:
    shop = await shop_of(house, Scope.NOTIFY)
    body = {"workflow": "mission-delivered", "to": {"phone": f"+{GRACE}"}, "payload": {"code": "C-1"}}
    caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await shop.ask("POST", "/v1/notify", json=body, headers={"traceparent": caller})
    (notified,) = answer.json()["notifications"]
    await house.quiet()
    tracing.stop()

    spans = {span.name: span for span in collected.get_finished_spans()}
    assert {"notify", "send"} <= spans.keys()
    for name in ("notify", "send"):
        context = spans[name].context
        assert context is not None
        assert context.trace_id == UUID(notified["id"]).int
    (link,) = spans["notify"].links
    assert f"{link.context.trace_id:032x}" == caller.split("-")[1]
    assert GRACE not in spans["notify"].to_json()


async def test_a_plan_that_goes_on_joins_its_notification_s_trace(
    database: Database, collected: InMemorySpanExporter
) -> None:
    desk = await PushDesk.open(database, workflow(steps=[{"delay": "1h"}, {"send": "sms"}]))
    triggered = await desk.notify()
    await desk.later(3601)
    await desk.walk()
    tracing.stop()

    traces = {(span.name, span.context.trace_id) for span in collected.get_finished_spans() if span.context}
    assert traces == {(name, UUID(triggered.notification_id).int) for name in ("notify", "walk")}


def test_what_is_no_traceparent_is_left_out(collected: InMemorySpanExporter) -> None:
    with tracing.span("notify", TURN, follows="nonsense"):
        pass
    tracing.stop()
    (span,) = collected.get_finished_spans()
    assert span.links == ()


def test_an_error_is_told_by_its_kind_and_not_by_its_words(collected: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Grâce"), tracing.span("bot", TURN):
        raise ValueError("Grâce said so")
    tracing.stop()

    (span,) = collected.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert "Grâce" not in span.to_json()

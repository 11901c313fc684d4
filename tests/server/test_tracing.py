"""Spans: none while nobody collects them; else the steps of one thing join under its id, and tell nobody's words."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from conversations.tables import turns
from notifications.tables import messages
from telemetry.tracing import Tracing, tracing
from tests.house import GRACE, House

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


def test_an_error_is_told_by_its_kind_and_not_by_its_words(collected: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Grâce"), tracing.span("bot", TURN):
        raise ValueError("Grâce said so")
    tracing.stop()

    (span,) = collected.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert "Grâce" not in span.to_json()

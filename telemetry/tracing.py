"""Spans of what is done, for whoever collects them by OpenTelemetry; while it is off, a span costs a comparison.

A trace is known by what it is about: the id of a turn, a notification or a message is its trace id. So the steps of
one thing join, in whichever process and however much later they are done, and no context is carried along or kept.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_LOW_64_BITS: Final = (1 << 64) - 1
_OFF: Final = nullcontext()

type Attributes = Mapping[str, str | int | float | bool]


class Tracing:
    """Whether spans are made, and who takes them. One of it, `tracing`, is this process's."""

    def __init__(self) -> None:
        self._provider: TracerProvider | None = None
        self._tracer: Tracer | None = None

    def start(self, exporter: SpanExporter, service: str) -> None:
        """Make spans from now on and hand them over in batches, beside the work."""
        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("relais")

    def stop(self) -> None:
        """Hand over what there is, and make no more."""
        if self._provider is not None:
            self._provider.shutdown()
        self._provider = self._tracer = None

    def span(
        self, name: str, about: str, attributes: Callable[[], Attributes] | None = None, *, follows: str | None = None
    ) -> AbstractContextManager[None]:
        """A step of what `about` (an id of ours, a UUID) is about. `attributes` is asked while it is on.

        `follows` is a span of somebody else's (W3C `traceparent`) that led to it; what cannot be read is left out.
        """
        if self._tracer is None:
            return _OFF
        return self._span(self._tracer, name, about, attributes, follows)

    @contextlib.contextmanager
    def _span(
        self,
        tracer: Tracer,
        name: str,
        about: str,
        attributes: Callable[[], Attributes] | None,
        follows: str | None,
    ) -> Iterator[None]:
        told = {"relais.id": about, **(attributes() if attributes else {})}
        # An error's own words may hold what somebody wrote, so only its kind is told.
        with tracer.start_as_current_span(
            name,
            context=_root(about),
            attributes=told,
            links=_links(follows),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                raise


tracing: Final = Tracing()


def _root(about: str) -> Context:
    number = UUID(about).int
    context = SpanContext(
        trace_id=number,
        span_id=number & _LOW_64_BITS,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return set_span_in_context(NonRecordingSpan(context))


def _links(follows: str | None) -> list[Link]:
    if follows is None:
        return []
    context = get_current_span(_W3C.extract({"traceparent": follows})).get_span_context()
    return [Link(context)] if context.is_valid else []


_W3C: Final = TraceContextTextMapPropagator()

"""What a content says of the delivery in its payload: `{{ timeline("accepted") }}` and `{{ delay() }}`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import jinja2

from trade.missions import Courier, Delay, Mission
from trade.timeline import delay_label, render_timeline

_UNTOLD: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When it was made is no part of a timeline."""


@jinja2.pass_context
def timeline(context: jinja2.runtime.Context, status: str) -> str:
    """The whole timeline of the mission in `payload`, at this status; what the payload does not tell is left out."""
    payload: Mapping[str, Any] = context["payload"]
    return render_timeline(_mission(payload, status), context["language"], context["timezone"])


@jinja2.pass_context
def delay(context: jinja2.runtime.Context) -> str:
    """By how much the mission in `payload` is late, and why: "25 min de retard : mauvais temps"; "" where it is not."""
    found = _delay(context["payload"])
    return delay_label(found, context["language"]) if found else ""


def _mission(payload: Mapping[str, Any], status: str) -> Mission:
    courier, recipient = _part(payload, "courier"), _part(payload, "recipient")
    return Mission(
        code=payload["code"],
        status=status,
        created_at=_UNTOLD,
        customer_phone="",
        pickup_address=_part(payload, "pickup").get("address"),
        dropoff_address=_part(payload, "dropoff").get("address"),
        recipient_name=recipient.get("name"),
        recipient_phone=recipient.get("phone"),
        value=payload.get("value"),
        courier=Courier(name=courier["name"], phone=courier.get("phone")) if courier.get("name") else None,
        expected_at=payload.get("expected_at"),
        delay=_delay(payload),
    )


def _delay(payload: Mapping[str, Any]) -> Delay | None:
    found = _part(payload, "delay")
    minutes = found.get("minutes")
    return Delay(reason=found.get("reason") or "", minutes=int(minutes)) if minutes else None


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = payload.get(name)
    return found if isinstance(found, Mapping) else {}

"""The timeline of a mission: the message a customer reads when asking where a delivery is."""

from functools import cache

from trade.markup import plain, shorten
from trade.missions import Delay, Mission, MissionStatus, progress
from trade.moments import format_moment
from trade.money import format_money
from trade.phones import national
from trade.words import render

# WhatsApp takes 4 096 characters in a text. With each field below at its limit a timeline stays
# under half of that, so it is never refused and never cut in the middle of a section.
CODE_LIMIT = 64
STATUS_LIMIT = 64
NAME_LIMIT = 120
ADDRESS_LIMIT = 500


def render_timeline(mission: Mission, locale: str, timezone: str = "UTC") -> str:
    """The whole timeline as WhatsApp text, its times by the clocks of `timezone`; what is missing is left out."""
    courier = mission.assigned_courier
    return render(
        "timeline",
        locale,
        code=_field(mission.code, CODE_LIMIT),
        steps=[(step_label(step, locale), state.value) for step, state in progress(mission)],
        is_cancelled=mission.known_status is MissionStatus.CANCELLED,
        status=status_label(mission.status, locale),
        raw_status="" if mission.known_status else _raw(mission.status),
        expected=expected(mission, locale, timezone),
        delay=delay_label(mission.delay, locale) if mission.delay and mission.is_under_way else "",
        pickup_address=_field(mission.pickup_address, ADDRESS_LIMIT),
        dropoff_address=_field(mission.dropoff_address, ADDRESS_LIMIT),
        recipient_name=_field(mission.recipient_name, NAME_LIMIT),
        recipient_phone=national(mission.recipient_phone or ""),
        value=format_money(mission.value, locale) if mission.value else "",
        courier_name=_field(courier.name, NAME_LIMIT) if courier else "",
        courier_phone=national(courier.phone or "") if courier else "",
    ).strip()


def expected(mission: Mission, locale: str, timezone: str) -> str:
    """When it should arrive, as "lun. 27 janv., 14:30"; "" where nobody knows, or where it is over."""
    if mission.expected_at is None or not mission.is_under_way:
        return ""
    return format_moment(mission.expected_at, timezone, locale)


def delay_label(delay: Delay, locale: str) -> str:
    """By how much it is late, and why where the reason is one of ours: "25 min de retard : mauvais temps"."""
    hours, minutes = divmod(max(delay.minutes, 0), 60)
    return render("delay", locale, hours=hours, minutes=minutes, reason=delay.reason).strip()


def step_label(step: MissionStatus, locale: str) -> str:
    """What a step of a mission's road is called, in a word or two."""
    return _step_label(step, locale)


@cache
def _step_label(step: MissionStatus, locale: str) -> str:
    return render("step", locale, step=step.value).strip()


def status_label(status: str, locale: str) -> str:
    """What a status means, in a short sentence; an unknown one as its own words."""
    words = _field(status.replace("_", " "), STATUS_LIMIT)
    return render("status", locale, status=status, words=words).strip()


def _field(text: str | None, limit: int) -> str:
    return shorten(plain(text or ""), limit)


def _raw(status: str) -> str:
    """An unknown status as the backend writes it: between backticks an underscore is no marker."""
    return shorten("_".join(plain(part) for part in status.split("_")), STATUS_LIMIT)

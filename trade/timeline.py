"""The timeline of a mission: the message a customer reads when asking where a delivery is."""

from trade.markup import plain, shorten
from trade.missions import Mission, MissionStatus, progress
from trade.money import format_money
from trade.phones import national
from trade.words import render

# WhatsApp takes 4 096 characters in a text. With each field below at its limit a timeline stays
# under half of that, so it is never refused and never cut in the middle of a section.
CODE_LIMIT = 64
STATUS_LIMIT = 64
NAME_LIMIT = 120
ADDRESS_LIMIT = 500


def render_timeline(mission: Mission, locale: str) -> str:
    """The whole timeline as WhatsApp text; sections whose data is missing are left out."""
    courier = mission.assigned_courier
    return render(
        "timeline",
        locale,
        code=_field(mission.code, CODE_LIMIT),
        steps=[(step_label(step, locale), state.value) for step, state in progress(mission)],
        is_cancelled=mission.known_status is MissionStatus.CANCELLED,
        status=status_label(mission.status, locale),
        raw_status="" if mission.known_status else _raw(mission.status),
        pickup_address=_field(mission.pickup_address, ADDRESS_LIMIT),
        dropoff_address=_field(mission.dropoff_address, ADDRESS_LIMIT),
        recipient_name=_field(mission.recipient_name, NAME_LIMIT),
        recipient_phone=national(mission.recipient_phone or ""),
        value=format_money(mission.value, locale) if mission.value else "",
        courier_name=_field(courier.name, NAME_LIMIT) if courier else "",
        courier_phone=national(courier.phone or "") if courier else "",
    ).strip()


def step_label(step: MissionStatus, locale: str) -> str:
    """What a step of a mission's road is called, in a word or two."""
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

"""What the tracking page says: a delivery without anything personal, in the reader's language."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trade.missions import Delay, Mission, MissionStatus, StepState, progress
from trade.timeline import status_label, step_label

CONTENT: Final = Path(__file__).parent / "content"
LANGUAGES: Final = ("fr", "en")
WRITTEN_AS: Final = {"fr": "fr", "en": "en_GB"}
"""How each language writes times and days: our businesses' readers of English count the hours to 24."""

ENDED: Final = (MissionStatus.DELIVERED, MissionStatus.CANCELLED)
SIGNS: Final = {
    MissionStatus.PENDING: "🕐",
    MissionStatus.ACCEPTED: "🛵",
    MissionStatus.PICKUP_ARRIVED: "📍",
    MissionStatus.IN_TRANSIT: "🛵",
    MissionStatus.DELIVERED: "✅",
    MissionStatus.CANCELLED: "❌",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """In which language and by which clock the page is read."""

    locale: str
    timezone: str
    now: datetime

    def moment(self, at: datetime) -> str:
        """The time, with the day unless that is today."""
        zone, written_as = ZoneInfo(self.timezone), WRITTEN_AS[self.locale]
        local, today = at.astimezone(zone), self.now.astimezone(zone).date()
        time = format_time(local, "short", tzinfo=zone, locale=written_as)
        return time if local.date() == today else f"{format_date(local, 'd MMM', locale=written_as)}, {time}"

    def day(self, at: datetime) -> str:
        """The day and the month."""
        return format_date(at.astimezone(ZoneInfo(self.timezone)), "d MMMM", locale=WRITTEN_AS[self.locale])


def delivery_page(mission: Mission, business: str, reader: Reader, expires_at: datetime) -> str:
    """The page of a delivery: status and timeline, no address, no name, no number."""
    words, status = _words(reader.locale), mission.known_status
    is_under_way = status not in ENDED
    return _fill(
        "delivery.html",
        reader.locale,
        title=words["title"].format(code=mission.code),
        business=business,
        other_locale=next(each for each in LANGUAGES if each != reader.locale),
        status=status_label(mission.status, reader.locale),
        sign=SIGNS[status] if status else "📦",
        tone="ended" if status is MissionStatus.CANCELLED else "",
        is_cancelled=status is MissionStatus.CANCELLED,
        is_under_way=is_under_way,
        expected=_expected(mission, reader) if is_under_way else "",
        late=_late(mission.delay, words) if is_under_way and mission.delay else "",
        steps=[_step(mission, step, state, reader) for step, state in progress(mission)],
        updated=words["updated"].format(when=reader.moment(reader.now)),
        shared_by=words["shared_by"].format(when=reader.day(expires_at)),
    )


def gone_page(locale: str) -> str:
    """For a link that never was or has ended."""
    words = _words(locale)
    return _fill("nothing.html", locale, sign="🔗", title=words["gone_title"], text=words["gone_text"], reload="")


def away_page(locale: str) -> str:
    """For a business whose system does not answer."""
    words = _words(locale)
    title, text, reload = (words[name] for name in ("away_title", "away_text", "reload"))
    return _fill("nothing.html", locale, sign="🛠️", title=title, text=text, reload=reload)


def _expected(mission: Mission, reader: Reader) -> str:
    if mission.expected_at is None:
        return ""
    return str(_words(reader.locale)["expected"]).format(when=reader.moment(mission.expected_at))


def _late(delay: Delay, words: dict[str, Any]) -> str:
    late = str(words["late"]).format(minutes=delay.minutes)
    reason = words["reasons"].get(delay.reason)
    return f"{late} · {reason}" if reason else late


def _step(mission: Mission, step: MissionStatus, state: StepState, reader: Reader) -> dict[str, str]:
    at = mission.steps.get(step) or (mission.created_at if step is MissionStatus.PENDING else None)
    return {
        "name": step_label(step, reader.locale),
        "state": state.value,
        "time": reader.moment(at) if at else "",
        "at": at.isoformat() if at else "",
    }


def _fill(name: str, locale: str, **values: Any) -> str:
    return _environment().get_template(name).render(locale=locale, words=_words(locale), **values)


@cache
def _words(locale: str) -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((CONTENT / f"labels.{locale}.yml").read_text(encoding="utf-8"))
    return words


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(CONTENT),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

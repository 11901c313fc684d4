"""What an alert says: in a line, in an email, in a webhook, and as Prometheus fills it in."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from server.alerts.rules import AWAY, BY_NAME, Unit
from server.alerts.standing import Alert
from server.desk import words as spoken
from server.desk.words import Words

SHOWN: Final[dict[Unit, Callable[[float, str], str]]] = {
    Unit.COUNT: spoken.number,
    Unit.SECONDS: spoken.span,
    Unit.SHARE: spoken.percent,
}

SUBJECTS: Final = ("console.lanes", "console.health.parts", "console.health.providers", "alerts.subjects")
"""Where the words for what an alert may be of stand."""


def summary(alert: Alert, language: str) -> str:
    """What is wrong, in a line."""
    words = rule_words(alert.rule, language)
    rule = BY_NAME.get(alert.rule)
    # A rule of a version before, or after, is shown by its name.
    value = spoken.number(alert.value, language) if rule is None else SHOWN[rule.unit](alert.value, language)
    return words["summary"].format(value=value, subject=subject(alert.subject, language))


def advice(alert: Alert, language: str) -> str:
    """What to do about it."""
    return rule_words(alert.rule, language)["do"]


def subject(name: str, language: str) -> str:
    """What an alert is of, such as a lane, in words."""
    said = _words(language)
    return next((found for folder in SUBJECTS if (found := said.find(f"{folder}.{name}")) is not None), name)


def rule_words(rule: str, language: str) -> dict[str, str]:
    """`summary` and `do` of a rule."""
    found: dict[str, str] = _words(language)["alerts"]["rules"].get(rule, {"summary": rule, "do": ""})
    return found


def subject_line(what: str, alert: Alert | None, language: str) -> str:
    """Of an email."""
    mail = _words(language)["alerts"]["mail"]
    return str(mail[what].format(summary="" if alert is None else summary(alert, language)))


def text(what: str, alert: Alert | None, language: str) -> str:
    """Of an email."""
    mail = _words(language)["alerts"]["mail"]
    if alert is None:
        return str(mail["test_text"])
    moment = f"{alert.began_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    if what == "over":
        ended = alert.over_at or alert.began_at
        lasted = spoken.span((ended - alert.began_at).total_seconds(), language)
        return f"{summary(alert, language)}.\n\n{mail['lasted'].format(span=lasted, moment=moment)}\n"
    whose = mail["whose"].format(name=alert.acknowledged_by) if alert.acknowledged_by else mail["nobody"]
    return (
        f"{summary(alert, language)}.\n\n{mail['since'].format(moment=moment)}\n"
        f"{mail['do'].format(do=advice(alert, language))}\n\n{whose}\n"
    )


def document(what: str, alert: Alert | None, language: str, now: datetime) -> dict[str, Any]:
    """The body of a webhook."""
    told: dict[str, Any] = {"text": _words(language)["alerts"]["mail"]["test_text"]}
    if alert is not None:
        told = {
            "id": alert.id,
            "rule": alert.rule,
            "subject": alert.subject,
            "severity": alert.severity,
            "value": alert.value,
            "summary": summary(alert, language),
            "do": advice(alert, language),
            "began_at": _written(alert.began_at),
            "acknowledged_by": alert.acknowledged_by,
            "over_at": None if alert.over_at is None else _written(alert.over_at),
        }
    return {"type": f"alert.{what}", "timestamp": _written(now), "data": told}


def of_the_database(began_at: datetime, over_at: datetime | None = None) -> Alert:
    """The one alert that no row can hold."""
    return Alert(
        id=f"{AWAY}-{began_at:%Y%m%dT%H%M%S}",
        rule=AWAY,
        subject="",
        value=1,
        began_at=began_at,
        raised_at=began_at,
        acknowledged_at=None,
        acknowledged_by=None,
        over_at=over_at,
    )


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@cache
def _words(language: str) -> Words:
    return Words(language)

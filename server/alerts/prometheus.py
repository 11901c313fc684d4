"""Writes our rules down for Prometheus, as deploy/prometheus/alerts.yml holds them: same names, limits and words."""

from collections.abc import Iterator
from typing import Final

from server.alerts import saying
from server.alerts.rules import RULES, Rule, Unit

HEAD: Final = """\
# Alarms over what Relais tells at /metrics; docs/watching.md says what each number means and what to do.
# Written by `./relais alerts rules`: the house follows the same ones by itself, but for the two at the end.
# The numbers are read from the database by every process alike, so the largest (or smallest) is taken.
groups:
  - name: relais
    rules:
"""

ALONE: Final = """\
      - alert: RelaisAway
        expr: up{job="relais"} == 0
        for: 1m
        labels: {severity: page}
        annotations:
          summary: "{{ $labels.instance }} does not answer"
          do: "Webhooks may not be kept; Meta comes again for up to 7 days. Look at the journal of relais-server."
      - alert: RelaisWebhooksSlow
        expr: histogram_quantile(0.99, sum by (le) (rate(relais_webhook_keep_seconds_bucket[5m]))) > 0.5
        for: 10m
        labels: {severity: ticket}
        annotations:
          summary: "One webhook in a hundred takes more than {{ $value | humanizeDuration }} to be kept"
          do: "Is the disk slow, or the database busy? Meta wants half of them within 250 ms."
"""
"""What the house cannot see of itself: that it is gone, and how slow all of its processes together are."""

VALUES: Final = {
    Unit.COUNT: "{{ $value }}",
    Unit.SECONDS: "{{ $value | humanizeDuration }}",
    Unit.SHARE: "{{ $value | humanizePercentage }}",
}

LANGUAGE: Final = "en"


def rules_file() -> str:
    """The whole file."""
    return HEAD + "".join(line for rule in RULES for line in _lines(rule)) + ALONE


def _lines(rule: Rule) -> Iterator[str]:
    words = saying.rule_words(rule.name, LANGUAGE)
    subject = f"{{{{ $labels.{rule.by} }}}}" if rule.by else ""
    summary = words["summary"].format(value=VALUES[rule.unit], subject=subject)
    yield f"      - alert: {rule.name}\n"
    yield f"        expr: {rule.expression}\n"
    yield f"        for: {int(rule.holds.total_seconds() // 60)}m\n"
    yield f"        labels: {{severity: {rule.severity}}}\n"
    yield "        annotations:\n"
    yield f'          summary: "{summary}"\n'
    yield f'          do: "{words["do"]}"\n'

"""The rules of the house and those of Prometheus are one list, with words for each in both languages."""

from typing import Any

import pytest
import yaml

from server.alerts import prometheus, saying
from server.alerts.rules import AWAY, BY_NAME, RULES, Rule
from server.alerts.standing import broken
from server.desk.words import LANGUAGES
from server.settings import ROOT
from server.watching.readings import Reading
from telemetry import metrics


def test_the_file_for_prometheus_is_what_the_house_follows() -> None:
    assert (ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8") == prometheus.rules_file(), (
        "write it anew: ./relais alerts rules > deploy/prometheus/alerts.yml"
    )


def test_prometheus_finds_the_same_names_limits_and_times() -> None:
    (group,) = yaml.safe_load(prometheus.rules_file())["groups"]
    written: dict[str, Any] = {each["alert"]: each for each in group["rules"]}

    assert set(written) == {*BY_NAME, "RelaisAway", "RelaisWebhooksSlow"}
    for rule in RULES:
        assert written[rule.name]["for"] == f"{rule.holds.total_seconds() / 60:g}m"
        assert float(written[rule.name]["expr"].rpartition(" ")[2]) == rule.limit
        assert written[rule.name]["labels"] == {"severity": rule.severity.value}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_says_what_is_wrong_and_what_to_do(language: str) -> None:
    for name in (*BY_NAME, AWAY):
        words = saying.rule_words(name, language)
        assert words["summary"] != name
        assert words["do"]


def test_a_rule_looks_at_what_it_is_about_alone() -> None:
    found = broken(
        [
            Reading(metrics.QUEUE_AGE_SECONDS, 61, {"lane": "critical"}),
            Reading(metrics.QUEUE_AGE_SECONDS, 60, {"lane": "immediate"}),
            Reading(metrics.QUEUE_AGE_SECONDS, 9000, {"lane": "bulk"}),
            Reading(metrics.PROVIDER_STOPPED, 1, {"provider": "smtp", "why": "refused"}),
            Reading(metrics.PROVIDER_STOPPED, 1, {"provider": "sendgrid", "why": "provider"}),
            Reading(metrics.DISK_FREE_SHARE, 0.09),
            Reading(metrics.TOKEN_LEFT_SECONDS, float("inf")),
        ]
    )

    assert found == {
        ("RelaisNewsLate", "critical"): 61,
        ("RelaisProviderStopped", "smtp"): 1,
        ("RelaisProviderAway", "sendgrid"): 1,
        ("RelaisDiskNearlyFull", ""): 0.09,
    }


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("RelaisNewsLate", 'max by (lane) (relais_queue_oldest_seconds{lane=~"critical|immediate"}) > 60'),
        ("RelaisDiskNearlyFull", "min(relais_disk_free_share) < 0.1"),
        ("RelaisTokenEnds", "min(relais_token_left_seconds) < 604800"),
    ],
)
def test_a_rule_reads_the_same_in_prometheus(name: str, expression: str) -> None:
    rule: Rule = BY_NAME[name]
    assert rule.expression == expression

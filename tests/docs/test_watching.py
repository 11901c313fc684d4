"""The dashboard, the alarms and their page speak of numbers that are there, and of all of them."""

import json
import re

import yaml

from server.settings import ROOT
from telemetry.metrics import REGISTRY

NUMBERS = {family.name for family in REGISTRY.collect()}
SERIES = {f"{name}{suffix}" for name in NUMBERS for suffix in ("", "_total", "_bucket", "_count", "_sum")}
NAME = re.compile(r"\brelais_[a-z_]+")


def test_the_dashboard_asks_for_numbers_that_are_told() -> None:
    dashboard = json.loads((ROOT / "deploy/grafana/relais.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]

    assert {name for expression in asked for name in NAME.findall(expression)} <= SERIES
    shown = {name for expression in asked for name in NAME.findall(expression)}
    assert {number for number in NUMBERS if not any(name.startswith(number) for name in shown)} == set()


def test_the_alarms_ask_for_numbers_that_are_told_and_say_what_to_do() -> None:
    (group,) = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]

    for rule in group["rules"]:
        assert set(NAME.findall(rule["expr"])) <= SERIES, rule["alert"]
        assert rule["annotations"]["do"]


def test_the_page_explains_every_number() -> None:
    page = (ROOT / "docs/watching.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`(relais_[a-z_]+)`", page)) == NUMBERS

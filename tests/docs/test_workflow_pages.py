"""docs/workflows.md and docs/templates.md say what the code does."""

import re
from datetime import date
from pathlib import Path

import pytest

from notifications.prices.files import our_price_book
from notifications.workflows import SmsContent, WhatsAppContent, preview, read_workflow
from notifications.workflows import lint as workflows_lint
from notifications.workflows.dressing import FILTERS
from notifications.workflows.jinja import CONTEXT, GLOBALS
from notifications.workflows.lint import Surroundings, lint
from notifications.workflows.schema import KINDS
from notifications.workflows.workflow import CHANNELS, EFFECTS, LANES, SUCCESSES
from server.settings import ROOT
from tests.docs.pages import text_of

PAGE = ROOT / "docs/workflows.md"
TEMPLATES_PAGE = ROOT / "docs/templates.md"
RULE = re.compile(r'"([a-z]+_[a-z]+)"')


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)


def test_the_example_is_a_workflow_and_reads_as_the_page_says() -> None:
    (example,) = blocks(PAGE, "yaml")
    workflow = read_workflow(example, "table-booked.yml")
    assert lint(workflow, Surroundings()) == []

    shown = preview(workflow, "fr")
    whatsapp, sms = shown["whatsapp"], shown["sms"]
    assert isinstance(whatsapp, WhatsAppContent)
    assert isinstance(sms, SmsContent)
    buttons = " ".join(f"[{button.title}]" for button in whatsapp.buttons)
    assert blocks(PAGE, "text") == [f"{whatsapp.said}\n{buttons}\n", f"{sms.text}\n"]


@pytest.mark.parametrize(
    "words",
    [KINDS, CHANNELS, LANES, EFFECTS, SUCCESSES, tuple(FILTERS), tuple(GLOBALS), tuple(sorted(CONTEXT))],
    ids=["types", "channels", "lanes", "effects", "receipts", "filters", "functions", "names"],
)
def test_every_word_of_the_language_is_explained(words: tuple[str, ...]) -> None:
    code = " ".join(re.findall(r"`([^`\n]+)`", text_of(PAGE)))
    assert [word for word in words if not re.search(rf"\b{word}\b", code)] == []


def test_every_rule_of_lint_is_explained() -> None:
    files = (ROOT / "notifications/workflows/lint").glob("*.py")
    found = {rule for file in files for rule in RULE.findall(file.read_text(encoding="utf-8"))}
    rules = found - set(workflows_lint.__all__)
    assert len(rules) > 10
    assert {rule for rule in rules if f"`{rule}`" not in text_of(PAGE)} == set()


def test_the_page_of_templates_tells_the_rules_of_the_price_book() -> None:
    told = {
        date.fromisoformat(found) for found in re.findall(r"^\| (\d{4}-\d\d-\d\d) \|", text_of(TEMPLATES_PAGE), re.M)
    }
    rules = our_price_book().rules
    assert told == {each.since for each in rules}
    allowance = max(each.free_each_month.get("service", 0) for each in rules)
    assert f"{allowance} free-form messages for each number and month" in text_of(TEMPLATES_PAGE)

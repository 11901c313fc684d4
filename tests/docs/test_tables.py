"""The tables of the pages say what the code says."""

import re
from pathlib import Path

import pytest

import channels.whatsapp.templates.lint as lint
from channels.failures import Remedy
from channels.whatsapp.errors import error_in_receipt
from docs.tables import DOES, FOLDER, TABLES, rewritten

RULE = re.compile(r'\b(error|warning)\(\s*"(\w+)"')
RULE_ON_THE_PAGE = re.compile(r"^\| `(\w+)` \| (error|warning) \|", re.MULTILINE)


PAGE = FOLDER / "whatsapp.md"
EVERY_TABLE = [(name, table) for name, tables in TABLES.items() for table in tables]


@pytest.mark.parametrize("name", TABLES)
def test_a_page_has_every_table_as_the_code_has_it(name: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    assert rewritten(name, page) == page, "run `.venv/bin/python -m docs.tables`"


@pytest.mark.parametrize(("name", "table"), EVERY_TABLE)
def test_a_missing_place_for_a_table_is_named(name: str, table: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8").replace(f"<!-- table {table}:", "<!-- gone:")
    with pytest.raises(ValueError, match=f"{name} .*table {table}"):
        rewritten(name, page)


def test_a_table_without_an_end_is_named() -> None:
    page = PAGE.read_text(encoding="utf-8").replace("<!-- end of table -->", "")
    with pytest.raises(ValueError, match="has no line"):
        rewritten(PAGE.name, page)


@pytest.mark.parametrize(
    ("code", "title"),
    [(131031, "Business Account locked"), (190, "Invalid OAuth access token - Cannot parse access token")],
)
def test_the_page_quotes_an_error_as_it_is_said(code: int, title: str) -> None:
    assert str(error_in_receipt(code, title, "")) in PAGE.read_text(encoding="utf-8")


def test_every_remedy_has_words() -> None:
    assert set(DOES) == set(Remedy)


def test_the_page_lists_every_rule_of_the_lint_with_its_severity() -> None:
    files = Path(lint.__file__).parent.glob("rules_of_*.py")
    rules = {(name, severity) for file in files for severity, name in RULE.findall(file.read_text(encoding="utf-8"))}
    assert set(RULE_ON_THE_PAGE.findall(PAGE.read_text(encoding="utf-8"))) == rules

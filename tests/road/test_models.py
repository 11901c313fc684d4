"""A line that is not understood is corrected at the desk, learned, put in front of people, and taken back.

With the real processes and the real data: training takes most of the time, once.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from playwright.async_api import Page, async_playwright, expect
from sqlalchemy.engine import Connection

from conversations.review.corrections import keeping
from conversations.review.corrections.keeping import By, Decision
from conversations.review.tables import review_turns
from server.parts import utc_now
from server.settings import ROOT
from storage.database import database_url, open_database
from tests.browser import FLAGS, chromium_path
from tests.stack import Stack, running_stack, scalar

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.slow]

GRACE = "242061234567"
LINES = (
    "zumbaluka kiwewe",
    "zumbaluka kiwewe bo",
    "eh zumbaluka kiwewe",
    "zumbaluka kiwewe ndeko",
    "zumbaluka kiwewe na",
)
"""Words of no language, that mean a greeting from now on."""
WORK_MS = 900_000.0
"""A minute where nothing else runs."""


async def test_what_reviewers_say_is_learned_put_in_front_of_people_and_taken_back(tmp_path: Path, desk: Page) -> None:
    models = tmp_path / "models"
    models.mkdir()
    base = (ROOT / "models/current.tar.gz").resolve()
    shutil.copy(base, models)
    (models / "current.tar.gz").symlink_to(base.name)
    with running_stack(tmp_path, MODELS_DIR=str(models)) as stack:
        _expect(_answers(stack, LINES[0]), "utter_out_of_scope")
        for line in LINES[1:]:
            _answers(stack, line)
        await _corrected(tmp_path, stack)

        address = f"http://127.0.0.1:{stack.port['PRIVATE']}/desk"
        await desk.goto(address)
        await desk.get_by_role("button", name="Enter the demo").click()
        await desk.goto(f"{address}/models")
        await expect(desk.get_by_text("5 lines that reviewers corrected")).to_be_visible(timeout=60_000)
        await desk.get_by_role("button", name="Train a candidate").click()
        await expect(desk.get_by_role("progressbar")).to_be_visible(timeout=60_000)
        await expect(desk.get_by_text("on reviewed lines")).to_be_visible(timeout=WORK_MS)
        await desk.locator("li.row a").first.click()
        await expect(desk.locator("details q", has_text="zumbaluka").first).to_be_visible()
        await desk.get_by_role("button", name="Put in front of people").click()
        await expect(desk.get_by_text(f"instead of {base.name}")).to_be_visible(timeout=60_000)
        await expect(desk.locator("ol.story .badge.good")).to_have_count(1, timeout=WORK_MS)
        _expect(_answers(stack, LINES[0]), "utter_greet")

        await desk.get_by_role("button", name="Back to the one before").click()
        await expect(desk.locator("ol.story .badge.good")).to_have_count(2, timeout=WORK_MS)
        assert (models / "current.tar.gz").resolve().name == base.name
        _expect(_answers(stack, LINES[0]), "utter_out_of_scope")


def _answers(stack: Stack, words: str) -> str:
    """What the assistant says first to these words of somebody whom it never met."""
    stack.forget_conversations(GRACE)
    heard = stack.heard(GRACE, stack.say(GRACE, words), seconds=120)
    return str(heard[0].get("text") or heard[0])


def _expect(answer: str, response: str) -> None:
    """It is one of the ways to say this response, up to the first name that is filled in."""
    files = (ROOT / "data/responses").glob("*.yml")
    (known,) = [said[response] for file in files if response in (said := yaml.safe_load(file.read_text())["responses"])]
    assert any(answer.startswith(each["text"].split("{")[0].strip()) for each in known), answer


async def _corrected(folder: Path, stack: Stack) -> None:
    """As the desk keeps it when a reviewer says what was meant."""
    database = open_database(database_url("", folder / "relais.db"))
    try:
        stack.until(lambda: _count(folder) >= len(LINES), 60, "the turns can be read")
        await database.write(_decide)
    finally:
        await database.close()


def _count(folder: Path) -> int:
    return scalar(folder / "relais.db", "SELECT count(*) FROM review_turns WHERE text LIKE '%zumbaluka%'")


def _decide(connection: Connection) -> None:
    t = review_turns.c
    said = connection.execute(sa.select(t.turn_id, t.business_id).where(t.text.contains("zumbaluka"))).all()
    by = By(member_id=None, name="A reviewer", now=utc_now())
    for row in said:
        keeping.decide(
            connection, row.business_id, row.turn_id, Decision(verdict="meaning", intent="greet", language="fr"), by
        )


@pytest.fixture
async def desk() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield await (await browser.new_context(locale="en-GB")).new_page()
        finally:
            await browser.close()

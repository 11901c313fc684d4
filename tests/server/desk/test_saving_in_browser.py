"""Whoever teaches saves a talk as a test: chooses where it begins, reads it, copies it, takes the file home."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.async_api import expect
from sqlalchemy.engine import URL

from staff import Role
from tests.server.desk.browser import DESK_SIZE, PHONE_SIZE, browsing, check, picture
from tests.server.desk.desk_house import DeskHouse, open_desk
from tests.server.desk.test_saving import talk

pytestmark = pytest.mark.browser


@pytest.fixture
async def desk_and_talk(sqlite_address: URL, tmp_path: Path) -> AsyncIterator[tuple[DeskHouse, str]]:
    desk = open_desk(sqlite_address, tmp_path)
    yield desk, await talk(desk)
    await desk.house.stop()


@pytest.mark.parametrize(
    ("size", "context"),
    [
        (DESK_SIZE, {"locale": "en-GB", "permissions": ["clipboard-read", "clipboard-write"]}),
        (PHONE_SIZE, {"locale": "fr-FR", "color_scheme": "dark"}),
    ],
    ids=["wide", "phone"],
)
async def test_a_talk_is_saved_as_a_test(
    desk_and_talk: tuple[DeskHouse, str], size: dict[str, int], context: dict[str, Any], tmp_path: Path
) -> None:
    desk, talk_id = desk_and_talk
    clarisse = await desk.member(Role.MANAGER, "kimia", "Clarisse Ngoma")
    async with browsing(desk, clarisse, size=size, **context) as (page, address):
        await page.goto(f"{address}/talks/{talk_id}")
        await page.get_by_role("link", name=re.compile("As a test|En test")).click()
        script = page.locator("#script")
        await expect(script).to_contain_text("say:")
        await check(page)
        await picture(page, tmp_path / "saving.png")

        await page.locator("#f-first").select_option("3")
        await page.locator("#f-name").fill("Une petite")
        await page.get_by_role("button", name=re.compile("Show|Montrer")).click()
        await expect(script).to_contain_text("- name: Une petite")
        await expect(script).not_to_contain_text("say:")

        if "permissions" in context:
            await page.get_by_role("button", name="Copy").first.click()
            await expect(page.get_by_text("Copied.")).to_be_visible()
            copied = await page.evaluate("navigator.clipboard.readText()")
            assert copied == await script.text_content()
        async with page.expect_download() as taken:
            await page.get_by_role("link", name=re.compile("Download|Télécharger")).first.click()
        (held,) = yaml.safe_load((await (await taken.value).path()).read_text(encoding="utf-8"))
        assert (held["name"], len(held["turns"])) == ("Une petite", 1)

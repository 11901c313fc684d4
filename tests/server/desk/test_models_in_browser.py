"""Models in a real browser: within everybody's reach, and a piece that renews itself while something is trained."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from staff import Role, members
from tests.server.desk.browser import DESK_SIZE, PHONE_SIZE, browsing, check, picture
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.models_shown import keep_comparison, promoted_once, with_models
from tests.server.models.model_house import BETTER

pytestmark = pytest.mark.browser


async def test_what_is_trained_is_looked_on_and_cancelled(small_desk: DeskHouse, tmp_path: Path) -> None:
    with_models(small_desk, tmp_path)
    (tmp_path / "env/hold").touch()
    manager = await small_desk.member(Role.MANAGER)
    async with browsing(small_desk, manager, locale="en-GB") as (page, desk):
        await page.goto(f"{desk}/models")
        await page.get_by_role("button", name="Train a candidate").click()
        await expect(page.get_by_text("training", exact=False).first).to_be_visible()
        await expect(page.get_by_role("progressbar")).to_be_visible()
        await check(page)
        await page.get_by_role("button", name="Cancel").click()
        await expect(page.get_by_text("it was cancelled")).to_be_visible()
        await expect(page.get_by_role("button", name="Train a candidate")).to_be_enabled()
        (tmp_path / "env/hold").unlink()
        await page.get_by_role("button", name="Train a candidate").click()
        await expect(page.get_by_text("1 better")).to_be_visible(timeout=20_000)


@pytest.mark.slow
@pytest.mark.parametrize("size", [DESK_SIZE, PHONE_SIZE], ids=["desk", "phone"])
@pytest.mark.parametrize(("language", "theme"), [("fr", "dark"), ("en", "light")])
async def test_both_pages_are_within_everybodys_reach(
    small_desk: DeskHouse, tmp_path: Path, size: dict[str, int], language: str, theme: str
) -> None:
    with_models(small_desk, tmp_path)
    keep_comparison(small_desk, [])
    admin = await small_desk.member(Role.ADMIN, name="Awa Diallo")
    await small_desk.parts.database.write(members.prefer, admin.id, name=admin.name, language=language, theme=theme)
    await promoted_once(small_desk, admin.id)
    async with browsing(small_desk, admin, size=size) as (page, desk):
        for name, path in (("models", "/models"), ("model", f"/models/{BETTER}")):
            await page.goto(desk + path)
            await check(page)
            await picture(page, tmp_path / f"{name}.png")

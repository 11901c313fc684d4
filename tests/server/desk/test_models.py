"""Models at the desk: trained, compared, put in front of people and taken back, by those who may, as everybody sees."""

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from conversations.review.tables import review_turns
from server.parts import utc_now
from staff import Role
from tests.server.desk.desk_house import Browser, DeskHouse
from tests.server.desk.models_shown import with_models
from tests.server.models.model_house import BASE, BETTER, TakingBot
from tests.waiting import until

DONE = ">done</span>"
MADE = "20260103-080000-cccccccc.tar.gz"


async def ended(browser: Browser, words: str, times: int = 1) -> str:
    """The page, once it says this so often."""

    async def says() -> str | None:
        page = (await browser.get("/models")).text
        return page if page.count(words) >= times else None

    return await until(says)


async def test_a_candidate_is_trained_compared_and_put_in_place_and_the_one_before_comes_back(
    desk_house: DeskHouse, tmp_path: Path
) -> None:
    bot = with_models(desk_house, tmp_path)
    manager = await desk_house.as_role(Role.MANAGER)
    assert (await manager.post("/models/train")).headers["location"] == "/desk/models"
    page = await ended(manager, "1 better")
    assert MADE in page
    told = (await manager.get(f"/models/{MADE}")).text
    assert "mon paket" in told
    assert "90%" in told

    await manager.post(f"/models/{MADE}/promote")
    await ended(manager, DONE)
    assert (bot.model, desk_house.parts.models.files.current()) == (MADE, MADE)
    await manager.post("/models/back")
    await ended(manager, DONE, times=2)
    assert bot.model == BASE
    audit = (await (await desk_house.as_role(Role.ADMIN)).get("/audit")).text
    assert audit.count("put a model in front of people") == 2
    assert "had a model trained" in audit


async def test_whoever_asked_sees_at_once_that_it_is_under_way(small_desk: DeskHouse, tmp_path: Path) -> None:
    with_models(small_desk, tmp_path)
    (tmp_path / "env/hold").touch()
    manager = await small_desk.as_role(Role.MANAGER)
    await manager.post("/models/train")
    page = (await manager.get("/models")).text
    assert '<progress max="3"' in page
    assert 'hx-trigger="every 2s"' in page
    await manager.post("/models/cancel")
    await ended(manager, "it was cancelled")


async def test_a_failure_shows_the_end_of_what_the_trainer_said(small_desk: DeskHouse, tmp_path: Path) -> None:
    with_models(small_desk, tmp_path, fails="The project has mistakes (examples):\n- <slt> twice")
    manager = await small_desk.as_role(Role.MANAGER)
    await manager.post("/models/train")
    page = await ended(manager, "it failed")
    assert "- &lt;slt&gt; twice" in page
    assert MADE not in page


async def test_why_the_bot_would_not_is_on_the_page(small_desk: DeskHouse, tmp_path: Path) -> None:
    with_models(small_desk, tmp_path, TakingBot(refuses="it cannot be loaded (KeyError)"))
    manager = await small_desk.as_role(Role.MANAGER)
    await manager.post(f"/models/{BETTER}/promote")
    page = await ended(manager, "was not put in place")
    assert "it cannot be loaded (KeyError)" in page


async def test_without_the_environment_the_page_says_what_to_do(small_desk: DeskHouse) -> None:
    manager = await small_desk.as_role(Role.MANAGER)
    page = (await manager.get("/models")).text
    assert "make install" in page
    assert "/models/train" not in page
    assert "done=models.done.no_environment" in (await manager.post("/models/train")).headers["location"]


async def test_who_manages_one_business_of_two_changes_no_model(small_desk: DeskHouse, tmp_path: Path) -> None:
    bot = with_models(small_desk, tmp_path)
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    assert "/promote" not in (await manager.get("/models")).text
    answer = await manager.post(f"/models/{BETTER}/promote")
    assert "done=models.done.not_everywhere" in answer.headers["location"]
    assert bot.taken == []


async def test_what_people_wrote_is_masked_and_shown_to_who_may_read_it(small_desk: DeskHouse, tmp_path: Path) -> None:
    with_models(small_desk, tmp_path)
    files, turn = small_desk.parts.models.files, await _said(small_desk, "apélé moi o 06 123 45 67")
    group = {"before": "nlu_fallback", "after": "greet", "count": 1}
    found = {
        "sets": {},
        "recorded": {"count": 1, "changed": 1, "groups": [group | {"examples": [_example(turn)]}]},
        "current": BASE,
        "candidate": BETTER,
        "compared_at": utc_now().isoformat(),
    }
    files.keep_comparison(BETTER, json.loads(json.dumps(found)))
    ours = (await (await small_desk.as_role(Role.MANAGER, "kimia")).get(f"/models/{BETTER}")).text
    theirs = (await (await small_desk.as_role(Role.MANAGER, "jasmin")).get(f"/models/{BETTER}")).text

    assert "apélé moi o •••" in ours
    assert "123 45 67" not in ours
    assert "apélé" not in theirs
    assert "not yours to read" in theirs


async def test_a_candidate_goes_unless_it_answers(small_desk: DeskHouse, tmp_path: Path) -> None:
    with_models(small_desk, tmp_path)
    manager = await small_desk.as_role(Role.MANAGER)
    await manager.post(f"/models/{BETTER}/drop")
    assert BETTER not in (await manager.get("/models")).text
    assert (await manager.get(f"/models/{BETTER}")).status_code == 404
    assert (await manager.post(f"/models/{BETTER}/promote")).status_code == 404


def _example(turn: str) -> dict[str, Any]:
    return {"id": turn, "before": 0.3, "after": 0.9}


async def _said(desk: DeskHouse, text: str) -> str:
    """Somebody said this, at kimia; the turn."""
    await desk.house.says(text)
    desk.house.start()

    async def read() -> str | None:
        question = sa.select(review_turns.c.turn_id)
        found: str | None = await desk.parts.database.read(lambda connection: connection.scalar(question))
        return found

    return await until(read)

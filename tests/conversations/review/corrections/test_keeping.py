"""What readers decide about a line stands until it is undone, decided anew, or its person is forgotten."""

from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from conversations.merge import merge
from conversations.personal import erase, told
from conversations.review.corrections import keeping
from conversations.review.corrections.keeping import BadCorrection, By, Decision, NoSuchTurn, Remark
from conversations.review.tables import review_corrections, review_pending, review_turns
from server.__main__ import relais
from server.commands import database as commands_database
from storage.tables import businesses, conversations, subscribers
from storage.types import new_id
from tests.conversations.review.events import action, user
from tests.house import PATRICK, House, text_of
from tests.waiting import until

BY = By(member_id=new_id(), name="Awa", now=datetime(2026, 3, 1, tzinfo=UTC))


async def understand(asked: dict[str, Any]) -> dict[str, Any]:
    text = text_of(asked)
    events = [user(text, "nlu_fallback", 0.55, others={"greet": 0.3}), action("action_default_fallback")]
    return {"responses": [{"text": "?"}], "events": events}


class Reading:
    """A house in which people wrote, and what is asked of it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.database = house.parts.database

    async def says(self, text: str, *args: Any) -> str:
        await self.house.says(text, *args)

        async def there() -> bool:
            return not await self.house.rows(review_pending) and await self.turn(text) is not None

        await until(there)
        return str((await self.turn(text)).turn_id)

    async def turn(self, text: str) -> Any:
        return next((row for row in await self.house.rows(review_turns) if row.text == text), None)

    async def decide(self, turn_id: str, verdict: str = "meaning", **said: Any) -> Any:
        (kimia,) = [row.id for row in await self.house.rows(businesses) if row.slug == "kimia"]
        return await self.database.write(keeping.decide, kimia, turn_id, Decision(verdict=verdict, **said), BY)

    async def lessons(self) -> list[tuple[str, str, str]]:
        found = await self.database.read(keeping.lessons)
        return [(each.intent, each.language, each.text) for each in found.standing]


@pytest.fixture
async def reading(house: House) -> Reading:
    house.bot.answer = understand
    house.start()
    return Reading(house)


async def test_a_line_gets_its_meaning_without_what_is_personal(reading: Reading) -> None:
    turn = await reading.says("wapi colis ya Grâce, 06 123 45 67")
    kept = await reading.decide(turn, intent="track_delivery")

    assert (kept.heard_as, kept.confidence) == ("nlu_fallback", 0.3)
    assert await reading.lessons() == [("track_delivery", "fr", "wapi colis ya X, 00 000 00 00")]
    await reading.decide(turn, intent="greet", language="en", line="slt Jean, c'est Awa")
    assert await reading.lessons() == [("greet", "en", "slt X, c'est X")]
    assert kept.id in (await reading.database.read(keeping.lessons)).withdrawn


async def test_a_decision_is_undone_and_skipped_lines_are_not_taught(reading: Reading) -> None:
    turn = await reading.says("kasi")
    kept = await reading.decide(turn, intent="greet")
    assert await reading.database.write(keeping.withdraw, None, kept.id, BY) == turn
    assert await reading.database.write(keeping.withdraw, None, kept.id, BY) is None
    await reading.decide(turn, "skipped")

    assert await reading.lessons() == []
    states = [(row.verdict, row.state) for row in await reading.house.rows(review_corrections)]
    assert sorted(states) == [("meaning", "withdrawn"), ("skipped", "standing")]


async def test_entities_are_remarks_that_stay_beside_the_meaning(reading: Reading) -> None:
    turn = await reading.says("colis kasi 12")
    await reading.decide(turn, "remark", remarks=[Remark(entity="code", start=6, end=13)])
    kept = await reading.decide(turn, intent="greet")

    assert kept.remarks == [{"entity": "code", "start": 6, "end": 13}]
    assert [each.turn_id for each in await reading.database.read(keeping.with_remarks, None)] == [turn]
    await reading.decide(turn, intent="greet", remarks=[])
    assert await reading.database.read(keeping.with_remarks, None) == []


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("right", {}),
        ("meaning", {"intent": "nlu_fallback"}),
        ("meaning", {"intent": "Not a name"}),
        ("meaning", {"intent": "../x"}),
        ("meaning", {"intent": "greet", "line": " "}),
        ("perhaps", {}),
        ("remark", {"remarks": [Remark(entity="code", start=3, end=99)]}),
        ("remark", {"remarks": [Remark(entity="code", start=3, end=3)]}),
    ],
)
async def test_what_cannot_be_kept_changes_nothing(reading: Reading, verdict: str, said: dict[str, Any]) -> None:
    turn = await reading.says("kasi")
    await reading.decide(turn, intent="greet")
    with pytest.raises(BadCorrection):
        await reading.decide(turn, verdict, **said)
    with pytest.raises(NoSuchTurn):
        await reading.decide(new_id(), intent="greet")
    assert len(await reading.house.rows(review_corrections)) == 1


async def test_a_temporary_meaning_is_merged_into_a_real_one(reading: Reading) -> None:
    for text in ("c'est combien", "le prix"):
        await reading.decide(await reading.says(text), intent="ask_price")
    assert await reading.database.write(keeping.rename, None, "ask_price", "price_of_delivery", BY) == 2
    assert {intent for intent, _, _ in await reading.lessons()} == {"price_of_delivery"}


async def test_two_talks_that_become_one_keep_what_was_said_of_them(reading: Reading) -> None:
    turns = [await reading.says("kasi"), await reading.says("wapi", PATRICK)]
    for turn in turns:
        await reading.decide(turn, intent="greet")
    one, other = [row.id for row in await reading.house.rows(subscribers)]
    await reading.database.write(merge, one, other)
    rows = await reading.house.rows(review_corrections)
    assert len({row.conversation_id for row in rows}) == 1
    assert {row.turn_id for row in rows} == set(turns)


async def test_who_is_forgotten_leaves_only_ids_by_which_their_lines_are_taken_out(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    kept = await reading.decide(await reading.says("wapi colis kasi"), intent="track_delivery")
    await reading.decide(await reading.says("mbote", PATRICK), intent="greet")
    (tmp_path / "data/nlu").mkdir(parents=True)
    (tmp_path / "data/nlu/all.yml").write_text("nlu: []\n")
    monkeypatch.setattr(commands_database, "configured", lambda: reading.house.parts.settings)

    async def export(*args: str) -> str:
        import asyncio

        run = CliRunner().invoke
        result = await asyncio.to_thread(run, relais, ["review", "export", "--root", str(tmp_path), *args])
        assert result.exit_code == 0, result.output
        return result.output

    assert '+  - {text: "wapi colis kasi"' in await export()
    assert "2 lines come, 0 go; 2 files changed." in await export("--write")
    line = tmp_path / "data/nlu/reviewed/track_delivery.yml"
    assert kept.id in line.read_text()

    talks = {row.id: row for row in await reading.house.rows(conversations)}
    person = talks[kept.conversation_id].subscriber_id
    data = await reading.database.read(told, person)
    assert [(each["line"], each["intent"]) for each in data["corrections"]] == [("wapi colis kasi", "track_delivery")]
    await reading.database.write(erase, person)
    (row,) = await reading.house.rows(review_corrections, review_corrections.c.id == kept.id)
    assert (row.line, row.turn_id, row.conversation_id, row.remarks, row.state) == (None, None, None, None, "withdrawn")

    await export("--patch", str(tmp_path / "patch"))
    assert "deleted file" in (tmp_path / "patch").read_text()
    await export("--write")
    assert not line.exists()
    assert (tmp_path / "data/nlu/reviewed/greet.yml").exists()

"""A model takes the place of another when it fits, and everybody is of one mind afterwards, whoever dies."""

from pathlib import Path

import pytest

from conversations.models import history
from conversations.models.history import State
from server.models.errors import Busy, NoSuchModel, NotPromoted
from server.models.lock import alone
from server.parts import utc_now
from staff.tables import staff_audit
from storage.database import Database
from tests.server.models.model_house import BASE, BETTER, TakingBot, fill


async def states(database: Database) -> list[tuple[str | None, str, State]]:
    return [(each.from_model, each.to_model, each.state) for each in await database.read(history.listed)]


async def test_the_bot_takes_it_and_it_is_the_current_one_with_who_and_when(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot()
    done = await bot.promoter(files, database).promote(BETTER, None)

    assert (done.from_model, done.to_model, done.state) == (BASE, BETTER, State.DONE)
    assert files.current() == BETTER
    assert bot.taken == [{"name": BETTER, "sha256": files.digest(files.find(BETTER))}]
    deeds = await database.read(lambda connection: connection.execute(staff_audit.select()).all())
    assert [(each.deed, each.subject_id) for each in deeds] == [("model-promoted", done.id)]


async def test_back_puts_the_one_before_in_its_place_again(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot()
    promoter = bot.promoter(files, database)
    with pytest.raises(NoSuchModel, match="nothing was promoted"):
        await promoter.back(None)
    await promoter.promote(BETTER, None)
    assert await promoter.before() == BASE
    await promoter.back(None)

    assert (files.current(), bot.model) == (BASE, BASE)
    assert await states(database) == [(BETTER, BASE, State.DONE), (BASE, BETTER, State.DONE)]


async def test_back_is_open_to_a_model_that_knows_less(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path, intents=("greet", "track_delivery", "thank")), TakingBot()
    promoter = bot.promoter(files, database)
    await promoter.promote(BETTER, None)
    await promoter.back(None)

    assert files.current() == BASE


async def test_what_the_bot_refuses_changes_nothing_and_says_why(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot(refuses="it cannot be loaded (KeyError: 'x')")
    with pytest.raises(NotPromoted, match="cannot be loaded"):
        await bot.promoter(files, database).promote(BETTER, None)

    assert (files.current(), bot.model) == (BASE, BASE)
    (row,) = await database.read(history.listed)
    assert (row.state, row.why) == (State.REFUSED, "it cannot be loaded (KeyError: 'x')")


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"actions": ("action_track_delivery", "action_dance")}, "does not have: action_dance"),
        ({"intents": ("greet",)}, "no longer knows what buttons .* may mean: track_delivery"),
    ],
)
async def test_a_model_that_does_not_fit_never_reaches_the_bot(
    database: Database, tmp_path: Path, named: dict[str, tuple[str, ...]], sentence: str
) -> None:
    files, bot = fill(tmp_path, **named), TakingBot()
    with pytest.raises(NotPromoted, match=sentence):
        await bot.promoter(files, database).promote(BETTER, None)

    assert bot.taken == []
    assert await states(database) == [(BASE, BETTER, State.REFUSED)]


async def test_what_is_no_model_is_refused(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot()
    files.find(BETTER).write_bytes(b"not a model")
    for name, sentence in ((BETTER, "is not a model"), ("gone.tar.gz", "There is no model"), ("../x", "no model")):
        with pytest.raises(NoSuchModel, match=sentence):
            await bot.promoter(files, database).promote(name, None)


async def test_the_same_one_again_is_said_to_be_there_already(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotPromoted, match="answers people already"):
        await TakingBot().promoter(fill(tmp_path), database).promote(BASE, None)


async def test_an_answer_that_is_lost_is_asked_for(database: Database, tmp_path: Path) -> None:
    """The bot changed over, and its answer never came."""
    files, bot = fill(tmp_path), TakingBot(dies=True)
    promoter = bot.promoter(files, database)
    with pytest.raises(NotPromoted):
        await promoter.promote(BETTER, None)

    assert files.current() == BETTER
    assert await states(database) == [(BASE, BETTER, State.DONE)]


@pytest.mark.parametrize(("has", "state"), [(BETTER, State.DONE), (BASE, State.REFUSED)])
async def test_a_server_that_died_in_the_middle_leaves_nothing_half_done(
    database: Database, tmp_path: Path, has: str, state: State
) -> None:
    files, bot = fill(tmp_path), TakingBot(model=has)
    promoter = bot.promoter(files, database)
    now = utc_now()
    await database.write(history.begin, from_model=BASE, to_model=BETTER, member_id=None, now=now)
    await promoter.settle()

    assert files.current() == has
    assert await states(database) == [(BASE, BETTER, state)]


async def test_one_that_the_bot_still_loads_stays_open(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot(taking=BETTER)
    await database.write(history.begin, from_model=BASE, to_model=BETTER, member_id=None, now=utc_now())
    await bot.promoter(files, database).settle()
    assert await states(database) == [(BASE, BETTER, State.SWITCHING)]
    with pytest.raises(Busy):
        await bot.promoter(files, database).promote(BETTER, None)


async def test_two_at_once_are_one_after_the_other(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot()
    with alone(tmp_path / ".switching", "somebody else"), pytest.raises(Busy, match="Another model"):
        await bot.promoter(files, database).promote(BETTER, None)
    assert bot.taken == []


async def test_a_rasa_of_ones_own_is_left_to_pull_it(database: Database, tmp_path: Path) -> None:
    files, bot = fill(tmp_path), TakingBot(is_plain=True)
    await bot.promoter(files, database).promote(BETTER, None)
    assert (files.current(), bot.taken) == (BETTER, [])

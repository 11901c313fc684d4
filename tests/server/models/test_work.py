"""A candidate is trained beside everything else, one at a time, seen by all, and never half there."""

import asyncio
import json
import sys
from pathlib import Path

import psutil
import pytest

from conversations.review.corrections.lesson import Lesson, Lessons
from server.models import comparing, training
from server.models.comparing import Recorded
from server.models.errors import BadChange, Busy, NoEnvironment, WorkFailed
from server.models.files import Candidate, ModelFiles
from server.models.training import Changes
from server.models.work import Bench, Cancelled, Kind, Outcome
from server.settings import ROOT
from tests.server.models.model_house import BASE, BETTER, add_candidate, environment, fill, write_model
from tests.waiting import until

CHANGES = {"data/nlu/reviewed/greet.yml": "nlu:\n- intent: greet\n  examples: |\n    - slt\n    - cc\n"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data/nlu").mkdir(parents=True)
    (folder / "data/nlu/greet.yml").write_text("    - bonjour\n")
    (folder / "config.yml").write_text("pipeline: []\n")
    (folder / "domain.yml").write_text("intents: [greet]\n")
    return folder


@pytest.fixture
def files(tmp_path: Path) -> ModelFiles:
    return fill(tmp_path / "models")


def bench_of(files: ModelFiles, python: Path) -> Bench:
    return Bench(files.folder, python)


async def trained(files: ModelFiles, bench: Bench, project: Path, changes: dict[str, str] | None = None) -> Candidate:
    given = Changes(files=CHANGES if changes is None else changes, added=2)
    async with bench.working(Kind.TRAIN, "", None) as task:
        return await training.train(files, task, project, given)


async def test_a_candidate_comes_with_what_it_was_trained_on_and_the_current_model_stays(
    files: ModelFiles, project: Path, tmp_path: Path
) -> None:
    bench = bench_of(files, environment(tmp_path / "env"))
    made = await trained(files, bench, project)

    assert (made.files, made.added, made.base) == (["data/nlu/reviewed/greet.yml"], 2, BASE)
    assert files.candidates()[0] == made
    assert files.find(made.name).parent == files.candidates_folder
    assert files.current() == BASE
    assert not (project / "data/nlu/reviewed").exists(), "the project itself is left alone"
    assert "90% right" in made.remarks
    work = bench.look()
    assert work is not None
    assert (work.outcome, work.model, work.step, work.steps) == (Outcome.DONE, made.name, 3, 3)
    assert list((files.folder / ".work").glob("stage-*")) == []


async def test_its_steps_are_seen_by_others_and_nobody_begins_beside_it(
    files: ModelFiles, project: Path, tmp_path: Path
) -> None:
    python = environment(tmp_path / "env")
    (python.parent / "hold").touch()
    training_one = asyncio.create_task(trained(files, bench_of(files, python), project))
    other = bench_of(files, python)

    async def is_working() -> bool:
        work = other.look()
        return work is not None and (work.step, work.steps, work.outcome) == (2, 3, None)

    await until(is_working)
    with pytest.raises(Busy, match="wait until that has ended, or cancel it"):
        await trained(files, other, project)
    assert other.cancel()
    with pytest.raises(Cancelled):
        await training_one
    work = other.look()
    assert work is not None
    assert work.outcome is Outcome.CANCELLED
    assert [each.name for each in files.candidates()] == [BETTER]
    assert not other.cancel()


async def test_a_failure_shows_the_end_of_what_was_printed(files: ModelFiles, project: Path, tmp_path: Path) -> None:
    bench = bench_of(files, environment(tmp_path / "env", fails="The project has mistakes (examples):\n- slt twice"))
    with pytest.raises(WorkFailed, match="slt twice"):
        await trained(files, bench, project)
    work = bench.look()
    assert work is not None
    assert work.outcome is Outcome.FAILED
    assert work.tail == "The project has mistakes (examples):\n- slt twice"


async def test_a_trainer_that_is_killed_leaves_nothing_and_says_so(
    files: ModelFiles, project: Path, tmp_path: Path
) -> None:
    bench = bench_of(files, environment(tmp_path / "env"))
    (tmp_path / "env/hold").touch()
    training_one = asyncio.create_task(trained(files, bench, project))

    async def trainer() -> psutil.Process | None:
        work = bench.look()
        found = [each for each in psutil.Process().children() if "relais_bot.train" in each.cmdline()]
        return found[0] if found and work is not None and work.step == 2 else None

    (await until(trainer)).kill()
    with pytest.raises(WorkFailed, match="code -9"):
        await training_one
    assert [each.name for each in files.candidates()] == [BETTER]
    assert files.current() == BASE


async def test_without_the_environment_it_says_what_to_do(files: ModelFiles, project: Path, tmp_path: Path) -> None:
    with pytest.raises(NoEnvironment, match="make install"):
        await trained(files, bench_of(files, tmp_path / "nowhere"), project)


@pytest.mark.parametrize("path", ["../outside.yml", "/etc/passwd", "server/settings.py", "data/../../x.yml", ""])
async def test_a_change_stays_within_the_project(files: ModelFiles, project: Path, tmp_path: Path, path: str) -> None:
    with pytest.raises(BadChange, match="no part of the assistant's project"):
        await trained(files, bench_of(files, environment(tmp_path / "env")), project, {path: "x"})


async def test_a_comparison_is_kept_beside_the_candidate_without_what_people_wrote(
    files: ModelFiles, project: Path, tmp_path: Path
) -> None:
    (project / "tests/nlu").mkdir(parents=True)
    (project / "tests/nlu/fr.jsonl").write_text('{"text": "slt", "lang": "fr", "intent": "greet"}\n')
    bench = bench_of(files, environment(tmp_path / "env"))
    said = [Recorded("turn-1", "je suis au 06 12 34 56 78")]
    taught = Lessons(standing=[Lesson(id="lesson-1", intent="greet", language="fr", text="cc")])
    async with bench.working(Kind.COMPARE, BETTER, None) as task:
        await comparing.compare(files, task, project, recorded=said, confirmed=taught)

    found = files.comparison(BETTER)
    assert found is not None
    assert (found["current"], found["candidate"]) == (BASE, BETTER)
    assert found["recorded"]["groups"][0]["examples"] == [{"id": "turn-1", "before": 0.4, "after": 0.9}]
    assert "06 12" not in (files.candidates_folder / f"{BETTER[:-7]}.comparison.json").read_text()
    asked = json.loads((tmp_path / "env/asked.json").read_text())
    assert [line["text"] for line in asked["sets"]["tests"]] == ["slt"]
    assert [line["id"] for line in asked["sets"]["reviewed"]] == ["lesson-1"]
    assert list(files.folder.rglob("asked.json")) == []


def test_a_model_without_its_facts_is_no_candidate(files: ModelFiles) -> None:
    write_model(files.candidates_folder / "20260105-080000-dddddddd.tar.gz")
    (files.candidates_folder / "20260106-080000-eeeeeeee.json").write_text("{}")
    assert [each.name for each in files.candidates()] == [BETTER]


def test_old_candidates_go_but_for_those_that_may_answer(files: ModelFiles) -> None:
    for number in range(12):
        add_candidate(files, f"202602{number + 10}-080000-cccccccc.tar.gz")
    files.thin_out([BETTER])
    names = [each.name for each in files.candidates()]
    assert len(names) == 11
    assert BETTER in names


WORKER = """
import asyncio, pathlib, sys
from server.models import training
from server.models.files import ModelFiles
from server.models.training import Changes
from server.models.work import Bench, Kind
folder, python, project = map(pathlib.Path, sys.argv[1:])
async def train():
    async with Bench(folder, python).working(Kind.TRAIN, "", None) as task:
        await training.train(ModelFiles(folder), task, project, Changes(files={}))
asyncio.run(train())
"""


@pytest.mark.slow
async def test_a_server_that_is_killed_in_the_middle_leaves_nothing_half_done(
    files: ModelFiles, project: Path, tmp_path: Path
) -> None:
    python = environment(tmp_path / "env")
    (python.parent / "hold").touch()
    arguments = (str(each) for each in (files.folder, python, project))
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, *arguments, cwd=ROOT)
    bench = bench_of(files, python)

    async def is_working() -> bool:
        work = bench.look()
        return work is not None and work.step == 2

    await until(is_working)
    worker.kill()
    await worker.wait()
    work = bench.look()
    assert work is not None
    assert work.outcome is Outcome.INTERRUPTED
    assert [each.name for each in files.candidates()] == [BETTER]
    (python.parent / "hold").unlink()
    made = await trained(files, bench, project)
    assert made.name in {each.name for each in files.candidates()}
    assert list((files.folder / ".work").glob("stage-*")) == []

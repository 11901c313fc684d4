"""The benchmark of notifications: what it measures with counts right, and a run that lost anything is no run."""

import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from benchmarks import contenders
from benchmarks.contenders import BULLMQ, Row
from benchmarks.deliveries import confirm
from benchmarks.fake_provider import PATH, Arrival, FakeProvider, exact_provider, fast_provider
from benchmarks.figures import Figures
from benchmarks.sides import RunInvalid
from benchmarks.wire import Caller
from tests.stack import PYTHON, ROOT

type Provider = AbstractAsyncContextManager[FakeProvider]


def exact(folder: Path) -> Provider:
    return exact_provider(folder, 0.02)


def fast(folder: Path) -> Provider:
    if shutil.which("nginx") is None:
        pytest.skip("there is no nginx on the PATH")
    return fast_provider(folder)


@pytest.fixture(params=[exact, fast])
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Provider:
    start: Callable[[Path], Provider] = request.param
    return start(tmp_path / "provider")


async def posted(provider: FakeProvider, documents: list[dict[str, str]]) -> AsyncIterator[dict[str, object]]:
    caller = Caller(int(provider.url.removeprefix("http://127.0.0.1:").partition("/")[0]), 10.0)
    for document in documents:
        answer = await caller.post(PATH, json.dumps(document).encode())
        assert answer.status == 200
        yield json.loads(answer.body)
    caller.close()


async def test_the_provider_counts_every_post_with_the_id_in_it(started: Provider) -> None:
    sent = [{"to": f"2420600{number}", "biz_opaque_callback_data": f"id-{number}"} for number in (1, 2, 2)]
    async with started as provider:
        answers = [answer async for answer in posted(provider, sent)]
    assert [arrival.message_id for arrival in provider.arrivals] == ["id-1", "id-2", "id-2"]
    assert {arrival.size for arrival in provider.arrivals} == {len(json.dumps(sent[0]))}
    assert [answer["contacts"] for answer in answers][:1] == [[{"input": "24206001", "wa_id": "24206001"}]]
    assert len({str(answer["messages"]) for answer in answers}) == 3, "each message gets an id of its own"


def rows(*statuses: str) -> list[Row]:
    return [Row(f"id-{number}", status, 0.0) for number, status in enumerate(statuses)]


def arrivals(*numbers: int) -> list[Arrival]:
    return [Arrival(0.0, 300, f"id-{number}") for number in numbers]


def test_a_run_counts_when_each_message_was_stored_sent_and_posted_once() -> None:
    confirm("ours", 2, rows("sent", "sent"), arrivals(1, 0))


@pytest.mark.parametrize(
    ("stored", "came", "complaint"),
    [
        (rows("sent"), arrivals(0, 1), "of 2 messages 1 are stored"),
        (rows("sent", "queued"), arrivals(0, 1), "'queued': 1"),
        (rows("sent", "sent"), arrivals(0), "1 POSTs of 1 different ones"),
        (rows("sent", "sent"), arrivals(0, 0), "2 POSTs of 1 different ones"),
        (rows("sent", "sent"), arrivals(0, 1, 1), "3 POSTs of 2 different ones"),
        (rows("sent", "sent"), arrivals(0, 7), "2 POSTs of 2 different ones"),
    ],
    ids=["one is not stored", "one is not sent", "one was not posted", "one for the other", "one twice", "a stranger"],
)
def test_a_run_that_lost_or_doubled_a_message_is_thrown_away(
    stored: list[Row], came: list[Arrival], complaint: str
) -> None:
    with pytest.raises(RunInvalid, match=re.escape(complaint)):
        confirm("ours", 2, stored, came)


def test_a_figure_without_a_peer_has_no_ratio() -> None:
    figures = Figures()
    figures.add("receipts", "receipts/s", "more", ours=1200.0, peer=None)
    figures.add("rate", "messages/s", "more", ours=4000.0, peer=1000.0)
    alone, beside = (json.loads(line) for line in figures.json_lines().splitlines())
    assert (alone["ours"], alone["peer"], alone["ratio"]) == (1200.0, None, None)
    assert (beside["ours"], beside["peer"], beside["ratio"]) == (4000.0, 1000.0, 4.0)
    assert "no peer" in figures.table()


def test_the_peers_lock_pins_what_the_page_says_and_names_no_place_to_fetch_it_from() -> None:
    wanted = {"bullmq": "5.59.0", "ioredis": "5.11.1", "pg": "8.23.1", "undici": "7.30.2"}
    text = (BULLMQ / "package-lock.json").read_text()
    locked = {path: entry for path, entry in json.loads(text)["packages"].items() if path}
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert json.loads((BULLMQ / "package.json").read_text())["dependencies"] == wanted
    assert all(entry["integrity"].startswith("sha512-") for entry in locked.values())
    assert "resolved" not in text
    assert "registry" not in text


def test_without_node_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RunInvalid, match=r"install Node\.js 20, or --without-peer"):
        contenders.node_program()


@pytest.mark.slow
def test_a_small_run_of_ours_prints_figures_for_machines() -> None:
    loads = ("single", "bulk", "sustained", "idle", "receipts")  # a burst takes its minute
    small = ["--count", "100", "--sustained", "100", "--idle", "20", "--receipts", "20", "--rounds", "1"]
    only = [word for load in loads for word in ("--only", load)]
    command = [PYTHON, "-m", "benchmarks.notifications", "--without-peer", "--side", "SQLite", *small, *only]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert {figure["figure"].split(", ")[1] for figure in figures} == {"SQLite"}
    assert all(figure["ours"] > 0 and figure["peer"] is None for figure in figures)
    assert done.stderr.count("/s") >= len(loads)

"""The load mode: signed webhooks at the rate that was asked for, to this machine alone, and a true report."""

from pathlib import Path

import pytest

from channels.whatsapp.emulator.directory import read_directory
from channels.whatsapp.emulator.load import Report, is_on_this_machine, load, main, quantile
from tests.channels.whatsapp.emulator.world import APP_SECRET, BUSINESSES, KIMIA, Receiver, receiving


async def test_everything_is_signed_different_and_counted(tmp_path: Path) -> None:
    (tmp_path / "business.yml").write_text(BUSINESSES, encoding="utf-8")
    number = read_directory(tmp_path / "business.yml").numbers[KIMIA]
    receiver = Receiver()
    async with receiving(receiver) as url:
        receiver.refuse_next = 2
        report = await load(url, APP_SECRET, number, rate=200, seconds=0.1, people=5)
    assert (len(report.seconds), report.refusals, receiver.forged) == (18, {"503": 2}, 0)
    assert len({message["id"] for message in receiver.messages}) == 18
    assert len({message["from"] for message in receiver.messages}) == 5
    assert report.lasted >= 0.09


async def test_nobody_there_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "business.yml").write_text(BUSINESSES, encoding="utf-8")
    number = read_directory(tmp_path / "business.yml").numbers[KIMIA]
    report = await load("http://127.0.0.1:9/", APP_SECRET, number, rate=100, seconds=0.02, people=1)
    assert report.refusals == {"ConnectError": 2}


def test_the_report_is_arithmetic() -> None:
    assert (quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.99), quantile([7], 0.5)) == (3, 4, 7)
    said = str(Report(seconds=[0.001, 0.003], refusals=Report().refusals, lasted=2.0))
    assert said.splitlines() == [
        "acknowledged  2 in 2.0 s: 1 per second",
        "p50 / p99     3.0 ms / 3.0 ms",
        "refused       none",
    ]


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8080/webhooks", True),
        ("http://localhost/", True),
        ("http://[::1]:1/", True),
        ("http://10.0.0.1/", False),
        ("https://example.com/", False),
        ("http://127.0.0.1.example.com/", False),
        ("nonsense", False),
    ],
)
def test_only_this_machine_is_loaded(url: str, here: bool) -> None:
    assert is_on_this_machine(url) is here


@pytest.mark.parametrize("argument", [["--url", "https://example.com/"], ["--rate", "0"], ["--people", "0"]])
def test_a_senseless_wish_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argument: list[str]
) -> None:
    (tmp_path / "business.yml").write_text(BUSINESSES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"):
        monkeypatch.setenv(name, "x")
    assert main(argument) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1

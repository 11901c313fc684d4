"""`relais workflows`: what there is, what it does, how it reads and costs, and what is said about a mistake."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.__main__ import relais
from server.settings import ROOT


def run(*words: str) -> Result:
    return CliRunner().invoke(relais, ["workflows", *words])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the commands read, to be spoilt."""
    for folder in ("workflows", "templates", "domain"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "business.yml", tmp_path)
    return tmp_path


def test_the_list_names_each_workflow_with_its_version() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "promotional-offer        marketing      bulk" in result.output


def test_a_workflow_is_shown_step_by_step_with_what_it_needs_to_know() -> None:
    shown = run("show", "mission-reminder").output
    assert "wait until payload.remind_at" in shown
    assert "send by whatsapp; if not delivered after 1h, by sms; if not delivered after 2h, by email" in shown
    assert 'starts_at: moment, optional, such as "2026-01-15T09:00:00+01:00"' in shown
    assert "means affirm, which is to confirm" in shown


def test_a_preview_shows_every_channel_the_template_and_the_price_of_a_day() -> None:
    before = run("preview", "mission-accepted", "--on", "2026-09-30").output
    after = run("preview", "mission-accepted", "--on", "2026-10-01").output
    assert "Grâce, bonne nouvelle : *Jean Malonga*" in before
    assert "(contacts)" in before
    assert "Bonjour Grâce, bonne nouvelle : *Jean Malonga* s'occupe de votre livraison" in before
    assert "window open: 0 USD, free: service messages cost nothing" in before
    assert "window open: 0.008 USD, service in the rest of Africa" in after


def test_what_a_business_has_of_its_own_goes_before_what_is_for_all(project: Path) -> None:
    own = project / "workflows" / "jasmin"
    own.mkdir()
    text = (project / "workflows" / "mission-delivered.yml").read_text(encoding="utf-8")
    (own / "mission-delivered.yml").write_text(text.replace("Merci de votre confiance", "Merci beaucoup"), "utf-8")

    of_jasmin = run("preview", "mission-delivered", "--business", "jasmin", "--root", str(project)).output
    of_kimia = run("preview", "mission-delivered", "--business", "kimia", "--root", str(project)).output

    assert "Merci beaucoup" in of_jasmin
    assert "Merci beaucoup" not in of_kimia


def test_ours_have_nothing_to_mend() -> None:
    result = run("lint")
    assert (result.exit_code, result.output) == (0, "22 workflows, nothing to mend.\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "workflows/order-ready.yml",
            "rank: 2",
            "rang: 2",
            "workflows/order-ready.yml:1: order-ready.yml: rang is not",
        ),
        (
            "workflows/order-ready.yml",
            "intent: order_history",
            "intent: orders",
            "means orders. Name an intent of domain/",
        ),
        ("templates/order_ready.en.yml", "{{merchant}}", "{{shop}}", "gives no shop, which order_ready.en asks for"),
        ("workflows/order-ready.yml", "cap: 4", "cap: 3", "for the same group"),
    ],
)
def test_what_keeps_a_workflow_from_being_sent_is_said_with_its_file(
    project: Path, file: str, old: str, new: str, sentence: str
) -> None:
    spoilt = project / file
    spoilt.write_text(spoilt.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = run("lint", "--root", str(project))
    assert result.exit_code == 1
    assert sentence in result.output


def test_a_folder_that_is_no_business_is_found(project: Path) -> None:
    (project / "workflows" / "kimya").mkdir()
    assert "workflows/kimya:1: is no business of business.yml" in run("lint", "--root", str(project)).output


def test_a_workflow_that_is_not_there_or_broken_is_said_in_a_sentence(project: Path) -> None:
    assert "There is no workflow mission-lost; there are appointment-reminder," in run("show", "mission-lost").output
    (project / "workflows" / "order-ready.yml").write_text("key: [", encoding="utf-8")
    broken = run("show", "order-ready", "--root", str(project))
    assert "order-ready.yml is not YAML" in broken.output
    assert broken.exit_code == 1

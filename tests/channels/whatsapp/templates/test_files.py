"""Template files are read with errors that name file and field, and written so that they read back the same."""

from pathlib import Path

import pytest

from channels.whatsapp.templates.files import BadTemplateFile, read, read_folder, write
from channels.whatsapp.templates.lint import lint
from channels.whatsapp.templates.word_lists import word_lists
from tests.channels.whatsapp.templates.a_template import a_template

OURS = Path(__file__).parents[4] / "templates"
HEAD = "name: promo\nlanguage: fr\ncategory: marketing\n"


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    definition = a_template(body="Bonjour {{first_name}},\n\nà bientôt : {{code}}, dit-on.", ttl_seconds=60)

    file = write(tmp_path, definition)

    assert read(file) == definition
    assert "body: |-\n" in file.read_text()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "is not a template: begin with lines such as name:"),
        ("- a\n- b", "is not a template"),
        ("name: {{x}}", "is not YAML.* quotes"),
        ("\x00", "is not YAML"),
        ("name: promo\nlanguage: fr\n", r"category: Field required"),
        (f"{HEAD}colour: red", r"colour: is no field of a template"),
        (f"{HEAD}category: news", r"category: Input should be"),
        (f"{HEAD}header: {{type: film}}", r"header: .*'image'"),
        (f"{HEAD}buttons: [{{type: url, text: Voir}}]", r"buttons\.0\.url\.url: Field required"),
        (f"{HEAD}buttons: [{{type: poll, text: Voir}}]", r"buttons\.0: .*'quick_reply'"),
        ("name: promos\nlanguage: fr\ncategory: marketing", r"rename the file or correct them"),
        ("x" * 70_000, "is too large"),
    ],
    ids=lambda text: text[:30],
)
def test_a_mistake_is_named_with_its_file_and_field(content: str, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "promo.fr.yml"
    file.write_text(content)

    with pytest.raises(BadTemplateFile, match=rf"^promo\.fr\.yml.*{problem}"):
        read(file)


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path, a_template())
    (tmp_path / "broken.fr.yml").write_text("- what?")

    folder = read_folder(tmp_path)

    assert [each.name for each in folder.definitions] == ["delivery_planned"]
    assert len(folder.problems) == 1


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/hostname", "missing.jpg"])
def test_a_sample_is_a_file_of_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    folder = read_folder(tmp_path / "templates")

    with pytest.raises(BadTemplateFile, match=r"header\.sample"):
        folder.sample(name)


def test_our_own_templates_are_in_both_languages_and_nothing_is_to_be_said_against_them() -> None:
    folder = read_folder(OURS)

    found = {(each.name, each.language) for each in folder.definitions}
    proactive = {"mission_reminder", "delivery_delayed", "payment_reminder", "feedback_request", "promotional_offer"}
    assert {(name, language) for name in proactive for language in ("fr", "en")} <= found
    assert folder.problems == ()
    assert [str(each) for one in folder.definitions for each in lint(one, folder.definitions, word_lists())] == []

"""`relais templates`: files, Meta, and what lies between them, as an operator sees it."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from notifications.tables import templates as table
from server.settings import ROOT
from tests.channels.whatsapp.cast import KIMIA_ACCOUNT
from tests.channels.whatsapp.small_account import refusal
from tests.server.account_server import Command

KIMIA = ["--business", "kimia"]
PLANNED: dict[str, Any] = {
    "category": "utility",
    "body": "Bonjour {{first_name}}, votre livraison {{code}} arrive bientôt chez vous.",
    "examples": {"first_name": "Grâce", "code": "COUR-1"},
}


def test_what_is_missing_at_meta_is_created_and_then_nothing_is_left_to_do(command: Command) -> None:
    command.writes("planned", **PLANNED)

    dry = command("templates", "push", "--dry-run", *KIMIA)
    assert (dry.exit_code, "planned: would be created" in dry.output) == (0, True)
    assert command.account.templates == []

    pushed = command("templates", "push", *KIMIA)
    assert (pushed.exit_code, "done: created, PENDING" in pushed.output) == (0, True)
    assert command.account.templates[0]["components"][0]["example"]["body_text_named_params"][1] == {
        "param_name": "code",
        "example": "COUR-1",
    }
    again = command("templates", "push", *KIMIA)
    assert "Meta has everything as the files say." in again.output
    assert command("templates", "diff", *KIMIA).exit_code == 0


def test_what_differs_is_shown_and_edited_with_meta_s_rule_beforehand(command: Command) -> None:
    command.writes("planned", **PLANNED)
    command("templates", "push", *KIMIA)
    command.account.templates[0]["status"] = "APPROVED"
    command.writes("planned", **PLANNED, footer="Kimia Express")

    shown = command("templates", "diff", *KIMIA)
    assert (shown.exit_code, "+footer: Kimia Express" in shown.output) == (1, True)
    dry = command("templates", "push", "--dry-run", *KIMIA)
    assert "would be edited (footer). Meta takes one edit of an approved template in 24 hours" in dry.output
    assert command("templates", "push", *KIMIA).exit_code == 0
    assert command.account.templates[0]["components"][1] == {"type": "FOOTER", "text": "Kimia Express"}

    blocked = command("templates", "push", *KIMIA)
    assert "Meta has everything" in blocked.output
    command.writes("planned", **PLANNED, footer="Kimia")
    blocked = command("templates", "push", *KIMIA)
    assert (blocked.exit_code, "held back: it is PENDING at Meta" in blocked.output) == (1, True)


def test_what_meta_would_reject_is_held_back_unless_one_insists(command: Command) -> None:
    command.writes("planned", **{**PLANNED, "body": "{{first_name}}, votre livraison {{code}} arrive demain matin."})

    held = command("templates", "push", *KIMIA)
    assert (held.exit_code, "variable_at_edge" in held.output) == (1, True)
    assert command.account.templates == []
    assert command("templates", "push", "--despite-lint", *KIMIA).exit_code == 0
    assert len(command.account.templates) == 1


def test_a_refusal_of_one_does_not_keep_the_others(command: Command) -> None:
    command.writes("a_first", **PLANNED)
    command.writes("b_second", **{**PLANNED, "body": "Cher {{first_name}}, le colis {{code}} part ce matin vers vous."})
    details: dict[str, Any] = {"error_data": {"details": "The name is taken"}}
    command.account.refuse[f"{KIMIA_ACCOUNT}/message_templates"] = [
        (200, {"data": []}),
        refusal(100, **details),
    ]

    pushed = command("templates", "push", *KIMIA)

    assert pushed.exit_code == 1
    assert "refused: (100) No" in pushed.output
    assert "The name is taken" in pushed.output
    assert [each["name"] for each in command.account.templates] == ["b_second"]


def test_a_category_that_meta_changed_on_the_way_is_said(command: Command) -> None:
    command.writes("planned", **PLANNED)
    command.account.refuse[f"{KIMIA_ACCOUNT}/message_templates"] = [
        (200, {"data": []}),
        (200, {"id": "4", "status": "APPROVED", "category": "MARKETING"}),
    ]

    assert "Meta made it MARKETING" in command("templates", "push", *KIMIA).output


def test_a_header_s_sample_is_uploaded_first(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    (command.folder / "offer.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    command.writes("planned", **PLANNED, header={"type": "image", "sample": "offer.png"})

    assert command("templates", "push", *KIMIA).exit_code == 0
    header = command.account.templates[0]["components"][0]
    assert header == {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::c2FtcGxl"]}}

    command.account.templates.clear()
    monkeypatch.delenv("WHATSAPP_APP_ID")
    refused = command("templates", "push", *KIMIA)
    assert (refused.exit_code, "set WHATSAPP_APP_ID" in refused.output) == (1, True)


def test_what_meta_has_becomes_a_file_and_a_file_that_differs_is_left(command: Command) -> None:
    file = command.writes("planned", **PLANNED, alternate="other")
    command("templates", "push", "--despite-lint", *KIMIA)
    file.unlink()

    pulled = command("templates", "pull", *KIMIA)
    assert (pulled.exit_code, yaml.safe_load(file.read_text())) == (0, {"name": "planned", "language": "fr", **PLANNED})

    command.writes("planned", **PLANNED, footer="Kimia", alternate="other")
    assert "left: its file differs (footer)" in command("templates", "pull", *KIMIA).output
    command("templates", "pull", "--overwrite", *KIMIA)
    again = yaml.safe_load(file.read_text())
    assert ("footer" in again, again["alternate"]) == (False, "other")

    command.account.templates.append(
        {**command.account.templates[0], "name": "odd", "components": [{"type": "CAROUSEL"}]}
    )
    odd = command("templates", "pull", *KIMIA)
    assert (odd.exit_code, "not written: a component of the type CAROUSEL" in odd.output) == (1, True)


def test_the_list_shows_both_sides(command: Command) -> None:
    command.writes("planned", **PLANNED)
    command("templates", "push", *KIMIA)
    command.writes("fresh", **PLANNED)
    (command.folder / "planned.fr.yml").unlink()

    listed = command("templates", "list", *KIMIA).output

    assert "kimia (account 200000000000001)" in listed
    assert [line.split()[-3:] for line in listed.splitlines()[1:]] == [
        ["to", "be", "created"],
        ["has", "no", "file"],
    ]


def test_the_status_is_kept_for_the_server(command: Command, tmp_path: Path) -> None:
    command.writes("planned", **PLANNED, alternate="other")
    command("templates", "push", "--despite-lint", *KIMIA)
    command.account.templates[0] |= {"status": "REJECTED", "rejected_reason": "PROMOTIONAL", "category": "MARKETING"}

    told = command("templates", "status", *KIMIA)

    assert told.exit_code == 1
    assert "REJECTED: PROMOTIONAL, MARKETING (its file says utility)" in told.output
    with sa.create_engine(f"sqlite:///{tmp_path}/relais.db").connect() as connection:
        row = connection.execute(sa.select(table)).one()
    assert (row.status, row.category, row.intended_category, row.alternate) == (
        "REJECTED",
        "MARKETING",
        "UTILITY",
        "other",
    )


def test_deleting_asks_for_the_language(command: Command) -> None:
    for language in ("fr", "en"):
        command.writes("planned", **{**PLANNED, "language": language})
    command("templates", "push", "--despite-lint", *KIMIA)

    unclear = command("templates", "delete", "planned", "--yes", *KIMIA)
    assert (unclear.exit_code, "--all-languages" in unclear.output) == (2, True)
    assert command("templates", "delete", "planned", "--language", "en", *KIMIA).exit_code == 1  # nobody confirmed
    assert len(command.account.templates) == 2
    assert command("templates", "delete", "planned", "--language", "en", "--yes", *KIMIA).exit_code == 0
    assert [each["language"] for each in command.account.templates] == ["fr"]
    assert command("templates", "delete", "planned", "--all-languages", "--yes", *KIMIA).exit_code == 0
    assert command.account.templates == []
    gone = command("templates", "delete", "planned", "--all-languages", "--yes", *KIMIA)
    assert (gone.exit_code, "Meta has no planned" in gone.output) == (1, True)


def test_a_business_with_templates_of_its_own_has_only_those(command: Command) -> None:
    command.writes("for_all", **PLANNED)
    own = command.folder / "kimia"
    own.mkdir()
    command.folder = own
    command.writes("own", **PLANNED)

    listed = command("templates", "list", *KIMIA).output

    assert "own" in listed
    assert "for_all" not in listed


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--business", "nobody"], "business.yml has no business nobody; it has kimia, jasmin."),
        (["--waba", "9"], "business.yml names no waba_id 9"),
    ],
)
def test_a_wrong_account_is_named(words: list[str], sentence: str, command: Command) -> None:
    told = command("templates", "list", *words)

    assert (told.exit_code, sentence in told.output) == (1, True)


def test_a_refused_token_is_one_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHATSAPP_TOKEN", "a-token-that-meta-refuses")

    told = command("templates", "list", *KIMIA)

    assert told.exit_code == 1
    assert told.output.splitlines()[-1].startswith("Error: (190) ")
    assert "a-token" not in told.output


def test_lint_judges_files_without_asking_anybody(command: Command) -> None:
    good = command("templates", "lint", "--folder", str(ROOT / "templates"))
    assert (good.exit_code, good.output) == (0, "44 templates, nothing that Meta would reject.\n")

    file = command.writes("planned", **{**PLANNED, "body": "Votre livraison arrive bientôt chez vous.", "examples": {}})
    warned = command("templates", "lint", str(file))
    assert (warned.exit_code, "warning utility_without_reference" in warned.output) == (0, True)
    assert command("templates", "lint", "--strict", str(file)).exit_code == 1
    (command.folder / "broken.fr.yml").write_text("name: [")
    broken = command("templates", "lint", "--folder", str(command.folder))
    assert (broken.exit_code, "broken.fr.yml is not YAML" in broken.output) == (1, True)


def test_a_template_is_shown_as_it_will_read(command: Command) -> None:
    command.writes("planned", **PLANNED)
    folder = ["--folder", str(command.folder)]

    shown = command("templates", "show", "planned", "--set", "first_name=Patrick", *folder)
    assert shown.output == "Bonjour Patrick, votre livraison COUR-1 arrive bientôt chez vous.\n"
    as_json = command("templates", "show", "planned", "--json", *folder)
    assert '"parameter_name": "first_name"' in as_json.output
    wrong = command("templates", "show", "planned", "--json", "--set", "code=a\nb", *folder)
    assert (wrong.exit_code, "values.code holds a line break" in wrong.output) == (1, True)
    assert command("templates", "show", "nothing", *folder).exit_code == 1


@pytest.mark.parametrize("name", ["lint", "show", "list", "diff", "push", "pull", "status", "delete"])
def test_every_command_explains_itself_with_an_example(name: str, command: Command) -> None:
    assert "Example: ./relais templates" in command("templates", name, "--help").output

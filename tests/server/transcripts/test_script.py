"""What of a talk stands in its test: what stays, and nothing that will read otherwise the next time."""

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from server.transcripts.exchange import Answer, Exchange, Talk
from server.transcripts.script import MARK, suggested_name, write_script
from server.transcripts.veil import SOMEBODY, Veil

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def exchange(said: str = "Bonsoir", *answers: dict[str, Any] | str, **changes: Any) -> Exchange:
    payloads = [{"type": "text", "text": {"body": each}} if isinstance(each, str) else each for each in answers]
    told = [Answer(payload=each, origin="bot", is_varied=changes.get("varied", False)) for each in payloads]
    given = {"kind": "text", "raw": {"text": {"body": said}}, **changes}
    given.pop("varied", None)
    return Exchange(id="1", number=given.pop("number", 1), sent_at=AT, answers=told, **given)


def written(*exchanges: Exchange, is_demo: bool = True, **of: Any) -> str:
    talk = {"id": "t", "business": "kimia", "phone": "+242061234567", "name": "Sandra Koumba", "language": "fr", **of}
    return write_script(Talk(exchanges=exchanges, total=9, **talk), "a test", is_demo=is_demo)


def only_turn(text: str) -> dict[str, Any]:
    [script] = yaml.safe_load(text)
    [turn] = script["turns"]
    return dict(turn)


def test_times_days_stock_and_new_codes_are_not_asked_for() -> None:
    said = """*Votre commande est partie*
    🕐 Arrivée prévue : dim. 22 nov.
    Avec le code CMD-20261122-005
    Il en reste 3
    Livrée à 12 h 40
    Suivi : https://example.com/t/abc
    *Total : 8 000 FCFA*"""
    turn = only_turn(written(exchange("ok", said)))
    assert turn["expect"] == ["*Votre commande est partie*", "*Total : 8 000 FCFA*", {"kind": "text"}]


def test_of_words_drawn_by_lot_only_the_choices_are_asked_for() -> None:
    buttons = [{"type": "reply", "reply": {"id": "x", "title": "Menu"}}]
    payload = {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "Avec plaisir !"}, "action": {"buttons": buttons}},
    }
    assert only_turn(written(exchange("merci", payload, varied=True)))["expect"] == ["Menu", {"kind": "buttons"}]


@pytest.mark.parametrize(
    "text", ["oui", "yes: [no]", "# tag", "a, b", '"quoted"', "{x}", "12", "ligne\nune autre", "é 😀"]
)
def test_whatever_is_typed_is_read_again_as_it_was(text: str) -> None:
    assert only_turn(written(exchange(text)))["say"] == text


def test_what_a_script_cannot_know_is_marked() -> None:
    text = written(
        exchange("PP250127.1015.A44170"),
        exchange("", kind="button", raw={"button": {"text": "CMD-20261122-005"}}),
        exchange("", kind="unsupported", raw={}),
        exchange("", kind="audio", raw={"audio": {}}, transcript="où est mon colis"),
    )
    assert text.count(f"# {MARK}") == 4
    acts = [next(iter(turn)) for turn in yaml.safe_load(text)[0]["turns"]]
    assert acts == ["say", "tap", "say"]


def test_the_middle_of_a_talk_says_that_there_was_a_beginning() -> None:
    assert f"# {MARK}: 4 messages came before these" in written(exchange(number=5))


@pytest.mark.parametrize("text", ["06 123 45 76", "+242061234567", "242 06 123 45 67"])
def test_the_demos_own_numbers_stay_as_they_were_written(text: str) -> None:
    assert Veil(is_demo=True).said(f"appelez {text}") == f"appelez {text}"


def test_outside_the_demo_names_numbers_and_codes_go() -> None:
    veil = Veil(is_demo=False, own_name="Sandra Koumba")
    said = veil.said("Ici sandra, pour CMD-1042 et encore CMD-1042 : 06 612 34 99, sandra@example.org")
    assert said == f"Ici X, pour <code-a> et encore <code-a> : {SOMEBODY[1]}, x@example.com"
    assert not veil.shows("Bonjour Sandra, votre total")
    assert veil.shows("*Total : 8 000 FCFA*")


def test_a_name_is_suggested_that_tells_nothing_of_anybody() -> None:
    talk = Talk(
        id="t",
        business="kimia",
        phone=None,
        name="Sandra Koumba",
        language="fr",
        exchanges=[exchange("C'est Sandra, j'attends un colis depuis longtemps et personne ne vient")],
        total=1,
    )
    assert suggested_name(talk, is_demo=False) == "C'est X, j'attends un colis depuis longtemps et (2026-11-22)"

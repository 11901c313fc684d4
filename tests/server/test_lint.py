"""`relais lint`: a small project without a fault, then one fault at a time; and the real one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from server.__main__ import relais
from server.commands.lint import running_actions
from server.lint import lint
from server.settings import ROOT

RUNNING = frozenset({"action_track"})
EXAMPLES = "".join(f"    - où est mon colis {n}\n" for n in range(40))
PROJECT = {
    "business.yml": "businesses: [{slug: kimia, name: Kimia Express}]\n",
    "domain/tracking.yml": (
        "intents: [track]\n"
        "entities: [code]\n"
        "actions: [action_track]\n"
        "slots:\n"
        "  code:\n"
        "    type: text\n"
        "    mappings:\n"
        "    - {type: from_entity, entity: code, intent: track, conditions: [{active_loop: code_form}]}\n"
        "forms:\n"
        "  code_form:\n"
        "    required_slots: [code]\n"
    ),
    "data/rules/tracking.yml": (
        "rules:\n"
        "- rule: Somebody asks\n"
        "  condition: [{active_loop: code_form}]\n"
        "  steps:\n"
        "  - intent: track\n"
        "    entities: [code]\n"
        "  - slot_was_set: [{code: null}]\n"
        "  - action: code_form\n"
        "  - action: utter_found\n"
    ),
    "data/responses/tracking.yml": (
        "responses:\n"
        "  utter_found:\n"
        "  - condition: [{name: language, value: fr}]\n"
        "    text: Voilà {code}\n"
        "    buttons:\n"
        '    - {title: Encore, payload: \'/track{{"code": "{code}"}}\'}\n'
        "  - condition: [{name: language, value: en}]\n"
        "    text: Here is {code}\n"
        "    buttons:\n"
        '    - {title: Again, payload: \'/track{{"code": "{code}"}}\'}\n'
        "  utter_ask_code_form_code:\n"
        "  - {condition: [{name: language, value: fr}], text: Quel code ?}\n"
        "  - {condition: [{name: language, value: en}], text: Which code?}\n"
        "  utter_sorry:\n"
        "  - {condition: [{name: language, value: fr}], text: Désolé}\n"
        "  - {condition: [{name: language, value: en}], text: Sorry}\n"
    ),
    "data/nlu/tracking.yml": (
        f"nlu:\n- intent: track\n  metadata: {{language: fr}}\n  examples: |\n{EXAMPLES}"
        f"- intent: track\n  metadata: {{language: en}}\n  examples: |\n{EXAMPLES.replace('où est mon', 'where is my')}"
    ),
    "actions/tracking.py": 'SORRY = "utter_sorry"\n',
    "actions/content/thing.fr.j2": "le colis {{ code }}\n",
    "actions/content/thing.en.j2": "the parcel {{ code }}\n",
    "tests/conversations/tracking.yml": (
        "- name: Grâce asks\n"
        '  phone: "+242061234567"\n'
        "  language: fr\n"
        "  turns:\n"
        "  - say: où est mon colis\n"
        "    expect: [Voilà, {kind: buttons}, {not: Désolé}]\n"
        "  - tap: Encore\n"
        "    expect: [Voilà]\n"
    ),
}
DOMAIN, RULES, SAID = "domain/tracking.yml", "data/rules/tracking.yml", "data/responses/tracking.yml"
TAUGHT, SCRIPTS, CODE = "data/nlu/tracking.yml", "tests/conversations/tracking.yml", "actions/tracking.py"


def problems(folder: Path, changes: dict[str, str | None] | None = None) -> list[str]:
    """What the lint says of the small project in this folder, with these files otherwise or, with None, left out."""
    for name, content in (PROJECT | (changes or {})).items():
        if content is not None:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
    return [str(problem) for problem in lint(folder, RUNNING)]


def test_a_project_without_a_fault(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (DOMAIN, "[track]", "[track, greet]", f"{DOMAIN}:1: no rule begins with the intent greet"),
        (DOMAIN, "[track]", "[track, greet]", f"{DOMAIN}:1: greet has 0 examples in fr, and needs 40"),
        (RULES, "intent: track", "intent: trakc", f"{RULES}:5: the rule “Somebody asks” names the intent trakc"),
        (RULES, "entities: [code]", "entities: [name]", f"{RULES}:6: the rule “Somebody asks” names the entity name"),
        (RULES, "{code: null}", "{cod: null}", f"{RULES}:7: the rule “Somebody asks” names the slot cod"),
        (RULES, "utter_found", "utter_fund", f"{RULES}:9: the rule “Somebody asks” names the action utter_fund"),
        (RULES, "active_loop: code_form", "active_loop: form", f"{RULES}:3: the rule “Somebody asks” names the form f"),
        (DOMAIN, "entity: code", "entity: cod", f"{DOMAIN}:5: the slot code is filled from the entity cod"),
        (DOMAIN, "intent: track", "intent: go", f"{DOMAIN}:5: the slot code is filled from the intent go"),
        (DOMAIN, "loop: code_form", "loop: form", f"{DOMAIN}:5: the slot code is filled from the form form"),
        (DOMAIN, "action_track]", "action_track, action_go]", f"{DOMAIN}:3: nobody runs action_go"),
        (DOMAIN, "[action_track]", "[]", "actions/__main__.py:1: action_track is in no file of domain/"),
        (DOMAIN, "slots: [code]", "slots: [code, name]", f"{DOMAIN}:10: the form code_form requires the slot name"),
        (SAID, "utter_ask_code_form_code", "utter_ask_name", f"{DOMAIN}:10: nobody asks for code"),
        (CODE, "utter_sorry", "sorry", f"{SAID}:14: nobody says utter_sorry"),
        (CODE, "utter_sorry", "utter_pardon", f"{CODE}:1: utter_pardon is in no file of data/responses/"),
        (SAID, "value: en}], text: Sorry", "value: ln}], text: Sorry", f"{SAID}:14: utter_sorry is not said"),
        (SAID, "value: en}], text: Sorry", "value: ln}], text: Sorry", f"{SAID}:16: a variation of utter_sorry"),
        (SAID, "text: Here is {code}", "text: Here it is {url}", f"{SAID}:2: utter_found differs in more"),
        (SAID, "text: Voilà {code}", "text: Voilà {new}", f"{SAID}:3: utter_found holds {{new}}"),
        (SAID, "text: Voilà {code}", "text: Voilà Kimia Express {code}", f"{SAID}:3: utter_found names the b"),
        (SAID, "text: Voilà {code}", "text: Voilà **{code}**", f"{SAID}:3: utter_found: the text is Markdown"),
        (SAID, "text: Voilà {code}", f"text: Voilà {{code}} {'x' * 5000}", f"{SAID}:3: utter_found: "),
        (SAID, "title: Encore", "title: Encore une petite fois", f"{SAID}:3: utter_found: buttons[0].title has 22"),
        (SAID, "'/track{{\"code\": \"{code}\"}}'}\n  - c", "/go}\n  - c", f"{SAID}:6: utter_found: a button means"),
        (SAID, '{{"code": "{code}"}}\'}\n  - c', '{{"cod": "{code}"}}\'}\n  - c', f"{SAID}:6: utter_found: a button"),
        (SAID, '{{"code": "{code}"}}\'}\n  - c', "{{code}}'}\n  - c", f"{SAID}:6: utter_found: what stands"),
        (SAID, "'/track{{\"code\": \"{code}\"}}'}\n  - c", "track}\n  - c", f"{SAID}:6: utter_found: the payload"),
        ("actions/content/thing.en.j2", "{{ code }}", "", "actions/content/thing.fr.j2:1: it says code"),
        ("actions/content/thing.en.j2", "{{ code }}", "{{ code", "thing.en.j2"),
        (TAUGHT, "    - où est mon colis 7\n", "", f"{DOMAIN}:1: track has 39 examples in fr"),
        (TAUGHT, "colis 7\n", "colis 8\n", f"{TAUGHT}:13: “où est mon colis 8” stands at {TAUGHT}:12 already"),
        (TAUGHT, "colis 7\n", "[colis](thing)\n", f"{TAUGHT}:12: an example is empty or annotated"),
        (TAUGHT, "language: en", "language: ln", f"{TAUGHT}:49: an example in ln"),
        (SCRIPTS, "phone: \"+242", "phone: \"242", f"{SCRIPTS}:1: the phone 242061234567 is no number"),
        (SCRIPTS, "language: fr", "language: de", f"{SCRIPTS}:1: the language de is neither fr nor en"),
        (SCRIPTS, "language: fr", "business: kima", f"{SCRIPTS}:1: business.yml has no business kima"),
        (SCRIPTS, "name: Grâce asks", "title: Grâce asks", f"{SCRIPTS}:1: a conversation without name"),
        (SCRIPTS, "kind: buttons", "kind: button", f"{SCRIPTS}:5: there is no kind of message button"),
        (SCRIPTS, "kind: buttons", "kin: buttons", f"{SCRIPTS}:5: nobody reads “kin” in expect"),
        (SCRIPTS, "tap: Encore", "tap: Once more", f"{SCRIPTS}:7: no response, no workflow"),
        (RULES, "rules:\n", "rules: [\n", f"{RULES}:"),
        (RULES, "rules:", "stories:", f"{RULES}:1: this file lacks a part"),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_is(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    assert old in PROJECT[file]

    found = problems(tmp_path, {file: PROJECT[file].replace(old, new, 1)})

    assert [problem for problem in found if expected in problem], found


def test_a_text_without_its_other_language_is_found(tmp_path: Path) -> None:
    found = problems(tmp_path, {"actions/content/thing.en.j2": None})
    assert found == ["actions/content/thing.fr.j2:1: there is no thing.en.j2 beside it: write it."]


def test_a_line_that_means_two_things_is_found(tmp_path: Path) -> None:
    both = PROJECT[TAUGHT] + "- intent: go\n  metadata: {language: fr}\n  examples: |\n    - Où est mon colis 3\n"
    found = problems(tmp_path, {TAUGHT: both})
    assert any("“Où est mon colis 3” means track too (data/nlu/tracking.yml:8): keep one." in each for each in found)


def test_two_conversations_of_one_name_are_found(tmp_path: Path) -> None:
    found = problems(tmp_path, {SCRIPTS: PROJECT[SCRIPTS] * 2})
    assert len([each for each in found if "two conversations are named “Grâce asks”" in each]) == 2


def test_the_command_prints_a_line_for_each_and_fails(tmp_path: Path) -> None:
    problems(tmp_path)

    result = CliRunner().invoke(relais, ["lint", "--root", str(tmp_path)])

    assert result.exit_code == 1
    assert f"{DOMAIN}:3: nobody runs action_track" in result.output


def test_everything_here_fits_together() -> None:
    assert [str(problem) for problem in lint(ROOT, running_actions())] == []

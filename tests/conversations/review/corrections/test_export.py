"""Corrections become lines of the training data: added, never said twice, taken out again; nothing else is touched."""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conversations.review.corrections import export
from conversations.review.corrections.lesson import Lesson, Lessons, same_line
from conversations.review.corrections.reviewed import BEGINNING, file_of

TRACKING = """\
version: "3.1"
# What people ask most.
nlu:
- intent: track
  metadata: {language: fr}
  examples: |
    - où est mon colis
    - suivi du [colis](thing) svp
"""
DOMAIN = "intents:\n- track\n- greet\n- out_of_scope: {use_entities: []}\n"
FILES = {"data/nlu/tracking.yml": TRACKING, "domain/all.yml": DOMAIN}


def numbered(number: int) -> str:
    return f"0198a000-0000-7000-8000-{number:012x}"


def lesson(number: int, text: str, intent: str = "track", language: str = "fr") -> Lesson:
    return Lesson(id=numbered(number), intent=intent, language=language, text=text)


def lines(files: dict[str, str], path: str) -> list[Any]:
    return [
        (block["intent"], block["metadata"]["language"], each["text"], each["metadata"]["correction"])
        for block in yaml.safe_load(files[path])["nlu"] or []
        for each in block["examples"]
    ]


def exported(files: dict[str, str], *standing: Lesson, withdrawn: frozenset[str] = frozenset()) -> dict[str, str]:
    """The files after an export; those that go are gone."""
    changed = export.changes(Lessons(standing=standing, withdrawn=withdrawn), files)
    return {path: text for path, text in {**files, **changed}.items() if text}


def test_a_correction_becomes_a_line_with_where_it_comes_from() -> None:
    files = exported(FILES, lesson(1, "mon colis svp"), lesson(2, "my parcel pls", language="en"))

    assert lines(files, "data/nlu/reviewed/track.yml") == [
        ("track", "fr", "mon colis svp", numbered(1)),
        ("track", "en", "my parcel pls", numbered(2)),
    ]
    assert files["data/nlu/tracking.yml"] == TRACKING


def test_what_stands_in_the_project_is_not_said_again() -> None:
    said = [lesson(1, "Ou est mon colis ???"), lesson(2, "SUIVI du colis, svp"), lesson(3, "a"), lesson(4, "À !")]
    plan = export.plan(Lessons(standing=said), FILES)

    assert [each.text for each in plan.added] == ["À !"]
    assert {each.text: path for each, path in plan.there} == {
        "Ou est mon colis ???": "data/nlu/tracking.yml",
        "SUIVI du colis, svp": "data/nlu/tracking.yml",
        "a": "data/nlu/reviewed/track.yml",
    }


def test_what_contradicts_the_project_or_a_newer_decision_is_left_to_a_person() -> None:
    said = [lesson(1, "où est mon colis", "greet"), lesson(2, "bon", "track"), lesson(3, "Bon.", "greet")]
    plan = export.plan(Lessons(standing=said), FILES)

    assert [each.id for each in plan.added] == [numbered(3)]
    assert {(each.id, path, intent) for each, path, intent in plan.contradicted} == {
        (numbered(1), "data/nlu/tracking.yml", "track"),
        (numbered(2), "", "greet"),
    }


def test_a_temporary_meaning_waits_and_a_line_of_the_test_set_is_never_taught() -> None:
    files = {**FILES, "tests/nlu/fr.jsonl": '{"text": "Kasi svp !", "lang": "fr", "intent": "track"}\nnot json\n'}
    said = [lesson(1, "le prix ?", "ask_price"), lesson(2, "kasi svp"), lesson(3, "la météo", "out_of_scope")]
    plan = export.plan(Lessons(standing=said), files)

    assert [each.intent for each in plan.temporary] == ["ask_price"]
    assert [each.text for each in plan.held_out] == ["kasi svp"]
    assert list(plan.files) == ["data/nlu/reviewed/out_of_scope.yml"]


def test_a_withdrawn_line_goes_wherever_it_stands_and_an_empty_file_with_it() -> None:
    path = file_of("track")
    files = exported(FILES, lesson(1, "un"), lesson(2, "deux"), lesson(3, "three", language="en"))

    one_less = exported(files, withdrawn=frozenset({numbered(3)}))
    assert [each[2] for each in lines(one_less, path)] == ["un", "deux"]
    assert "language: en" not in one_less[path]
    assert path not in exported(files, withdrawn=frozenset({numbered(1), numbered(2), numbered(3)}))
    moved = {**FILES, "data/nlu/greet.yml": files[path]}
    assert [each[2] for each in lines(exported(moved, withdrawn=frozenset({numbered(1)})), "data/nlu/greet.yml")] == [
        "deux",
        "three",
    ]


def test_the_lines_of_corrections_that_this_database_does_not_know_stay() -> None:
    files = exported(FILES, lesson(1, "un"))
    assert exported(files, withdrawn=frozenset({numbered(9)})) == files


def test_what_people_change_in_these_files_stays() -> None:
    path = file_of("track")
    text = exported(FILES, lesson(1, "un"), lesson(2, "deux"))[path]
    edited = text.replace('"un"', '"une"').replace("  examples:\n", "  examples:\n  # ours\n") + "  # the end\n"
    files = {**FILES, path: edited}

    after = exported(files, lesson(1, "un"), lesson(2, "deux"), lesson(3, "trois"))[path]
    assert re.sub(r".*trois.*\n", "", after) == edited
    assert [each[2] for each in lines({path: after}, path)] == ["une", "deux", "trois"]
    nothing = exported(files, withdrawn=frozenset({numbered(1), numbered(2)}))[path]
    assert nothing == BEGINNING + "  # ours\n  # the end\n"
    assert lines(exported({**FILES, path: nothing}, lesson(4, "quatre")), path) == [
        ("track", "fr", "quatre", numbered(4))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "nlu: [\n",
        "nlu: {}\n",
        "nlu:\n  - intent: track\n    metadata: {language: fr}\n    examples: |\n      - x\nresponses: {}\n",
    ],
)
def test_a_file_to_which_nothing_can_be_added_is_named_and_left(text: str) -> None:
    path = file_of("track")
    plan = export.plan(Lessons(standing=[lesson(1, "un"), lesson(2, "salut", "greet")]), {**FILES, path: text})

    assert [problem[0] for problem in plan.problems] == [path]
    assert list(plan.files) == [file_of("greet")]


def test_a_withdrawn_line_that_somebody_spread_over_several_is_named() -> None:
    path = file_of("track")
    text = (
        "nlu:\n- intent: track\n  metadata: {language: fr}\n  examples:\n  - text: un\n    metadata:\n"
        f"      correction: {numbered(1)}\n"
    )
    plan = export.plan(Lessons(withdrawn={numbered(1)}), {**FILES, path: text})
    assert not plan.files
    assert [problem[0] for problem in plan.problems] == [path]


WORDS = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip()) and same_line(text) != "")
COMMENTS = st.lists(st.sampled_from(["# a remark", "", "  # another", "   "]), max_size=3)


@st.composite
def projects(draw: st.DrawFn) -> tuple[dict[str, str], list[Lesson]]:
    """Files as somebody left them: exported once, then with comments between any two lines, and lines of their own."""
    texts = draw(st.lists(WORDS, min_size=1, max_size=12, unique_by=same_line))
    every = [
        lesson(number, text, draw(st.sampled_from(["track", "greet"])), draw(st.sampled_from(["fr", "en"])))
        for number, text in enumerate(texts)
    ]
    first = draw(st.integers(0, len(every)))
    files = exported(FILES, *every[:first])
    for path in [path for path in files if "reviewed" in path]:
        left = []
        for line in files[path].split("\n"):
            left += [line, *(draw(COMMENTS) if line.startswith(("nlu", "  - ", "version")) else [])]
        files[path] = "\n".join(left)
    return files, every


@given(projects())
def test_an_export_changes_no_line_that_stands_and_does_nothing_the_second_time(
    project: tuple[dict[str, str], list[Lesson]],
) -> None:
    files, every = project
    after = exported(files, *every)

    for path, text in files.items():
        stands = iter(after[path].rstrip("\n").split("\n"))
        assert all(any(line == each for each in stands) for line in text.rstrip("\n").split("\n")), path
    said = {each[2:] for path in after if "reviewed" in path for each in lines(after, path)}
    assert said == {(each.text, each.id) for each in every if same_line(each.text) not in TAUGHT}
    assert exported(after, *every) == after


TAUGHT = {same_line("où est mon colis"), same_line("suivi du colis svp")}


@given(projects(), st.data())
def test_what_is_withdrawn_goes_and_nothing_else_does(
    project: tuple[dict[str, str], list[Lesson]], data: st.DataObject
) -> None:
    files, every = project
    full = exported(files, *every)
    gone = frozenset(data.draw(st.sets(st.sampled_from([each.id for each in every]))))
    after = exported(full, *[each for each in every if each.id not in gone], withdrawn=gone)

    said = {each[3] for path in after if "reviewed" in path for each in lines(after, path)}
    before = {each[3] for path in full if "reviewed" in path for each in lines(full, path)}
    assert said == before - gone
    for path, text in full.items():
        comments = [line for line in text.split("\n") if line.lstrip().startswith("#")]
        assert [line for line in after.get(path, BEGINNING).split("\n") if line.lstrip().startswith("#")] == comments
    assert exported(after, *[each for each in every if each.id not in gone], withdrawn=gone) == after

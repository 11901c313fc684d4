"""The scripted conversations: whether they speak of people, businesses, kinds and buttons that there are."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from server.lint.project import Entry, Place, Problem, Project

KINDS = {
    "text", "image", "video", "audio", "document", "location", "contacts",
    "buttons", "list", "carousel", "cta_url", "product", "product_list",
}  # fmt: skip
WORD = re.compile(r"[^\W\d]+")  # numbers and names may be filled in
NAMED = re.compile(r"<[^<>]+>")  # what the person ordered or sent before, whose code is filled in
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def what_nobody_reads(project: Project) -> Iterator[Problem]:
    names = Counter(script.get("name") for _, script in project.scripts)
    titles = _titles(project)
    for file, script in project.scripts:
        where = Place(file=file, line=script.line)
        for key in {"name", "phone", "language", "turns"} - script.keys():
            yield where.problem(f"a conversation without {key}: add it.")
        if names[script.get("name")] > 1:
            yield where.problem(f"two conversations are named “{script.get('name')}”: name one otherwise.")
        if script.get("business", "kimia") not in project.businesses:
            yield where.problem(f"business.yml has no business {script['business']}.")
        if script.get("language") not in ("fr", "en"):
            yield where.problem(f"the language {script.get('language')} is neither fr nor en.")
        if not PHONE.fullmatch(str(script.get("phone", ""))):
            yield where.problem(f"the phone {script.get('phone')} is no number such as +242061234567.")
        for turn in script.get("turns", []):
            yield from (Place(file=file, line=turn.line).problem(each) for each in _wrong_in(turn, titles))


def _wrong_in(turn: Entry, titles: str) -> Iterator[str]:
    for expected in turn.get("expect", []):
        if isinstance(expected, dict):
            for key in expected.keys() - {"kind", "not"}:
                yield f"nobody reads “{key}” in expect: kind and not are known."
            if expected.get("kind", "text") not in KINDS:
                yield f"there is no kind of message {expected['kind']}: there are {', '.join(sorted(KINDS))}."
    if "tap" in turn and not all(word in titles for word in WORD.findall(NAMED.sub("", str(turn["tap"])))):
        yield f"no response, no workflow and no text of actions/content/ has a button “{turn['tap']}”."


def _titles(project: Project) -> str:
    """Whatever a button may say."""
    said: list[Any] = [
        button["title"]
        for _, variations in project.responses.values()
        for variation in variations
        for button in variation.get("buttons", [])
    ]
    # The backend names means of payment, a workflow the buttons of what is pushed.
    for pattern in ("actions/content/*.j2", "demo/backend/data/*.yml", "workflows/**/*.yml"):
        said += [path.read_text(encoding="utf-8") for path in project.root.glob(pattern)]
    return "\n".join(said)

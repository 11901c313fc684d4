"""What the bot learns from: enough of everything, nothing twice, no line with two meanings."""

from collections import Counter
from collections.abc import Iterator

from server.lint.project import Example, Problem, Project

LANGUAGES = ("fr", "en")
UNTYPED = {"send_cart", "share_contact", "share_media"}
"""What no words mean: only the server can say that a file, a contact card or a cart came."""
AT_LEAST = {"out_of_scope": 300}
AT_LEAST_OF_ALL = 40


def too_few(project: Project) -> Iterator[Problem]:
    counted = Counter((each.intent, each.language) for each in project.examples)
    for intent, place in project.intents.items():
        if intent in UNTYPED:
            continue
        wanted = AT_LEAST.get(intent, AT_LEAST_OF_ALL)
        for language in LANGUAGES:
            if (found := counted[intent, language]) < wanted:
                yield place.problem(
                    f"{intent} has {found} examples in {language}, and needs {wanted}: add to data/nlu/."
                )
    for example in project.examples:
        if example.intent not in project.intents:
            yield example.place.problem(f"an example of {example.intent}, an intent that domain/ does not have.")
        if example.language not in LANGUAGES:
            yield example.place.problem(f"an example in {example.language}: fr and en are known.")


def said_twice(project: Project) -> Iterator[Problem]:
    first: dict[str, Example] = {}
    for example in project.examples:
        if not example.text or "](" in example.text:
            yield example.place.problem("an example is empty or annotated: write what a person would type.")
            continue
        known = first.setdefault(example.text.casefold(), example)
        at = f"{known.place.file}:{known.place.line}"
        if known.intent != example.intent:
            yield example.place.problem(f"“{example.text}” means {known.intent} too ({at}): keep one.")
        elif known is not example and known.language == example.language:
            yield example.place.problem(f"“{example.text}” stands at {at} already: delete one.")

"""The reply contract of a workflow, as its file writes it."""

from typing import Any

from notifications.workflows.drafts import ANY
from notifications.workflows.part import Part
from notifications.workflows.reading_words import Reader
from notifications.workflows.replies import bare
from notifications.workflows.schema import Schema
from notifications.workflows.workflow import EFFECTS, ReplyContract, ReplyOption


def read_reply(part: Part, schema: Schema) -> ReplyContract | None:
    """The member `reply`, or None. Raises BadWorkflow, also where one word would mean two things."""
    if not part.items("reply"):
        return None
    reader = Reader(schema)
    options = tuple(_read_option(each, reader) for each in part.each("reply"))
    _check_words(part, options)
    return ReplyContract(options=options)


def _read_option(part: Part, reader: Reader) -> ReplyOption:
    entities = part.optional("entities")
    part.take("entities")
    effect = part.choice("effect", EFFECTS) if "effect" in part else None
    option = ReplyOption(
        key=part.text("key"),
        title=reader.words(part, "title"),
        words=_read_words(part),
        intent=part.text("intent"),
        entities=reader.templates(entities),
        effect=effect,
    )
    part.take("effect")
    part.done()
    return option


def _read_words(part: Part) -> dict[str, tuple[str, ...]]:
    if isinstance(part.take("words"), list):
        return {ANY: _read_list(part, "words")}
    words = part.nested("words")
    return {language: _read_list(words, language) for language in words.names}


def _read_list(part: Part, name: str) -> tuple[str, ...]:
    words: list[Any] = part.items(name)
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise part.wrong(name, "is not a list of words", 'Write for instance [oui, "1"], digits in quotes')
    return tuple(words)


def _check_words(part: Part, options: tuple[ReplyOption, ...]) -> None:
    """People answer in either language, so a word of one may mean nothing else in the other."""
    meant: dict[str, int] = {}
    for index, option in enumerate(options):
        if option.key in (other.key for other in options[:index]):
            raise part.wrong(f"reply.{index}.key", "is there twice", "Call one of the two otherwise")
        for word in (*option.title.values(), *(each for words in option.words.values() for each in words)):
            other = meant.setdefault(bare(word), index)
            if other != index:
                problem = f"shares the word “{word}” with {options[other].key}"
                raise part.wrong(f"reply.{index}", problem, "Give it to one of the two")

"""Texts of a workflow by language: one template for all, or one for each; and what each speaks of."""

from collections.abc import Mapping
from typing import Any, Final

from notifications.workflows.drafts import ANY, Words
from notifications.workflows.names import BadTemplate, check_template
from notifications.workflows.part import Part
from notifications.workflows.schema import Schema

REMEDY: Final = "Write one text, or one for each language: fr: … and en: …"


class Reader:
    """Reads the texts of one channel, which are to be there in the same languages."""

    def __init__(self, schema: Schema, languages: frozenset[str] = frozenset()) -> None:
        self._schema = schema
        self._languages = languages

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the texts so far; none where all were for every language."""
        return self._languages

    def words(self, part: Part, name: str) -> Words:
        """A text that has to be there."""
        if name not in part:
            part.take(name)
            raise part.wrong(name, "is missing", REMEDY)
        if isinstance(part.take(name), str):
            return {ANY: self.template(part, name)}
        by_language = part.nested(name)
        found = {language: self.template(by_language, language) for language in by_language.names}
        self._check(part, name, frozenset(found))
        return found

    def optional_words(self, part: Part, name: str) -> Words | None:
        """A text, or None."""
        return self.words(part, name) if part.take(name) is not None else None

    def template(self, part: Part, name: str) -> str:
        """A template that has to be there."""
        text = part.text(name)
        try:
            check_template(text, self._schema)
        except BadTemplate as error:
            raise part.wrong(name, str(error), "Use only what payload: declares, person, business and events") from None
        return text

    def optional_template(self, part: Part, name: str) -> str | None:
        """A template, or None."""
        return self.template(part, name) if part.take(name) is not None else None

    def templates(self, part: Part | None) -> Mapping[str, str]:
        """A mapping of templates."""
        return {} if part is None else {name: self.template(part, name) for name in part.names}

    def tree(self, part: Part, name: str, value: Any) -> Any:
        """JSON in which every text is a template."""
        match value:
            case str():
                return self.template(part, name)
            case Mapping():
                nested = Part(value, part.source, part.path(name))
                return {key: self.tree(nested, key, nested.take(key)) for key in nested.names}
            case list():
                listed = {str(index): item for index, item in enumerate(value)}
                nested = Part(listed, part.source, part.path(name))
                return [self.tree(nested, key, nested.take(key)) for key in nested.names]
            case _:
                return value

    def _check(self, part: Part, name: str, found: frozenset[str]) -> None:
        if not found:
            raise part.wrong(name, "says nothing", REMEDY)
        if self._languages and found != self._languages:
            there, elsewhere = ", ".join(sorted(found)), ", ".join(sorted(self._languages))
            raise part.wrong(
                name, f"is there in {there}, other texts in {elsewhere}", "Write all in the same languages"
            )
        self._languages = found

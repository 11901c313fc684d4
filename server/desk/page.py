"""The one way to show a page of the desk: its layout, words, menu and member; whole, in a piece, or elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from conversations.review.masking import masked
from server.desk import words as spoken
from server.desk.browsers import browser_name
from server.desk.part import Entry, Part
from server.desk.reasons import reason_of
from server.desk.sentences import in_language_of
from server.desk.static_files import FOLDER, static_url
from server.desk.visit import Reader, Visit
from server.desk.words import LANGUAGES, Words
from server.parts import Parts

ROOT: Final = "/desk"
SECTIONS: Final = ("whole", "talks", "delivery", "house")
"""The menu's, from above."""


class Desk:
    """What a part of the desk works with: the server's parts, and how pages are shown."""

    def __init__(self, parts: Parts, folders: Sequence[Part]) -> None:
        self.parts = parts
        self._menu = [entry for part in folders for entry in part.menu]
        self._words = {language: Words(language) for language in LANGUAGES}
        self._templates = _environment(folders)

    def page(self, reader: Reader, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page, `part/name.html`, which extends `desk/layout.html`."""
        values["menu"] = self._menu_for(reader)
        return HTMLResponse(self._render(reader, template, values), status)

    def piece(self, reader: Reader, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A part of a page, for htmx to put in its place."""
        return HTMLResponse(self._render(reader, template, values), status)

    def go(self, path: str, *, done: str | None = None, **query: str) -> RedirectResponse:
        """On to another page of the desk after a form; `done` (topic.key of the words) is said there."""
        told = {**query, **({"done": done} if done else {})}
        return RedirectResponse(f"{ROOT}{path}" + (f"?{urlencode(told)}" if told else ""), 303)

    def words(self, reader: Reader) -> Words:
        """The words in the reader's language."""
        return self._words[reader.language]

    def first_page(self, visit: Visit) -> str:
        """Where somebody begins: the first entry of their menu."""
        return next((entry.path for _, entries in self._menu_for(visit) for entry in entries), "/account")

    def _menu_for(self, reader: Reader) -> list[tuple[str, list[Entry]]]:
        if not isinstance(reader, Visit):
            return []
        theirs = [entry for entry in self._menu if reader.member.may(entry.act)]
        sections = [(name, [entry for entry in theirs if entry.section == name]) for name in SECTIONS]
        return [(name, entries) for name, entries in sections if entries]

    def _render(self, reader: Reader, template: str, values: Mapping[str, Any]) -> str:
        w = self.words(reader)
        return self._templates.get_template(template).render(
            {
                "w": w,
                "reader": reader,
                "visit": reader if isinstance(reader, Visit) else None,
                "said": w.find(reader.done) if reader.done and ".done." in reader.done else None,
                **values,
            }
        )


def _environment(folders: Sequence[Part]) -> Environment:
    own = {"desk": FileSystemLoader(FOLDER.parent / "templates")}
    made = Environment(
        loader=PrefixLoader(own | {part.name: FileSystemLoader(part.folder / "templates") for part in folders}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static_url, desk=ROOT)
    made.filters.update(
        moment=_moment,
        ago=_ago,
        number=_number,
        percent=_percent,
        seconds=_seconds,
        amount=_amount,
        span=_span,
        counted=_counted,
        word=_word,
        fill=_fill,
        commands=_commands,
        reason=_reason,
        sentence=_sentence,
        browser=browser_name,
        masked=masked,
    )
    return made


@pass_context
def _moment(context: Context, at: datetime | None) -> Markup | str:
    """A moment in the reader's time, with the exact one behind it; a dash for none."""
    if at is None:
        return "–"
    reader: Reader = context["reader"]
    shown = spoken.moment(at, reader.language, reader.timezone, reader.now)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(timespec="seconds"), shown)


@pass_context
def _ago(context: Context, at: datetime | None) -> Markup | str:
    """How long ago, with the exact moment behind it; a dash for none."""
    if at is None:
        return "–"
    reader: Reader = context["reader"]
    shown = spoken.span((reader.now - at).total_seconds(), reader.language)
    exact = spoken.moment(at, reader.language, reader.timezone, reader.now)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(timespec="seconds"), exact, shown)


@pass_context
def _number(context: Context, value: float) -> str:
    """As the reader's language writes it."""
    return spoken.number(value, context["reader"].language)


@pass_context
def _percent(context: Context, part: float) -> str:
    """A part of one, in per cent."""
    return spoken.percent(part, context["reader"].language)


@pass_context
def _seconds(context: Context, seconds: float) -> str:
    """So many seconds, briefly and with what matters of a short time."""
    return spoken.seconds(seconds, context["reader"].language)


@pass_context
def _amount(context: Context, value: float, currency: str) -> str:
    """So much money, as the reader's language writes it."""
    return spoken.amount(value, currency, context["reader"].language)


@pass_context
def _span(context: Context, seconds: float) -> str:
    """So many seconds, in the largest unit that fits."""
    return spoken.span(seconds, context["reader"].language)


@pass_context
def _counted(context: Context, count: int, words: Mapping[str, str]) -> str:
    """`one` or `other` of these words, with the number as {n}."""
    return spoken.counted(words, count, context["reader"].language)


@pass_context
def _reason(context: Context, code: int | None, channel: str) -> str | None:
    """What a provider's code means, in the reader's language; None for one that is not known."""
    return reason_of(context["w"], channel, code)


@pass_context
def _sentence(context: Context, kept: str) -> str:
    """A sentence that is kept in English, such as why a message waits, in the reader's language."""
    return in_language_of(context["reader"], context["w"], kept)


@pass_context
def _word(context: Context, key: object, words: Mapping[str, str]) -> str:
    """The word for a value of ours, such as a status; one without a word is shown as it is."""
    return words.get(str(key), str(key))


def _commands(text: str) -> Markup:
    """What stands between `backticks`, set as something to type."""
    pieces = [
        escape(each) if at % 2 == 0 else Markup("<code>{}</code>").format(each)
        for at, each in enumerate(text.split("`"))
    ]
    return Markup("").join(pieces)


def _fill(text: str, **values: Any) -> Markup:
    """Words with {names} in them; a value may be a piece of a page, such as a moment."""
    return escape(text).format(**values)

"""WhatsApp's markup as HTML: *bold*, _italic_, ~strike~, `code`, ```mono```, lists, quotes, links. Pure.

Every character of the text goes through escaping; only the tags below are ever added.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

# A marker counts when it hugs its text and no letter or digit touches it from outside, as on the phone.
_SPAN = r"(?<![^\W_]){0}(?=[^\s{0}])(?P<{1}>[^{0}\n]*?[^{0}\n\s]){0}(?![^\W_])"
_INLINE = re.compile(
    "|".join(
        (
            r"```(?P<mono>(?:(?!```).)+)```",
            r"`(?P<code>[^`\n]+)`",
            r"(?P<link>https?://[^\s<>\"']*[^\s<>\"'.,;:!?)*_~`])",
            _SPAN.format(r"\*", "strong"),
            _SPAN.format("_", "em"),
            _SPAN.format("~", "s"),
        )
    ),
    re.DOTALL,
)
_BULLET = re.compile(r"[*-] (?=\S)")
_NUMBERED = re.compile(r"(\d{1,3})\. (?=\S)")
_QUOTE = re.compile(r"> ?(?=\S)")
_ONE_EMOJI = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[\u203c-\u3299\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
    "(?:\u200d[\u203c-\u3299\U0001f000-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?)*)"
)
_FEW_EMOJI = re.compile(rf"{_ONE_EMOJI}(?:\s?{_ONE_EMOJI}){{0,2}}")


def render(text: str) -> Markup:
    """A message's text as HTML; line breaks are left to `white-space: pre-wrap`."""
    return Markup("").join(_blocks(text.replace("\r\n", "\n")))


def plain(text: str) -> str:
    """The text as read aloud: the markers that would show as style are gone."""
    return render(text).striptags()


def is_few_emoji(text: str) -> bool:
    """One to three emoji and nothing else, which phones show large."""
    return bool(_FEW_EMOJI.fullmatch(text.strip()))


def _blocks(text: str) -> Iterator[Markup]:
    """Monospaced blocks first: inside them nothing else counts."""
    position = 0
    for block in re.finditer(r"```((?:(?!```).)*\n(?:(?!```).)*)```", text, re.DOTALL):
        yield from _lines(text[position : block.start()])
        yield Markup("<code>{}</code>").format(block[1].strip("\n"))
        position = block.end()
    yield from _lines(text[position:])


def _lines(text: str) -> Iterator[Markup]:
    for index, line in enumerate(text.split("\n")):
        if index:
            yield Markup("\n")
        yield _line(line)


def _line(line: str) -> Markup:
    if start := _QUOTE.match(line):
        return Markup('<span class="quote">{}</span>').format(_inline(line[start.end() :]))
    if start := _BULLET.match(line):
        return Markup('<span class="item"><b>•</b>{}</span>').format(_inline(line[start.end() :]))
    if start := _NUMBERED.match(line):
        return Markup('<span class="item"><b>{}.</b>{}</span>').format(start[1], _inline(line[start.end() :]))
    return _inline(line)


def _inline(text: str) -> Markup:
    pieces = []
    position = 0
    for found in _INLINE.finditer(text):
        pieces.append(escape(text[position : found.start()]))
        pieces.append(_span(str(found.lastgroup), found[str(found.lastgroup)]))
        position = found.end()
    pieces.append(escape(text[position:]))
    return Markup("").join(pieces)


def _span(kind: str, inside: str) -> Markup:
    if kind in ("mono", "code"):
        return Markup("<code>{}</code>").format(inside)
    if kind == "link":
        return Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(inside)
    return Markup(f"<{kind}>{{}}</{kind}>").format(_inline(inside))  # noqa: S704 - the tag is one of ours

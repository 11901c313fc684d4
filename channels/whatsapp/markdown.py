"""CommonMark, as bots write it, becomes WhatsApp's markup; everything else stays as it is, letter by letter. Pure.

WhatsApp has a markup of its own, *bold* _italic_ ~struck~, and texts that use it pass unchanged. So only what nobody
writes for WhatsApp is converted: `**`, `__` and `~~`, headings, links, tables, named code blocks, escaped signs. A
single star means bold, as on WhatsApp, unless the same text also doubles its stars.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from channels.whatsapp.markdown_inline import (
    Nodes,
    Styled,
    doubles_its_signs,
    nodes_of,
    read_addresses_as_text,
    written,
)

FENCE: Final = "```"

CELL_BORDER: Final = " | "

ADDRESS_SCHEMES: Final = ("https://", "http://", "mailto:", "tel:")

MOST_PASSES: Final = 8
"""What one pass makes may read as Markdown again (a link within a link's words); real texts need one pass."""

LANGUAGES: Final = re.compile(
    "bash|c|cpp|css|csv|diff|go|html|http|ini|java|javascript|js|json|md|php|plaintext|python|rust|sh|shell|sql|text"
    "|toml|ts|txt|typescript|xml|yaml|yml",
    re.IGNORECASE,
)
"""What may stand behind the sign that opens a block of code without being a part of it."""

_SIGNS: Final = re.compile(r"\*\*|__|~~|`|\]\(|\\|^[ >*+\d.)-]*#|<[\w+.-]+[:@]|-[ ]*\||\|[ ]*:?-", re.MULTILINE)
"""Without any of these a text has nothing to convert."""

_LETTER: Final = re.compile(r"[^\W\d_]")


def to_whatsapp(text: str) -> str:
    """The same text in WhatsApp's markup. Converting it once more changes nothing."""
    text = re.sub(r"\r\n?", "\n", text)
    for _ in range(MOST_PASSES):
        if not _SIGNS.search(text):
            break
        before, text = text, _converted(text)
        if text == before:
            break
    return text


def _converted(text: str) -> str:
    blocks = list(_blocks(_PARSER.parse(text)))
    star_is_italic = any(doubles_its_signs(nodes) for block in blocks for nodes in block.inlines)
    lines = text.split("\n")
    for block in reversed(blocks):
        start, end = block.lines
        lines[start:end] = block.written(lines[start:end], star_is_italic)
    return "\n".join(lines)


class _Block:
    """Lines of the text, and how they read afterwards."""

    def __init__(self, token: Token, *inlines: Nodes) -> None:
        start, end = token.map or (0, 0)
        self.lines = (start, end)
        self.inlines = inlines

    def written(self, lines: Sequence[str], star_is_italic: bool) -> list[str]:
        raise NotImplementedError


class _Paragraph(_Block):
    """What stands before the words of a line, such as a bullet or the sign of a quote, stays."""

    def __init__(self, token: Token) -> None:
        super().__init__(token, nodes_of(token.children or ()))
        self._content = token.content.split("\n")

    def written(self, lines: Sequence[str], star_is_italic: bool) -> list[str]:
        starts = [line.rfind(content) for line, content in zip(lines, self._content, strict=False)]
        if len(starts) < len(lines) or -1 in starts:  # tabs that the parser wrote as blanks
            return list(lines)
        heads = [line[:start] for line, start in zip(lines, starts, strict=True)]
        blanks = lines[-1][starts[-1] + len(self._content[-1]) :]
        made = (written(self.inlines[0], star_is_italic) + blanks).split("\n")
        return [head + line for head, line in zip_longest(heads[: len(made)], made, fillvalue="")]


class _Heading(_Block):
    """A line in bold. A number behind the sign is no heading."""

    def __init__(self, opening: Token, inline: Token) -> None:
        super().__init__(opening, [Styled("*", "#", nodes_of(inline.children or ()))])
        self._is_number = not _LETTER.search(inline.content)

    def written(self, lines: Sequence[str], star_is_italic: bool) -> list[str]:
        if self._is_number:
            return list(lines)
        (line,) = lines
        return [line[: line.index("#")] + written(self.inlines[0], star_is_italic)]


class _Fence(_Block):
    """A block of code loses the name of its language; one that never ends, or opens with words, stays as it is."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self._markup, self._info = token.markup, token.info.strip()

    def written(self, lines: Sequence[str], star_is_italic: bool) -> list[str]:
        first, *code, last = lines if len(lines) > 1 else (*lines, "")
        if set(last.strip()) != {self._markup[0]} or (self._info and not LANGUAGES.fullmatch(self._info)):
            return list(lines)
        return [_indent(first) + FENCE, *code, _indent(last) + FENCE]


class _Table(_Block):
    """A line for each row, the first one in bold."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        header, *rows = _rows(tokens)
        bold: list[Nodes] = [[Styled("*", "|", nodes)] if nodes else [] for nodes in header]
        super().__init__(tokens[0], *bold, *(nodes for row in rows for nodes in row))
        self._rows = [bold, *rows]

    def written(self, lines: Sequence[str], star_is_italic: bool) -> list[str]:
        return [
            _indent(lines[0]) + CELL_BORDER.join(written(nodes, star_is_italic) for nodes in row).strip()
            for row in self._rows
        ]


def _rows(tokens: Sequence[Token]) -> list[list[Nodes]]:
    rows: list[list[Nodes]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(nodes_of(token.children or ()))
    return rows


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            end = next(at for at in range(position, len(tokens)) if tokens[at].type == "table_close")
            if token.level == 0:  # within a quote or a list its lines have no start of their own
                yield _Table(tokens[position:end])
            position = end
        elif token.type == "heading_open":
            yield _Heading(token, tokens[position + 1])
            position += 1
        elif token.type == "fence":
            yield _Fence(token)
        elif token.type == "inline":
            yield _Paragraph(token)
        position += 1


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


class _Parser(MarkdownIt):
    """Knows what is converted and nothing else, so that the rest comes through untouched."""

    def __init__(self) -> None:
        super().__init__("zero")
        self.enable(["table", "fence", "blockquote", "list", "heading"])
        self.enable(["escape", "backticks", "strikethrough", "emphasis", "link", "image", "autolink"])
        self.disable(["normalize", "text_join"])
        read_addresses_as_text(self)

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        """Whether a person can follow it: brackets around anything else are no link."""
        return url.lower().startswith(ADDRESS_SCHEMES)


_PARSER: Final = _Parser()

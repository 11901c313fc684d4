"""An HTML page as plain text, for readers without HTML: paragraphs, lists, and links with their addresses."""

import re
from html.parser import HTMLParser
from typing import Final

_UNREAD: Final = frozenset({"head", "script", "style", "template", "title"})
_PARAGRAPHS: Final = frozenset(
    {"address", "article", "blockquote", "dl", "fieldset", "figure", "footer", "form", "header", "main", "nav", "ol"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "section", "table", "ul"}
)
_LINES: Final = frozenset({"caption", "dd", "div", "dt", "figcaption", "hr", "legend", "li", "tr"})
_CELLS: Final = frozenset({"td", "th"})
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_LINE_BREAK: Final = "\x00"
_PARAGRAPH_BREAK: Final = "\x01"
_BREAKS: Final = re.compile(r"\s*[\x00\x01][\s\x00\x01]*")
"""What ends one element and begins the next, however many there are: one break."""
_OURS: Final = dict.fromkeys(map(ord, (_LINE_BREAK, _PARAGRAPH_BREAK)))
"""Characters that no page shows, and that would be taken for our marks."""
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_LINKS: Final = ("https://", "http://", "mailto:", "tel:")


def plain_text(html: str) -> str:
    """What a person would read on the page; the text of a link is followed by where it leads."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._unread: str | None = None  # the element whose inside is not read,
        self._depth = 0  # and how many of its name are open
        self._links: list[tuple[str, int]] = []  # where open links lead, and where their words begin

    def text(self) -> str:
        broken = _BREAKS.sub(lambda run: "\n\n" if _PARAGRAPH_BREAK in run[0] else "\n", "".join(self._pieces))
        lines = (_SPACE.sub(" ", line).strip() for line in broken.split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unread is not None:
            self._depth += tag == self._unread
            return
        told = dict(attrs)
        if tag in _UNREAD or (tag not in _VOID and _is_hidden(told)):
            self._unread, self._depth = tag, 1
            return
        self._break_before(tag)
        match tag:
            case "br":
                self._pieces.append("\n")
            case "li":
                self._pieces.append("- ")
            case "img":
                self.handle_data(told.get("alt") or "")
            case "a":
                self._links.append((told.get("href") or "", len(self._pieces)))

    def handle_endtag(self, tag: str) -> None:
        if self._unread is not None:
            self._depth -= tag == self._unread
            if self._depth == 0:
                self._unread = None
            return
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        self._break_before(tag)

    def handle_data(self, data: str) -> None:
        if self._unread is None:
            self._pieces.append(_SPACE.sub(" ", data.translate(_OURS)))

    def _break_before(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._pieces.append(_PARAGRAPH_BREAK)
        elif tag in _LINES:
            self._pieces.append(_LINE_BREAK)
        elif tag in _CELLS:
            self._pieces.append(" ")

    def _end_link(self, href: str, start: int) -> None:
        href = href.strip()
        shown = "".join(self._pieces[start:]).strip(f" \n{_LINE_BREAK}{_PARAGRAPH_BREAK}")
        bare = href.removeprefix("mailto:").removeprefix("tel:")
        if href.lower().startswith(_SHOWN_LINKS) and shown not in (href, bare):
            self._pieces.append(f" ({bare})" if shown else bare)


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or _HIDDEN.search(attributes.get("style") or "") is not None

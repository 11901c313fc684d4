"""Words as a chat shows them: *bold*, _italic_, ~struck~, and links. Everything else is escaped. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

# A sign counts where it hugs its words and no letter or digit touches it from outside.
_MARKED: Final = r"(?<!\w){0}(?=[^\s{0}])(?P<{1}>[^{0}\n]*?[^{0}\n\s]){0}(?!\w)"
_PARTS: Final = re.compile(
    "|".join(
        (
            r"(?P<link>https?://[^\s<>\"']*[^\s<>\"'.,;:!?)*_~])",
            _MARKED.format(r"\*", "strong"),
            _MARKED.format("_", "em"),
            _MARKED.format("~", "s"),
        )
    )
)


def dressed(text: str) -> Markup:
    """The words as HTML; line breaks are left to the page's style."""
    return Markup("").join(_pieces(text))


def _pieces(text: str) -> Iterator[Markup]:
    position = 0
    for found in _PARTS.finditer(text):
        yield Markup("{}").format(text[position : found.start()])
        position = found.end()
        name = str(found.lastgroup)
        if name == "link":
            yield Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(found[name])
        else:
            # S704: the name of a tag is one of three of ours, what stands in it is escaped or dressed the same way.
            yield Markup(f"<{name}>{{}}</{name}>").format(dressed(found[name]))  # noqa: S704
    yield Markup("{}").format(text[position:])

"""What the services say themselves, beside the bot: words in conversations/content, one file per language."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from channels.whatsapp.messages import Button, Buttons, Text, to_payload

CONTENT = Path(__file__).parent / "content"
FALLBACK_LOCALE = "en"

MENU_INTENT = "help"
"""What the button under a service text means to the bot."""


class Wording:
    """Renders a service text in a person's language. The texts are macros of `service.<locale>.j2`."""

    def __init__(self) -> None:
        self._texts = _texts()

    @property
    def locales(self) -> frozenset[str]:
        """The languages there are texts in."""
        return frozenset(self._texts)

    def words(self, key: str, locale: str, **values: Any) -> str:
        """The text itself."""
        texts = self._texts.get(locale, self._texts[FALLBACK_LOCALE])
        return str(getattr(texts, key)(**values)).strip()

    def text(self, key: str, locale: str, **values: Any) -> dict[str, Any]:
        """A WhatsApp text message."""
        return to_payload(Text(body=self.words(key, locale, **values)))

    def with_menu(self, key: str, locale: str, issue: Callable[[str, str], str], **values: Any) -> dict[str, Any]:
        """A WhatsApp message with one button that opens the bot's menu."""
        title = self.words("menu_button", locale)
        return to_payload(
            Buttons(
                body=self.words(key, locale, **values),
                buttons=(Button(id=issue(f"/{MENU_INTENT}", title), title=title),),
            )
        )


@cache
def _texts() -> Mapping[str, Any]:
    """The macros of each language. Compiled once: that takes longer than building the rest of a server."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(CONTENT),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - WhatsApp text, not HTML
    )
    return {name.split(".")[1]: environment.get_template(name).module for name in environment.list_templates()}

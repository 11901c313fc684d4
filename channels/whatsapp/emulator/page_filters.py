"""How the page's templates write things: times on this machine's clock, prices, initials, names of files."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from babel.dates import format_date
from babel.numbers import UnknownCurrencyError, format_currency
from markupsafe import Markup

from channels.whatsapp.emulator import markup
from channels.whatsapp.emulator.labels import Labels
from channels.whatsapp.emulator.message_templates.template import VARIABLE
from channels.whatsapp.emulator.numbers import readable
from channels.whatsapp.emulator.shelf import Product
from channels.whatsapp.emulator.summary import one_line

HUES = 8  # avatar colours in phone.css
WAVE_BARS = 32
LONGEST_EXTENSION = 4
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)*_~`]")


def initials(name: str) -> str:
    letters = [part[0] for part in name.split() if part[0].isalnum()]
    return "".join(letters[:2]).upper() or "#"


def hue(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] % HUES


def time(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def day(value: date, today: date, labels: Labels) -> str:
    names = {0: "today", 1: "yesterday"}
    age = (today - value).days
    return labels(names[age]) if age in names else format_date(value, "long", locale=labels.locale)


def wave(seed: str) -> list[int]:
    """Bar heights of a voice note's picture: not its sound, but always the same for the same file."""
    return [4 + byte % 17 for byte in hashlib.sha256(seed.encode()).digest()[:WAVE_BARS]]


def pretty(value: Any) -> str:
    return json.dumps(json.loads(value) if isinstance(value, str) else value, ensure_ascii=False, indent=2)


def extension(media: Mapping[str, Any]) -> str:
    """PDF, DOCX, …: told from the file's name or its link; empty when neither tells."""
    name = str(media.get("filename") or unquote(urlsplit(str(media.get("link", ""))).path))
    found = PurePosixPath(name).suffix.lstrip(".")
    return found.upper() if found.isalnum() and len(found) <= LONGEST_EXTENSION else ""


def first_link(text: str) -> str | None:
    """The link a phone shows a preview of."""
    found = _LINK.search(text)
    return found[0] if found else None


def with_variables(text: str) -> Markup:
    """A template's text as HTML, what will be filled in made visible."""
    return Markup(VARIABLE.sub(r"<mark>\1</mark>", markup.render(text)))  # noqa: S704 - the text is escaped by then


def host(link: str) -> str:
    return link.split("/")[2].removeprefix("www.")


def price(priced: Product | Mapping[str, Any], labels: Labels) -> str:
    """What a product, or an item of an order, costs."""
    if isinstance(priced, Product):
        return _money(priced.price, priced.currency, labels.locale)
    return _money(float(priced["item_price"]), str(priced["currency"]), labels.locale)


def total(items: Iterable[Mapping[str, Any]], labels: Labels) -> str:
    """What an order costs; a sum for each currency in it."""
    sums: dict[str, float] = {}
    for item in items:
        currency = str(item["currency"])
        sums[currency] = sums.get(currency, 0.0) + float(item["item_price"]) * item["quantity"]
    return " + ".join(_money(amount, currency, labels.locale) for currency, amount in sums.items())


def _money(amount: float, currency: str, locale: str) -> str:
    try:
        return format_currency(amount, currency, locale=locale)
    except (UnknownCurrencyError, ValueError):
        return f"{amount:g} {currency}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "markup": markup.render,
    "few_emoji": markup.is_few_emoji,
    "one_line": one_line,
    "readable": readable,
    "initials": initials,
    "hue": hue,
    "time": time,
    "day": day,
    "wave": wave,
    "pretty": pretty,
    "extension": extension,
    "first_link": first_link,
    "host": host,
    "with_variables": with_variables,
    "price": price,
    "total": total,
}

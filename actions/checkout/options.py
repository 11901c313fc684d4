"""Ways to pay as people name them, and as they are shown."""

import re
import unicodedata
from collections.abc import Iterable

from actions.turn import Row, payload
from actions.words import compose
from channels.whatsapp.limits import MAX_BUTTON_TITLE
from trade.markup import plain, shorten
from trade.payments import PaymentMethod, PaymentOption

_CASH = re.compile(r"(?<!\w)(?:cash|especes?|liquide|monnaie|a la livraison|on delivery)(?!\w)")
_MOBILE = re.compile(r"(?<!\w)(?:mobile|momo|money)(?!\w)")


def chosen_option(said: str, options: Iterable[PaymentOption]) -> PaymentOption | None:
    """The option that is meant; None where it is none of them, or where it may be several."""
    words = _folded(said)
    named = [each for each in options if each.provider and _names(words, _folded(each.provider))]
    if len(named) == 1:
        return named[0]
    if _CASH.search(words):
        return next((each for each in options if each.method == PaymentMethod.CASH), None)
    mobile = [each for each in options if each.method == PaymentMethod.MOBILE_MONEY]
    return mobile[0] if len(mobile) == 1 and _MOBILE.search(words) else None


def option_title(option: PaymentOption, language: str, limit: int = MAX_BUTTON_TITLE) -> str:
    """As a button says it, in at most so many characters."""
    provider = plain(option.provider or "")
    return shorten(compose("checkout_option", language, method=option.method, provider=provider), limit)


def option_buttons(options: Iterable[PaymentOption], language: str) -> list[Row]:
    """One for each way to pay."""
    return [
        {
            "title": option_title(each, language),
            "payload": payload("payment_question", payment_way=each.provider or each.method),
        }
        for each in options
    ]


def _names(words: str, provider: str) -> bool:
    """By its whole name, or by a word of it that is no other provider's: "mtn", "airtel"."""
    telling = [word for word in re.findall(r"\w+", provider) if not _MOBILE.fullmatch(word)]
    return provider in words or any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", words) for word in telling)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))

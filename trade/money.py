"""Money: an exact amount in a currency, and how people write it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_currency, format_decimal, get_currency_precision

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"

# XAF and XOF are two currencies that people write alike, on either side of the Gulf of Guinea.
CFA_CURRENCIES = frozenset({"XAF", "XOF"})
CFA_SIGN = "FCFA"

# Far above any price and far below where exact decimals (28 digits) or a line of chat give out.
LARGEST_AMOUNT = Decimal(10) ** 15

_CURRENCY_CODE = re.compile(r"[A-Z]{3}")  # ISO 4217


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An exact amount of one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is no money, so that no formatter needs to doubt."""
        if not self.amount.is_finite() or abs(self.amount) > LARGEST_AMOUNT:
            raise ValueError(f"amount must be a number of at most {LARGEST_AMOUNT:,}")
        if not _CURRENCY_CODE.fullmatch(self.currency):
            raise ValueError(f"currency must be an ISO 4217 code like XAF, not {self.currency!r}")


def format_money(money: Money, locale: str) -> str:
    """Write money as readers of the locale do, never broken over two lines."""
    return _formatted(money, locale)


# Prices repeat, and Babel takes longer than all the rest of a message.
@lru_cache(maxsize=8192)
def _formatted(money: Money, locale: str) -> str:
    babel_locale = locale.replace("-", "_")
    if money.currency in CFA_CURRENCIES:
        written = f"{_rounded(money, babel_locale)} {CFA_SIGN}"
    else:
        written = format_currency(money.amount, money.currency, locale=babel_locale)
    return _unbreakable(written)


def _rounded(money: Money, locale: str) -> str:
    """Group the digits; a CFA franc has no cents."""
    exponent = Decimal(1).scaleb(-get_currency_precision(money.currency))
    return format_decimal(money.amount.quantize(exponent), locale=locale)


def _unbreakable(written: str) -> str:
    """Keep amount and currency together.

    Phones without the narrow no-break space show a box for it. CLDR also wants a space between a
    currency written in letters and the digits ("TND 24.500"), which Babel leaves out.
    """
    spaced = re.sub(r"(?<=[A-Za-z])(?=\d)", NO_BREAK_SPACE, written)
    return spaced.replace(NARROW_NO_BREAK_SPACE, NO_BREAK_SPACE).replace(" ", NO_BREAK_SPACE)

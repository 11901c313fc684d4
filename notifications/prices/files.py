"""Price books as YAML: the one that comes with Relais, and that of whoever knows their own prices."""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from notifications.prices.book import BadPriceBook, PriceBook, Rates, Rules, SmsPrice
from trade.money import Money

OURS: Final = Path(__file__).parent / "data"

VERSION_LENGTH: Final = 12
"""letters of a digest, as `messages.price_book` keeps them"""

_Category = Literal["service", "utility", "marketing", "authentication"]
_Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
_Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_Price = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
"""of one message, in whole units of its currency. Above a hundred somebody wrote cents."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Rules(_Strict):
    since: date
    free_in_window: list[_Category]
    free_after_entry: list[_Category]
    free_each_month: dict[_Category, Annotated[int, Field(ge=1)]] = {}
    service_as: _Category = "utility"
    source: str


class _Rates(_Strict):
    market: str
    countries: Annotated[list[_Country], Field(min_length=1)]
    since: date
    currency: _Currency
    utility: _Price
    marketing: _Price
    authentication: _Price
    illustrative: bool = False


class _Sms(_Strict):
    country: _Country
    since: date
    currency: _Currency
    segment: _Price
    illustrative: bool = False


class _WhatsAppFile(_Strict):
    rules: Annotated[list[_Rules], Field(min_length=1)]
    rates: Annotated[list[_Rates], Field(min_length=1)]


class _SmsFile(_Strict):
    prices: Annotated[list[_Sms], Field(min_length=1)]


@cache
def our_price_book() -> PriceBook:
    """The one that comes with Relais."""
    return read_price_book(OURS)


def read_price_book(folder: Path) -> PriceBook:
    """The price book of a folder with whatsapp.yml and sms.yml. Raises BadPriceBook."""
    whatsapp, sms = _read(folder / "whatsapp.yml", _WhatsAppFile), _read(folder / "sms.yml", _SmsFile)
    return PriceBook(
        rules=tuple(_rules(each) for each in whatsapp.rules),
        rates=tuple(_rates(each) for each in whatsapp.rates),
        sms=tuple(_sms(sms.prices)),
        version=_digest(folder / "whatsapp.yml", folder / "sms.yml"),
    )


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:VERSION_LENGTH]


def _read[Model: BaseModel](file: Path, model: type[Model]) -> Model:
    try:
        document: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return model.model_validate(document)
    except OSError as error:
        raise BadPriceBook(f"{file.name} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise BadPriceBook(f"{file.name} is not YAML.") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadPriceBook(f"{file.name}: {where}: {first['msg']}.") from None


def _rules(file: _Rules) -> Rules:
    return Rules(
        since=file.since,
        free_in_window=frozenset(file.free_in_window),
        free_after_entry=frozenset(file.free_after_entry),
        free_each_month=file.free_each_month,
        service_as=file.service_as,
    )


def _rates(file: _Rates) -> Rates:
    return Rates(
        market=file.market,
        countries=frozenset(file.countries),
        since=file.since,
        currency=file.currency,
        per_message={
            "utility": file.utility,
            "marketing": file.marketing,
            "authentication": file.authentication,
        },
        is_illustrative=file.illustrative,
    )


def _sms(prices: list[_Sms]) -> Iterator[SmsPrice]:
    for each in prices:
        segment = Money(amount=each.segment, currency=each.currency)
        yield SmsPrice(country=each.country, since=each.since, segment=segment, is_illustrative=each.illustrative)

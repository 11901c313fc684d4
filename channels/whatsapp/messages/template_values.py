"""What fills the variables of a template: texts, sums of money and moments, by their place or by their name."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.invalid import InvalidMessage
from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.messages.checks import check_optional, check_text

_VARIABLE: Final = re.compile(r"[a-z0-9_]+")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_UNFIT: Final = re.compile(r"[\n\r\t\v\f\x85\u2028\u2029]| {4}")
"""Meta refuses line breaks, tabs and rows of spaces; whether four are already too many is unverified."""

_RANGES: Final = {"month": (1, 12), "day_of_month": (1, 31), "day_of_week": (1, 7), "hour": (0, 23), "minute": (0, 59)}
"""Smallest and largest number; a week begins on Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextValue:
    """`name` is that of the variable, where the template names them instead of numbering them."""

    text: str = field(repr=False)
    name: str | None = None

    def __post_init__(self) -> None:
        check_value("TextValue.text", self.text)
        _check_name("TextValue.name", self.name)

    @property
    def shown(self) -> str:
        """What the person reads."""
        return self.text

    def content(self) -> dict[str, Any]:
        return {"type": "text", **_named(self.name), "text": self.text}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(text=content.string("text"), name=content.optional_string("parameter_name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyValue:
    """A sum of money; `fallback` is how it reads where the phone cannot write it."""

    fallback: str = field(repr=False)
    code: str  # ISO 4217
    amount_1000: int = field(repr=False)  # thousandths of the currency's unit
    name: str | None = None

    def __post_init__(self) -> None:
        check_value("CurrencyValue.fallback", self.fallback)
        check_text("CurrencyValue.code", self.code)
        if not _CURRENCY.fullmatch(self.code):
            raise InvalidMessage("CurrencyValue.code", "is not a currency such as XAF")
        if type(self.amount_1000) is not int or self.amount_1000 < 0:
            raise InvalidMessage("CurrencyValue.amount_1000", "is not a whole number from 0 on")
        _check_name("CurrencyValue.name", self.name)

    @property
    def shown(self) -> str:
        return self.fallback

    def content(self) -> dict[str, Any]:
        currency = {"fallback_value": self.fallback, "code": self.code, "amount_1000": self.amount_1000}
        return {"type": "currency", **_named(self.name), "currency": currency}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        currency = content.nested("currency")
        return cls(
            fallback=currency.string("fallback_value"),
            code=currency.string("code"),
            amount_1000=currency.numeral("amount_1000"),
            name=content.optional_string("parameter_name"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTimeValue:
    """A moment in words, with its parts where one likes to give them."""

    fallback: str = field(repr=False)
    year: int | None = None
    month: int | None = None
    day_of_month: int | None = None
    day_of_week: int | None = None  # 1 is Monday
    hour: int | None = None
    minute: int | None = None
    calendar: str | None = None  # such as GREGORIAN
    name: str | None = None

    def __post_init__(self) -> None:
        check_value("DateTimeValue.fallback", self.fallback)
        for part, number in self._parts().items():
            least, most = _RANGES.get(part, (1, 9999))
            if number is not None and not (type(number) is int and least <= number <= most):
                raise InvalidMessage(f"DateTimeValue.{part}", f"is not a whole number from {least} to {most}")
        if self.calendar is not None:
            check_value("DateTimeValue.calendar", self.calendar)
        _check_name("DateTimeValue.name", self.name)

    @property
    def shown(self) -> str:
        return self.fallback

    def content(self) -> dict[str, Any]:
        parts = {part: number for part, number in self._parts().items() if number is not None}
        calendar = {} if self.calendar is None else {"calendar": self.calendar}
        moment = {"fallback_value": self.fallback, **parts, **calendar}
        return {"type": "date_time", **_named(self.name), "date_time": moment}

    def _parts(self) -> dict[str, int | None]:
        return {
            "year": self.year,
            "month": self.month,
            "day_of_month": self.day_of_month,
            "day_of_week": self.day_of_week,
            "hour": self.hour,
            "minute": self.minute,
        }

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        moment = content.nested("date_time")
        return cls(
            fallback=moment.string("fallback_value"),
            year=_optional_numeral(moment, "year"),
            month=_optional_numeral(moment, "month"),
            day_of_month=_optional_numeral(moment, "day_of_month"),
            day_of_week=_optional_numeral(moment, "day_of_week"),
            hour=_optional_numeral(moment, "hour"),
            minute=_optional_numeral(moment, "minute"),
            calendar=moment.optional_string("calendar"),
            name=content.optional_string("parameter_name"),
        )


Value = TextValue | CurrencyValue | DateTimeValue


def read_value(content: JsonObject) -> Value:
    match read_type(content):
        case "text":
            return TextValue.read(content)
        case "currency":
            return CurrencyValue.read(content)
        case "date_time":
            return DateTimeValue.read(content)
        case _:
            raise WrongShape(content.path("type"), "is none of text, currency and date_time")


def read_type(content: JsonObject) -> str:
    """Meta takes the types inside a template in either case."""
    return content.string("type").lower()


def check_value(field: str, text: str, most: int | None = None) -> None:
    check_text(field, text, most)
    if _UNFIT.search(text):
        raise InvalidMessage(field, "holds a line break, a tab or four spaces in a row")


def _check_name(field: str, name: str | None) -> None:
    check_optional(field, name)
    if name is not None and not _VARIABLE.fullmatch(name):
        raise InvalidMessage(field, "is not made of small letters, digits and underscores")


def _named(name: str | None) -> dict[str, str]:
    return {} if name is None else {"parameter_name": name}


def _optional_numeral(content: JsonObject, name: str) -> int | None:
    return content.numeral(name) if name in content else None

"""Reads business.yml and writes its businesses to the database."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import sqlalchemy as sa
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.engine import Connection

from channels.inapp.origins import origin_of
from notifications.quiet import CATEGORIES
from storage.tables import businesses, phone_numbers
from storage.types import new_id
from trade.hours import reads_times, spans_days


class BadBusinessFile(Exception):
    """business.yml cannot be used; the message names the field and what it should be."""


def _timezone(name: str) -> str:
    if name not in _timezones():
        raise ValueError("must be a timezone such as Africa/Brazzaville")
    return ZoneInfo(name).key


@cache
def _timezones() -> set[str]:
    """Every name there is; finding them reads a thousand files."""
    return available_timezones()


def _phone(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        raise ValueError("must be an international number such as +242065000001") from None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _origin(address: str) -> str:
    try:
        return origin_of(address)
    except ValueError:
        raise ValueError("must be an origin such as https://app.kimia.example, without a path") from None


def _days(days: str) -> str:
    if not spans_days(days):
        raise ValueError("must be a day or days such as sat or mon-fri")
    return days


def _times(times: str) -> str:
    if not reads_times(times):
        raise ValueError("must be from when to when, such as 08:00-19:00; the day ends at 24:00")
    return times


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Number(_Strict):
    """A WhatsApp number of a business."""

    phone_number_id: Annotated[str, Field(pattern=r"^\d{1,64}$")]
    display_number: str
    waba_id: Annotated[str, Field(pattern=r"^\d{1,64}$")] | None = None
    """The WhatsApp Business Account it is part of; templates and account news need it."""


class QuietHours(_Strict):
    """When people are let rest, by their own clocks."""

    times: Annotated[
        dict[Annotated[str, AfterValidator(_days)], Annotated[str, AfterValidator(_times)]], Field(min_length=1)
    ]
    categories: list[Literal["transactional", "tracking", "reminders", "marketing", "work"]] = list(CATEGORIES)
    """What waits until they end; what is critical never does."""


class Business(_Strict):
    """A business, as its people and its bot know it."""

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    default_language: Literal["fr", "en"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: Annotated[str, AfterValidator(_timezone)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    support_number: Annotated[str, AfterValidator(_phone)] | None = None
    hours: dict[Annotated[str, AfterValidator(_days)], Annotated[str, AfterValidator(_times)]] = {}
    """When the team answers, at the business's own clocks."""
    inbox_origins: list[Annotated[str, AfterValidator(_origin)]] = []
    """The pages that may show its people's inboxes."""
    quiet_hours: QuietHours | None = None
    numbers: Annotated[list[Number], Field(min_length=1)]


class _File(_Strict):
    businesses: Annotated[list[Business], Field(min_length=1)]


def read(path: Path) -> list[Business]:
    """Read and check the file. Raises BadBusinessFile."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBusinessFile(f"{path.name} cannot be read: {error.strerror}.") from None
    except yaml.YAMLError as error:
        raise BadBusinessFile(f"{path.name} is not YAML: {error}") from None
    try:
        found = _File.model_validate(document).businesses
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadBusinessFile(f"{path.name}: {where}: {first['msg']}.") from None
    ids = [number.phone_number_id for business in found for number in business.numbers]
    slugs = [business.slug for business in found]
    for what, values in (("phone_number_id", ids), ("slug", slugs)):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise BadBusinessFile(f"{path.name}: {what} {sorted(twice)[0]} stands twice; each must be unique.")
    return found


def write(connection: Connection, found: list[Business]) -> None:
    """Make the database say what the file says. Businesses that left the file keep their rows and history."""
    for business in found:
        values = business.model_dump(exclude={"numbers"})
        business_id = connection.scalar(sa.select(businesses.c.id).where(businesses.c.slug == business.slug))
        if business_id is None:
            business_id = new_id()
            connection.execute(sa.insert(businesses).values(id=business_id, **values))
        else:
            connection.execute(sa.update(businesses).where(businesses.c.id == business_id).values(values))
        for number in business.numbers:
            _write_number(connection, business, business_id, number)


def _write_number(connection: Connection, business: Business, business_id: str, number: Number) -> None:
    c = phone_numbers.c
    owner = connection.scalar(sa.select(c.business_id).where(c.phone_number_id == number.phone_number_id))
    values = {"business_id": business_id, "display_number": number.display_number, "waba_id": number.waba_id}
    if owner is None:
        connection.execute(sa.insert(phone_numbers).values(phone_number_id=number.phone_number_id, **values))
    elif owner == business_id:
        connection.execute(sa.update(phone_numbers).where(c.phone_number_id == number.phone_number_id).values(values))
    else:
        raise BadBusinessFile(
            f"phone_number_id {number.phone_number_id} already belongs to another business than "
            f"{business.slug}; its conversations cannot change hands."
        )

"""Who exists on this WhatsApp at the start: the businesses' numbers, ready-made phones, places to share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from channels.whatsapp.emulator.numbers import account_id, wa_id_of
from channels.whatsapp.emulator.problems import DirectoryProblem

PEOPLE_FILE = Path(__file__).with_name("people.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A business's number: what Meta calls a phone number id, and how people see it."""

    phone_number_id: str
    display_number: str
    business: str
    account_id: str  # of the WhatsApp Business Account it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    wa_id: str
    name: str
    phone_number_id: str  # the business this phone has already saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    name: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    numbers: Mapping[str, Number]  # by phone_number_id
    people: tuple[Person, ...]
    places: tuple[Place, ...]


def read_directory(business_file: Path, people_file: Path = PEOPLE_FILE) -> Directory:
    numbers = _numbers(_read(business_file), business_file)
    people = _read(people_file)
    first = next(iter(numbers))
    try:
        return Directory(
            numbers=numbers,
            people=tuple(_person(entry, numbers, first) for entry in people.get("people", ())),
            places=tuple(Place(**entry) for entry in people.get("places", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DirectoryProblem(f"{people_file} cannot be used: {error}.") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DirectoryProblem(
            f"{file} does not exist: start in the project's folder, or name the file with BUSINESS_FILE."
        ) from None
    except yaml.YAMLError as error:
        raise DirectoryProblem(f"{file} is not YAML: {error}.") from error
    if not isinstance(content, dict):
        raise DirectoryProblem(f"{file} is empty.")
    return content


def _numbers(content: dict[str, Any], file: Path) -> dict[str, Number]:
    try:
        numbers = {
            str(number["phone_number_id"]): Number(
                phone_number_id=str(number["phone_number_id"]),
                display_number=str(number["display_number"]),
                business=str(business["name"]),
                account_id=str(number.get("waba_id") or account_id(str(number["phone_number_id"]))),
            )
            for business in content["businesses"]
            for number in business["numbers"]
        }
    except (KeyError, TypeError) as error:
        raise DirectoryProblem(f"{file} cannot be used: a business without {error}.") from error
    if not numbers:
        raise DirectoryProblem(f"{file} names no number.")
    return numbers


def _person(entry: dict[str, Any], numbers: Mapping[str, Number], first: str) -> Person:
    chosen = str(entry.get("writes_to", first))
    return Person(
        wa_id=wa_id_of(str(entry["phone"])),
        name=str(entry["name"]),
        # A project of one's own has other numbers in business.yml: its people write to the first of them.
        phone_number_id=chosen if chosen in numbers else first,
    )

"""The country that a phone number is billed as."""

from functools import lru_cache
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

LONGEST_CALLING_CODE: Final = 3
"""digits; ITU-T E.164"""


def country_of(number: str | None) -> str | None:
    """The main country of a number's calling code (ISO 3166): enough for a price, and quick."""
    return None if number is None else _country_of_code(number.removeprefix("+")[:LONGEST_CALLING_CODE])


@lru_cache(maxsize=1024)
def _country_of_code(digits: str) -> str | None:
    for length in range(1, len(digits) + 1):
        head = digits[:length]
        if head.isascii() and head.isdigit() and (regions := COUNTRY_CODE_TO_REGION_CODE.get(int(head))):
            return str(regions[0])
    return None

"""The spellings under which one and the same mobile number is known, where its country changed how it is written.

    Brazil      55 61 9 8765 4321   and, from before the ninth digit,      55 61 8765 4321
    Mexico      52 55 1234 5678     and, from before August 2019,          52 1 55 1234 5678
    Argentina   54 9 343 555 1212   and, as one dials it inside,           54 343 15 555 1212

WhatsApp keeps an account under the spelling it was made with, while its owner and the business write the other one.
What could be somebody else's number is no spelling: a Brazilian number of eight digits that starts with 2 to 5 is a
landline, and so may be an Argentine one with neither 9 nor 15.
"""

import re
from typing import Final

_COUNTRIES: Final = ("52", "54", "55")
_BRAZILIAN: Final = re.compile(r"55([1-9][1-9])(9?)([6-9][0-9]{7})")
_MEXICAN: Final = re.compile(r"52(1?)([2-9][0-9]{9})")
_ARGENTINE: Final = re.compile(r"549(11[0-9]{8}|[23][0-9]{9})")
_ARGENTINE_DIALLED: Final = re.compile(r"54(?:(11)15([0-9]{8})|([23][0-9]{2})15([0-9]{7})|([23][0-9]{3})15([0-9]{6}))")


def spellings(digits: str) -> tuple[str, ...]:
    """Every spelling of an international number in digits alone, the given one first; most numbers have one."""
    if not digits.startswith(_COUNTRIES):
        return (digits,)
    if found := _BRAZILIAN.fullmatch(digits):
        area, nine, rest = found.groups()
        return digits, f"55{area}{'' if nine else '9'}{rest}"
    if found := _MEXICAN.fullmatch(digits):
        one, rest = found.groups()
        return digits, f"52{'' if one else '1'}{rest}"
    if found := _ARGENTINE.fullmatch(digits):
        return digits, *_dialled(found[1])
    if found := _ARGENTINE_DIALLED.fullmatch(digits):
        number = "".join(part for part in found.groups() if part)
        return digits, f"549{number}", *(other for other in _dialled(number) if other != digits)
    return (digits,)


def same_number(a: str, b: str) -> bool:
    """Whether two international numbers in digits alone are one."""
    return b in spellings(a)


def _dialled(number: str) -> list[str]:
    """With 15 after the area code: two digits in Buenos Aires; elsewhere three or four, which nothing tells."""
    lengths = (2,) if number.startswith("11") else (3, 4)
    return [f"54{number[:length]}15{number[length:]}" for length in lengths]

"""Keeps people out of tests: their numbers, names and codes give way to the demo's, or to a name to be filled in. Pure.

A talk with the emulator is made of the demo's people and codes, which everybody has: there only numbers and addresses
that are not the demo's go.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from conversations.review import masking

DEMO_PHONES: Final = frozenset({"+242061234567", "+242055551234", "+242066667777", "+21620123456"})
"""The people of the emulator, as channels/whatsapp/emulator/people.yml lists them."""

SOMEBODY: Final = ("Marie Okemba", "+242061234576")
"""Whom the demo's parcels go to: stands for everybody else."""

DEMO_PLACE: Final = (-4.2856, 15.2537)
"""Marché Total in Brazzaville, where the demo delivers."""

CODE: Final = re.compile(r"\b[A-Z]{2,8}-(?:[A-Z\d]+-)?\d[\dA-Z]*(?:-\d+)*\b")
"""What a business calls its deliveries and orders: COUR-20250127-061, CMD-1042."""

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE: Final = re.compile(r"(?<![\w-])\+?\d(?:[\s.\-()/]{0,2}\d){7,}(?![\w-])")
_CODE_OR_PHONE: Final = re.compile(f"{CODE.pattern}|{_PHONE.pattern}")


@dataclass(slots=True)
class Veil:
    """Of one talk: what it hid is remembered, so that the same code gets the same name."""

    is_demo: bool
    own_name: str = field(default="", repr=False)
    codes: dict[str, str] = field(default_factory=dict, repr=False)
    """The name that stands for each code."""

    def said(self, text: str) -> str:
        """What the person said, as the test says it."""
        text = _EMAIL.sub("x@example.com", text)
        if self.is_demo:
            return _PHONE.sub(self._phone, text)
        # Codes and phones become what works; what stands around them is hidden as in a line that is taught.
        written, at = "", 0
        for found in _CODE_OR_PHONE.finditer(text):
            written += self._taught(text[at : found.start()]) + self._stand_in(found)
            at = found.end()
        return written + self._taught(text[at:])

    def shows(self, text: str) -> bool:
        """Whether these words of an answer may stand in a test as they are."""
        if _EMAIL.search(text) or _PHONE.sub(self._phone, text) != text:
            return False
        return self.is_demo or (not CODE.search(text) and masking.taught(text, self.own_name) == " ".join(text.split()))

    def phone(self, phone: str | None, talk_id: str) -> str:
        """The number with which the test speaks: the demo's own one, else one that nobody has."""
        if self.is_demo and phone in DEMO_PHONES:
            return str(phone)
        return f"+24206119{int(sha256(talk_id.encode()).hexdigest(), 16) % 10_000:04}"

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where the test says it is."""
        return (latitude, longitude) if self.is_demo else DEMO_PLACE

    def _phone(self, found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        # An amount or a date has no more than eight digits, and a phone no fewer than nine where we know any.
        # 06 123 45 76 is +242 06 123 45 76: the demo's own ones may be written as people at home write them.
        is_known = any(phone.endswith(digits) for phone in (*DEMO_PHONES, SOMEBODY[1]))
        is_known = is_known or (self.is_demo and digits.startswith("2420611"))
        return found[0] if len(digits) < 9 or is_known else SOMEBODY[1]

    def _stand_in(self, found: re.Match[str]) -> str:
        if CODE.fullmatch(found[0]):
            return f"<{self._named(found[0])}>"
        phone = self._phone(found)
        return self._taught(phone) if phone == found[0] and phone not in DEMO_PHONES else phone

    def _named(self, code: str) -> str:
        return self.codes.setdefault(code, f"code-{_letters(len(self.codes))}")

    def _taught(self, part: str) -> str:
        if not part.strip():
            return part
        lead, tail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
        return lead + masking.taught(part, self.own_name) + tail


def _letters(count: int) -> str:
    """a, b, … z, aa, …: a name with digits in it would be hidden again."""
    return (_letters(count // 26 - 1) if count >= 26 else "") + chr(ord("a") + count % 26)

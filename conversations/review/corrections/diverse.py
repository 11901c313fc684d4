"""Puts lines into the order in which looking at them teaches most: uncertain ones first, and none like another. Pure.

Lines are compared by the three-letter pieces they share, in Python: some hundred lines at a time, not all there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from conversations.review.corrections.lesson import numbers_alike
from conversations.review.words import words_of

SAME: Final = 0.85
"""Lines that share so much (Dice's coefficient of their pieces) are shown as one. Our choice: a letter more or
less, but "je veux payer" is not "je ne veux pas payer"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A line of which somebody should say what it means."""

    key: str
    text: str
    uncertainty: float
    """From 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines that are nearly the same; the first is the least certain."""

    keys: Sequence[str]
    uncertainty: float


def ordered(doubts: Sequence[Doubt], most: int) -> list[Group]:
    """The first groups, the most worth a look first: uncertainty × difference from what stands before."""
    groups = _folded(doubts)
    nearest, left, chosen = [0.0] * len(groups), set(range(len(groups))), list[Group]()
    while left and len(chosen) < most:
        # What several people wrote is worth a little more; of equals, the first.
        best = max(left, key=lambda place: (groups[place].worth * (1 - nearest[place]), -place))
        left.remove(best)
        chosen.append(Group(keys=groups[best].keys, uncertainty=groups[best].uncertainty))
        for place in left:
            nearest[place] = max(nearest[place], groups[best].share(groups[place].pieces, groups[place].length))
    return chosen


def pieces_of(text: str) -> frozenset[str]:
    """The three-letter pieces of a line's words; which code or number it was makes no difference."""
    folded = f" {' '.join(words_of(numbers_alike(text))) or text.strip()} "
    return frozenset(folded[place : place + 3] for place in range(max(1, len(folded) - 2)))


@dataclass(slots=True)
class _Folded:
    pieces: int
    """A bit for each piece: what two lines share is then counted by the machine."""
    length: int
    keys: list[str]
    uncertainty: float

    @property
    def worth(self) -> float:
        return self.uncertainty * (1 + min(len(self.keys) - 1, 10) / 20)

    def share(self, pieces: int, length: int) -> float:
        """Dice's coefficient."""
        return 2 * (self.pieces & pieces).bit_count() / (self.length + length)


def _folded(doubts: Sequence[Doubt]) -> list[_Folded]:
    groups: list[_Folded] = []
    bits: dict[str, int] = {}
    for doubt in sorted(doubts, key=lambda each: -each.uncertainty):
        found = pieces_of(doubt.text)
        pieces, length = sum(1 << bits.setdefault(piece, len(bits)) for piece in found), len(found)
        # Two whose lengths differ more cannot share so much: most are told apart by that alone.
        near = (each for each in groups if SAME * (each.length + length) <= 2 * min(each.length, length))
        alike = next((group for group in near if group.share(pieces, length) >= SAME), None)
        if alike is not None:
            alike.keys.append(doubt.key)
        else:
            groups.append(_Folded(pieces, length, [doubt.key], doubt.uncertainty))
    return groups

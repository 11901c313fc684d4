"""What people want, read out of what they write: the words to search for, how many, and with what.

"je veux 2 poulets mayo et un coca svp" is twice "poulets mayo" and once "coca". Pure.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from actions.shop.matching import bare
from actions.shop.preparation import marked
from trade.amounts import read_amount

MAX_WISHES = 10  # in one message

_UNITS = "kg|kilos?|g|gr|grammes?|grams?|l|litres?|liters?|cl|ml|mg|yards?|cm|m|personnes?|people|spf"
_MONEY = "francs?|f|fcfa|cfa|xaf|xof|tnd|dt|dinars?|euros?|eur|k|mille"
_TOKEN = re.compile(
    rf"§\d+|\d+(?:[.,]\d+)?(?=(?:x|{_UNITS}|{_MONEY})(?!\w))|\d+(?:[.,]\d+)?(?!\w)|x(?=\d+(?!\w))|[^\W_]+|[+,;&×\n]"
)
_UNIT, _MONEY_UNIT = re.compile(_UNITS), re.compile(_MONEY)
_SEPARATORS = {"+", ",", ";", "&", "\n", "et", "and", "puis", "then", "ainsi", "w", "na"}
_TIMES = {"x", "×"}
_ONE = {"un", "une", "one", "an"}
_HAS, _ARTICLES = {"y", "il", "elle", "on", "qui"}, {"du", "de", "des", "la", "le", "les", "l", "combien"}
_DOZENS = {"douzaine": 12, "douzaines": 12, "dozen": 12, "dozens": 12, "dizaine": 10, "vingtaine": 20}
_NO_COUNT = {"de", "d", "of", "a", "à", "spf", "numero", "taille", "size"}  # before a number: "pack de 6"
_NO_NUMBER = {"cent", "cents", "mille", "k", "million", "millions", "hundred", "thousand"}
_TEA = {"thé", "thés"}  # without its accent it is an article
_WITH, _WITHOUT = {"avec", "with"}, {"sans", "without"}
_PLACES = {
    word: place
    for place, words in {
        0: "premier premiere 1er 1ere first 1st",
        1: "deuxieme second seconde 2e 2eme 2nd",
        2: "troisieme third 3e 3eme 3rd",
        3: "quatrieme fourth 4e 4eme 4th",
        4: "cinquieme fifth 5e 5eme 5th",
        -1: "dernier derniere last",
    }.items()
    for word in words.split()
}
# A bag of rice is rice: said beside something else, they are not looked for.
_CONTAINERS = {"bouteille", "boite", "sac", "sachet", "paquet", "pack", "tube", "pot", "plat", "assiette", "portion"}
_CONTAINERS |= {"bottle", "box", "tin", "can", "bag", "packet", "plate", "piece", "unite", "carton", "verre", "glass"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One thing that somebody wants."""

    words: str  # to search for, as they were typed; "" where the message names nothing
    size: str = ""  # "5 kg": tells one product from another, and is no quantity
    quantity: int | None = None  # None where it was not said
    extras: str = ""  # what it is to come with
    note: str = ""  # how it is to be: "sans piment"


def read_wishes(text: str) -> tuple[Wish, ...]:
    """What is wanted, in the order in which it was said; nothing where nothing is named and nothing counted."""
    wishes = read_answer(text)
    named = tuple(wish for wish in wishes if wish.words)
    return named or wishes[:1]


def read_answer(text: str) -> tuple[Wish, ...]:
    """The same where a number alone is something: "trois, et deux poulets"."""
    unmarked, notes = marked(text)
    tokens = _tokens(unmarked)
    reading = _Reading(notes=notes)
    place = 0
    while place < len(tokens):
        place += reading.take(tokens, place)
    reading.close()
    return tuple(reading.wishes[:MAX_WISHES])


def read_note(text: str) -> str:
    """How it is to be, where the message says nothing else: "sans piment svp"; "" where it says more, or nothing."""
    unmarked, notes = marked(text)
    rest = unmarked
    for place in range(len(notes)):
        rest = rest.replace(f"§{place}", "")
    says_more = any(wish.words or wish.quantity is not None for wish in read_answer(rest))
    return "" if says_more else ", ".join(dict.fromkeys(notes))


def read_place(text: str) -> int | None:
    """Which of several is pointed at, from 0: "le deuxième", "the first one"; -1 is the last."""
    return next((_PLACES[token] for token in map(bare, _tokens(text)) if token in _PLACES), None)


@dataclass(slots=True)
class _Reading:
    notes: list[str]  # what the marks stand for
    wishes: list[Wish] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    extras: list[str] = field(default_factory=list)
    size: str = ""
    quantity: int | None = None
    note: str = ""
    mode: str = "words"  # or "extras", or "without"

    def take(self, tokens: list[str], place: int) -> int:
        """Read what stands here; tells how many tokens that were."""
        token, before, after = tokens[place], _at(tokens, place - 1), _at(tokens, place + 1)
        if token[0] == "§":
            self._noted(self.notes[int(token[1:])])
        elif token in _SEPARATORS:
            self.close()
        elif token[0].isdigit():
            return self._figure(token, before, after)
        elif (count := _count(tokens, place)) is not None:
            self._counted(count[0], after=_at(tokens, place + count[1]))
            return count[1]
        elif token in _DOZENS:
            half = before in {"demi", "demie", "half"}
            self.quantity = (self.quantity or 1) * _DOZENS[token] // (2 if half else 1)
        elif token in _WITHOUT:
            self.mode = "without"
        elif token in _WITH:
            self.mode = "extras" if self.words else self.mode
        else:
            self._word(token)
        return 1

    def close(self) -> None:
        """One thing was said; what follows is another."""
        words = [word for word in self.words if _singular(word) not in _CONTAINERS] or self.words
        if words or self.quantity is not None:
            extras = " ".join(self.extras)
            wish = Wish(words=" ".join(words), size=self.size, quantity=self.quantity, extras=extras, note=self.note)
            self.wishes.append(wish)
            self.note = ""
        self.words, self.extras, self.size, self.quantity, self.mode = [], [], "", None, "words"

    def _noted(self, note: str) -> None:
        """Of what is being said, else of what was said before; else of what comes: "sans piment, le poulet"."""
        if self.words or not self.wishes:
            self.note = f"{self.note}, {note}" if self.note else note
            return
        if self.quantity is not None:  # "2 poulets, un sans piment"
            note, self.quantity = f"{self.quantity} {note}", None
        last = self.wishes[-1]
        self.wishes[-1] = replace(last, note=f"{last.note}, {note}" if last.note else note)

    def _figure(self, token: str, before: str, after: str) -> int:
        if _MONEY_UNIT.fullmatch(after):
            return 2
        if _UNIT.fullmatch(after):
            self.size = f"{token} {after}"
            return 2
        if not token.isdigit() or len(token) > 9 or (before in _NO_COUNT and self.words):
            return 1
        is_named = after and after not in _SEPARATORS | _TIMES
        if before in _TIMES or after in _TIMES or not self.words or is_named or int(token) < 100:
            self._counted(int(token), after)
        return 1

    def _counted(self, count: int, after: str) -> None:
        """A number in front of other words begins another thing: "2 poulets 1 coca"."""
        if self.words and after and after not in _SEPARATORS | _TIMES and bare(after) not in _filler():
            self.close()
        if self.mode == "words" or not self.extras:
            self.quantity = count if self.quantity is None or not self.words else self.quantity
            self.mode = "words"

    def _word(self, token: str) -> None:
        if (
            self.mode == "without"
            or token in _TIMES
            or bare(token) in _PLACES
            or (bare(token) in _filler() and token not in _TEA)
        ):
            return
        (self.extras if self.mode == "extras" else self.words).append(token)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("’", "'").replace("quatre-vingt", "quatrevingt"))


def _count(tokens: list[str], place: int) -> tuple[int, int] | None:
    """The number that is written in words from here on, and of how many words it is made."""
    if tokens[place] == "a":  # English "a coke", French "y a du coca"
        is_french = _at(tokens, place - 1) in _HAS or _at(tokens, place + 1) in {"", *_ARTICLES}
        return None if is_french else (1, 1)
    run = []
    for token in tokens[place:]:
        if token in _NO_NUMBER or not _is_number_word(token):
            break
        run.append(token)
    if not run:
        return None
    if len(run) > 1 and all(token in _ONE for token in run[:1]):
        run = run[:1]
    amount = 1 if run[0] in _ONE else read_amount(" ".join(run), "XAF")
    return None if amount is None else (int(amount), len(run))


@cache
def _is_number_word(token: str) -> bool:
    return token in _ONE or (token.isalpha() and read_amount(token, "XAF") is not None)


def _singular(word: str) -> str:
    return bare(word).removesuffix("s")


def _at(tokens: list[str], place: int) -> str:
    return tokens[place] if 0 <= place < len(tokens) else ""


@cache
def _filler() -> frozenset[str]:
    lines = (Path(__file__).parent / "filler.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(bare(word) for line in lines if not line.startswith("#") for word in line.split())

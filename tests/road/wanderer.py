"""Somebody who uses the assistant as it was not meant: begins things, wanders off, taps what is long gone.

What they say comes from the scripted conversations, mixed by chance; with the same seed they want the same things in
the same order. They remember every button they were ever shown.
"""

import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from tests.road.test_scripts import command_of
from tests.stack import KIMIA, Stack, scalar

ANSWER_SECONDS = 30.0
REMEMBERED = 12  # acts that are told when something goes wrong
CODES = ("COUR-20250127-061", "COUR-20250127-074", "COUR-20250127-071", "COUR-20250124-032", "CMD-20250126-003")
"""Deliveries and an order of other people."""
THEIRS = ("Malonga", "Mabiala", "Massamba", "Itoua", "069876543")
"""What only the owners of those may read."""
PLACES = ([-4.26, 15.286], [-4.288, 15.261], [48.85, 2.35])
SYLLABLES = ("ba", "zu", "ki", "mo", "nde", "lo", "sa", "ngo", "vi", "te")
UNREST = (0.0, 0.1, 0.2, 0.6)  # how often something else comes between, while one thing is wanted
PHOTO = "[image]"
OPEN_TURNS = (
    "SELECT count(*) FROM turns JOIN conversations ON conversations.id = conversation_id JOIN addresses"
    " USING (subscriber_id) WHERE turns.status IN ('waiting', 'running') AND value = '+{phone}'"
)
WORDS = (
    "annuler", "cancel", "retour", "go back", "menu", "oui", "yes", "non", "no", "ok", "passer", "skip", "2", "deux",
    "06 123 45 76", "+33 6 12 34 56 78", "12345", "10k", "10 avenue de la Paix, Poto-Poto", "8 avenue Matsoua, Bacongo",
    "english please", "en français svp", "STOP", "START", "merci", "?", "🙏", "qsdlkj", "/restart", "/affirm",
    '/affirm{"parcel_summary": "1"}', "*_~`", "où est mon colis", "je veux un humain", "supprimer mes données",
)  # fmt: skip


class Wanderer:
    """One phone, and what its owner has in mind."""

    def __init__(self, stack: Stack, phone: str, seed: str, scripts: Sequence[dict[str, Any]]) -> None:
        self.stack, self.phone = stack, phone
        self.chance = Random(seed)
        self.surname = f"Z{''.join(self.chance.choices(SYLLABLES, k=4))}"
        self.said: list[str] = []
        self._scripts = scripts
        self._wish: Iterator[dict[str, Any]] = iter(())
        self._seen: list[tuple[str, str, str, str]] = []  # kind, id, title, wamid
        self._heard = 0
        self._names = 0
        self._unrest = 0.0
        self.acts = 0

    def wander(self) -> None:
        """Do one more thing, and wait until it is answered."""
        chance = self.chance.random()
        if chance < 0.02:
            self.stack.backend_faults({"status": 503, "after_work": self.chance.random() < 0.5}, self.phone)
        asked = self._act()
        if chance > 0.95:  # and at once something else
            self._act()
        self.stack.until(lambda: self._answered(asked), ANSWER_SECONDS, lambda: f"{self.phone} gets no answer: {self}")
        if chance < 0.02:
            self.stack.backend_faults({}, self.phone)
        self._look()

    def __str__(self) -> str:
        return " → ".join(self.said[-REMEMBERED:])

    def _act(self) -> int:
        if self.chance.random() < 0.1:
            self.stack.repeat_next_message(2, self.phone)
        command = self._command()
        self.said.append(self._told(command))
        self.acts += 1
        return self.stack.send(self.phone, command)

    def _told(self, command: dict[str, Any]) -> str:
        titles = {identity: title for _, identity, title, _ in self._seen}
        return repr(command["text"]) if "text" in command else f"[{titles.get(command.get('id', ''), command['type'])}]"

    def _command(self) -> dict[str, Any]:
        if self.chance.random() > self._unrest:
            return self._next_of_a_wish()
        chance = self.chance.random()
        if chance < 0.4 and self._seen:
            return self._tap()
        if chance < 0.7:
            return {"type": "text", "text": self.chance.choice(WORDS)}
        if chance < 0.8:
            return {"type": "text", "text": f"où est {self.chance.choice(CODES)}"}
        if chance < 0.9:
            latitude, longitude = self.chance.choice(PLACES)
            return {"type": "location", "latitude": latitude, "longitude": longitude}
        return {"type": "image"}

    def _tap(self) -> dict[str, Any]:
        """Mostly one of the last buttons, sometimes any that was ever there."""
        seen = self._seen[-6:] if self.chance.random() < 0.7 else self._seen
        kind, identity, _, wamid = self.chance.choice(seen)
        return {"type": kind, "id": identity, "wamid": wamid}

    def _next_of_a_wish(self) -> dict[str, Any]:
        """Go on with what a script wants; begin another one when it is done, or when one is tired of it."""
        if self.chance.random() < 0.03:
            self._wish = iter(())
        for turn in self._wish:
            if command := self._of_script(turn):
                return command
        self._unrest = self.chance.choice(UNREST)
        self._wish = iter(self._parcel() if self.chance.random() < 0.5 else self.chance.choice(self._scripts)["turns"])
        return {"type": "text", "text": "bonjour"}

    def _of_script(self, turn: dict[str, Any]) -> dict[str, Any] | None:
        match turn:
            case {"say": text}:
                return {"type": "text", "text": str(text)}
            case {"tap": title} | {"choose": title}:
                for kind, identity, seen, wamid in reversed(self._seen):
                    if seen == title:
                        return {"type": kind, "id": identity, "wamid": wamid}
            case {"location": [latitude, longitude]}:
                return {"type": "location", "latitude": latitude, "longitude": longitude}
            case {"order": _} | {"contact": _}:
                return command_of(turn)
        return None

    def _parcel(self) -> Iterator[dict[str, Any]]:
        """A parcel to somebody whom nobody else writes to."""
        self._names += 1
        name = f"{self.surname} {SYLLABLES[self._names % len(SYLLABLES)].title()}{'a' * (self._names // 10)}"
        places = ("10 avenue de la Paix, Poto-Poto", "8 avenue Matsoua, Bacongo")
        answers = ("je veux envoyer un colis", *places, name, "06 123 45 76", "passer", "passer", "oui", "oui")
        yield from ({"say": answer} for answer in answers)

    def _answered(self, asked: int) -> bool:
        """Something came, and nothing more is being worked at: on a busy machine it may answer what was said before.

        A photo may belong to an album, of which one is answered.
        """
        is_heard = self.said[-1] == PHOTO or self.stack.last_heard(self.phone) > asked
        return is_heard and not scalar(self.stack.folder / "relais.db", OPEN_TURNS.format(phone=self.phone))

    def _look(self) -> None:
        for message in self.stack.chat(self.phone, self._heard):
            self.said += [f"({message['text'][:60]!r})"]
            self._heard = message["id"]
            kind = "list" if message["payload"].get("interactive", {}).get("type") == "list" else "button"
            self._seen += [(kind, each["id"], each["title"], message["wamid"]) for each in message["choices"]]


def heard_by(stack: Stack, phone: str) -> str:
    """Everything that a phone was ever sent by Kimia."""
    return json.dumps([each["payload"] for each in stack.chat(phone, 0, KIMIA)], ensure_ascii=False)

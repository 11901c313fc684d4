"""A desk at which lines wait to be explained, and a project that learns from them."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from server.settings import ROOT
from tests.conversations.review.events import action, user
from tests.house import JASMIN, PATRICK, text_of
from tests.server.desk.desk_house import DeskHouse, open_desk
from tests.server.desk.inbox.test_talks import at_rest

SMALL = {
    "domain/all.yml": "intents: [track_delivery, greet, out_of_scope, share_contact]\nentities: [delivery_code]\n",
    "data/nlu/all.yml": "nlu:\n"
    + "".join(
        f"- intent: {intent}\n  metadata: {{language: {language}}}\n  examples: |\n    - {line}\n"
        for intent, language, line in (
            ("track_delivery", "fr", "où est mon colis"),
            ("track_delivery", "en", "where is my parcel"),
            ("greet", "fr", "bonjour"),
            ("out_of_scope", "fr", "la météo"),
        )
    ),
}


async def unsure(asked: dict[str, Any]) -> dict[str, Any]:
    """A bot that knows "bonjour", has a guess at parcels, and understands nothing else."""
    text = text_of(asked)
    if "bonjour" in text:
        return {
            "responses": [{"text": "Bonjour !"}],
            "events": [user(text, "greet", 0.97, others={"track_delivery": 0.01}), action("utter_greet")],
        }
    others = {"track_delivery": 0.42, "greet": 0.2} if "kasi" in text else {"greet": 0.2, "out_of_scope": 0.1}
    events = [user(text, "nlu_fallback", 0.55, others=others), action("action_default_fallback")]
    return {"responses": [{"text": "Vouliez-vous dire…"}], "events": events}


GUESSES = {
    "colis na": {"track_delivery": 0.48, "delivery_delay": 0.21, "contact_courier": 0.11},
    "livreur": {"contact_courier": 0.44, "delivery_delay": 0.38, "track_delivery": 0.1},
    "cher": {"price_question": 0.39, "payment_question": 0.31, "promo_code": 0.08},
    "driver": {"contact_courier": 0.52, "delivery_delay": 0.13},
    "pay": {"payment_question": 0.5, "price_question": 0.2},
}


async def puzzled(asked: dict[str, Any]) -> dict[str, Any]:
    """A bot that has guesses, and is sure of nothing."""
    text = text_of(asked)
    others = next((found for word, found in GUESSES.items() if word in text), {"order_product": 0.3, "greet": 0.2})
    language = "en" if "driver" in text else "fr"
    events = [user(text, "nlu_fallback", 0.55, language=language, others=others), action("action_default_fallback")]
    return {"responses": [{"text": "🤔 Je n'ai pas bien compris. Vouliez-vous dire…"}], "events": events}


def small_project(folder: Path) -> Path:
    """A project to learn in, which no lint would be happy with."""
    for path, text in SMALL.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def real_checkout(folder: Path) -> Path:
    """A checkout of the project that this repository is."""
    for name in ("domain", "data", "actions", "workflows", "templates", "tests/conversations", "tests/nlu"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "business.yml", folder)
    for command in ("init -q -b main", "add .", "-c user.name=x -c user.email=x@example.com commit -qm first"):
        subprocess.run(["git", "-C", str(folder), *command.split()], check=True)
    return folder


async def open_school(url: URL, tmp_path: Path, project: Path) -> DeskHouse:
    """Grâce and Patrick wrote what was not understood, and so did somebody to Jasmin."""
    desk = open_desk(url, tmp_path, project_dir=project)
    house = desk.house
    house.bot.answer = unsure
    house.start()
    await house.says("wapi colis na ngai kasi, 06 123 45 67")
    await house.says("WAPI colis na ngai kasi", PATRICK)
    await house.says("pk c cher")
    await house.says("bonjour")
    await house.post(house.message("tika ngai"), number=JASMIN)
    await at_rest(desk)
    return desk

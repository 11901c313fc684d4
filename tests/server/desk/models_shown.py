"""A desk whose models have something to show: a comparison, a promotion, and corrections that wait."""

import json
from pathlib import Path
from typing import Any

from conversations.models import history
from conversations.models.history import State
from server.models.bot_door import BotDoor
from server.models.promoting import Promoter
from server.models.work import Bench
from server.parts import utc_now
from tests.asgi_transport import AsgiTransport
from tests.server.desk.desk_house import DeskHouse
from tests.server.models.model_house import BASE, BETTER, TakingBot, environment, fill


def with_models(desk: DeskHouse, tmp_path: Path, bot: TakingBot | None = None, **told: Any) -> TakingBot:
    """A desk whose models are small, with an environment to train in and a bot that takes them."""
    models, taking = desk.parts.models, bot or TakingBot()
    fill(models.files.folder)
    models.bench = Bench(models.files.folder, environment(tmp_path / "env", **told))
    door = BotDoor(AsgiTransport(taking.app()), "http://bot.test", "http://actions.test/webhook", "a secret")
    models.promoter = Promoter(models.files, door, desk.parts.database, utc_now)
    models.project = tmp_path / "project"
    (models.project / "data").mkdir(parents=True)
    return taking


def keep_comparison(desk: DeskHouse, turns: list[str]) -> None:
    """As a real one found it, with these turns in the place of what people wrote."""
    figures = {"accuracy": {"fr": 0.842, "en": 0.8}, "answered_right": {"fr": 0.761, "en": 0.722}}
    before = figures | {"oos_false_accept": 0.075, "lines": 1844}
    better = {"accuracy": {"fr": 0.857, "en": 0.8}, "answered_right": {"fr": 0.783, "en": 0.719}}
    tests = {
        "current": before,
        "candidate": better | {"oos_false_accept": 0.071, "lines": 1844},
        "fixed": 2,
        "broken": 1,
        "fixed_lines": [
            _line("g pa recu mon kolis", "delivery_delay", ("nlu_fallback", 0.41), ("delivery_delay", 0.83)),
            _line("c kan ke sa ariv", "delivery_delay", ("greet", 0.57), ("delivery_delay", 0.78)),
        ],
        "broken_lines": [_line("ok a plus", "goodbye", ("goodbye", 0.62), ("nlu_fallback", 0.5))],
    }
    lost = [{"id": each, "before": 0.38, "after": 0.86} for each in turns]
    groups = (
        [{"before": "nlu_fallback", "after": "delivery_delay", "count": len(lost), "examples": lost}] if lost else []
    )
    found = {
        "sets": {"tests": tests},
        "recorded": {"count": 2000, "changed": len(lost), "groups": groups},
        "current": BASE,
        "candidate": BETTER,
        "compared_at": utc_now().isoformat(),
    }
    desk.parts.models.files.keep_comparison(BETTER, json.loads(json.dumps(found)))


async def promoted_once(desk: DeskHouse, member_id: str) -> None:
    """One promotion that the bot refused before, and one that is done."""
    for model, state, why in (
        (BETTER, State.REFUSED, "The bot is not reachable; start it, then try again."),
        (BASE, State.DONE, None),
    ):
        begun = await desk.parts.database.write(
            history.begin, from_model="20251224-101500-0f0f0f0f.tar.gz", to_model=model, member_id=member_id,
            now=utc_now(),
        )  # fmt: skip
        assert begun is not None
        await desk.parts.database.write(history.end, begun, state, utc_now(), why)


def _line(text: str, meant: str, before: tuple[str, float], after: tuple[str, float]) -> dict[str, Any]:
    told = [{"intent": intent, "likeliest": intent, "confidence": sure} for intent, sure in (before, after)]
    return {"text": text, "lang": "fr", "meant": meant, "before": told[0], "after": told[1]}

"""Events as Rasa tells them, as small as can be."""

from typing import Any


def user(
    text: str,
    intent: str,
    confidence: float,
    *,
    language: str = "fr",
    others: dict[str, float] | None = None,
    **found: str,
) -> dict[str, Any]:
    """Somebody wrote, and it was understood so."""
    ranking = {intent: confidence, **(others or {"greet": 0.05})}
    return {
        "event": "user",
        "timestamp": 1.0,
        "text": text,
        "parse_data": {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": name, "confidence": each} for name, each in ranking.items()],
            "entities": [{"entity": n, "value": value, "extractor": "CodeExtractor"} for n, value in found.items()],
            "language": {"name": language, "confidence": 0.99},
        },
    }


def action(name: str, at: float = 1.1) -> dict[str, Any]:
    """The bot did something."""
    return {"event": "action", "name": name, "policy": "RulePolicy", "confidence": 1.0, "timestamp": at}


def slot(name: str, value: Any) -> dict[str, Any]:
    """The bot noted something."""
    return {"event": "slot", "name": name, "value": value, "timestamp": 1.05}


def bot(text: str) -> dict[str, Any]:
    """The bot said something."""
    return {"event": "bot", "text": text, "timestamp": 1.2}

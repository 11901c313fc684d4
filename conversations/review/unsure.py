"""Which lines somebody should look at: those that were not understood, or only just. Pure."""

from typing import Final

from conversations.review.facts import OUT_OF_SCOPE_INTENT, Facts

SURE: Final = 0.7
"""A likeliest meaning that is less likely is worth a look. Our choice: below 0.55 config.yml has the person asked."""

CLEAR: Final = 0.2
"""So is one that is no more than this likelier than the next. Our choice: config.yml asks below 0.1."""


def is_unsure(facts: Facts) -> bool:
    """Whether these words are worth a look: there are words, and the bot did not understand, or was not sure."""
    if not facts.text.strip() or facts.text.startswith("/") or not facts.ranking:
        return False
    if facts.is_fallback or facts.in_form:
        # Answers to a form are names and addresses: nobody needs to say what they mean.
        return facts.is_fallback
    if facts.intent == OUT_OF_SCOPE_INTENT and facts.ranking[0].intent == OUT_OF_SCOPE_INTENT:
        return facts.ranking[0].confidence < SURE
    margin = facts.margin
    return (facts.confidence or 0.0) < SURE or (margin is not None and margin < CLEAR)


def uncertainty(confidence: float | None, margin: float | None, *, is_fallback: bool) -> float:
    """From 0, sure, to 1, no idea: margin sampling, with what was not understood at all before what was understood."""
    unsure = 1 - (confidence or 0.0) if margin is None else 1 - max(0.0, min(1.0, margin))
    return 0.5 + unsure / 2 if is_fallback else unsure / 2

"""Answers to a notification, typed as people type them."""

import pytest

from notifications.workflows import open_replies, reply_meant
from tests.notifications.workflows.samples import GRACE, KIMIA, PAYLOAD, reminder

REPLIES = open_replies(reminder(), "fr", GRACE, KIMIA, PAYLOAD)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("oui", "confirm"), (" OUI ! ", "confirm"), ("1", "confirm"), ("je viens", "confirm"), ("Yes", "confirm"),
     ("ok.", "confirm"), ("2", "reschedule"), ("changer l’heure", "reschedule"), ("Plus tard…", "reschedule"),
     ("oui mais plus tard", None), ("", None), ("👍", None)],
)  # fmt: skip
def test_a_word_of_the_contract_means_its_answer_and_a_sentence_means_none(typed: str, meant: str | None) -> None:
    found = reply_meant(REPLIES, typed)
    assert (found.key if found else None) == meant


def test_an_answer_carries_what_the_notification_was_about() -> None:
    confirm = REPLIES[0]
    assert (confirm.intent, confirm.entities, confirm.effect) == ("affirm", {"order_code": "RDV-9"}, "confirm")
    assert confirm.title == "Je viens"

"""What the house keeps in English is read in French at the desk; nothing of it is lost."""

import re
from datetime import UTC, datetime

import pytest

from notifications import explain, outbox
from notifications.plans import calling_off, cancelling, moving, news, resuming
from notifications.prices.choosing import CLOSED
from notifications.providers import routing
from notifications.templates.judgement import WORDS
from server.desk.sentences import in_language_of, is_known
from server.desk.visit import Reader
from server.desk.words import Words
from staff import Role
from tests.server.desk.desk_house import DeskHouse
from tests.server.desk.plans.planning import planner, remind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def read_by(language: str, sentence: str) -> str:
    reader = Reader(language=language, theme="auto", path="/", now=NOW)
    return in_language_of(reader, Words(language), sentence).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("Until 2026-11-27 08:00:00 UTC.", "Jusqu’à 27 nov., 08:00 UTC."),
        ("Said by the push, reminders.", "Dit par : notification, rappels."),
        (
            "Quiet hours until Mon 08:00 (Africa/Brazzaville); reminders messages wait for their end.",
            "Heures de repos jusqu’à lun. 08:00 (Africa/Brazzaville) ; ces messages (rappels) en attendent la fin.",
        ),
        (
            "By whatsapp; if it is not delivered by 10:00:00 UTC, by sms or email.",
            "Par WhatsApp ; si ce n’est pas remis à 10:00:00 UTC, par SMS ou E-mail.",
        ),
        (
            "It was delivered by whatsapp; sms, which had not left, is called back.",
            "Par WhatsApp : remis ; SMS, qui n’était pas parti, est rappelé.",
        ),
        (
            f"{CLOSED}; utility in Rest of Africa since 2026-01-01.",
            "La fenêtre de service est fermée : la personne n’a pas écrit depuis 24 heures ; "
            "utilitaire, Rest of Africa, depuis le 2026-01-01.",
        ),
        (
            "The template offer (fr) may not go: Meta rejected it.",
            "Le modèle offer (fr) ne peut pas partir : Meta l’a refusé.",
        ),
        ("Somebody wrote a sentence of their own.", "Somebody wrote a sentence of their own."),
    ],
)
def test_a_sentence_is_read_in_french_and_kept_in_english(kept: str, read: str) -> None:
    assert read_by("fr", kept) == read
    assert read_by("en", kept) == kept


@pytest.mark.parametrize(
    "sentence",
    [
        cancelling.TAKEN_BACK,
        cancelling.ONE_TAKEN_BACK,
        calling_off.CALLED_OFF,
        moving.CALLED_BACK,
        news.ARRIVED_AFTER_ALL,
        resuming.CALLED_BACK,
        outbox.UNSENT,
        explain.REPORTED,
        *explain.IN_AN_INBOX.values(),
        routing.UNSERVED,
        routing.ALL_STOPPED,
        f"{CLOSED}.",
        *WORDS.values(),
    ],
)
def test_what_is_kept_as_it_stands_has_words(sentence: str) -> None:
    assert is_known(sentence)


FILLED = {"n": "3", "m": "2", "moment": "2026-11-27 08:00", "time": "08:00", "weekday": "Tue"}


@pytest.mark.parametrize("key", Words("en")["sentences"])
def test_no_sentence_is_taken_for_another(key: str) -> None:
    english, french = (Words(language)["sentences"][key] for language in ("en", "fr"))
    kept = re.sub(r"\{(\w+)\}", lambda gap: FILLED.get(gap[1], "zzz"), english)
    words = [each for each in re.split(r"\{\w+\}", french) if len(each.strip()) > 3]
    told = read_by("fr", kept)
    assert all(each.replace("\u00a0", " ") in told for each in words), told


async def test_the_story_of_a_notification_is_told_in_french(small_desk: DeskHouse) -> None:
    plan = await remind(await planner(small_desk))
    manager = await small_desk.as_role(Role.MANAGER, "kimia")
    page = await manager.get(f"/notifications/{plan.notification_id}", headers={"Accept-Language": "fr"})
    assert "Jusqu’à" in page.text
    assert "a été déclenché" in page.text
    assert "Until" not in page.text

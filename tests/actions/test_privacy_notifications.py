"""What a person hears from us: which kinds a text names, what is kept, and what is said about it."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.people import PeopleClient
from actions.privacy import ChooseNotifications
from actions.privacy.categories import CATEGORIES, find_categories
from tests.actions.people import SmallServer
from tests.actions.rasa import TURN_ID, play, said_by_person, tracker


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("arrêtez les promos", ["marketing"]),
        ("plus de pub svp", ["marketing"]),
        ("Je ne veux plus les RAPPELS", ["reminders"]),
        ("arrêter les rappels de livraison", ["reminders"]),
        ("plus de rappels ni de nouvelles du colis", ["tracking", "reminders"]),
        ("promos et suivi de livraison", ["marketing", "tracking"]),
        ("préviens moi quand le livreur est proche", ["tracking"]),
        ("offres de livraison gratuite", ["marketing"]),
        ("ne m'envoyez plus rien", list(CATEGORIES)),
        ("stop everything", list(CATEGORIES)),
        ("turn off delivery news and offers", ["marketing", "tracking"]),
        ("no more ads please", ["marketing"]),
        ("tous les jours un message, c'est trop", []),
        ("plus de notifications", []),
        ("publier", []),
        ("", []),
    ],
)
def test_the_kinds_that_a_text_names(text: str, named: list[str]) -> None:
    assert list(find_categories(text)) == named


@given(st.text(max_size=200))
def test_any_text_names_kinds_that_exist_in_our_order(text: str) -> None:
    named = find_categories(text)

    assert list(named) == [category for category in CATEGORIES if category in named]


class Wishes(SmallServer):
    """A small server that keeps what one person wants."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = dict.fromkeys(CATEGORIES, True)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/notifications") or self.failure is not None:
            return super().__call__(request)
        self.requests.append(request)
        if request.method == "GET":
            return httpx.Response(200, json=self.wanted)
        choice = json.loads(request.content)
        changed = [each for each in choice["categories"] if self.wanted[each] != choice["granted"]]
        self.wanted |= dict.fromkeys(changed, choice["granted"])
        return httpx.Response(200, json={"changed": changed, "wanted": self.wanted})


@pytest.fixture
def server() -> Wishes:
    return Wishes()


def no(**entities: str) -> dict[str, Any]:
    return said_by_person("notifications_opt_out", **entities)


@pytest.mark.parametrize(("language", "word"), [("fr", "arrêté"), ("en", "stopped")])
async def test_a_kind_that_is_named_is_stopped_at_once(
    people: PeopleClient, server: Wishes, language: str, word: str
) -> None:
    played = await play(ChooseNotifications(people), tracker(no(text="stop promos"), language=language))

    assert word in played.text
    assert played.payloads[0] == '/notifications_opt_in{"notification_category": "marketing"}'
    assert server.wanted == {"marketing": False, "tracking": True, "reminders": True}
    assert json.loads(server.requests[-1].content)["turn_id"] == TURN_ID


async def test_who_names_no_kind_sees_them_all_with_what_tapping_does(people: PeopleClient, server: Wishes) -> None:
    server.wanted["reminders"] = False

    played = await play(ChooseNotifications(people), tracker(no(text="plus de notifications")))

    assert "✅ Suivi" in played.text
    assert "🔕 Rappels" in played.text
    assert played.titles[:4] == ["Arrêter les promos", "Arrêter le suivi", "Recevoir les rappels", "Tout arrêter"]
    assert played.payloads[2:] == [
        '/notifications_opt_in{"notification_category": "reminders"}',
        '/notifications_opt_out{"notification_category": "all"}',
        "/export_my_data",
    ]


async def test_everything_is_stopped_by_one_tap_and_taken_back_by_one(people: PeopleClient, server: Wishes) -> None:
    played = await play(ChooseNotifications(people), tracker(no(notification_category="all")))

    assert played.payloads[0] == '/notifications_opt_in{"notification_category": "all"}'
    assert not any(server.wanted.values())


async def test_a_tapped_kind_counts_and_not_the_words_on_the_row(people: PeopleClient, server: Wishes) -> None:
    tapped = no(text="Arrêter les promos", notification_category="reminders")

    await play(ChooseNotifications(people), tracker(tapped))

    assert server.wanted == {"marketing": True, "tracking": True, "reminders": False}


async def test_the_button_that_shows_all_choices_chooses_none(people: PeopleClient, server: Wishes) -> None:
    played = await play(ChooseNotifications(people), tracker(no(text="Tous mes choix", notification_category="choose")))

    assert played.names == ["utter_notifications"]
    assert all(server.wanted.values())


async def test_what_could_not_be_kept_is_said_and_may_be_tried_again(people: PeopleClient, server: Wishes) -> None:
    server.failure = httpx.Response(503)

    played = await play(ChooseNotifications(people), tracker(no(text="plus de rappels")))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == '/notifications_opt_out{"notification_category": "reminders"}'


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("on", [True, False])
async def test_every_row_fits_into_a_list(people: PeopleClient, server: Wishes, language: str, on: bool) -> None:
    server.wanted = dict.fromkeys(CATEGORIES, on)

    played = await play(ChooseNotifications(people), tracker(no(text="…"), language=language))

    for row in played.said[-1]["buttons"]:
        assert 0 < len(row["title"]) <= 24
        assert len(row.get("description", "")) <= 72

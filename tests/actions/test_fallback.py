"""Not understood: two meanings, then the menu."""

import pytest

from actions.affirming import Affirm
from actions.fallback import OFFERED, DefaultFallback, OutOfScope
from actions.people import PeopleClient
from actions.words import compose
from backend import BackendClient
from tests.actions.people import SmallServer
from tests.actions.rasa import TURN_ID, play, said_at, said_by_person, tracker
from tests.actions.shops import CHICKEN, slot
from tests.backend.fake_backend import Backend, as_json

LOST = said_by_person("nlu_fallback", ("nlu_fallback", "out_of_scope", "track_delivery", "greet", "contact_courier"))
LOST_BEFORE = [
    {"event": "user", "text": "…", "message_id": "before"},
    {"event": "action", "name": "action_default_fallback"},
    {"event": "action", "name": "action_listen"},
]


@pytest.fixture
def fallback(people: PeopleClient, backend: BackendClient) -> DefaultFallback:
    return DefaultFallback(people, backend)


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("fr", ["Suivre un colis", "Contacter le livreur", "Menu"]),
        ("en", ["Track a parcel", "Contact the courier", "Menu"]),
    ],
)
async def test_the_two_likeliest_meanings_are_offered(
    fallback: DefaultFallback, language: str, titles: list[str]
) -> None:
    played = await play(fallback, tracker(LOST, language=language))

    assert played.titles == titles
    assert played.payloads == ["/track_delivery", "/contact_courier", "/help"]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_second_time_in_a_row_the_menu_is_shown(fallback: DefaultFallback, language: str) -> None:
    played = await play(fallback, tracker(LOST, language=language, before=LOST_BEFORE))

    assert played.names == ["utter_not_understood"]
    assert "/human_agent" in played.payloads


async def test_the_third_time_in_a_row_a_human_is_asked_for(fallback: DefaultFallback) -> None:
    played = await play(fallback, tracker(LOST, before=LOST_BEFORE * 2))

    assert played.next_action == "action_human_agent"
    assert played.said == []


async def test_nonsense_taken_for_other_matters_counts_as_well(fallback: DefaultFallback) -> None:
    outside = [LOST_BEFORE[0], {"event": "action", "name": "utter_out_of_scope"}]

    played = await play(fallback, tracker(LOST, before=[*outside, *LOST_BEFORE]))

    assert played.next_action == "action_human_agent"


async def test_after_that_it_begins_anew(fallback: DefaultFallback) -> None:
    played = await play(fallback, tracker(LOST, before=LOST_BEFORE * 3))

    assert played.names == ["utter_which_meaning"]


async def test_in_a_form_its_question_is_put_again(fallback: DefaultFallback) -> None:
    played = await play(fallback, tracker(LOST, form="parcel_form"))

    assert played.names == ["utter_which_meaning"]
    assert played.next_action == "parcel_form"


async def test_being_understood_in_between_starts_afresh(fallback: DefaultFallback) -> None:
    understood = [*LOST_BEFORE, {"event": "user", "text": "…"}, {"event": "action", "name": "utter_greet"}]

    played = await play(fallback, tracker(LOST, before=understood))

    assert played.names == ["utter_which_meaning"]


async def test_without_any_guess_the_menu_is_shown(fallback: DefaultFallback) -> None:
    played = await play(fallback, tracker(said_by_person("nlu_fallback", ("nlu_fallback", "greet"))))

    assert played.names == ["utter_not_understood"]


async def test_a_code_in_a_message_not_understood_is_tracked(fallback: DefaultFallback) -> None:
    message = said_by_person("nlu_fallback", ("nlu_fallback", "greet"), delivery_code="COUR-20250127-061")

    played = await play(fallback, tracker(message))

    assert played.next_action == "action_track_delivery"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_meaning_that_can_be_offered_has_a_title_that_fits_a_button(language: str) -> None:
    for intent in OFFERED:
        assert 0 < len(compose("meaning", language, intent=intent)) <= 20


SHOPPING = ("nlu_fallback", "order_product", "browse_products")


@pytest.mark.parametrize(
    ("text", "ranking", "action"),
    [
        ("2 chikwangues", SHOPPING, "action_order_product"),
        ("poulé mayo", ("nlu_fallback", "browse_products", "help"), "action_browse_products"),
        ("moustiquaire prix", ("nlu_fallback", "browse_products", "price_question"), "action_price_question"),
        ("enlève le poulet", ("nlu_fallback", "order_product", "show_cart"), "action_show_cart"),
    ],
)
async def test_what_names_something_that_is_sold_is_about_that(
    fallback: DefaultFallback, text: str, ranking: tuple[str, ...], action: str
) -> None:
    message = said_by_person("nlu_fallback", ranking, text)

    played = await play(fallback, tracker(message, cart=slot(CHICKEN)))

    assert played.next_action == action
    assert played.said == []


async def test_what_nobody_sells_is_asked_about(fallback: DefaultFallback) -> None:
    played = await play(fallback, tracker(said_by_person("nlu_fallback", SHOPPING, "trottinette")))

    assert played.names == ["utter_which_meaning"]


async def test_a_backend_that_is_away_knows_nothing_of_what_is_sold(people: PeopleClient) -> None:
    fallback = DefaultFallback(people, Backend(as_json({}, 500)).client())

    played = await play(fallback, tracker(said_by_person("nlu_fallback", SHOPPING, "2 chikwangues")))

    assert played.names == ["utter_which_meaning"]


@pytest.mark.parametrize(
    ("entities", "action"),
    [
        ({"claim_id": "RCL-20250127-003"}, "action_claim_status"),
        ({"whereabouts": "courier"}, "action_where_is_courier"),
    ],
)
async def test_what_was_found_says_enough(fallback: DefaultFallback, entities: dict[str, str], action: str) -> None:
    message = said_by_person("nlu_fallback", **entities)

    played = await play(fallback, tracker(message))

    assert (played.said, played.next_action) == ([], action)


async def test_other_matters_are_none_of_our_business_unless_something_is_named_that_is(
    people: PeopleClient, backend: BackendClient
) -> None:
    outside = OutOfScope(people, backend)
    ranking = ("out_of_scope", "browse_products", "greet")

    other = await play(outside, tracker(said_by_person("out_of_scope", ranking, "trottinette")))
    sold = await play(outside, tracker(said_by_person("out_of_scope", ranking, "chikwangue")))
    code = {"delivery_code": "COUR-20250127-061"}
    coded = await play(outside, tracker(said_by_person("out_of_scope", ranking, **code)))

    assert other.names == ["utter_out_of_scope"]
    assert sold.next_action == "action_browse_products"
    assert coded.next_action == "action_track_delivery"


OUTSIDE = said_by_person("out_of_scope", ("out_of_scope", "greet"), "qui a gagné le match ?")
OUTSIDE_BEFORE = [
    {"event": "user", "text": "…", "message_id": "before"},
    {"event": "action", "name": "action_out_of_scope"},
    {"event": "action", "name": "action_listen"},
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("times_before", "response"),
    [
        (1, "utter_out_of_scope"),
        (2, "utter_out_of_scope_again"),
        (3, "utter_out_of_scope"),
        (5, "utter_out_of_scope"),
    ],
)
async def test_of_other_matters_alone_the_third_in_a_row_offers_a_human_once(
    people: PeopleClient, backend: BackendClient, times_before: int, response: str, language: str
) -> None:
    before = OUTSIDE_BEFORE * times_before

    played = await play(OutOfScope(people, backend), tracker(OUTSIDE, language=language, before=before))

    assert (played.names, played.next_action) == ([response], None)
    assert "/human_agent" in played.payloads


async def test_a_yes_to_that_offer_asks_for_the_team(
    people: PeopleClient, backend: BackendClient, server: SmallServer
) -> None:
    offered = await play(OutOfScope(people, backend), tracker(OUTSIDE, before=OUTSIDE_BEFORE * 2))
    before = [*OUTSIDE_BEFORE * 2, said_at(0.0, OUTSIDE) | {"message_id": TURN_ID}]

    played = await play(
        Affirm(people, backend), tracker(said_by_person("affirm", text="oui"), before=before, **offered.slots)
    )

    assert played.names == ["utter_human_agent"]
    assert [request.url.path for request in server.requests].count("/internal/people/grace/handoffs") == 1

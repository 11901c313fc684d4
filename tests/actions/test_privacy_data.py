"""One's own data: sent as a file to nobody else, and forgotten after two questions, once."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from actions.affirming import Affirm, Deny
from actions.people import PeopleClient
from actions.privacy import DeleteMyData, ExportMyData
from backend import BackendClient
from tests.actions.people import SmallServer
from tests.actions.rasa import TURN_ID, Played, play, said_by_person, tracker

WISH = "0199-wish"
SURE, FINAL, DONE = ({"id": WISH, "step": step} for step in ("sure", "final", "done"))


class Keeper(SmallServer):
    """A small server that makes files and forgets."""

    def __init__(self) -> None:
        super().__init__()
        self.erasure = httpx.Response(202, json={"kept": []})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.failure is None and request.url.path.endswith("/exports"):
            self.requests.append(request)
            return httpx.Response(200, json={"media_id": "4711", "filename": "mes-donnees.txt"})
        if self.failure is None and request.url.path.endswith("/erasures"):
            self.requests.append(request)
            return self.erasure
        return super().__call__(request)

    @property
    def wishes(self) -> list[str]:
        """Who was to be forgotten, by the wish."""
        erasures = [each for each in self.requests if each.url.path.endswith("/erasures")]
        return [json.loads(each.content)["wish_id"] for each in erasures]


@pytest.fixture
def server() -> Keeper:
    return Keeper()


def taps(step: str, wish: str = WISH) -> dict[str, Any]:
    return said_by_person("delete_my_data", deletion=wish, deletion_step=step)


Deletes = Callable[..., Awaitable[Played]]


@pytest.fixture
def deletes(people: PeopleClient, backend: BackendClient) -> Deletes:
    async def play_it(message: dict[str, Any], asked: Any = None, **more: Any) -> Played:
        return await play(DeleteMyData(people, backend), tracker(message, deletion_asked=asked, **more))

    return play_it


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_file_is_sent_with_what_it_is(people: PeopleClient, server: Keeper, language: str) -> None:
    played = await play(ExportMyData(people), tracker(said_by_person("export_my_data"), language=language))

    words, file = played.said
    assert words["name"] == "utter_my_data"
    assert file["custom"]["whatsapp"]["document"] == {"id": "4711", "filename": "mes-donnees.txt"}
    assert server.requests[-1].url.path == "/internal/people/grace/exports"


async def test_where_there_is_no_file_none_is_announced(people: PeopleClient, server: Keeper) -> None:
    server.failure = httpx.Response(503)

    played = await play(ExportMyData(people), tracker(said_by_person("export_my_data")))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == "/export_my_data"


async def test_two_questions_come_before_anything_is_deleted(deletes: Deletes, server: Keeper) -> None:
    first = await deletes(said_by_person("delete_my_data"))
    assert first.names == ["utter_delete_sure"]
    assert first.slots["deletion_asked"] == {"id": TURN_ID, "step": "sure"}
    assert first.payloads[0] == f'/delete_my_data{{"deletion": "{TURN_ID}", "deletion_step": "sure"}}'

    second = await deletes(taps("sure"), SURE)
    assert second.names == ["utter_delete_final"]
    assert server.wishes == []

    third = await deletes(taps("final"), FINAL, form="parcel_form")
    assert third.names == ["utter_delete_done"]
    assert server.wishes == [WISH]
    assert {"event": "active_loop", "timestamp": None, "name": None} in third.events
    assert third.next_action == "action_listen"


async def test_the_last_button_before_the_last_question_deletes_nothing(deletes: Deletes, server: Keeper) -> None:
    played = await deletes(taps("final"), SURE)

    assert played.names == ["utter_delete_final"]
    assert server.wishes == []


@pytest.mark.parametrize("asked", [None, {"id": "0199-other", "step": "final"}])
async def test_a_button_of_another_wish_deletes_nothing(deletes: Deletes, server: Keeper, asked: Any) -> None:
    played = await deletes(taps("final"), asked)

    assert played.names == ["utter_delete_stale"]
    assert server.wishes == []


async def test_a_second_tap_is_told_that_it_is_done(deletes: Deletes, server: Keeper) -> None:
    played = await deletes(taps("final"), DONE)

    assert played.names == ["utter_delete_noted"]
    assert server.wishes == []


@pytest.mark.parametrize("asked", [SURE, FINAL])
async def test_a_change_of_mind_keeps_everything(deletes: Deletes, server: Keeper, asked: Any) -> None:
    played = await deletes(taps("keep"), asked)

    assert played.names == ["utter_delete_kept"]
    assert played.slots == {"deletion_asked": None}
    assert server.wishes == []


async def test_somebody_on_the_way_is_said(deletes: Deletes, server: Keeper) -> None:
    server.erasure = httpx.Response(409, json={"detail": {"code": "delivery_under_way"}})

    played = await deletes(taps("final"), FINAL)

    assert played.names == ["utter_delete_under_way"]
    assert played.payloads[0] == "/order_history"


async def test_a_no_for_a_reason_that_nobody_knows_is_said_as_well(deletes: Deletes, server: Keeper) -> None:
    server.erasure = httpx.Response(409, json={"detail": {"code": "court_order"}})

    assert (await deletes(taps("final"), FINAL)).names == ["utter_delete_refused"]


async def test_in_doubt_the_same_wish_is_tried_again(deletes: Deletes, server: Keeper) -> None:
    server.erasure = httpx.Response(503)

    played = await deletes(taps("final"), FINAL)

    assert played.names == ["utter_delete_in_doubt"]
    assert played.payloads[0] == f'/delete_my_data{{"deletion": "{WISH}", "deletion_step": "final"}}'
    assert played.slots == {}


@pytest.mark.parametrize(
    ("language", "line"), [("fr", "• Reçus, jusqu'au 1 mars 2031"), ("en", "• Reçus, until 1 March 2031")]
)
async def test_what_the_law_makes_the_business_keep_is_said(
    deletes: Deletes, server: Keeper, language: str, line: str
) -> None:
    kept = {"what": "Reçus", "until": "2031-03-01T00:00:00Z"}
    server.erasure = httpx.Response(202, json={"kept": [kept, {"what": "Factures", "until": None}]})

    played = await deletes(taps("final"), FINAL, language=language)

    assert line in played.text
    assert "• Factures\n" in played.text


def yes(asked: Any, turn: str = "before") -> Any:
    """A typed yes after this turn, which put the question."""
    before = [{"event": "user", "text": "supprimez mes données", "message_id": "before"}]
    question = {"turn": turn, "topic": "deletion"}
    return tracker(said_by_person("affirm"), before=before, deletion_asked=asked, question=question)


@pytest.mark.parametrize("asked", [SURE, FINAL])
async def test_a_typed_yes_leads_to_the_last_question_and_not_past_it(
    people: PeopleClient, backend: BackendClient, server: Keeper, asked: Any
) -> None:
    played = await play(Affirm(people, backend), yes(asked))

    assert played.names == ["utter_delete_final"]
    assert server.wishes == []


async def test_a_yes_to_an_earlier_question_is_no_wish(people: PeopleClient, backend: BackendClient) -> None:
    assert (await play(Affirm(people, backend), yes(FINAL, turn="long-ago"))).names == ["utter_affirm"]


@pytest.mark.parametrize("asked", [SURE, FINAL])
async def test_a_typed_no_keeps_everything(asked: Any) -> None:
    no = yes(asked)
    no.latest_message["intent"]["name"] = "deny"

    played = await play(Deny(), no)

    assert played.names == ["utter_delete_kept"]
    assert played.slots == {"deletion_asked": None}


async def test_a_no_to_nothing_is_fine() -> None:
    assert (await play(Deny(), tracker(said_by_person("deny")))).names == ["utter_deny"]

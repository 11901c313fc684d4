"""A link for others to follow a delivery: to whose, and what is said when there is none."""

import httpx
import pytest

from actions.people import PeopleClient
from actions.sharing import ShareTracking
from backend import BackendClient
from tests.actions.people import LINK, SmallServer
from tests.actions.rasa import play, said_by_person, tracker
from tests.backend.fake_backend import CODE

PATRICKS = "COUR-20250127-071"


@pytest.fixture
def share(people: PeopleClient, backend: BackendClient) -> ShareTracking:
    return ShareTracking(people, backend)


@pytest.mark.parametrize(("language", "words"), [("fr", "lien de suivi"), ("en", "tracking link")])
async def test_the_link_is_there_to_be_tapped_and_to_be_forwarded(
    share: ShareTracking, language: str, words: str
) -> None:
    played = await play(share, tracker(said_by_person("share_tracking", delivery_code=CODE), language=language))

    assert words in played.text
    assert LINK in played.text
    assert played.said[0]["buttons"][0]["url"] == LINK
    assert played.slots == {"shown_delivery": CODE}


async def test_the_delivery_on_the_screen_is_the_one_that_is_meant(share: ShareTracking, server: SmallServer) -> None:
    await play(share, tracker(said_by_person("share_tracking"), shown_delivery=CODE))

    assert CODE in server.requests[-1].content.decode()


async def test_with_several_deliveries_one_is_asked_which(share: ShareTracking) -> None:
    played = await play(share, tracker(said_by_person("share_tracking"), language="en"))

    assert played.names == ["utter_choose_shared_delivery"]
    assert all(payload.startswith('/share_tracking{"delivery_code"') for payload in played.payloads)


async def test_the_only_delivery_needs_no_question(share: ShareTracking) -> None:
    played = await play(share, tracker(said_by_person("share_tracking"), "patrick"))

    assert played.names == ["utter_tracking_link"]
    assert PATRICKS in played.text


async def test_nobody_shares_somebody_elses_delivery(share: ShareTracking, server: SmallServer) -> None:
    played = await play(share, tracker(said_by_person("share_tracking", delivery_code=CODE), "patrick"))

    assert played.names == ["utter_delivery_not_found"]
    assert all(request.method == "GET" for request in server.requests)


async def test_who_has_no_delivery_is_told(share: ShareTracking) -> None:
    played = await play(share, tracker(said_by_person("share_tracking"), "aline"))

    assert played.names == ["utter_no_deliveries"]


@pytest.mark.parametrize("failure", [httpx.Response(500), httpx.Response(201, json={}), httpx.ConnectError])
async def test_a_server_that_makes_no_link_is_apologised_for(
    share: ShareTracking, server: SmallServer, failure: httpx.Response | type[httpx.TransportError]
) -> None:
    await share.people.customer("grace")  # known from before
    server.failure = failure
    played = await play(share, tracker(said_by_person("share_tracking", delivery_code=CODE)))

    assert played.names == ["utter_apology"]
    assert played.payloads[0] == f'/share_tracking{{"delivery_code": "{CODE}"}}'

"""A person's inbox over HTTP: what is in it, what they do with it, and who else may not look."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.inapp import InboxPass, make_token
from notifications import personal
from notifications.access import Scope
from notifications.tables import receipts
from storage.tables import businesses
from tests.house import SECRET, House
from tests.server.api.shop import Shop, shop_of
from tests.server.inbox.inboxes import App, app_of, row_of, shop, shop_with_inbox, told
from tests.server.sender_houses import offer
from tests.waiting import until

__all__ = ["shop"]


async def test_what_is_sent_in_the_app_is_in_the_inbox_newest_first(shop: Shop) -> None:
    ids = await told(shop.house, count=3)

    seen = await (await app_of(shop)).look()

    assert [each["id"] for each in seen["data"]] == ids[::-1]
    assert seen["counts"] == {"unread": 3, "total": 3}
    assert seen["next"] is None
    first = seen["data"][0]
    assert first["title"] == "Une offre pour vous 🎁"
    assert "La livraison à moitié prix" in first["body"]
    assert (first["category"], first["workflow"]) == ("marketing", "promotional-offer")
    assert (first["read_at"], first["clicked_at"], first["archived_at"]) == (None, None, None)
    assert first["sent_at"].endswith("Z")


async def test_long_inboxes_come_in_pages(shop: Shop) -> None:
    ids = await told(shop.house, count=5)
    app = await app_of(shop)

    first = await app.look(limit=2)
    await told(shop.house)
    second = await app.look(limit=2, cursor=first["next"])
    last = await app.look(limit=2, cursor=second["next"])

    shown = [each["id"] for page in (first, second, last) for each in page["data"]]
    assert (shown, last["next"]) == (ids[::-1], None)


async def test_looking_delivers_and_reading_reads(shop: Shop) -> None:
    older, newer = await told(shop.house, count=2)
    app = await app_of(shop)
    assert (await row_of(shop.house, newer)).status == "sent"

    await app.look(limit=1)
    assert (await row_of(shop.house, newer)).status == "delivered"
    assert (await row_of(shop.house, older)).status == "sent"

    answer = await app.does("read", newer)
    assert answer["counts"] == {"unread": 1, "total": 2}
    assert answer["message"]["read_at"] is not None
    row = await row_of(shop.house, newer)
    assert (row.status, row.read_at is not None, row.clicked_at) == ("read", True, None)
    assert [each["id"] for each in (await app.look(only="unread"))["data"]] == [older]


async def test_following_a_message_reads_it_too(shop: Shop) -> None:
    (message_id,) = await told(shop.house)
    app = await app_of(shop)

    answer = await app.does("click", message_id)

    assert answer["message"]["clicked_at"] is not None
    row = await row_of(shop.house, message_id)
    assert (row.status, row.read_at is not None, row.clicked_at is not None) == ("read", True, True)
    kept = await shop.house.rows(receipts, receipts.c.message_id == message_id)
    assert {(each.provider, each.status) for each in kept} == {("inapp", "read"), ("inapp", "clicked")}


async def test_what_is_put_away_is_neither_listed_nor_counted(shop: Shop) -> None:
    older, newer = await told(shop.house, count=2)
    app = await app_of(shop)

    answer = await app.does("archive", newer)

    assert answer["counts"] == {"unread": 1, "total": 1}
    assert [each["id"] for each in (await app.look())["data"]] == [older]
    assert (await row_of(shop.house, newer)).read_at is None


@pytest.mark.parametrize("done", ["read", "click", "archive"])
async def test_doing_it_again_changes_nothing(shop: Shop, done: str) -> None:
    (message_id,) = await told(shop.house)
    app = await app_of(shop)

    first = await app.does(done, message_id)
    assert await app.does(done, message_id) == first


async def test_all_read_leaves_what_came_later_unread(shop: Shop) -> None:
    await told(shop.house, count=3)
    app = await app_of(shop)
    seen = await app.look()
    (later,) = await told(shop.house)

    answer = await app.ask("POST", "/read-all", params={"until": seen["since"]})

    assert answer.json()["counts"] == {"unread": 1, "total": 4}
    assert [each["id"] for each in (await app.look(only="unread"))["data"]] == [later]
    assert (await app.does("read-all"))["counts"] == {"unread": 0, "total": 4}


async def test_the_story_of_a_message_tells_what_its_reader_did(shop: Shop) -> None:
    (message_id,) = await told(shop.house)
    app = await app_of(shop)
    await app.look()
    await app.does("click", message_id)
    reader = await shop_of(shop.house, Scope.MESSAGES_READ)

    story = (await reader.get(f"/v1/messages/{message_id}/explain")).json()

    assert story["status"] == "read"
    assert [each["what"] for each in story["story"]] == ["queued", "delivered", "read", "clicked"]
    assert [each["why"] for each in story["story"]][1:] == [
        "An app of theirs showed their inbox.",
        "They read it in their inbox.",
        "They followed it from their inbox.",
    ]


async def test_nobody_sees_another_persons_inbox(shop: Shop) -> None:
    (message_id,) = await told(shop.house)
    patrick = await app_of(shop, "patrick")

    assert (await patrick.look())["data"] == []
    assert (await patrick.look())["counts"] == {"unread": 0, "total": 0}
    for done in ("read", "click", "archive"):
        assert (await patrick.ask("POST", f"/{message_id}/{done}")).status_code == 404
    await patrick.does("read-all")
    row = await row_of(shop.house, message_id)
    assert (row.status, row.read_at, row.clicked_at, row.archived_at) == ("sent", None, None, None)


async def test_a_token_of_one_business_opens_nothing_of_another(shop: Shop) -> None:
    await told(shop.house)
    grace = await app_of(shop)
    (jasmin,) = await shop.house.rows(businesses, businesses.c.slug == "jasmin")
    forged = InboxPass(
        business_id=jasmin.id,
        subscriber_id=grace.subscriber_id,
        is_test=False,
        expires_at=datetime.now(UTC) + timedelta(minutes=5),
    )

    answer = await App(shop.house, make_token(SECRET, forged), grace.subscriber_id).ask("GET")

    assert answer.status_code == 401


@pytest.mark.parametrize("token", ["", "x.y", "rk_live_x", "a" * 9_000, SECRET])
async def test_what_is_no_token_opens_nothing(small_house: House, token: str) -> None:
    answer = await App(small_house, token, "").ask("GET")

    assert answer.status_code == 401
    assert "inbox token" in answer.json()["detail"]
    assert token == "" or token not in answer.text


async def test_an_expired_token_opens_nothing(small_house: House) -> None:
    over = InboxPass(
        business_id="0198f0a2-0000-7cc0-8a51-2f1f0f5b6c01",
        subscriber_id="0198f0a2-1111-7cc0-8a51-2f1f0f5b6c01",
        is_test=False,
        expires_at=datetime.now(UTC) - timedelta(seconds=1),
    )

    for method, path in (("GET", ""), ("POST", "/read-all"), ("POST", f"/{over.subscriber_id}/read")):
        answer = await App(small_house, make_token(SECRET, over), "").ask(method, path)
        assert answer.status_code == 401


async def test_a_key_of_the_api_is_no_inbox_token(shop: Shop) -> None:
    assert (await App(shop.house, shop.secret, "").ask("GET")).status_code == 401


async def test_two_that_turn_out_to_be_one_have_one_inbox(shop: Shop) -> None:
    await shop.ask("PUT", "/v1/subscribers/grace", json={"email": "grace@example.com"})
    (found,) = await told(shop.house)
    (unnamed,) = (await offer(shop.house, "inapp", phone="+242061234567")).message_ids
    apps = [await app_of(shop), await app_of(shop, (await row_of(shop.house, unnamed)).subscriber_id)]

    await shop.ask("PUT", "/v1/subscribers/grace", json={"phone": "+242061234567"})
    await shop.house.settled()

    for app in apps:
        assert {each["id"] for each in (await app.look())["data"]} == {found, unnamed}


async def test_who_does_not_want_offers_here_gets_none(shop: Shop) -> None:
    app = await app_of(shop)
    no = {"preferences": [{"category": "marketing", "channel": "inapp", "granted": False}]}
    answer = await shop.ask("PUT", "/v1/subscribers/grace/preferences", json=no)
    assert answer.status_code == 200, answer.text

    assert (await offer(shop.house, "inapp", id="grace")).message_ids == ()
    assert (await app.look())["data"] == []


async def test_what_a_test_key_makes_is_in_an_inbox_apart(shop: Shop) -> None:
    rehearsing = await shop_with_inbox(shop.house, is_test=True)
    wish = {
        "workflow": "promotional-offer",
        "to": {"id": "grace"},
        "payload": {"offer": "essai", "ends_on": "2027-01-31"},
        "routing": {"channels": [{"channel": "inapp"}]},
    }
    assert (await rehearsing.post("/v1/notify", wish)).status_code < 300
    await told(shop.house)
    live, test = await app_of(shop), await app_of(rehearsing)

    async def arrived() -> bool:
        return bool((await test.look())["data"])

    await until(arrived)
    assert ["Essai" in each["body"] for each in (await test.look())["data"]] == [True]
    assert ["Essai" in each["body"] for each in (await live.look())["data"]] == [False]


async def test_who_is_forgotten_is_forgotten_with_their_inbox(shop: Shop) -> None:
    app = await app_of(shop)
    (message_id,) = await told(shop.house)
    await app.does("click", message_id)
    kept = await shop.house.parts.database.read(personal.told, [app.subscriber_id], [])
    assert [(each["channel"], each["status"], "moitié prix" in each["text"]) for each in kept["sent"]] == [
        ("inapp", "read", True)
    ]

    await shop.ask("DELETE", "/v1/subscribers/grace")

    async def is_forgotten() -> bool:
        origin: str = (await row_of(shop.house, message_id)).origin
        return origin == "erased"

    await until(is_forgotten)
    row = await row_of(shop.house, message_id)
    assert (row.payload, row.said) == ({}, None)
    assert await shop.house.rows(receipts, receipts.c.message_id == message_id) == []
    seen = await app.look()
    assert (seen["data"], seen["counts"]) == ([], {"unread": 0, "total": 0})


@pytest.mark.parametrize(
    ("path", "named"),
    [("?limit=0", "query.limit"), ("?limit=101", "query.limit"), ("?cursor=x", "query.cursor"), ("?only=read", "only")],
)
async def test_a_wrong_question_is_named(small_house: House, path: str, named: str) -> None:
    shop = await shop_with_inbox(small_house)
    app = await app_of(shop)

    answer = await small_house.public.get(f"/inbox/v1/messages{path}", headers={"Authorization": f"Bearer {app.token}"})

    assert answer.status_code == 422
    assert named in answer.json()["detail"]

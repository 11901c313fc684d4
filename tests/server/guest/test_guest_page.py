"""Somebody tries the bot by a link: what they read, what they may, and what never happens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from conversations import handoffs
from conversations.guest_tables import guest_links, guests
from conversations.guests import links
from conversations.tables import erasures, inbound_messages, turns
from figures.counting import HOUR, count_hour
from notifications.outbox import MessageOutbox
from notifications.tables import messages, number_health
from server.parts import utc_now
from storage.tables import conversations, phone_numbers, subscribers
from storage.types import new_id
from tests.house import GRACE, SECRET, open_house, settings_for
from tests.server.guest.guest_house import GuestHouse, offering
from tests.waiting import until

OURS = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
async def trial(database_address: URL, tmp_path: Path) -> AsyncIterator[GuestHouse]:
    house = open_house(settings_for(database_address, tmp_path, guest_phone=f"+{GRACE}"))
    house.bot.answer = offering
    house.start()
    yield GuestHouse(house)
    await house.stop()


async def test_a_guest_writes_reads_the_answer_and_taps(trial: GuestHouse) -> None:
    guest = await trial.guest()
    assert "begin with one of these" in (await guest.page()).text
    answer = await guest.says("bonjour <b>toi</b>")
    assert answer.status_code == 200
    page = await guest.sees("you said bonjour")
    # What the bot says is dressed, and nothing that anybody wrote becomes part of the page.
    assert "<strong>Hello</strong> &lt;guest&gt;" in page
    assert "bonjour &lt;b&gt;toi&lt;/b&gt;" in page
    await guest.taps("Our prices")
    await guest.sees("You chose prices.")
    assert [each["intent"]["name"] for each in (t.get("parse_data", {}) for t in trial.house.bot.turns) if each] == [
        "prices"
    ]


async def test_nothing_of_a_guest_reaches_whatsapp_or_counts(trial: GuestHouse) -> None:
    guest = await trial.guest()
    await guest.says("bonjour")
    await guest.sees("you said bonjour")
    await trial.house.says("hello from a real person")
    await trial.house.heard(1)
    house = trial.house

    async def delivered() -> bool:
        rows = await house.rows(messages, messages.c.channel == "guest")
        return [row.status for row in rows] == ["delivered"]

    await until(delivered)
    (row,) = await house.rows(messages, messages.c.channel == "guest")
    assert (row.provider, row.sent_form, row.estimated_cost, row.actual_cost) == ("guest", None, None, None)
    assert {each["to"] for each in house.whatsapp.sent} == {GRACE}
    assert {each["message_id"] for each in house.whatsapp.read} == {"wamid.in1"}
    assert [row.phone_number_id for row in await house.rows(number_health)] == []
    await house.quiet()
    now = utc_now()
    begins = now.replace(minute=0, second=0, microsecond=0)
    found = [await house.parts.database.read(count_hour, begins - late) for late in (HOUR, timedelta())]
    counted = [dict(each) for one in found for each in one.values()]
    assert sum(each.get(("in", "text", ""), 0) for each in counted) == 1
    assert sum(count for each in counted for key, count in each.items() if key[0] == "out") == 1


async def test_a_scanner_that_follows_the_link_begins_no_talk(trial: GuestHouse) -> None:
    guest = await trial.guest()
    page = await guest.page()
    assert await trial.house.rows(conversations) == []
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_the_cookie_is_for_this_link_and_out_of_scripts_reach(trial: GuestHouse) -> None:
    guest = await trial.guest()
    guest.client.follow_redirects = False
    answer = await guest.says("bonjour")
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303
    for part in ("httponly", "secure", "samesite=lax", f"path={guest.path.lower()}"):
        assert part in cookie
    (row,) = await trial.house.rows(guests)
    secret = guest.client.cookies["relais_guest"]
    assert secret not in row.secret_hash
    (link,) = await trial.house.rows(guest_links)
    assert guest.path.removeprefix("/g/") not in link.token_hash


async def test_each_browser_has_a_talk_of_its_own(trial: GuestHouse) -> None:
    secret, _ = await trial.link()
    one, other = trial.browser(secret), trial.browser(secret)
    await one.says("the first one")
    await other.says("the second one")
    await one.sees("you said the first one")
    assert "the first one" not in await other.sees("you said the second one")
    assert len(await trial.house.rows(conversations)) == 2


async def test_no_more_come_than_may_and_who_is_there_goes_on(trial: GuestHouse) -> None:
    secret, _ = await trial.link(most_guests=1)
    first, late = trial.browser(secret), trial.browser(secret)
    await first.says("bonjour")
    refused = await late.says("bonjour")
    assert refused.status_code == 403
    assert "This link is full" in refused.text
    assert (await first.says("encore")).status_code == 200
    assert len(await trial.house.rows(subscribers)) == 1


async def test_an_ended_link_says_so_in_both_languages(trial: GuestHouse) -> None:
    secret, link = await trial.link()
    guest = trial.browser(secret)
    await guest.says("bonjour")
    await trial.house.parts.database.write(links.end, link.id, utc_now())
    for answer in (await guest.page(), await guest.says("encore")):
        assert answer.status_code == 410
        assert "This trial has ended" in answer.text
    french = await guest.client.get(guest.path, params={"lang": "fr"})
    assert french.status_code == 410
    assert "Cet essai est terminé" in french.text
    assert len(await trial.house.rows(inbound_messages)) == 1


async def test_an_expired_link_is_over(trial: GuestHouse) -> None:
    secret, link = await trial.link()
    past = utc_now() - timedelta(minutes=1)
    await trial.house.parts.database.write(
        lambda connection: connection.execute(
            sa.update(guest_links).where(guest_links.c.id == link.id).values(expires_at=past)
        )
    )
    assert (await trial.browser(secret).page()).status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 32, "a" * 400, "é" * 32])
async def test_a_link_that_never_was_leads_nowhere(trial: GuestHouse, token: str) -> None:
    answer = await trial.browser(token).page()
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_message_is_said_once_however_often_it_is_sent(trial: GuestHouse) -> None:
    guest = await trial.guest()
    await guest.says("bonjour")
    for _ in range(3):
        await guest.says("twice", key="0123456789abcdef0123")
    await guest.sees("you said twice")
    assert [row.raw["text"]["body"] for row in await trial.house.rows(inbound_messages)] == ["bonjour", "twice"]


@pytest.mark.parametrize(("text", "said"), [("   ", "Write something first"), ("x" * 1001, "at most 1,000 characters")])
async def test_what_cannot_be_sent_is_told_and_changes_nothing(trial: GuestHouse, text: str, said: str) -> None:
    guest = await trial.guest()
    answer = await guest.says(text)
    assert answer.status_code == 422
    assert said in answer.text
    assert await trial.house.rows(subscribers) == []


async def test_too_much_is_refused_before_it_is_read(trial: GuestHouse) -> None:
    guest = await trial.guest()
    assert (await guest.says("x" * 20_000)).status_code == 413


async def test_a_guest_taps_only_what_was_offered_to_them(trial: GuestHouse) -> None:
    secret, _ = await trial.link()
    one, other = trial.browser(secret), trial.browser(secret)
    await one.says("bonjour")
    page = await one.sees("My parcel")
    await other.says("bonjour")
    message = page.split('name="message" value="')[1].split('"')[0]
    choice = page.split('name="choice" value="')[1].split('"')[0]
    for fields in (
        {"message": message, "choice": choice},
        {"message": "no id", "choice": choice},
        {"choice": "made up"},
    ):
        assert (await other.client.post(other.path, data=fields)).status_code == 422
    assert len(await trial.house.rows(turns)) == 2


async def test_a_form_of_another_site_is_refused(trial: GuestHouse) -> None:
    guest = await trial.guest()
    answer = await guest.says("bonjour", **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert await trial.house.rows(subscribers) == []


async def test_who_writes_very_much_is_asked_to_wait(trial: GuestHouse) -> None:
    guest = await trial.guest()
    await guest.says("bonjour")
    guest.client.follow_redirects = False
    statuses = [(await guest.says(f"again {n}")).status_code for n in range(21)]
    # A new minute may begin meanwhile, once.
    assert statuses.count(303) >= 19
    more = [(await guest.says(f"more {n}")).status_code for n in range(21)]
    assert 429 in statuses + more


async def test_new_guests_come_only_so_fast(trial: GuestHouse) -> None:
    secret, _ = await trial.link(most_guests=100)
    statuses = [(await trial.browser(secret).says("bonjour")).status_code for _ in range(22)]
    assert 429 in statuses


async def test_an_agent_answers_on_the_page_and_their_words_stay_off_whatsapp(trial: GuestHouse) -> None:
    guest = await trial.guest()
    await guest.says("bonjour")
    await guest.sees("you said bonjour")
    (talk,) = await trial.house.rows(conversations)
    write, agent = trial.house.parts.database.write, new_id()
    await write(handoffs.take, talk.id, agent, utc_now())
    # More than a day later: no window of WhatsApp's closes here.
    later = utc_now() + timedelta(days=2)
    said = {"type": "text", "text": {"body": "I am a human."}}
    await write(handoffs.say, MessageOutbox(), talk.id, agent, [said], later)
    trial.house.parts.wakeup.signal("messages")
    page = await guest.sees("I am a human.")
    assert "You are talking with the team" in page
    assert trial.house.whatsapp.sent == []


async def test_an_agent_answers_no_guest_whose_link_has_ended(trial: GuestHouse) -> None:
    secret, link = await trial.link()
    await trial.browser(secret).says("bonjour")
    (talk,) = await trial.house.rows(conversations)
    write, agent = trial.house.parts.database.write, new_id()
    await write(handoffs.take, talk.id, agent, utc_now())
    await write(links.end, link.id, utc_now())
    said = {"type": "text", "text": {"body": "Too late."}}
    with pytest.raises(handoffs.WindowClosed):
        await write(handoffs.say, MessageOutbox(), talk.id, agent, [said], utc_now())


async def test_a_guest_is_forgotten_a_while_after_the_link_ended(trial: GuestHouse) -> None:
    secret, link = await trial.link()
    guest = trial.browser(secret)
    await guest.says("my secret wish")
    await guest.sees("you said my secret wish")
    house = trial.house
    await house.parts.database.write(links.end, link.id, utc_now() - links.FORGOTTEN_AFTER)
    house.parts.wakeup.signal("erasures")

    async def forgotten() -> bool:
        return any(row.done_at for row in await house.rows(erasures))

    await until(forgotten)
    (wish,) = await house.rows(erasures)
    assert (wish.asked_by, wish.problem) == ("expiry", None)
    assert await house.rows(guests) == []
    (person,) = await house.rows(subscribers)
    assert person.name is None
    kept = [str(row) for table in (inbound_messages, messages, turns) for row in await house.rows(table)]
    assert not [row for row in kept if "my secret wish" in row]
    (talk,) = await house.rows(conversations)
    assert house.bot.forgotten == [talk.id]


async def test_stop_is_heeded_as_everywhere(trial: GuestHouse) -> None:
    guest = await trial.guest()
    await guest.says("STOP")
    await guest.sees('class="ours"')
    assert trial.house.whatsapp.sent == []
    assert trial.house.bot.turns == []


async def test_a_guest_acts_for_the_demos_customer_and_for_nobody_with_a_real_whatsapp(
    database_address: URL, tmp_path: Path
) -> None:
    for base_url, phone in (("http://127.0.0.1:8025", f"+{GRACE}"), ("https://graph.facebook.com", None)):
        settings = settings_for(database_address, tmp_path, guest_phone=f"+{GRACE}", whatsapp_base_url=base_url)
        house = open_house(settings)
        guest = await GuestHouse(house).guest()
        await guest.says("bonjour")
        talk = (await house.rows(conversations))[-1]
        answer = await house.private.get(f"/internal/people/{talk.id}", headers=OURS)
        assert (answer.json()["phone"], answer.json()["name"]) == (phone, "Support team")
        file = await house.private.post(f"/internal/people/{talk.id}/exports", headers=OURS)
        assert file.status_code == 404
        assert house.whatsapp.uploads == []
        await house.parts.close()


async def test_a_businesss_own_number_is_never_the_guests(trial: GuestHouse) -> None:
    await trial.link()
    await trial.link(label="Another")
    rows = await trial.house.rows(phone_numbers, phone_numbers.c.channel == "guest")
    assert len(rows) == 1
    webhook = trial.house.message("bonjour")
    await trial.house.post(webhook, number=rows[0].phone_number_id)
    assert await trial.house.rows(inbound_messages) == []


async def test_the_page_asks_for_what_is_new_alone(trial: GuestHouse) -> None:
    guest = await trial.guest()
    await guest.says("bonjour")
    page = await guest.sees("you said bonjour")

    async def settled() -> httpx.Response | None:
        shown = (await guest.client.get(f"{guest.path}/talk")).text
        version = shown.split('data-version="')[1].split('"')[0]
        again = await guest.client.get(f"{guest.path}/talk", params={"seen": version})
        return again if again.status_code == 204 else None

    await until(settled)
    assert 'id="talk"' in page

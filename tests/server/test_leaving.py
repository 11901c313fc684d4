"""Leaving a list by the link in an email: a POST does it at once and again changes nothing, a GET only shows it."""

import pytest

from notifications.tables import consents
from tests.house import House
from tests.notifications.providers.other_ends import SmallSendGrid
from tests.server.sender_houses import BY_SENDGRID, GRACE_MAIL, PUBLIC, Opens, offer, offer_to, opened

__all__ = ["opened"]

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def received(opened: Opens, **who: str) -> tuple[House, str]:
    """A house that has sent an offer, and the path of the link in it."""
    small = SmallSendGrid()
    house = opened(small.app(), **BY_SENDGRID)
    await offer_to(house, "email", email=GRACE_MAIL, **who)
    await house.settled()
    (asked,) = small.asked
    link = asked["headers"]["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{PUBLIC}/u/")
    assert all(link in part["value"] for part in asked["content"])
    return house, link.removeprefix(PUBLIC)


async def test_one_post_leaves_and_another_changes_nothing(opened: Opens) -> None:
    house, path = await received(opened, locale="fr")

    for _ in range(2):
        answer = await house.public.post(path, data=ONE_CLICK)
        assert (answer.status_code, "C&#39;est fait" in answer.text) == (200, True)

    (said,) = await house.rows(consents)
    assert (said.category, said.channel, said.granted, said.source) == ("marketing", "email", False, "one_click")
    assert (await offer(house, "email", email=GRACE_MAIL)).message_ids == ()


@pytest.mark.parametrize(("locale", "words"), [("fr", "Me désabonner"), ("en", "Unsubscribe")])
async def test_a_scanner_that_follows_the_link_leaves_for_nobody(opened: Opens, locale: str, words: str) -> None:
    house, path = await received(opened, locale=locale)

    page = await house.public.get(path)

    assert (page.status_code, words in page.text) == (200, True)
    assert f'<html lang="{locale}">' in page.text
    assert await house.rows(consents) == []
    assert GRACE_MAIL not in page.text


async def test_after_leaving_the_page_offers_nothing_more(opened: Opens) -> None:
    house, path = await received(opened, locale="en")
    await house.public.post(path, data=ONE_CLICK)

    assert "<form" not in (await house.public.get(path)).text


@pytest.mark.parametrize("token", ["x", "x.y", "a" * 700, "%00"])
async def test_a_link_that_nobody_made_leads_nowhere(small_house: House, token: str) -> None:
    for method in ("GET", "POST"):
        page = await small_house.public.request(method, f"/u/{token}", headers={"Accept-Language": "en"})
        assert (page.status_code, "leads nowhere" in page.text) == (404, True)


async def test_a_changed_link_leads_nowhere(opened: Opens) -> None:
    house, path = await received(opened)

    # Not at its end, whose last bits may mean nothing.
    changed = path[:-9] + ("A" if path[-9] != "A" else "B") + path[-8:]
    assert (await house.public.post(changed, data=ONE_CLICK)).status_code == 404
    assert await house.rows(consents) == []

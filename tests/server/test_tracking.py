"""A delivery shown to others: by a link, live, in the reader's language, without anything personal."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.engine import URL

from conversations import tracking_links
from conversations.tables import tracking_links as table
from demo.backend import Settings as DemoSettings
from demo.backend import create_app
from server.parts import utc_now
from server.tracking.page import Reader, delivery_page
from storage.tables import conversations
from tests.house import SECRET, House, open_house, settings_for
from trade.missions import Mission

CODE = "COUR-20250127-061"
SECRET_WORDS = ("Marie", "Okemba", "Malanda", "Avenue", "Jean", "Malonga", "2420", "06 ", "8 000")
"""Parts of the names, addresses, numbers and the value of that delivery."""

OURS = {"Authorization": f"Bearer {SECRET}"}


class Street:
    """A house beside a business's system, with Grâce, who has written to it."""

    def __init__(self, house: House, demo: httpx.AsyncClient) -> None:
        self.house = house
        self.demo = demo

    async def link(self, code: str = CODE, sender_id: str | None = None) -> httpx.Response:
        (talk,) = await self.house.rows(conversations)
        return await self.house.private.post(
            f"/internal/people/{sender_id or talk.id}/tracking-links", json={"code": code}, headers=OURS
        )

    async def shared(self, code: str = CODE) -> str:
        """The path of a new link."""
        answer = await self.link(code)
        assert answer.status_code == 201, answer.text
        return httpx.URL(answer.json()["url"]).path

    async def page(self, path: str, language: str = "") -> httpx.Response:
        return await self.house.public.get(path, headers={"Accept-Language": language})


@pytest.fixture
async def street(database_address: URL, tmp_path: Path) -> AsyncIterator[Street]:
    app = create_app(DemoSettings(backend_token=SecretStr("demo-token"), var_dir=tmp_path))
    demo = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8090")
    house = open_house(settings_for(database_address, tmp_path, backend_token="demo-token"), backend=demo)
    house.start()
    await house.says("bonjour")
    yield Street(house, demo)
    await house.stop()
    app.state.store.close()


async def test_whoever_has_the_link_sees_how_far_the_delivery_is(street: Street) -> None:
    page = await street.page(await street.shared())

    assert page.status_code == 200
    assert "Kimia Express" in page.text
    assert f"Livraison {CODE}" in page.text
    assert '<p class="now">En route vers la destination</p>' in page.text
    assert 'aria-current="step"' in page.text


async def test_it_shows_nothing_personal(street: Street) -> None:
    page = await street.page(await street.shared())

    assert [word for word in SECRET_WORDS if word in page.text] == []


async def test_it_is_live(street: Street) -> None:
    path = await street.shared()
    await street.demo.post(f"/demo/missions/{CODE}/advance")

    page = await street.page(path)
    assert '<p class="now">Livré à destination</p>' in page.text
    assert 'data-under-way="no"' in page.text


async def test_the_language_is_the_readers(street: Street) -> None:
    path = await street.shared()
    titles = {
        ("", ""): "Livraison",
        ("", "en-GB,en;q=0.9"): "Delivery",
        ("", "ln, en;q=0.4, fr;q=0.8"): "Livraison",
        ("", "de"): "Livraison",
        ("", "fr;q=0, en;q=x, ,;q="): "Livraison",
        ("en", "fr"): "Delivery",
        ("xx", "en"): "Delivery",
    }
    for (asked, likes), title in titles.items():
        page = await street.page(f"{path}?lang={asked}", likes)
        assert f"<h1>{title} {CODE}</h1>" in page.text, (asked, likes)


async def test_asked_twice_it_is_the_same_link_until_half_its_life_is_over(street: Street) -> None:
    first, again = await street.shared(), await street.shared()
    assert first == again

    halfway = utc_now() + tracking_links.LIFE / 2
    (talk,) = await street.house.rows(conversations)
    renewed = await street.house.parts.database.write(tracking_links.share, talk.id, CODE, halfway)
    assert renewed.token not in first


async def test_an_old_link_ends_and_is_forgotten(street: Street) -> None:
    path = await street.shared()
    database = street.house.parts.database
    await database.write(lambda c: c.execute(sa.update(table).values(expires_at=utc_now() - timedelta(seconds=1))))

    page = await street.page(path, "en")
    assert page.status_code == 404
    assert "This link leads nowhere any more" in page.text
    await database.write(tracking_links.prune, utc_now())
    assert await street.house.rows(table) == []


async def test_a_link_that_never_was_is_said(street: Street) -> None:
    for token in ("nothing", "x" * 300, "%00", "..%2f..", "<script>"):
        page = await street.page(f"/t/{token}")
        assert page.status_code == 404, token
        assert "script>" not in page.text


async def test_a_delivery_of_somebody_else_is_not_shown(street: Street) -> None:
    page = await street.page(await street.shared("COUR-20250127-999"))

    assert page.status_code == 404


async def test_a_business_whose_system_is_away_is_said(street: Street) -> None:
    path = await street.shared()
    await street.demo.post("/demo/faults", json={"delay_seconds": 0, "status": 500})

    page = await street.page(path)
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "Impossible de voir la livraison" in page.text


async def test_the_page_keeps_its_address_to_itself(street: Street) -> None:
    page = await street.page(await street.shared())

    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for file in ("tracking.css", "tracking.js"):
        assert f"/t/static/{file}" in page.text
        assert (await street.page(f"/t/static/{file}")).status_code == 200


async def test_links_are_made_for_people_we_know_and_by_ourselves(street: Street) -> None:
    stranger = "0197b3a2-0000-7000-8000-000000000000"
    assert (await street.link(sender_id=stranger)).status_code == 404
    assert (await street.link(code="")).status_code == 422
    (talk,) = await street.house.rows(conversations)
    without = await street.house.private.post(f"/internal/people/{talk.id}/tracking-links", json={"code": CODE})
    assert without.status_code == 401


def test_what_the_business_writes_is_escaped() -> None:
    reader = Reader(locale="fr", timezone="Africa/Brazzaville", now=utc_now())
    mission = Mission(code="<b>", status="<script>alert(1)</script>", created_at=utc_now(), customer_phone="+1")
    page = delivery_page(mission, "<i>Kimia</i>", reader, utc_now())
    assert not any(tag in page for tag in ("<script>", "<i>", "<b>"))

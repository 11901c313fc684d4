"""The whole road as a person walks it: typing and tapping in the phone page, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser import PhonePage, chromium
from tests.house import GRACE
from tests.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "fr-FR": {
        "hello": ("bonjour", "Kimia Express"),
        "track": ("où est ma commande COUR-20250127-061 ?", "DEMANDE COUR-20250127-061"),
        "timeline": ("✅ Récupération", "🔵 En transit", "⚪ Livré", "8 000 FCFA"),
        "courier": ("Contacter le livreur", "Contact de votre livreur"),
        "list": ("mon colis est où", "livraison"),
        "choice": ("COUR-20250124-032", "✅ Livré"),
        "products": ("montre-moi les poissons", "Poisson braisé"),
        "see": ("Voir",),
        "nonsense": ("asdkjh qsdmlkj", "?"),
        "switch": ("english please", "English"),
    },
    "en-GB": {
        "hello": ("hello", "Kimia Express"),
        "track": ("track COUR-20250127-061", "DELIVERY COUR-20250127-061"),
        "timeline": ("✅ Picked up", "🔵 In transit", "⚪ Delivered", "8,000 FCFA"),
        "courier": ("Contact the courier", "Your courier's contact"),
        "list": ("where is my parcel", "deliver"),
        "choice": ("COUR-20250124-032", "✅ Delivered"),
        "products": ("show me the fish", "Poisson braisé"),
        "see": ("See",),
        "nonsense": ("asdkjh qsdmlkj", "?"),
        "switch": ("en français svp", "français"),
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.mark.parametrize("language", WORDS)
def test_a_person_tracks_taps_sees_the_card_and_the_photo_and_switches(
    language: str, stack: Stack, browser: Browser
) -> None:
    words = WORDS[language]
    stack.ask(GRACE, "bonjour")  # the list holds the phones that wrote last
    stack.forget_conversations()
    page = browser.new_page(locale=language, viewport={"width": 400, "height": 860})
    try:
        phone = PhonePage(page, stack.emulator, "Grâce Mabiala")
        phone.ask(*words["hello"])
        timeline = phone.ask(*words["track"])
        for line in words["timeline"]:
            expect(timeline).to_contain_text(line)
        expect(timeline.locator("strong, b").first).to_be_visible()
        last = phone.newest_id()
        phone.tap(*words["courier"])
        phone.await_answer(last, "Jean Malonga", "kind-contacts")
        _choose(phone, phone.ask(*words["list"]), *words["choice"])
        _see_the_photo(phone.ask(*words["products"]), *words["see"])
        phone.ask(*words["switch"])
        expect(phone.screen.locator("li.message.person").last.locator(".ticks")).to_be_visible()
        _fits_the_screen(phone)
    finally:
        page.close()


def _choose(phone: PhonePage, offered: Locator, row: str, expected: str) -> None:
    last = phone.newest_id()
    offered.locator("button[data-opens]").click()
    sheet = phone.page.locator("dialog[open]")
    sheet.get_by_text(row).click()
    sheet.locator("footer button").click()
    phone.await_answer(last, expected)


def _see_the_photo(product: Locator, button: str) -> None:
    photo = product.locator("img").first
    expect(photo).to_be_visible()
    loaded = "image => image.complete && image.naturalWidth > 0 || new Promise(done => image.onload = () => done(true))"
    assert photo.evaluate(loaded)
    expect(product.get_by_role("button", name=button).first).to_be_visible()


def _fits_the_screen(phone: PhonePage) -> None:
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

"""Every kind of message is on the page, in both languages."""

from tests.channels.whatsapp.emulator.sends import (
    LINK,
    Message,
    card,
    carousel,
    catalog,
    contact_request,
    flow,
    interactive,
    link_button,
    location_request,
    media,
    product,
    product_list,
    replies,
)
from tests.channels.whatsapp.emulator.world import GRACE, KIMIA, Emulator

PAGE = f"/?open={KIMIA}-{GRACE}"

# A message of the business, and what must be seen of it.
OUT: dict[str, tuple[Message, list[str]]] = {
    "image": (media("image", link=LINK, caption="*Prêt*"), [LINK, "<strong>Prêt</strong>"]),
    "video": (media("video", link=LINK, caption="En route"), [f'<video src="{LINK}"', "En route"]),
    "audio": (media("audio", link=LINK), [f'<audio src="{LINK}"']),
    "document": (media("document", link=LINK, filename="bon.pdf"), ["bon.pdf", "<b>PDF</b>", LINK]),
    "document without a name": (media("document", link="https://a.example/x.docx?y=1"), ["<b>DOCX</b>"]),
    "sticker": (media("sticker", link=LINK), ["kind-sticker", LINK]),
    "preview": (
        {"type": "text", "text": {"body": "see https://www.kimia.example/t/1.", "preview_url": True}},
        ["<b>kimia.example</b>", 'class="preview" href="https://www.kimia.example/t/1"'],
    ),
    "film above buttons": (replies("Oui", header={"type": "video", "video": {"link": LINK}}), ["<video", "Oui"]),
    "file above buttons": (
        replies("Oui", header={"type": "document", "document": {"link": LINK, "filename": "a.pdf"}}),
        ["a.pdf"],
    ),
    "link button": (link_button("Suivre"), ['href="https://kimia.example/t/1"', "Suivre"]),
    "carousel": (
        carousel(card(1, "Second"), card(0, body="_Premier_")),
        ["<em>Premier</em>", "Second", "https://kimia.example/0"],
    ),
    "location request": (location_request(body="Où ?"), ["Où ?", "data-answers"]),
    "contact request": (contact_request(), ['value="me"']),
    "flow": (
        flow(flow_action="navigate", flow_action_payload={"screen": "S", "data": {"day": "Monday"}}),
        ["Book", 'value="day"', 'value="Monday"'],
    ),
    "product of the file": (product("poulet-mayo"), ["Poulet Mayo", "2500", "/photos/poulet-mayo.jpg"]),
    "product nobody knows": (product("eru-1"), ["eru-1"]),
    "product without words": (product("poulet-mayo", body=None), ["Poulet Mayo"]),
    "products": (product_list(["poulet-mayo"], ["eru-1"]), ["Our choice", "Poulet Mayo", "eru-1", "Part 1"]),
    "catalogue": (catalog("saka-saka"), ["Saka-saka", "Poulet Mayo"]),
    "catalogue without a picture": (catalog(), ["Saka-saka"]),
    "product of another catalogue": (
        interactive("product", {"catalog_id": "1", "product_retailer_id": "poulet-mayo"}),
        ["poulet-mayo"],
    ),
}


async def test_what_a_business_sends_is_seen_in_both_languages(offline: Emulator) -> None:
    for message, _ in OUT.values():
        await offline.say(GRACE, message)
    assert [told["payload"] for told in await offline.chat(GRACE)] == [message for message, _ in OUT.values()]
    for language in ("en", "fr"):
        page = await offline.http.get(PAGE, headers={"Accept-Language": language})
        assert page.status_code == 200
        shown = page.text.replace("2,500", "2500").replace("2\u202f500", "2500")
        assert [(name, part) for name, (_, seen) in OUT.items() for part in seen if part not in shown] == []

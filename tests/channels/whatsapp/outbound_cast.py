"""The messages that `tests/fixtures/whatsapp/outbound` says in JSON, each under the name of its file."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from channels.whatsapp.messages import (
    Audio,
    Button,
    Buttons,
    Card,
    CardLink,
    Carousel,
    Catalog,
    Contact,
    ContactRequest,
    Contacts,
    CtaUrl,
    Document,
    Email,
    Flow,
    Image,
    List,
    LocationRequest,
    Message,
    OrderDetails,
    OrderStatus,
    Phone,
    PostalAddress,
    Product,
    ProductList,
    ProductSection,
    Reaction,
    Row,
    Section,
    Sticker,
    Text,
    Url,
    Video,
)
from tests.channels.whatsapp.outbound_props import CATALOG, MARKET, MEDIA_IDS, PHOTO, RECEIPT
from tests.channels.whatsapp.outbound_templates import TEMPLATES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "whatsapp" / "outbound"

KIMIA = "Kimia Courses"
YES = Button(id="t-1", title="Oui")

JEAN = Contact(
    formatted_name="Dr Jean Pascal Malonga fils",
    first_name="Jean",
    middle_name="Pascal",
    last_name="Malonga",
    prefix="Dr",
    suffix="fils",
    phones=(Phone(number="+242 06 987 65 43", wa_id="242069876543"), Phone(number="+242 22 281 00 00", type="WORK")),
    emails=(Email(address="jean@kimia.example"),),
    urls=(Url(url="https://kimia.example/jean", type="HOME"),),
    addresses=(
        PostalAddress(
            street="12 rue Mbochi",
            city="Brazzaville",
            state="Brazzaville-Sud",
            zip="00242",
            country="Congo",
            country_code="cg",
            type="HOME",
        ),
    ),
    organization=KIMIA,
    department="Tournées",
    title="Coursier",
    birthday=date(1990, 7, 3),
)


def fixture(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_bytes())
    return document


SHOWN = {
    *("type", "sub_type", "name", "code", "language", "index", "card_index", "parameter_name", "mode", "status"),
    *("catalog_id", "product_retailer_id", "thumbnail_product_retailer_id", "reference_id", "screen"),
    *("flow_id", "flow_name", "flow_message_version", "flow_action", "year", "month", "day_of_month", "day_of_week"),
    *("hour", "minute", "calendar", "ttl_minutes", "voice", "preview_url"),
}
"""Members that tell nobody anything about a person, so that a repr may show them."""


def private_values(value: Any, member: str = "") -> Iterator[str | float]:
    """What a person reads, or how one is called or reached."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from private_values(inner, name)
        case list():
            for item in value:
                yield from private_values(item, member)
        case str() | float() if member not in SHOWN and value not in ("", *MEDIA_IDS):
            yield value


QUOTED = {"text_quoting": "wamid.GRACE1"}
"""Which of them quote a message."""

OUTBOUND: dict[str, Message] = {
    "text": Text(body="Bonjour Grâce 👋🏾"),
    "text_with_preview": Text(body="Suivez-le ici : https://kimia.example/s/7", preview_url=True),
    "text_quoting": Text(body="C'est noté."),
    "image": Image(link=PHOTO, caption="Votre colis"),
    "image_by_id": Image(id=MEDIA_IDS[0]),
    "video": Video(link="https://photos.example/depot.mp4", caption="Le dépôt"),
    "audio": Audio(link="https://photos.example/annonce.mp3"),
    "voice_note": Audio(id=MEDIA_IDS[1], voice=True),
    "document": Document(link=RECEIPT, caption="Votre reçu", filename="Reçu Kimia.pdf"),
    "sticker": Sticker(id=MEDIA_IDS[2]),
    "location": MARKET,
    "contacts": Contacts(contacts=(JEAN,)),
    "reaction": Reaction(message_id="wamid.GRACE1", emoji="👍🏾"),
    "reaction_removed": Reaction(message_id="wamid.GRACE1", emoji=""),
    "buttons": Buttons(
        header="Livraison",
        body="Que voulez-vous faire ?",
        footer=KIMIA,
        buttons=(Button(id="t-1", title="Suivre"), Button(id="t-2", title="Appeler")),
    ),
    "buttons_under_a_picture": Buttons(header=Image(link=PHOTO), body="Est-ce le bon colis ?", buttons=(YES,)),
    "buttons_under_a_film": Buttons(header=Video(id=MEDIA_IDS[3]), body="Avez-vous tout compris ?", buttons=(YES,)),
    "buttons_under_a_file": Buttons(
        header=Document(link=RECEIPT, filename="Reçu.pdf"), body="Le montant est-il juste ?", buttons=(YES,)
    ),
    "list": List(
        header="Vos livraisons",
        body="Laquelle ?",
        footer=KIMIA,
        button="Voir",
        sections=(
            Section(
                title="En route",
                rows=(
                    Row(id="t-1", title="COUR-7", description="Arrive à midi"),
                    Row(id="t-2", title="COUR-8"),
                ),
            ),
            Section(title="Livrées", rows=(Row(id="t-3", title="COUR-5"),)),
        ),
    ),
    "list_of_one_section": List(
        body="Laquelle ?", button="☰", sections=(Section(rows=(Row(id="t-1", title="COUR-7"),)),)
    ),
    "cta_url": CtaUrl(
        header=Image(link=PHOTO),
        body="Votre colis est en route.",
        footer=KIMIA,
        title="Suivre la carte",
        url="https://kimia.example/s/7",
    ),
    "location_request": LocationRequest(body="Où faut-il livrer ?"),
    "contact_request": ContactRequest(body="À quel numéro peut-on vous joindre ?"),
    "flow": Flow(
        header="Rendez-vous",
        body="Choisissez un jour.",
        footer=KIMIA,
        id="400000000000001",
        token="f-1",
        title="Choisir",
        screen="DAYS",
        data={"days": ["lundi", "mardi"], "open": True, "price": 1500, "note": None},
    ),
    "flow_from_our_endpoint": Flow(
        body="Choisissez un jour.",
        name="rendez-vous",
        token="f-2",
        title="Choisir",
        action="data_exchange",
        mode="draft",
    ),
    "product": Product(body="Il nous en reste deux.", footer=KIMIA, catalog_id=CATALOG, product_retailer_id="sac-12"),
    "product_alone": Product(catalog_id=CATALOG, product_retailer_id="sac-12"),
    "product_list": ProductList(
        header="Emballages",
        body="Voici ce que nous avons.",
        footer=KIMIA,
        catalog_id=CATALOG,
        sections=(
            ProductSection(title="Sacs", product_retailer_ids=("sac-12", "sac-20")),
            ProductSection(title="Cartons", product_retailer_ids=("carton-1",)),
        ),
    ),
    "catalog": Catalog(body="Tout est là.", footer=KIMIA, thumbnail_product_retailer_id="sac-12"),
    "catalog_without_thumbnail": Catalog(body="Tout est là."),
    "carousel": Carousel(
        body="Trois tailles :",
        cards=(
            Card(
                header=Image(link="https://photos.example/s.jpg"),
                body="*Petit*\n2 000 FCFA",
                buttons=(Button(id="t-1", title="Commander"), Button(id="t-2", title="Détails")),
            ),
            Card(
                header=Image(link="https://photos.example/m.jpg"),
                buttons=(Button(id="t-3", title="Commander"), Button(id="t-4", title="Détails")),
            ),
        ),
    ),
    "carousel_of_links": Carousel(
        body="Nos dépôts :",
        cards=(
            Card(
                header=Video(link="https://photos.example/poto.mp4"),
                body="Poto-Poto",
                link=CardLink(title="Itinéraire", url="https://kimia.example/d/1"),
            ),
            Card(
                header=Video(link="https://photos.example/bacongo.mp4"),
                body="Bacongo",
                link=CardLink(title="Itinéraire", url="https://kimia.example/d/2"),
            ),
        ),
    ),
    **TEMPLATES,
    "order_details": OrderDetails(
        header=Image(link=PHOTO),
        body="Vérifiez et payez.",
        footer=KIMIA,
        reference_id="order-7",
        payment={
            "type": "physical-goods",
            "currency": "INR",
            "payment_type": "upi",
            "payment_configuration": "kimia",
            "total_amount": {"value": 1700, "offset": 100},
            "order": {
                "status": "pending",
                "items": [
                    {
                        "retailer_id": "sac-12",
                        "name": "Sac 12",
                        "amount": {"value": 1500, "offset": 100},
                        "quantity": 1,
                    }
                ],
                "subtotal": {"value": 1500, "offset": 100},
                "tax": {"value": 200, "offset": 100, "description": "TVA"},
            },
        },
    ),
    "order_status": OrderStatus(
        body="Votre commande est en route.", reference_id="order-7", status="shipped", description="Partie à midi"
    ),
}

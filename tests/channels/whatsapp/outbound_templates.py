"""The templates of the cast, each under the name of its fixture."""

from datetime import UTC, datetime

from channels.whatsapp.messages import (
    CatalogButton,
    CopyCodeButton,
    CurrencyValue,
    DateTimeValue,
    Document,
    FlowButton,
    Gif,
    Image,
    ProductHeader,
    ProductsButton,
    ProductSection,
    QuickReplyButton,
    Template,
    TemplateCard,
    TextValue,
    UrlButton,
    Video,
    VoiceCallButton,
)
from tests.channels.whatsapp.outbound_props import CATALOG, MARKET, MEDIA_IDS, PHOTO

TEMPLATES: dict[str, Template] = {
    "template": Template(
        name="livraison_en_route",
        language="fr",
        header=Image(link=PHOTO),
        body=(
            TextValue(text="Grâce"),
            CurrencyValue(fallback="2 000 FCFA", code="XAF", amount_1000=2_000_000),
            DateTimeValue(
                fallback="vendredi 3 juillet à 14 h 05",
                year=2026,
                month=7,
                day_of_month=3,
                day_of_week=5,
                hour=14,
                minute=5,
                calendar="GREGORIAN",
            ),
        ),
        buttons=(UrlButton(index=0, suffix="s/7?de=wa"), QuickReplyButton(index=1, payload="t-1")),
    ),
    "template_without_values": Template(name="bienvenue", language="en_US"),
    "template_with_names": Template(
        name="rappel",
        language="fr",
        header=TextValue(name="ville", text="Brazzaville"),
        body=(TextValue(name="prenom", text="Grâce"), DateTimeValue(name="quand", fallback="demain")),
    ),
    "template_with_a_place": Template(name="arrivee", language="fr", header=MARKET),
    "template_with_a_film": Template(name="depot", language="fr", header=Video(id=MEDIA_IDS[4])),
    "template_with_a_file": Template(name="recu", language="fr", header=Document(id=MEDIA_IDS[5], filename="Reçu.pdf")),
    "template_with_a_gif": Template(name="fete", language="fr", header=Gif(link="https://photos.example/fete.mp4")),
    "template_with_many_buttons": Template(
        name="boutique",
        language="fr",
        buttons=(
            CopyCodeButton(index=0, code="KIMIA10"),
            FlowButton(index=1, token="f-3", data={"day": "lundi"}),
            CatalogButton(index=2, thumbnail_product_retailer_id="sac-12"),
            ProductsButton(
                index=3,
                thumbnail_product_retailer_id="sac-12",
                sections=(ProductSection(title="Sacs", product_retailer_ids=("sac-12",)),),
            ),
            VoiceCallButton(index=4, ttl_minutes=100, payload="t-2"),
        ),
    ),
    "template_with_a_product": Template(
        name="nouveaute",
        language="fr",
        header=ProductHeader(catalog_id=CATALOG, product_retailer_id="sac-12"),
    ),
    "template_with_an_offer": Template(
        name="promotion",
        language="fr",
        header=Image(link=PHOTO),
        body=(TextValue(text="Grâce"),),
        offer_ends_at=datetime(2026, 7, 3, 14, 5, tzinfo=UTC),
        buttons=(CopyCodeButton(index=0, code="KIMIA10"),),
    ),
    "template_with_cards": Template(
        name="tailles",
        language="fr",
        body=(TextValue(text="Grâce"),),
        cards=(
            TemplateCard(
                header=Image(link="https://photos.example/s.jpg"),
                body=(TextValue(text="2 000 FCFA"),),
                buttons=(QuickReplyButton(index=0, payload="t-1"),),
            ),
            TemplateCard(
                header=Image(link="https://photos.example/m.jpg"),
                body=(TextValue(text="3 000 FCFA"),),
                buttons=(QuickReplyButton(index=0, payload="t-2"),),
            ),
        ),
    ),
}

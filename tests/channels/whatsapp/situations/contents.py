"""Every kind of message, and what it is read as."""

from decimal import Decimal

from channels.whatsapp.webhook import (
    CardAddress,
    CardOrganisation,
    CardPhone,
    ContactCard,
    ContactsReceived,
    EditReceived,
    LocationReceived,
    MediaReceived,
    OrderItem,
    OrderReceived,
    OtherReceived,
    ReactionReceived,
    RevokeReceived,
    StatusError,
    TextReceived,
    UnsupportedReceived,
)
from tests.channels.whatsapp.cast import GRACE, GRACE_ID, PATRICK
from tests.channels.whatsapp.situations.expected import SHA256, Expected, said

GONE = StatusError(code=131052, title="Media download error", details="The picture is gone.")
UNKNOWN = StatusError(code=131051, title="Message type unknown", details="Message type is currently not supported.")
POLL = StatusError(code=131051, title="Message type unknown")

MEDIA: Expected = {
    "image": [
        said(
            MediaReceived(
                kind="image",
                media_id="1003383421387256",
                mime_type="image/jpeg",
                caption="Le colis",
                sha256=SHA256,
                url="https://lookaside.example/1",
            )
        )
    ],
    "image_with_odd_members": [said(MediaReceived(kind="image", media_id="1003383421387256"))],
    "image_meta_could_not_take": [said(UnsupportedReceived(kind="image", errors=(GONE,)), errors=(GONE,))],
    "video": [
        said(
            MediaReceived(
                kind="video",
                media_id="1003383421387261",
                mime_type="video/mp4",
                caption="La rue",
                sha256=SHA256,
                url="https://lookaside.example/2",
            )
        )
    ],
    "audio_file": [
        said(MediaReceived(kind="audio", media_id="1003383421387260", mime_type="audio/mpeg", sha256=SHA256))
    ],
    "document": [
        said(
            MediaReceived(
                kind="document",
                media_id="1003383421387258",
                mime_type="application/pdf",
                filename="facture.pdf",
                sha256=SHA256,
            )
        )
    ],
    "sticker": [
        said(MediaReceived(kind="sticker", media_id="1003383421387259", mime_type="image/webp", sha256=SHA256))
    ],
    "sticker_animated": [
        said(
            MediaReceived(
                kind="sticker", media_id="1003383421387259", mime_type="image/webp", animated=True, sha256=SHA256
            )
        )
    ],
}

VOICE: Expected = {
    name: [
        said(
            MediaReceived(
                kind="audio",
                media_id="1003383421387257",
                mime_type="audio/ogg; codecs=opus",
                voice=True,
                sha256=SHA256,
            )
        )
    ]
    for name in ("voice_note", "voice_note_of_the_older_api")
}

CARDS: Expected = {
    "contact_card": [
        said(
            ContactsReceived(
                contacts=(ContactCard(phones=(CardPhone(phone="+242 05 555 12 34", type="CELL"),)),),
                origin="other",
            )
        )
    ],
    "contact_card_in_full": [
        said(
            ContactsReceived(
                contacts=(
                    ContactCard(
                        formatted_name="Patrick Ngoma",
                        first_name="Patrick",
                        last_name="Ngoma",
                        phones=(
                            CardPhone(phone="+242 05 555 12 34", wa_id=PATRICK, type="CELL"),
                            CardPhone(phone="+242 22 281 00 00", type="WORK"),
                        ),
                        emails=("patrick@kimia.example",),
                        urls=("https://kimia.example",),
                        addresses=(
                            CardAddress(
                                street="12 avenue de la Paix",
                                city="Brazzaville",
                                country="Congo",
                                country_code="cg",
                                type="WORK",
                            ),
                        ),
                        org=CardOrganisation(company="Kimia", department="Livraison", title="Livreur"),
                        birthday="1990-04-30",
                    ),
                ),
                origin="other",
            )
        )
    ],
    "contact_request_answered": [
        said(
            ContactsReceived(
                contacts=(
                    ContactCard(
                        formatted_name="Grâce Mabiala",
                        first_name="Grâce",
                        phones=(CardPhone(phone="+242 06 123 45 67", wa_id=GRACE, user_id=GRACE_ID, type="CELL"),),
                        vcard="BEGIN:VCARD\nVERSION:3.0\nFN:Grâce Mabiala\nEND:VCARD",
                    ),
                ),
                origin="contact_request",
            )
        )
    ],
    "contact_card_claiming_to_answer": [
        said(
            ContactsReceived(
                contacts=(
                    ContactCard(formatted_name="Moi", phones=(CardPhone(phone="+242 05 555 12 34", wa_id=PATRICK),)),
                )
            )
        )
    ],
    "contact_cards_with_odd_members": [
        said(ContactsReceived(contacts=(ContactCard(phones=(CardPhone(phone=PATRICK),)), ContactCard())))
    ],
}

OTHERS: Expected = {
    "text": [said(TextReceived(body="Où est ma commande COUR-20250127-061 ? 🙏"))],
    "location": [
        said(LocationReceived(latitude=-4.2634, longitude=15.2429, name="Marché Total", address="Brazzaville"))
    ],
    "location_current": [said(LocationReceived(latitude=-4.2634, longitude=15.2429))],
    "location_answering_our_request": [
        said(
            LocationReceived(latitude=-4.0, longitude=15.2429, address="Moungali", url="https://places.example/1"),
            context_id="wamid.OURS1",
        )
    ],
    "order": [
        said(
            OrderReceived(
                catalog_id="194836987003835",
                text="Pour samedi",
                items=(
                    OrderItem(product_retailer_id="PAGNE-3", quantity=2, item_price=Decimal(8000), currency="XAF"),
                    OrderItem(product_retailer_id="SAVON-1", quantity=1, item_price=Decimal("9.5"), currency="EUR"),
                ),
            )
        )
    ],
    "order_with_numbers_as_texts": [
        said(
            OrderReceived(
                catalog_id="194836987003835",
                items=(
                    OrderItem(product_retailer_id="SAVON-1", quantity=3, item_price=Decimal("9.50"), currency="EUR"),
                ),
            )
        )
    ],
    "reaction": [said(ReactionReceived(message_id="wamid.OURS1", emoji="👍🏾"))],
    "reaction_removed": [said(ReactionReceived(message_id="wamid.OURS1"))],
    "reaction_removed_by_an_empty_emoji": [said(ReactionReceived(message_id="wamid.OURS1"))],
    "unsupported": [said(UnsupportedReceived(errors=(UNKNOWN,)), errors=(UNKNOWN,))],
    "unsupported_poll": [said(UnsupportedReceived(kind="poll_update", errors=(POLL,)), errors=(POLL,))],
    "unsupported_without_errors": [said(UnsupportedReceived())],
    "edit_of_text": [
        said(EditReceived(original_message_id="wamid.GRACE0", content=TextReceived(body="Demain plutôt")))
    ],
    "edit_of_image": [
        said(
            EditReceived(
                original_message_id="wamid.GRACE0",
                content=MediaReceived(
                    kind="image",
                    media_id="1003383421387256",
                    mime_type="image/jpeg",
                    caption="Le bon colis",
                    sha256=SHA256,
                ),
            )
        )
    ],
    "edit_of_a_kind_not_known": [
        said(EditReceived(original_message_id="wamid.GRACE0", content=OtherReceived(kind="hologram")))
    ],
    "revoke": [said(RevokeReceived(original_message_id="wamid.GRACE0"))],
    "request_welcome": [said(OtherReceived(kind="request_welcome"))],
    "kind_not_known": [said(OtherReceived(kind="hologram"))],
}

EXPECTED: Expected = MEDIA | VOICE | CARDS | OTHERS

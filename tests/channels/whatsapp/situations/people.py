"""Who wrote, what stands around a message, and news that WhatsApp tells of a person in the chat."""

from datetime import UTC, datetime, timedelta

from channels.whatsapp.webhook import (
    Forwarded,
    Identity,
    MediaReceived,
    OtherChange,
    Referral,
    ReferredProduct,
    Sender,
    SystemReceived,
    TextReceived,
)
from tests.channels.whatsapp.cast import GRACE, GRACE_ID, PATRICK
from tests.channels.whatsapp.situations.expected import (
    GRACE_PARENT,
    SENT_AT,
    SHA256,
    STRANGER,
    Expected,
    said,
    told_of_number,
)

HELLO = TextReceived(body="Bonjour")
NEW_NUMBER = "242069999999"

SENDERS: Expected = {
    "text_without_contacts": [said(HELLO, sender=STRANGER)],
    "text_of_a_person_without_a_number": [said(HELLO, sender=Sender(user_id=GRACE_ID, name="Grâce", username="grace"))],
    "text_of_a_contact_alone": [said(HELLO, sender=Sender(user_id=GRACE_ID, name="Grâce"))],
    "text_of_a_contact_spelled_otherwise": [
        said(HELLO, sender=Sender(wa_id="5511987654321", user_id="BR.13491208655302741918", name="Ana"))
    ],
    "text_of_a_person_with_all_ids": [
        said(
            HELLO,
            sender=Sender(
                wa_id=GRACE,
                user_id=GRACE_ID,
                parent_user_id=GRACE_PARENT,
                name="Grâce Mabiala",
                username="grace",
                identity_key_hash="DF2lS5v2W6x=",
            ),
        )
    ],
    "text_of_a_person_known_by_parent_id_alone": [
        said(HELLO, sender=Sender(parent_user_id=GRACE_PARENT, name="Grâce"))
    ],
    "contacts_in_another_order": [
        said(TextReceived(body="un")),
        said(
            TextReceived(body="deux"),
            wamid="wamid.PATRICK1",
            sender=Sender(wa_id=PATRICK, name="Patrick Ngoma"),
            sent_at=SENT_AT + timedelta(seconds=1),
        ),
    ],
}

SURROUNDINGS: Expected = {
    "text_quoting_us": [said(TextReceived(body="Celle-ci"), context_id="wamid.OURS1")],
    "text_forwarded": [said(TextReceived(body="Regarde"), forwarded=Forwarded.ONCE)],
    "text_forwarded_many_times": [said(HELLO, forwarded=Forwarded.FREQUENTLY)],
    "text_about_a_product": [
        said(
            TextReceived(body="Il est encore là ?"),
            context_id="wamid.OURS1",
            product=ReferredProduct(catalog_id="194836987003835", product_retailer_id="PAGNE-3"),
        )
    ],
    "text_from_an_advertisement": [
        said(
            TextReceived(body="Je voudrais commander"),
            referral=Referral(
                source_type="ad",
                source_id="120226305854810726",
                source_url="https://fb.example/3cr4",
                headline="Écrivez-nous",
                body="Le marché livre chez vous",
                media_type="image",
                image_url="https://cdn.example/ad.jpg",
                click_id="Aff-n8ZTODiE79d22KtAwQKj9e",
                welcome_text="Bonjour, que cherchez-vous ?",
            ),
        )
    ],
    "image_from_a_post": [
        said(
            MediaReceived(kind="image", media_id="1003383421387256", mime_type="image/jpeg", sha256=SHA256),
            referral=Referral(
                source_type="post",
                source_id="77",
                source_url="https://fb.example/p77",
                media_type="video",
                video_url="https://cdn.example/p.mp4",
                thumbnail_url="https://cdn.example/p.jpg",
            ),
        )
    ],
    "text_with_an_identity": [
        said(
            HELLO,
            identity=Identity(
                hash="DF2lS5v2W6x=", acknowledged=True, created_at=datetime(2025, 6, 15, 15, 6, 40, tzinfo=UTC)
            ),
        )
    ],
    "text_in_a_group": [said(HELLO, group_id="Y2FwaV9ncm91cDo")],
    "text_with_odd_surroundings": [said(HELLO)],
    "text_dated_by_a_number": [said(HELLO)],
    "text_dated_in_milliseconds": [said(HELLO, sent_at=SENT_AT.replace(microsecond=250_000))],
    "text_with_half_an_emoji_and_a_nul": [
        said(TextReceived(body="a\ufffdb"), sender=Sender(wa_id=GRACE, user_id=GRACE_ID, name="Grâce \ufffd"))
    ],
    "member_not_known": [said(TextReceived(body="un")), told_of_number(OtherChange, "messages", at=None)],
}

SYSTEM: Expected = {
    "system_number_changed": [
        said(SystemReceived(kind="user_changed_number", wa_id=NEW_NUMBER, body="changed"), sender=STRANGER)
    ],
    "system_number_changed_in_older_words": [
        said(SystemReceived(kind="user_changed_number", wa_id=NEW_NUMBER, body="changed"), sender=STRANGER)
    ],
    "system_number_and_user_id_changed": [
        said(
            SystemReceived(
                kind="user_changed_number",
                wa_id=NEW_NUMBER,
                user_id="CG.2",
                parent_user_id="CG.ENT.2",
                previous_user_id=GRACE_ID,
                previous_parent_user_id=GRACE_PARENT,
                body="changed",
            ),
            sender=Sender(wa_id=GRACE, user_id=GRACE_ID, parent_user_id=GRACE_PARENT),
        )
    ],
    "system_user_id_changed": [
        said(
            SystemReceived(kind="user_changed_user_id", user_id="CG.2", previous_user_id=GRACE_ID, body="changed"),
            sender=Sender(user_id=GRACE_ID),
        )
    ],
    "system_user_id_changed_without_the_old_one": [
        said(
            SystemReceived(kind="user_changed_user_id", user_id="CG.2", body="changed"),
            sender=Sender(user_id="CG.2"),
        )
    ],
    "system_identity_changed": [
        said(
            SystemReceived(kind="customer_identity_changed", wa_id=GRACE, body="new code"),
            sender=STRANGER,
            identity=Identity(hash="DF2lS5v2W6x="),
        )
    ],
    "system_kind_not_known": [said(SystemReceived(kind="user_moved_house", body="moved"), sender=STRANGER)],
}

EXPECTED: Expected = SENDERS | SURROUNDINGS | SYSTEM

"""Meta's own webhook samples, read where they lie beside the repository; they are not part of it."""

from pathlib import Path

import pytest

from channels.whatsapp.webhook import (
    ButtonReply,
    ContactsReceived,
    Content,
    InboundMessage,
    Item,
    ListReply,
    LocationReceived,
    MediaReceived,
    OrderReceived,
    OtherChange,
    ReactionReceived,
    SystemReceived,
    TextReceived,
    UnsupportedReceived,
    parse,
)

SAMPLES = Path(__file__).parents[4] / "shared" / "fixtures" / "whatsapp" / "inbound-meta"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="Meta's samples are not beside the repository, in ../shared/fixtures/whatsapp"
)

CONTENTS: dict[str, type[Content]] = {
    "button_message": ButtonReply,
    "contact_sharing_message": ContactsReceived,
    "image_message": MediaReceived,
    "interactive_button_reply_message": ButtonReply,
    "interactive_list_reply_message": ListReply,
    "location_message": LocationReceived,
    "order_message": OrderReceived,
    "reaction_message": ReactionReceived,
    "system_message": SystemReceived,
    "text_message": TextReceived,
    "text_message_from_click_to_whatsapp_ad": TextReceived,
    "text_message_with_context_product_inquiry": TextReceived,
    "unsupported_message": UnsupportedReceived,
}


def sample(name: str) -> Item:
    (item,) = parse((SAMPLES / f"{name}.json").read_bytes())
    return item


def sample_message(name: str) -> InboundMessage:
    item = sample(name)
    assert isinstance(item, InboundMessage)
    return item


def test_every_sample_is_read_as_what_its_name_says() -> None:
    names = sorted(path.stem for path in SAMPLES.glob("*.json"))
    assert names, "the folder of samples is empty"
    for name in names:
        if name in CONTENTS:
            assert isinstance(sample_message(name).content, CONTENTS[name]), name
        else:
            assert isinstance(sample(name), OtherChange), name
            assert name.startswith("group_"), name


def test_what_stands_around_a_sample_is_read_too() -> None:
    product = sample_message("text_message_with_context_product_inquiry").product
    referral = sample_message("text_message_from_click_to_whatsapp_ad").referral
    moved = sample_message("system_message").content

    assert product is not None
    assert product.product_retailer_id == "di9ozbzfi4"
    assert referral is not None
    assert (referral.source_type, referral.media_type) == ("ad", "image")
    assert isinstance(moved, SystemReceived)
    assert (moved.kind, moved.wa_id) == ("user_changed_number", "12195555358")

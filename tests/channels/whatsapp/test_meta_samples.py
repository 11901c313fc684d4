"""Meta's own webhook samples, read where they lie beside the repository; they are not part of it."""

from pathlib import Path

import pytest

from channels.whatsapp.webhook import (
    ButtonReply,
    Content,
    InboundMessage,
    ListReply,
    LocationReceived,
    MediaReceived,
    OtherChange,
    OtherReceived,
    TextReceived,
    parse,
)

SAMPLES = Path(__file__).parents[4] / "shared" / "fixtures" / "whatsapp" / "inbound-meta"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="Meta's samples are not beside the repository, in ../shared/fixtures/whatsapp"
)

CONTENTS: dict[str, type[Content]] = {
    "button_message": ButtonReply,
    "contact_sharing_message": OtherReceived,
    "image_message": MediaReceived,
    "interactive_button_reply_message": ButtonReply,
    "interactive_list_reply_message": ListReply,
    "location_message": LocationReceived,
    "order_message": OtherReceived,
    "reaction_message": OtherReceived,
    "system_message": OtherReceived,
    "text_message": TextReceived,
    "text_message_from_click_to_whatsapp_ad": TextReceived,
    "text_message_with_context_product_inquiry": TextReceived,
    "unsupported_message": OtherReceived,
}


def test_every_sample_is_read_as_what_its_name_says() -> None:
    names = sorted(path.stem for path in SAMPLES.glob("*.json"))
    assert names, "the folder of samples is empty"
    for name in names:
        (item,) = parse((SAMPLES / f"{name}.json").read_bytes())
        if name in CONTENTS:
            assert isinstance(item, InboundMessage), name
            assert isinstance(item.content, CONTENTS[name]), name
        else:
            assert isinstance(item, OtherChange), name
            assert name.startswith("group_"), name

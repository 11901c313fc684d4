"""Pictures that browsers do not show are kept all the same: somebody sent them, and may need them back."""

import pytest

from channels.whatsapp.media.errors import MediaRefused
from channels.whatsapp.media.formats import ENDINGS, received_type, sendable_type

PICTURES = {
    "image/heic": b"\x00\x00\x00\x18ftyphevc" + b"\x00" * 20,
    "image/avif": b"\x00\x00\x00\x1cftypavif" + b"\x00" * 20,
    "image/tiff": b"II*\x00" + b"\x00" * 20,
    "image/bmp": b"BM" + b"\x36\x10\x00\x00" + bytes(4) + b"\x36\x00\x00\x00",
    "image/jxl": b"\x00\x00\x00\x0cJXL \r\n\x87\n" + b"\x00" * 20,
}


@pytest.mark.parametrize("mime_type", PICTURES)
def test_any_picture_is_kept_as_what_it_is(mime_type: str) -> None:
    assert received_type("image", "image/jpeg", PICTURES[mime_type]) == mime_type
    assert received_type("image", None, PICTURES[mime_type]) == mime_type
    assert mime_type in ENDINGS


@pytest.mark.parametrize("mime_type", PICTURES)
def test_none_of_them_is_sent_as_a_picture(mime_type: str) -> None:
    with pytest.raises(MediaRefused, match="no image that WhatsApp takes"):
        sendable_type("image", mime_type, PICTURES[mime_type])


def test_a_text_that_begins_as_a_bitmap_does_stays_a_text() -> None:
    assert sendable_type("document", "text/plain", b"BMW, Toyota, Peugeot") == "text/plain"

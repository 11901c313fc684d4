"""Makes a JPEG of a picture that WhatsApp would not take, such as a WebP from a shop's website."""

import io
from typing import Final

from PIL import Image, ImageOps

from channels.whatsapp.media.errors import MediaRefused
from channels.whatsapp.media.formats import MAX_BYTES

MAX_PIXELS: Final = 25_000_000
"""A telephone's largest photo has fewer; unpacked this takes 100 MB. Our choice, against small files that unfold."""

QUALITY: Final = 85

CONVERTIBLE: Final = {"image/webp": "WEBP", "image/gif": "GIF", "image/avif": "AVIF"}
"""Types that are made into JPEG, with the names of their readers. HEIC is not among them: Pillow cannot read it."""


def to_jpeg(content: bytes, mime_type: str) -> tuple[bytes, str]:
    """The picture as JPEG, and what was changed about it, in words. Raises MediaRefused.

    Takes up to a second of processor time: not for the event loop.
    """
    name = mime_type.removeprefix("image/")
    if mime_type not in CONVERTIBLE:
        raise MediaRefused(f"is {name}, which neither WhatsApp takes nor we can convert")
    try:
        with Image.open(io.BytesIO(content), formats=[CONVERTIBLE[mime_type]]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise MediaRefused(f"has more than {MAX_PIXELS:,} pixels")
            moves = bool(getattr(picture, "is_animated", False))
            jpeg = _jpeg(picture)
    except MediaRefused:
        raise
    except Exception as error:  # Pillow's readers raise whatever a broken file makes them raise
        raise MediaRefused(f"is {name} that cannot be read ({type(error).__name__})") from error
    if len(jpeg) > MAX_BYTES["image"]:
        raise MediaRefused("is larger than WhatsApp takes, also as JPEG")
    return jpeg, f"{name} was made into JPEG" + (", of which the first picture is shown" if moves else "")


def _jpeg(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        layered = upright.convert("RGBA")
        upright = Image.new("RGB", layered.size, "white")
        upright.paste(layered, mask=layered.getchannel("A"))
    made = io.BytesIO()
    upright.convert("RGB").save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()

"""Draws a photo of each product, once, and keeps it: a warm gradient with the name set on it."""

import hashlib
import os
import random
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from demo.backend.contract.shop import Product

SIDE = 800  # pixels; WhatsApp shows squares well
QUALITY = 86  # JPEG; keeps a picture far below 200 kB
DRAWING = "1"  # raise it when the drawing changes, so that kept files are drawn anew

MARGIN = 64
NAME_SIZE, SMALL_SIZE = 84, 34
LEADING = 1.12

# Pairs of colours, from the top to the bottom; each is dark enough for white letters.
PALETTES = (
    ("#b3541e", "#5a1f12"),
    ("#2f6f4f", "#123528"),
    ("#a0345f", "#44122f"),
    ("#1f6f8b", "#0d2f43"),
    ("#8a6a12", "#402d06"),
    ("#5b4a9c", "#241a4a"),
)
# Found by name on Linux, macOS and Windows; Pillow's own font, the last resort, has no accents.
FONTS = ("DejaVuSerif-Bold.ttf", "Georgia Bold.ttf", "georgiab.ttf", "LiberationSerif-Bold.ttf")
PILLOWS_OWN = "Aileron"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Photos:
    """The photos of this process, drawn when first asked for."""

    def __init__(self, folder: Path, fonts: tuple[str, ...] = FONTS) -> None:
        """Keep the files in a folder, which is made when the first photo is."""
        self._folder = folder
        self._fonts = fonts

    def jpeg(self, product: Product) -> bytes:
        """The photo of a product."""
        file = self._folder / f"{product.id}-{self.fingerprint(product)}.jpg"
        if not file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            # Written beside and renamed, so that nobody ever reads half a photo.
            draft = file.with_suffix(f".{os.urandom(4).hex()}")
            draft.write_bytes(_draw(product, self._fonts))
            draft.replace(file)
        return file.read_bytes()

    def fingerprint(self, product: Product) -> str:
        """Changes when the photo does."""
        return hashlib.sha256("\n".join([DRAWING, product.id, *_captions(product)]).encode()).hexdigest()[:16]


def _captions(product: Product) -> tuple[str, str]:
    return product.name, product.merchant or ""


def _draw(product: Product, fonts: tuple[str, ...]) -> bytes:
    chance = random.Random(product.id)
    top, bottom = chance.choice(PALETTES)
    picture = _gradient(top, bottom)
    _plates(picture, chance)
    _captioned(picture, *_captions(product), fonts)
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _gradient(top: str, bottom: str) -> Image.Image:
    """From the top to the bottom colour, and darker away from a lamp at the top left."""
    down = Image.linear_gradient("L").resize((SIDE, SIDE))
    lamp = Image.radial_gradient("L").resize((SIDE * 2, SIDE * 2), Image.Resampling.BICUBIC)
    away = lamp.crop((SIDE * 3 // 4, SIDE * 3 // 4, SIDE * 7 // 4, SIDE * 7 // 4))
    mask = Image.blend(down, away, 0.4)
    return Image.composite(Image.new("RGB", (SIDE, SIDE), bottom), Image.new("RGB", (SIDE, SIDE), top), mask)


def _plates(picture: Image.Image, chance: random.Random) -> None:
    """A few soft circles of light, like plates on a table out of focus."""
    light = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(light)
    for _ in range(6):
        radius = chance.randint(70, 210)
        x, y = chance.randint(0, SIDE), chance.randint(-60, SIDE * 2 // 3)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=chance.randint(18, 52))
    light = light.filter(ImageFilter.GaussianBlur(10))
    picture.paste(Image.new("RGB", picture.size, "#fff3dc"), mask=light)


def _captioned(picture: Image.Image, name: str, merchant: str, fonts: tuple[str, ...]) -> None:
    """The name above the merchant, at the foot of the picture."""
    pen = ImageDraw.Draw(picture)
    name_font, small_font = _font(NAME_SIZE, fonts), _font(SMALL_SIZE, fonts)
    lines = _wrapped(_writable(name, name_font), name_font)
    y = SIDE - MARGIN - SMALL_SIZE - 24 - len(lines) * NAME_SIZE * LEADING
    for line in lines:
        pen.text((MARGIN, y), line, font=name_font, fill="#ffffff")
        y += NAME_SIZE * LEADING
    pen.line((MARGIN, y + 14, MARGIN + 96, y + 14), fill="#ffe2a8", width=5)
    pen.text((MARGIN, y + 32), _writable(merchant, small_font), font=small_font, fill="#ffe9c4")


def _wrapped(text: str, font: Font) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(joined) <= SIDE - 2 * MARGIN:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int, names: tuple[str, ...]) -> Font:
    for name in names:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _writable(text: str, font: Font) -> str:
    """Without accents where only Pillow's own font is there: a bare letter reads better than a box."""
    if isinstance(font, ImageFont.FreeTypeFont) and font.getname()[0] != PILLOWS_OWN:
        return text
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", "'"))
    return bare.encode("ascii", "ignore").decode()

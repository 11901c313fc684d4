"""Which files WhatsApp takes, how large they may be, and how one tells them apart. Pure.

Sources: Meta's documentation of media (types and sizes); sticker and document types as its upload page lists them.
"""

from typing import Literal, get_args

type MediaKind = Literal["image", "video", "audio", "document", "sticker"]
KINDS: tuple[str, ...] = get_args(MediaKind.__value__)

MIB = 2**20
LARGEST_BYTES = {
    "image": 5 * MIB,
    "video": 16 * MIB,
    "audio": 16 * MIB,
    "document": 100 * MIB,
    "sticker": 500 * 1024,  # animated; 100 KB when still, which a file does not say at its beginning
}
LARGEST_STILL_STICKER_BYTES = 100 * 1024

_OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "document": (
        *("application/pdf", "text/plain", "application/msword"),
        *("application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
        *(f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"),
        f"{_OFFICE}presentationml.presentation",
    ),
    "sticker": ("image/webp",),
}
SHOWN_INLINE = (*TYPES["image"], *TYPES["video"], *TYPES["audio"], *TYPES["sticker"])

# How the formats WhatsApp takes begin: bytes, where they stand, the type.
_BEGINNINGS = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"WEBP", 8, "image/webp"),
    (b"OggS", 0, "audio/ogg; codecs=opus"),
    (b"#!AMR", 0, "audio/amr"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf1", 0, "audio/aac"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftyp3gp", 4, "video/3gpp"),
    (b"ftyp", 4, "video/mp4"),
    (b"%PDF-", 0, "application/pdf"),
)


def sniffed(content: bytes) -> str | None:
    """The type a file's beginning tells; None when it is none of those one can tell."""
    return next((kind for start, at, kind in _BEGINNINGS if content[at : at + len(start)] == start), None)


def bare(mime_type: str) -> str:
    """Without parameters: audio/ogg of `audio/ogg; codecs=opus`."""
    return mime_type.partition(";")[0].strip().lower()


def kind_of_type(mime_type: str) -> MediaKind | None:
    """The kind of media a type belongs to; None when WhatsApp does not take it."""
    for kind in get_args(MediaKind.__value__):
        if bare(mime_type) in TYPES[kind]:
            found: MediaKind = kind
            return found
    return None


def largest_bytes(kind: MediaKind, content: bytes) -> int:
    """How large this file may be."""
    if kind == "sticker" and b"ANIM" not in content[:64]:
        return LARGEST_STILL_STICKER_BYTES
    return LARGEST_BYTES[kind]

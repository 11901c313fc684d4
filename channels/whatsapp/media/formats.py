"""What files WhatsApp takes as what, how large, and how a file's first bytes tell what it is."""

from typing import Final

from channels.whatsapp.media.errors import MediaRefused

MEBIBYTE: Final = 1024 * 1024

MAX_BYTES: Final = {
    "image": 5 * MEBIBYTE,
    "video": 16 * MEBIBYTE,
    "audio": 16 * MEBIBYTE,
    "document": 100 * MEBIBYTE,
    "sticker": 500 * 1024,
    "gif": 3 * MEBIBYTE + MEBIBYTE // 2,
}
"""Bytes by kind; Meta, Cloud API media. A "gif" is the short film in a template's header."""

MAX_STILL_STICKER_BYTES: Final = 100 * 1024
"""Of a sticker that does not move; Meta, Cloud API media."""

HEAD_BYTES: Final = 512
"""How much of a file is enough to tell what it is."""

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
SENDABLE: Final[dict[str, frozenset[str]]] = {
    "image": frozenset({"image/jpeg", "image/png"}),
    "video": frozenset({"video/mp4", "video/3gpp"}),
    "audio": frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
    "sticker": frozenset({"image/webp"}),
    "gif": frozenset({"video/mp4"}),
    "document": frozenset(
        {
            "application/pdf",
            "text/plain",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            f"{_OFFICE}wordprocessingml.document",
            f"{_OFFICE}spreadsheetml.sheet",
            f"{_OFFICE}presentationml.presentation",
        }
    ),
}
"""What may be uploaded as what; Meta, Cloud API media."""

_RECEIVABLE: Final[dict[str, frozenset[str]]] = {
    "image": SENDABLE["image"]
    | {"image/webp", "image/gif", "image/heic", "image/avif", "image/tiff", "image/bmp", "image/jxl"},
    "video": SENDABLE["video"] | {"video/quicktime", "video/webm"},
    "audio": SENDABLE["audio"] | {"video/mp4", "audio/wav"},  # sound in an MP4 may begin as a film does
    "sticker": SENDABLE["sticker"],
}
"""What people's phones send as what: every picture we can tell is kept, also one that browsers do not show.

As a document they send anything.
"""

ENDINGS: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/avif": ".avif",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
    "image/jxl": ".jxl",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
}
"""How a file of a type is named."""

_ALIASES: Final = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "video/3gp": "video/3gpp",
    "audio/3gpp": "audio/amr",
}

_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)

_BRANDS: Final = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"heif": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
"""Of files built of boxes; any other brand is a film."""

_PACKED: Final = {"application/zip": _OFFICE, "application/x-ole-storage": "application/"}
"""Office files are packed: their first bytes tell how, and only their declared type tells what is inside."""


def bare(mime_type: str | None) -> str:
    """A type without its parameters, as we spell it; empty where there is none."""
    plain = (mime_type or "").partition(";")[0].strip().lower()
    return _ALIASES.get(plain, plain)


def sniff(head: bytes) -> str | None:
    """What the first bytes say a file is; None where they say nothing we know."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "video/3gpp" if brand[:2] == b"3g" else _BRANDS.get(brand, "video/mp4")
    if head[:2] == b"BM" and head[6:10] == bytes(4):  # reserved, and else any text that begins with BM
        return "image/bmp"
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    return _sniff_frames(head)


def received_type(kind: str, declared: str | None, head: bytes) -> str:
    """The type to keep a received file under; raises MediaRefused where it is not what it came as."""
    found = sniff(head)
    if kind == "document":
        return declared or found or "application/octet-stream"
    if found is None or found not in _RECEIVABLE.get(kind, ()):
        raise MediaRefused(f"what came as {kind} is none: it begins like {found or 'nothing known'}")
    if declared and (bare(declared) == found or (kind == "audio" and bare(declared) in _RECEIVABLE["audio"])):
        return declared
    return found


def sendable_type(kind: str, declared: str | None, head: bytes) -> str:
    """The type to upload a file under; raises MediaRefused for what WhatsApp does not take as this kind."""
    found = sniff(head)
    if kind == "document":
        found = _document_type(bare(declared), found, head)
    elif kind == "audio" and found == "video/mp4" and bare(declared) == "audio/mp4":
        found = "audio/mp4"
    elif found == "audio/ogg" and b"OpusHead" not in head:
        raise MediaRefused("is sound in Ogg that is not Opus, which WhatsApp does not take")
    if found is None or found not in SENDABLE.get(kind, ()):
        raise MediaRefused(f"is no {kind} that WhatsApp takes: it begins like {found or 'nothing known'}")
    return found


def max_bytes(kind: str, head: bytes) -> int:
    """How large a file to be sent may be."""
    if kind == "sticker" and not is_moving_sticker(head):
        return MAX_STILL_STICKER_BYTES
    return MAX_BYTES[kind]


def is_moving_sticker(head: bytes) -> bool:
    """Whether a WebP says in its extended header that it has several frames."""
    return head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0x02)


def _sniff_frames(head: bytes) -> str | None:
    """Sound without a container begins with a frame: twelve bits set, then which sound it is."""
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg"


def _document_type(declared: str, found: str | None, head: bytes) -> str | None:
    if found in _PACKED:
        return declared if declared.startswith(_PACKED[found]) and declared in SENDABLE["document"] else found
    if found is None and declared == "text/plain" and b"\x00" not in head:
        return declared
    return found

"""A file's first bytes decide what it is, and Meta's list decides what may be sent as what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.media.errors import MediaRefused
from channels.whatsapp.media.formats import (
    MAX_BYTES,
    MAX_STILL_STICKER_BYTES,
    SENDABLE,
    bare,
    max_bytes,
    received_type,
    sendable_type,
    sniff,
)
from tests.channels.whatsapp.media.small_meta import JPEG, OGG, PNG

GIF = b"GIF89a" + b"\x00" * 20
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 20
MOVING_WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02" + b"\x00" * 20
HEIC = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20
MP4 = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 20
M4A = b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 20
THREE_GP = b"\x00\x00\x00\x18ftyp3gp5" + b"\x00" * 20
MP3, AAC, AMR = b"ID3\x04" + b"\x00" * 9, b"\xff\xf1\x50\x80" + b"\x00" * 9, b"#!AMR\n" + b"\x00" * 9
VORBIS = b"OggS" + b"\x00" * 24 + b"\x01vorbis"
PDF, ZIP, OLE = b"%PDF-1.7\n", b"PK\x03\x04" + b"\x00" * 9, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 9
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("kind", "declared", "content", "kept"),
    [
        ("image", "image/jpeg", JPEG, "image/jpeg"),
        ("image", "image/jpeg", PNG, "image/png"),
        ("image", None, PNG, "image/png"),
        ("video", "video/mp4", MP4, "video/mp4"),
        ("audio", "audio/ogg; codecs=opus", OGG, "audio/ogg; codecs=opus"),
        ("audio", "audio/mp4", MP4, "audio/mp4"),
        ("audio", "audio/aac", AAC, "audio/aac"),
        ("sticker", "image/webp", WEBP, "image/webp"),
        ("document", "text/html", HTML, "text/html"),
        ("document", None, PDF, "application/pdf"),
        ("document", None, b"", "application/octet-stream"),
    ],
)
def test_what_a_phone_sent_is_kept_as_what_it_is(kind: str, declared: str | None, content: bytes, kept: str) -> None:
    assert received_type(kind, declared, content) == kept


@pytest.mark.parametrize(
    ("kind", "content"),
    [("image", HTML), ("image", MP4), ("audio", JPEG), ("video", PDF), ("sticker", JPEG), ("image", b""), ("x", JPEG)],
)
def test_what_is_not_what_it_came_as_is_refused(kind: str, content: bytes) -> None:
    with pytest.raises(MediaRefused, match=f"came as {kind}"):
        received_type(kind, "image/jpeg", content)


@pytest.mark.parametrize(
    ("kind", "declared", "content", "sent"),
    [
        ("image", "application/octet-stream", JPEG, "image/jpeg"),
        ("image", "image/jpeg", PNG, "image/png"),
        ("sticker", "image/webp", WEBP, "image/webp"),
        ("video", "video/mp4", MP4, "video/mp4"),
        ("video", "", THREE_GP, "video/3gpp"),
        ("audio", "audio/ogg", OGG, "audio/ogg"),
        ("audio", "audio/mpeg", MP3, "audio/mpeg"),
        ("audio", "audio/x-m4a", M4A, "audio/mp4"),
        ("audio", "audio/mp4", MP4, "audio/mp4"),
        ("audio", "", AAC, "audio/aac"),
        ("audio", "", AMR, "audio/amr"),
        ("gif", "video/mp4", MP4, "video/mp4"),
        ("document", "application/pdf", PDF, "application/pdf"),
        ("document", "text/html", PDF, "application/pdf"),
        ("document", DOCX, ZIP, DOCX),
        ("document", "application/msword", OLE, "application/msword"),
        ("document", "text/plain; charset=utf-8", b"Bonjour", "text/plain"),
    ],
)
def test_what_whatsapp_takes_goes_under_its_true_type(kind: str, declared: str, content: bytes, sent: str) -> None:
    assert sendable_type(kind, declared, content) == sent


@pytest.mark.parametrize(
    ("kind", "declared", "content"),
    [
        ("image", "image/jpeg", WEBP),
        ("image", "image/jpeg", HTML),
        ("image", "image/gif", GIF),
        ("image", "image/heic", HEIC),
        ("audio", "audio/ogg", VORBIS),
        ("video", "video/webm", b"\x1aE\xdf\xa3" + b"\x00" * 9),
        ("document", "application/zip", ZIP),
        ("document", "application/msword", ZIP),
        ("document", "text/html", HTML),
        ("document", "text/plain", b"a\x00b"),
        ("sticker", "image/webp", PNG),
    ],
)
def test_what_whatsapp_does_not_take_is_refused_in_words(kind: str, declared: str, content: bytes) -> None:
    with pytest.raises(MediaRefused):
        sendable_type(kind, declared, content)


def test_a_sticker_that_moves_may_be_larger() -> None:
    assert max_bytes("sticker", WEBP) == MAX_STILL_STICKER_BYTES
    assert max_bytes("sticker", MOVING_WEBP) == MAX_BYTES["sticker"]


@given(st.binary(max_size=40), st.sampled_from(sorted(SENDABLE)), st.text(max_size=20))
def test_any_bytes_are_taken_as_something_sendable_or_refused(content: bytes, kind: str, declared: str) -> None:
    try:
        assert sendable_type(kind, declared, content) in SENDABLE[kind]
    except MediaRefused:
        assert kind in ("document", "audio") or sniff(content) not in SENDABLE[kind]
    assert sniff(content) is None or "/" in str(sniff(content))
    assert bare(declared) == bare(bare(declared))

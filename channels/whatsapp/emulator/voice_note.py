"""A sound recorded by a browser, as WhatsApp carries voice notes: Opus taken out of WebM and put into Ogg. Pure.

Nothing is decoded. WebM is read by the Matroska specification (RFC 9559), Ogg is written by RFC 3533 and RFC 7845.
"""

from collections.abc import Iterator
from itertools import batched

_WEBM = b"\x1a\x45\xdf\xa3"
# Matroska's elements: those one goes into, and those one takes something from.
_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _BLOCK_GROUP = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xA0
_CONTAINERS = (_SEGMENT, _CLUSTER, _TRACKS, _TRACK, _BLOCK_GROUP)
_CODEC, _CODEC_PRIVATE, _SIMPLE_BLOCK, _BLOCK = 0x86, 0x63A2, 0xA3, 0xA1
_BEFORE_FRAME = 3  # bytes of a block between its track number and its frame: timecode and flags

_PACKETS_PER_PAGE = 8  # the longest packets fill 30 of the 255 parts a page may have
_FIRST, _LAST = 2, 4  # a page's flags
_SERIAL = 1
_VENDOR = b"WhatsApp emulator"


def as_ogg(content: bytes) -> bytes | None:
    """The recording as OGG; None when it is no WebM with Opus in it."""
    if not content.startswith(_WEBM):
        return None
    head, packets = b"", []
    for element, data in _elements(content):
        if element == _CODEC and data != b"A_OPUS":
            return None
        if element == _CODEC_PRIVATE:
            head = data
        if element in (_SIMPLE_BLOCK, _BLOCK):
            packets.append(data[_number(data, 0)[1] + _BEFORE_FRAME :])
    packets = [packet for packet in packets if packet]
    return _ogg(head, packets) if head.startswith(b"OpusHead") and packets else None


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The leaves, in order. A live recording does not know how long its containers are, so their size is not used."""
    position = 0
    while position < len(content):
        element, data_at = _number(content, position, keep_marker=True)
        size, position = _number(content, data_at)
        if element in _CONTAINERS:
            continue
        yield element, content[position : position + size]
        position += size


def _number(content: bytes, at: int, *, keep_marker: bool = False) -> tuple[int, int]:
    """One of Matroska's numbers, whose leading zeros tell its length, and where it ends."""
    first = content[at] if at < len(content) else 0
    length = 9 - first.bit_length()
    value = int.from_bytes(content[at : at + length])
    return (value if keep_marker else value & ~(1 << 7 * length)), at + length


def _ogg(head: bytes, packets: list[bytes]) -> bytes:
    tags = b"OpusTags" + len(_VENDOR).to_bytes(4, "little") + _VENDOR + bytes(4)
    pages = [_page([head], 0, 0, _FIRST), _page([tags], 0, 1, 0)]
    groups = list(batched(packets, _PACKETS_PER_PAGE))
    heard = 0
    for number, group in enumerate(groups):
        heard += sum(_samples(packet) for packet in group)
        pages.append(_page(list(group), heard, number + 2, _LAST if number == len(groups) - 1 else 0))
    return b"".join(pages)


def _page(packets: list[bytes], heard: int, number: int, flags: int) -> bytes:
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    start = b"OggS\x00" + bytes([flags]) + heard.to_bytes(8, "little") + _SERIAL.to_bytes(4, "little")
    start += number.to_bytes(4, "little")
    rest = bytes([len(lacing)]) + lacing + b"".join(packets)
    return start + _checksum(start + bytes(4) + rest).to_bytes(4, "little") + rest


def _samples(packet: bytes) -> int:
    """How long a packet sounds, in 48 000ths of a second (RFC 6716 §3.1)."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = (480, 960, 1920, 2880)[config % 4]
    elif config < 16:
        frame = (480, 960)[config % 2]
    else:
        frame = (120, 240, 480, 960)[config % 4]
    frames = (1, 2, 2, packet[1] & 63 if len(packet) > 1 else 0)[code]
    return frame * frames


def _table_entry(index: int) -> int:
    value = index << 24
    for _ in range(8):
        value = (value << 1) ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value


_TABLE = tuple(_table_entry(index) for index in range(256))


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value

"""A browser's recording becomes the voice note WhatsApp would carry, and nothing a browser sends breaks that."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.emulator.media import SAMPLES
from channels.whatsapp.emulator.voice_note import as_ogg

WEBM_HEAD = bytes.fromhex("1a45dfa3 84 42868101")
UNKNOWN = bytes.fromhex("01ffffffffffffff")
ONE_FRAME_OF_20_MS = b"\x78"  # the first byte of an Opus packet


def webm(head: bytes, packets: list[bytes], codec: bytes = b"A_OPUS") -> bytes:
    """A live recording: containers of unknown length, one cluster."""
    track = element("86", codec) + element("63a2", head)
    tracks = bytes.fromhex("1654ae6b") + size(element("ae", track)) + element("ae", track)
    blocks = b"".join(element("a3", b"\x81\x00\x00\x80" + packet) for packet in packets)
    return WEBM_HEAD + bytes.fromhex("18538067") + UNKNOWN + tracks + bytes.fromhex("1f43b675") + UNKNOWN + blocks


def element(name: str, data: bytes) -> bytes:
    return bytes.fromhex(name) + size(data) + data


def size(data: bytes) -> bytes:
    return (len(data) | 1 << 28).to_bytes(4)


def pages(ogg: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
    """Flags, samples so far and packets of each page, whose checksum must be right."""
    at = 0
    while at < len(ogg):
        assert ogg[at : at + 5] == b"OggS\x00"
        parts = ogg[at + 27 : at + 27 + ogg[at + 26]]
        end = at + 27 + len(parts) + sum(parts)
        page = ogg[at : at + 22] + bytes(4) + ogg[at + 26 : end]
        assert int.from_bytes(ogg[at + 22 : at + 26], "little") == checksum(page)
        packets, body = [b""], at + 27 + len(parts)
        for part in parts:
            packets[-1] += ogg[body : body + part]
            body += part
            if part < 255:
                packets.append(b"")
        yield ogg[at + 5], int.from_bytes(ogg[at + 6 : at + 14], "little"), packets[:-1]
        at = end


def checksum(page: bytes) -> int:
    """CRC-32 with the polynomial 04c11db7, as RFC 3533 has it, bit by bit."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def test_the_same_sound_comes_out_of_a_recording_as_went_in() -> None:
    first, _, *rest = pages(SAMPLES["audio"].read_bytes())
    packets = [packet for *_, held in rest for packet in held]
    ogg = as_ogg(webm(first[2][0], packets))
    assert ogg is not None
    head, tags, *sound = pages(ogg)
    assert (head[0], head[2]) == (2, first[2])
    assert tags[2][0].startswith(b"OpusTags")
    assert [packet for *_, held in sound for packet in held] == packets
    assert (sound[-1][0], sound[-1][1]) == (4, 2880 * len(packets)), "60 ms each, and the last page says so"


def test_long_packets_are_cut_into_parts() -> None:
    packets = [ONE_FRAME_OF_20_MS + bytes(length) for length in (254, 255, 1274, 7000)]
    ogg = as_ogg(webm(b"OpusHead" + bytes(11), packets))
    assert ogg is not None
    assert [packet for *_, held in list(pages(ogg))[2:] for packet in held] == packets


def test_only_opus_in_webm_is_taken_for_a_recording() -> None:
    head, packets = b"OpusHead" + bytes(11), [ONE_FRAME_OF_20_MS]
    assert as_ogg(webm(head, packets)) is not None
    assert as_ogg(webm(head, packets, b"A_VORBIS")) is None
    assert as_ogg(webm(head, [])) is None
    assert as_ogg(webm(b"", packets)) is None
    assert as_ogg(SAMPLES["audio"].read_bytes()) is None
    assert as_ogg(b"") is None


@given(st.binary(max_size=200), st.integers(0, 200))
def test_a_broken_recording_is_none_or_ogg(noise: bytes, at: int) -> None:
    whole = webm(b"OpusHead" + bytes(11), [ONE_FRAME_OF_20_MS + b"abc"] * 3)
    ogg = as_ogg(whole[:at] + noise + whole[at:])
    assert ogg is None or list(pages(ogg))

"""A text is cut where a phone network cuts it, so that what is paid is known before it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.segments import GSM7, GSM7_EXTENSION, Encoding, segmented

GSM, UCS = Encoding.GSM7, Encoding.UCS2


@pytest.mark.parametrize(
    ("text", "encoding", "count", "units"),
    [
        ("", GSM, 1, 0),
        ("Bonjour", GSM, 1, 7),
        ("a" * 160, GSM, 1, 160),
        ("a" * 161, GSM, 2, 161),
        ("a" * 306, GSM, 2, 306),
        ("a" * 307, GSM, 3, 307),
        ("àèéùÇ\r\n", GSM, 1, 7),
        ("€" * 80, GSM, 1, 160),
        ("€" * 81, GSM, 2, 162),
        # 153 is odd, so a € that would straddle the border moves to the next segment: 76 + 76 + 1.
        ("€" * 152, GSM, 2, 304),
        ("€" * 153, GSM, 3, 306),
        ("a" + "€" * 80, GSM, 2, 161),
        ("ê", UCS, 1, 1),
        ("’", UCS, 1, 1),
        ("ê" * 70, UCS, 1, 70),
        ("ê" * 71, UCS, 2, 71),
        ("ê" * 134, UCS, 2, 134),
        ("ê" * 135, UCS, 3, 135),
        ("😀" * 35, UCS, 1, 70),
        ("😀" * 36, UCS, 2, 72),
        # 67 is odd: 33 pairs fit, not 33 and a half.
        ("😀" * 66, UCS, 2, 132),
        ("😀" * 67, UCS, 3, 134),
        ("a" * 69 + "ê", UCS, 1, 70),
        ("a" * 160 + "ê", UCS, 3, 161),
    ],
)
def test_a_text_has_as_many_segments_as_are_paid(text: str, encoding: Encoding, count: int, units: int) -> None:
    cut = segmented(text)

    assert (cut.encoding, cut.count, cut.units) == (encoding, count, units)


def test_the_alphabet_is_whole() -> None:
    """128 places, one of which is the escape to the extension table."""
    assert len(GSM7) == 127
    assert len(GSM7_EXTENSION) == 10
    assert not GSM7 & GSM7_EXTENSION


gsm_texts = st.text(st.sampled_from(sorted(GSM7 | GSM7_EXTENSION)), max_size=700)
any_texts = st.text(st.one_of(st.sampled_from("aé€ê😀"), st.characters(exclude_categories=["Cs"])), max_size=400)


def septets(part: str) -> int:
    return sum(2 if each in GSM7_EXTENSION else 1 for each in part)


def utf16_units(part: str) -> int:
    return len(part.encode("utf-16-be")) // 2


@given(gsm_texts)
def test_every_segment_of_the_gsm_alphabet_is_full_but_for_an_escape(text: str) -> None:
    cut = segmented(text)

    assert cut.encoding is GSM
    assert "".join(cut.parts) == text
    if cut.count == 1:
        assert septets(text) <= 160
        return
    assert septets(text) > 160
    assert all(152 <= septets(part) <= 153 for part in cut.parts[:-1])
    assert 0 < septets(cut.parts[-1]) <= 153


@given(any_texts)
def test_no_segment_of_any_text_ends_within_a_letter(text: str) -> None:
    cut = segmented(text)

    assert "".join(cut.parts) == text
    if cut.encoding is UCS:
        assert cut.units == utf16_units(text)
        most = 70 if cut.count == 1 else 67
        assert all(utf16_units(part) <= most for part in cut.parts)
        assert all(utf16_units(part) >= 66 for part in cut.parts[:-1])


@given(any_texts, any_texts)
def test_more_text_is_never_cheaper(text: str, more: str) -> None:
    assert segmented(text + more).count >= segmented(text).count


def test_no_repr_shows_what_people_read() -> None:
    assert "colis" not in repr(segmented("Votre colis"))

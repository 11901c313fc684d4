"""WhatsApp's markup becomes HTML, and no text can become anything else."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.emulator.markup import is_few_emoji, plain, render

MARKERS = st.text(alphabet="*_~`> -1.ab<&\"'\n\U0001f4e6\u0301\u200d", max_size=60)
OPEN_TEXT = st.one_of(MARKERS, st.text(max_size=200), st.just("https://a.example/") | st.from_regex(r"https?://\S*"))
ALLOWED = {
    *((tag, None) for tag in ("strong", "em", "s", "code", "b", "span", "a")),
    *(("span", name) for name in ("class",)),
    *(("a", name) for name in ("href", "target", "rel")),
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[tuple[str, str | None]] = set()
        self.links: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags |= {(tag, None), *((tag, name) for name, _ in attrs)}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.said += data


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(render(text))
    reader.close()
    return reader


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<strong>bold</strong>"),
        ("_italic_ and ~gone~", "<em>italic</em> and <s>gone</s>"),
        ("_*both*_", "<em><strong>both</strong></em>"),
        ("*Statut :* _En route_", "<strong>Statut :</strong> <em>En route</em>"),
        ("`06 123 45 67`", "<code>06 123 45 67</code>"),
        ("```a *b*```", "<code>a *b*</code>"),
        ("```\na\n*b*\n```", "<code>a\n*b*</code>"),
        ("2*3*4 and snake_case_word", "2*3*4 and snake_case_word"),
        ("* not bold*", '<span class="item"><b>•</b>not bold*</span>'),
        ("*no\nbold*", "*no\nbold*"),
        ("**", "**"),
        ("- one\n2. two", '<span class="item"><b>•</b>one</span>\n<span class="item"><b>2.</b>two</span>'),
        ("> said", '<span class="quote">said</span>'),
        (
            "see https://a.example/x_y_z.",
            'see <a href="https://a.example/x_y_z" target="_blank" rel="noopener noreferrer">'
            "https://a.example/x_y_z</a>.",
        ),
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("*<img src=x onerror=alert(1)>*", "<strong>&lt;img src=x onerror=alert(1)&gt;</strong>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_markup_is_shown_as_on_the_phone(text: str, html: str) -> None:
    assert render(text) == html


@given(OPEN_TEXT)
def test_no_text_becomes_a_tag_an_attribute_or_a_link_of_its_own(text: str) -> None:
    reader = _read(text)
    assert reader.tags <= ALLOWED
    assert all(re.match(r"https?://", link) for link in reader.links)


@given(st.text(alphabet=st.characters(blacklist_characters="*_~`->0123456789.\r", blacklist_categories=["Cs"])))
def test_text_without_markers_stays_as_it_is(text: str) -> None:
    assert _read(text).said == text


def test_plain_leaves_out_the_markers() -> None:
    assert plain("*Bonjour* _Grâce_ <b>") == "Bonjour Grâce <b>"


@pytest.mark.parametrize(
    ("text", "few"),
    [
        ("👍", True),
        ("😍🎉", True),
        ("❤️ 🇨🇬 👨‍👩‍👧", True),
        ("👍🏽", True),
        ("👍👍👍👍", False),
        ("ok 👍", False),
        ("", False),
        ("5", False),
    ],
)
def test_a_few_emoji_alone_are_shown_large(text: str, few: bool) -> None:
    assert is_few_emoji(text) is few

"""What Markdown becomes is seen on the emulator's phone as its author meant it; the phone page reads for itself."""

import pytest

from channels.whatsapp.emulator.markup import render
from channels.whatsapp.markdown import to_whatsapp


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("**gras** et *italique*, ~~barré~~", "<strong>gras</strong> et <em>italique</em>, <s>barré</s>"),
        ("**un *deux* trois**", "<strong>un <em>deux</em> trois</strong>"),
        ("**une ligne\net une autre**", "<strong>une ligne</strong>\n<strong>et une autre</strong>"),
        ("# Titre", "<strong>Titre</strong>"),
        (r"2 \* 3 \* 4 et \*rien\*", "2 ∗ 3 ∗ 4 et ∗rien∗"),
        ("```python\nx = '**'\n```", "<code>x = &#39;**&#39;</code>"),
        ("``a`b``", "<code>a`b</code>"),
        ("| A | B |\n|--|--|\n| 1 | **2** |", "<strong>A</strong> | <strong>B</strong>\n1 | <strong>2</strong>"),
    ],
)
def test_markdown_is_seen_as_it_was_meant(markdown: str, seen: str) -> None:
    assert str(render(to_whatsapp(markdown))) == seen


@pytest.mark.parametrize("markdown", ["[ici](https://a.example/x_y)", "**[ici](https://a.example/x_y)**"])
def test_an_address_ends_where_it_ends(markdown: str) -> None:
    assert 'href="https://a.example/x_y"' in str(render(to_whatsapp(markdown)))

"""A page read without HTML says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.plain import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Bonjour Grâce", "Bonjour Grâce"),
        ("<p>Bonjour\n   Grâce,</p><p>votre colis</p>", "Bonjour Grâce,\n\nvotre colis"),
        ("ligne<br>ligne<br/>ligne", "ligne\nligne\nligne"),
        ("<h1>Arrivé</h1>Votre colis", "Arrivé\n\nVotre colis"),
        ("<ul><li>un</li><li>deux</ul>fin", "- un\n- deux\n\nfin"),
        ("<div>un</div><div><div>deux</div></div>", "un\ndeux"),
        ("<table><tr><td>Total</td><td>2 500 FCFA</td></tr><tr><td>Payé</td></tr></table>", "Total 2 500 FCFA\nPayé"),
        ('<a href="https://kimia.example/t">Suivre</a> ici', "Suivre (https://kimia.example/t) ici"),
        ('<a href="https://kimia.example/t">https://kimia.example/t</a>', "https://kimia.example/t"),
        ('<a href="mailto:equipe@kimia.example">Écrire</a>', "Écrire (equipe@kimia.example)"),
        ('<a href="tel:+242061234567">+242061234567</a>', "+242061234567"),
        ('<a href="https://kimia.example/t"><img src="b.png"></a>', "https://kimia.example/t"),
        ('<a href="javascript:alert(1)">Suivre</a>', "Suivre"),
        ('<a href="#haut">Haut</a>', "Haut"),
        ("<a>nulle part</a>", "nulle part"),
        ('<img alt="Kimia" src="logo.png">', "Kimia"),
        ("<style>p{color:red}</style><script>var a='<p>non</p>'</script>oui", "oui"),
        ("<head><title>Titre</title></head><body>corps</body>", "corps"),
        ('<div style="DISPLAY : none">aperçu<div>encore</div></div>corps', "corps"),
        ('<span hidden>caché</span><img style="display:none">corps', "corps"),
        ("a &amp; b &lt;c&gt; &eacute;&nbsp;!", "a & b <c> é\u00a0!"),
        ("<p>un</p>\n\n\n<p></p><p></p><p>deux</p>", "un\n\ndeux"),
        ("<!-- rien -->corps", "corps"),
        ("", ""),
    ],
)
def test_a_page_reads_as_text(html: str, text: str) -> None:
    assert plain_text(html) == text


words = st.text("abcdé ", max_size=12)
tags = st.sampled_from(
    ["p", "div", "a", "a href='https://kimia.example'", "li", "td", "span", "br", "table", "/p", "/a"]
)


@given(st.lists(st.one_of(words, tags.map(lambda tag: f"<{tag}>"))))
def test_every_word_is_there_in_its_order_and_no_tag_is(pieces: list[str]) -> None:
    read = plain_text("".join(pieces)).replace("(https://kimia.example)", "").replace("https://kimia.example", "")

    said = "".join(piece for piece in pieces if not piece.startswith("<"))
    assert "".join(read.replace("-", "").split()) == "".join(said.split())


@given(st.text())
def test_any_text_at_all_is_read(html: str) -> None:
    assert "\x00" not in plain_text(html)

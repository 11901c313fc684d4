"""CommonMark becomes WhatsApp's markup; what is not CommonMark is not touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.whatsapp.markdown import to_whatsapp


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**gras** et __gras__", "*gras* et *gras*"),
        ("**gras** et *italique* et _italique_", "*gras* et _italique_ et _italique_"),
        ("***les deux*** et *un*", "_*les deux*_ et _un_"),
        ("~~barré~~", "~barré~"),
        ("**un *deux* ~~trois~~**", "*un _deux_ ~trois~*"),
        ("**un **deux** trois**", "*un deux trois*"),
        ("Prix : **8 000 FCFA**!", "Prix : *8 000 FCFA*!"),
        ("**📦 Colis**", "*📦 Colis*"),
        ("**مرحبا** بكم", "*مرحبا* بكم"),
        ("**une ligne\net *une autre\nencore* là**", "*une ligne*\n*et _une autre_*\n*_encore_ là*"),
    ],
)
def test_styles(text: str, expected: str) -> None:
    assert to_whatsapp(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Suivre](https://a.example/x_y_z)", "Suivre (https://a.example/x_y_z)"),
        ('[Suivre](https://a.example "Le titre")', "Suivre (https://a.example)"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("[a.example](https://a.example/)", "https://a.example/"),
        ("[](https://a.example)", "https://a.example"),
        ("[nous écrire](mailto:equipe@a.example)", "nous écrire (equipe@a.example)"),
        ("[appeler](tel:+242065000001)", "appeler (+242065000001)"),
        ("**[Suivre](https://a.example)**", "*Suivre (https://a.example)*"),
        ("![Le colis](https://a.example/p.jpg)", "Le colis (https://a.example/p.jpg)"),
        ("![](https://a.example/p.jpg)", "https://a.example/p.jpg"),
        ("<https://a.example> <equipe@a.example>", "https://a.example equipe@a.example"),
        ("[[a](https://a.example)](https://b.example)", "a (https://a.example) (https://b.example)"),
        ("https://a.example/__x__/**y** **z**", "https://a.example/__x__/**y** *z*"),
    ],
)
def test_links_and_pictures_are_words_and_an_address(text: str, expected: str) -> None:
    assert to_whatsapp(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Vos livraisons", "*Vos livraisons*"),
        ("### Vos **livraisons** _ici_ ###\n\nTexte", "*Vos livraisons _ici_*\n\nTexte"),
        ("> ## Cité\n> suite", "> *Cité*\n> suite"),
        ("- **un**\n- deux\n  1. __trois__", "- *un*\n- deux\n  1. *trois*"),
        ("* **un**\n+ deux", "* *un*\n+ deux"),
        ("> **un**\ndeux", "> *un*\ndeux"),
        ("| Produit | Prix |\n|:--|--:|\n| **Riz** | 500 |\n| Sel | |", "*Produit* | *Prix*\n*Riz* | 500\nSel |"),
        ("```python\nprint('**')\n```\n**fin**", "```\nprint('**')\n```\n*fin*"),
        ("~~~\nun\n~~~", "```\nun\n```"),
        ("`**code**` **gras**", "`**code**` *gras*"),
        ("``a`b`` ``c``", "```a`b``` `c`"),
        ("un\\\ndeux", "un\ndeux"),
    ],
)
def test_blocks(text: str, expected: str) -> None:
    assert to_whatsapp(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\*pas gras\*", "∗pas gras∗"),
        (r"snake\_case", "snake_case"),
        (r"\_a\_ \~b\~ \`c\`", "ˍaˍ ∼b∼ ’c’"),
        (r"\# pas un titre", "#\u2060 pas un titre"),
        (r"\> pas une citation", "› pas une citation"),
        (r"C'est fini\! 1\. 8\-9", "C'est fini! 1. 8-9"),
        (r"a\\b \[c\] \(d\)", r"a\\b \[c\] \(d\)"),
    ],
)
def test_an_escaped_sign_is_shown_and_does_nothing(text: str, expected: str) -> None:
    assert to_whatsapp(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "*gras* _italique_ ~barré~ `code` ```mono```",
        "📦 *DEMANDE COUR-20250127-061*\n_Suivie en direct_\n*_les deux_*",
        "* un\n* deux\n- trois\n1. quatre\n> cinq",
        "```une ligne\net *une* autre```",
        "```Titre\nune ligne\n```",
        "```\njamais fermé **gras**",
        "COUR-20250127-061",
        "8\u00a0000\u00a0FCFA, soit 8 000 FCFA ou 8.000",
        "2 * 3 * 4 = 24, 2**3**4, a ** b ** c",
        "snake_case et __dedans__la et le_grand_nom",
        "jean_paul_du_pont@a_b.example",
        "https://a.example/un_deux_trois?x=_y_&z=*t*",
        "https://a.example/__init__/~~x~~",
        "# 12345\n#1 de la ville\n#promo",
        "Total\n-----\n8 000\n===\n***",
        "tableau[0](x) et [1](voir plus bas) et [note][2]",
        "[clic](javascript:alert(1)) [ici](page.html)",
        "<b>gras</b> &amp; <br> 1 < 2 > 0 <3",
        "    quatre blancs\n\tune tabulation  \nfin",
        "¯\\(ツ)/¯ C:\\Users\\moi \\\\serveur",
        "l`ami\nd`une amie",
        "a | b\nc | d",
        "un**forget**table",
        "Bonjour\n\n\n  Grâce  \n",
    ],
)
def test_what_is_no_commonmark_stays_letter_by_letter(text: str) -> None:
    assert to_whatsapp(text) == text


def test_the_breaks_of_windows_are_breaks() -> None:
    assert to_whatsapp("un\r\n**deux**\rtrois") == "un\n*deux*\ntrois"


ordinary = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*_~`[]()#<>|\\-"), max_size=30)
    | st.sampled_from(
        [" ", "\n", "\n\n", "COUR-20250127-061", "8 000 FCFA", " - ", "- ", "2 * 3 * 4", "x_y_z", "a_b@c-d.example"]
    )
    | st.sampled_from(
        ["https://a.example/x_y/_z_?q=*", "(oui)", "#1", "06 612-34-56", " * ", "[1]", "1. ", "> ", "<3", "…"]
    )
)


@settings(max_examples=30)
@given(st.lists(ordinary, max_size=12).map(" ".join))
def test_plain_text_is_never_altered(text: str) -> None:
    assert to_whatsapp(text) == text


words = st.text(st.characters(categories=["L", "N", "So"]), min_size=1, max_size=8)
whatsapp = st.builds(lambda sign, text: f"{sign}{text}{sign}", st.sampled_from(["*", "_", "~", "`", "```"]), words)


@settings(max_examples=30)
@given(st.lists(st.tuples(whatsapp | words, st.sampled_from([" ", "\n", "\n- ", "\n> ", ", "])), max_size=10))
def test_whatsapps_own_markup_is_never_altered(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + space for piece, space in pieces)

    assert to_whatsapp(text) == text


pieces = st.sampled_from(
    ["*", "**", "***", "_", "__", "~~", "~~~", "`", "``", "```", "\n", "\n\n", " ", "a", "b1", "é", "😀", "# ", "> "]
) | st.sampled_from(
    ["- ", "1. ", "|", "|-|-|\n", "[", "](", "https://a.example", ")", "<", ">", "\\", "!", "\t", "    ", "python"]
)


@settings(max_examples=50)
@given(st.lists(pieces, max_size=25).map("".join))
def test_whatever_is_written_is_converted_once_and_for_all(text: str) -> None:
    once = to_whatsapp(text)

    assert to_whatsapp(once) == once


@settings(max_examples=50)
@given(st.lists(words, min_size=1, max_size=6), st.sampled_from(["**{}**", "__{}__", "~~{}~~", "# {}", "- **{}**"]))
def test_no_word_is_lost(texts: list[str], style: str) -> None:
    converted = to_whatsapp("\n\n".join(style.format(text) for text in texts))

    assert [text for text in converted.translate(str.maketrans("", "", "*_~#- ")).split("\n") if text] == texts

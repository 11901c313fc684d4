"""What is personal does not get into what the assistant learns from."""

import pytest

from conversations.review.masking import MOST_CHARACTERS, taught


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Où est COUR-20250127-061 ?", "Où est COUR-00000000-000 ?"),
        ("appelez le 06 123 45 67 svp", "appelez le 00 000 00 00 svp"),
        ("it is +242 06-123-4567", "it is +000 00-000-0000"),
        ("je veux 2 pizzas à 3500 F", "je veux 2 pizzas à 3500 F"),
        ("écrivez à awa.diallo@example.org", "écrivez à x@example.com"),
        ("voir https://x.test/a?token=abc merci", "voir https://example.com merci"),
        ("Je m'appelle awa diallo", "Je m'appelle X"),
        ("c'est pour Mme Ngoma à Talangaï", "c'est pour Mme X à X"),
        ("my name is John Smith. Where is it?", "my name is X. Where is it?"),
        ("donnez le colis à Jean-Pierre", "donnez le colis à X"),
        ("Bonjour. Il est où", "Bonjour. Il est où"),
        ("it comes on Monday I think", "it comes on Monday I think"),
        ("OÙ EST MON COLIS", "OÙ EST MON COLIS"),
        ("le colis\n- de [moi](code)", "le colis - de (moi)(code)"),
        ("grâce attend, GRÂCE !", "X attend, X !"),
        ("  ", ""),
    ],
)
def test_a_line_is_taught_without_what_is_personal(said: str, line: str) -> None:
    assert taught(said, "Grâce O.") == line
    assert taught(line, "Grâce O.") == line


def test_a_long_message_is_cut_between_words() -> None:
    line = taught("je voudrais savoir " * 40)
    assert len(line) <= MOST_CHARACTERS
    assert line.endswith(("je", "voudrais", "savoir"))

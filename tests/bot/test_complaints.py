"""What went wrong is found in people's words."""

import pytest

from relais_bot.components.complaints import find_complaint


def found(text: str) -> dict[str, str]:
    return {entity["entity"]: entity["value"] for entity in find_complaint(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mon colis est arrivé cassé", "damaged"),
        ("le gâteau est ÉCRASÉ, remboursez moi", "damaged"),
        ("the screen was cracked", "damaged"),
        ("il manque un article", "missing"),
        ("g pa recu mon colis", "missing"),
        ("COUR-20250127-061 I never received it", "missing"),
        ("ce n'est pas ce que j'ai commandé", "wrong_item"),
        ("you delivered the wrong product", "wrong_item"),
        ("je veux être remboursé", "refund"),
        ("give me my money back", "refund"),
        ("toujours en retard", "late"),
    ],
)
def test_the_kind_is_found(text: str, kind: str) -> None:
    assert found(text)["claim_kind"] == kind


@pytest.mark.parametrize("text", ["bonjour", "le livreur était impoli", "où est mon livreur", "my driver was rude"])
def test_what_names_no_kind_has_none(text: str) -> None:
    assert "claim_kind" not in found(text)


@pytest.mark.parametrize(
    ("text", "is_story"),
    [
        ("le livreur a crié sur moi", True),
        ("they left it in the rain", True),
        ("il était ouvert", False),
        ("où est mon colis maintenant svp", False),
        ("je veux parler à un humain", False),
        ("je veux faire une réclamation", False),
        ("I want to make a complaint", False),
        ("why is it taking so long?", False),
        ("can you call me back please", False),
    ],
)
def test_a_story_tells_something_and_asks_for_nothing(text: str, is_story: bool) -> None:
    assert ("story" in found(text)) == is_story


@pytest.mark.parametrize("text", ["j'ai pas de photo", "no picture sorry", "c'est tout", "that's all", "terminé"])
def test_there_is_nothing_more_to_show(text: str) -> None:
    assert found(text) == {"skipping": text}

"""What in a message answers a question about an order, and what does not."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from relais_bot.components.checkout_answers import CheckoutAnswerExtractor, find_checkout_answers, is_bare_reference


def found(text: str) -> dict[str, str]:
    return {entity["entity"]: entity["value"] for entity in find_checkout_answers(text)}


@pytest.mark.parametrize("text", ["oui", "Ok merci", "d'accord", "je valide", "Je confirme svp", "yes please"])
def test_a_yes_is_found(text: str) -> None:
    assert found(text) == {"agreed": text}


@pytest.mark.parametrize("text", ["la même adresse", "same address please", "comme d'habitude", "as usual"])
def test_the_usual_address_is_found(text: str) -> None:
    assert found(text) == {"usual_place": text}


@pytest.mark.parametrize(
    "text",
    [
        "c'est pour ma mère",
        "pour ma sœur Chantal",
        "non c'est pour quelqu'un d'autre",
        "it's for my sister",
        "for a friend",
    ],
)
def test_that_it_is_for_somebody_else_is_found(text: str) -> None:
    assert found(text) == {"for_somebody": text}


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("cash", "cash"),
        ("en espèces svp", "especes"),
        ("Je préfère payer en espèces", "especes"),
        ("mtn momo", "mtn momo"),
        ("MTN", "mtn"),
        ("avec airtel money", "airtel money"),
        ("I'll pay by card", "card"),
        ("à la livraison", "livraison"),
    ],
)
def test_the_way_to_pay_is_found(text: str, way: str) -> None:
    assert found(text) == {"payment_way": way}


@pytest.mark.parametrize(
    "text", ["portail bleu", "2e étage", "poulet sans oignons", "rice, no pepper please", "ring the bell"]
)
def test_a_word_for_the_courier_or_the_kitchen_is_found(text: str) -> None:
    assert found(text) == {"order_note": text}


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("MP250127.1015.C04417", "MP250127.1015.C04417"),
        ("j'ai payé, MP250127.1015.C04417", "MP250127.1015.C04417"),
        ("la référence c'est 88213", "88213"),
        ("Txn 7423456789 done", "7423456789"),
        ("ref 44170 ou 44171", "44170 44171"),  # which one, the action asks
    ],
)
def test_a_reference_is_found_among_the_words(text: str, reference: str) -> None:
    assert found(text) == {"payment_reference": reference}


@pytest.mark.parametrize(
    "text",
    [
        "oui mais pas là",
        "c'est pour quand ?",
        "vous prenez mtn ?",
        "le livreur de chez Airtel",
        "06 612 34 56",
        "COUR-20250127-061",
        "la référence de ma commande CMD-20250127-012",
        "RCL-20250127-003",
        "27.01.2025",
        "10 avenue de la Paix",
        "MP250127.1015.C04417 ?",
        "",
    ],
)
def test_what_answers_nothing_is_left_alone(text: str) -> None:
    assert found(text) == {}


def test_a_bare_reference_means_nothing_by_itself() -> None:
    extractor = CheckoutAnswerExtractor()
    bare, told = (
        Message(data={"text": text, "intent": {"name": "out_of_scope", "confidence": 0.9}})
        for text in ("MP250127.1015.C04417", "j'ai payé MP250127.1015.C04417")
    )

    extractor.process([bare, told])

    assert bare.get("intent")["name"] == "nlu_fallback"
    assert told.get("intent")["name"] == "out_of_scope"
    assert not is_bare_reference("COUR-20250127-061")


@pytest.mark.parametrize(
    "text",
    [
        "sans piment",
        "Sans piment svp !",
        "sans oignons et bien cuit",
        "sans sel ni poivre, merci",
        "pas d'oignons",
        "pas trop épicé",
        "sauce à part",
        "no onions, extra sauce",
        "without chilli please",
        "sans note",
        "enlève la note svp",
        "non, plus de remarque pour le commerçant",
        "remove the note please",
        "no special instructions",
    ],
)
def test_how_a_dish_is_to_be_means_something_only_beside_a_cart(text: str) -> None:
    message = Message(data={"text": text, "intent": {"name": "deny", "confidence": 0.9}})

    CheckoutAnswerExtractor().process([message])

    assert found(text)["preparation"] == text
    assert message.get("intent")["name"] == "nlu_fallback"


@pytest.mark.parametrize(
    "text",
    [
        "un poulet sans piment",
        "sans problème",
        "no thanks",
        "pas de souci",
        "no code",
        "sans moi",
        "non",
        "sans piment ?",
        "supprime ma note",
        "je change la note",
    ],
)
def test_what_says_more_or_something_else_keeps_its_meaning(text: str) -> None:
    message = Message(data={"text": text, "intent": {"name": "deny", "confidence": 0.9}})

    CheckoutAnswerExtractor().process([message])

    assert "preparation" not in found(text)
    assert message.get("intent")["name"] == "deny"

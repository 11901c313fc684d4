"""Finds what in a message answers a question about an order: a yes, the usual address, for whom, how it is paid.

As with the other answers, taps pass no component: the words on a button are never taken for one.
"""

import re
import unicodedata

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from relais_bot.components.extractors import Entity, Extractor
from relais_bot.components.text import normalise

_POLITE = r"(?: (?:merci|svp|stp|please|thanks|thank you))*"
_AGREED = re.compile(
    r"(?:oui|ouais|ok(?:ay)?|d'accord|yes|yeah|yep|yup|sure|parfait|go(?: ahead)?|vas y|allez y|c'est (?:bon|ca)"
    r"|(?:oui )?(?:je |j')?(?:valide|confirme|accepte)[rz]?|confirm|that's (?:right|it|fine))" + _POLITE
)
_USUAL_PLACE = re.compile(
    r"(?:oui |yes |a )?(?:la |cette |the |my )?(?:meme|same|habituelle|usual|derniere|last) (?:adresse|address|place)"
    + _POLITE
    + r"|comme (?:d'habitude|la derniere fois)|(?:same )?as (?:usual|last time)|(?:au )?meme endroit"
)
_RELATIONS = (
    r"(?:grand )?mere|maman|(?:grand )?pere|papa|s(?:oe|œ)ur|frere|femme|epouse|mari|epoux|copine?|copain|amie?"
    r"|fille|fils|tante|oncle|cousine?|niece|neveu|voisine?|collegue|patronne?|cliente?|fiancee?|proche|parents"
    r"|(?:grand)?mother|mom|mum|(?:grand)?father|dad|sister|brother|wife|husband|girlfriend|boyfriend|friend|aunt|uncle"
    r"|daughter|son|nephew|neighbou?r|colleague|boss|customer|client"
)
_FOR_SOMEBODY = re.compile(
    r"(?:non |no )?(?:c'est |ce sera |it's |it is |this is |its )?(?:un cadeau |a gift |a present )?(?:pour|for) "
    r"(?:(?:ma|mon|mes|un|une|notre|my|a|our) (?:petite? )?(?:" + _RELATIONS + r")(?!\w)"
    r"|quelqu'un|somebody|someone|une autre personne|another person|offrir)"
)
_PAYMENT_WAY = re.compile(
    r"(?:je |j'|i |i'll |i will |let me |on )?(?:veux |prefere |vais |voudrais |aimerais |want to |prefer to |prefer )?"
    r"(?:payer |paye |paie |regle |regler |pay )?(?:plutot )?"
    r"(?:en |par |avec |via |a la |in |by |with |on )?(?:la |my )?"
    r"(?P<way>cash|especes?|liquide|livraison|delivery|mobile money|momo|mtn(?: momo| mobile money| money)?"
    r"|airtel(?: money)?|orange(?: money)?|wave|d17|flouci|m pesa|mpesa|carte(?: bancaire)?|card|cheque)" + _POLITE
)
_LATER = re.compile(
    r"(?:je (?:paye|paie|paierai|payerai) |i'll pay |i will pay )?(?:plus tard|later|tout a l'heure)"
    + _POLITE
    + r"|pas (?:maintenant|encore)|not (?:now|yet)"
)
_NOTE = re.compile(
    r"(?<!\w)(?:portail|etage|porte|digicode|interphone|sonne[rz]?|appele[rz]|gardien|vigile|sentinelle|immeuble"
    r"|escalier|sans|bien cuit|epice|piquant|piment|sauce|couverts|gate|floor|door|bell|buzzer|intercom|guard|stairs"
    r"|without|spicy|no (?:onions?|salt|sugar|chilli|pepper)|cutlery|fragile)(?!\w)"
)
# How a dish is to be, and nothing else: "sans piment svp", "no onions, extra sauce". No other message is made of the
# kitchen's words alone.
_FOOD = (
    r"(?:piments?|oignons?|sel|sucre|sauce|mayo(?:nnaise)?|ketchup|moutarde|ail|poivre|huile|epices|tomates?|salade|fromage"
    r"|gluten|lactose|viande|porc|crudites|glace|glacons|bananes?|plantains?|riz|frites|legumes|beurre|creme|persil|citron"
    r"|olives|harissa|coriandre|(?:oe|œ)ufs?|champignons|cornichons|arachides?|noix|sesame|couverts|chill?i|pepper|onions?|salt"
    r"|sugar|mustard|garlic|oil|spices?|tomato(?:es)?|lettuce|cheese|dairy|meat|pork|ice|rice|fries|vegetables|butter|cream"
    r"|parsley|lemon|peanuts?|nuts|eggs?|mushrooms|pickles|cutlery)"
)
_TASTE = r"(?:epicee?s?|pimentee?s?|salee?s?|sucree?s?|grasse?s?|gras|piquante?s?|spicy|hot|salty|sweet|oily)"
_ONE_PREPARATION = (
    r"(?:(?:(?:sans|without|no|extra|double|pas de|plus de|moins de|peu de|un peu de|beaucoup de|more|less|a little) "
    rf"(?:(?:la|le|les|the|any) )?|(?:pas|plus|moins|peu|beaucoup) d'){_FOOD}(?: (?:ni|ou|or|nor) {_FOOD})*"
    rf"|(?:pas trop|pas tres|pas|peu|moins|bien|tres|not too|not very|not|very|less|extra) {_TASTE}"
    rf"|(?:bien|tres) (?:cuite?s?|grillee?s?|chaude?s?|doree?s?)|well done|medium rare|{_FOOD} (?:a part|on the side))"
)
_PREPARATION = re.compile(
    rf"(?:(?:ah|oh|et|and|mais|but|svp|please)(?: ,)? )?{_ONE_PREPARATION}"
    rf"(?:(?: [,;])?(?: (?:et|and|mais|but))? {_ONE_PREPARATION})*(?: ,)?{_POLITE}(?: [.!]+)?"
)
# "Sans note", "enlève la note", "no special instructions". "Ma note" is what one gave the courier.
_NOTE_OFF = re.compile(
    r"(?:(?:non|no|finalement|actually|en fait)(?: ,)? )?"
    r"(?:(?:enleve|retire|supprime|efface|oublie|annule)[rz]?|remove|delete|drop|forget|take (?:off|away)"
    r"|sans|pas de|plus de|aucune?|without|no)"
    r" (?:(?:la|les|cette|ces|the|that|this|any) )?(?:special )?"
    r"(?:notes?|remarques?|consignes?|instructions?|precisions?)"
    r"(?: (?:pour|for) (?:le|la|the) (?:commercant|vendeur|restaurant|livreur|merchant|shop|courier))?"
    + _POLITE
    + r"(?: [.!]+)?"
)
_NAMES_A_REFERENCE = re.compile(r"(?<!\w)(?:ref(?:erence)?|transaction|txn|transfert|transfer)(?!\w)")
_WORD = re.compile(r"(?<![\w.-])[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?![\w-])")
_OURS = re.compile(r"(?:cour|cmd|rcl|recu)(?![a-z])", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[.-]\d{1,2}[.-]\d{1,4}")

#: What Rasa calls a message whose meaning is nobody's guess: actions look at what is in it.
NO_MEANING = "nlu_fallback"

#: Digits of a reference that the message calls one, and of a word that can be nothing else.
FEWEST_DIGITS, TELLING_DIGITS = 4, 6


def find_checkout_answers(text: str) -> list[Entity]:
    """What the text could answer; a question answers nothing."""
    words = normalise(text)
    if "?" in words:
        return []
    found = {
        "agreed": text if _AGREED.fullmatch(words) else None,
        "usual_place": text if _USUAL_PLACE.fullmatch(words) else None,
        "for_somebody": text if _FOR_SOMEBODY.match(words) else None,
        "payment_way": way["way"] if (way := _PAYMENT_WAY.fullmatch(_as_written(text))) else None,
        "preparation": text if is_bare_preparation(words) else None,
        "order_note": text if _NOTE.search(words) else None,
        "later": text if _LATER.fullmatch(words) else None,
        "payment_reference": _reference(text, words),
    }
    return [{"entity": name, "value": value, "start": 0, "end": len(text)} for name, value in found.items() if value]


def is_bare_preparation(words: str) -> bool:
    """Whether the normalised text says nothing but how a dish is to be, or that no note is to say so: this means
    something only beside a cart."""
    return any(pattern.fullmatch(words) for pattern in (_PREPARATION, _NOTE_OFF))


def is_bare_reference(text: str) -> bool:
    """Whether it is nothing but a reference: such a text has no meaning of its own."""
    return len(text.split()) == 1 and _reference(text, "") is not None


def _as_written(text: str) -> str:
    """Without accents and signs, but with "mtn" as the name it is here and not as the short form of a word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w']+", " ", bare).split())


def _reference(text: str, words: str) -> "str | None":
    """The whole text where it says that it holds one; else a word of letters and many digits."""
    candidates = [word for word in _WORD.findall(text) if not _OURS.match(word) and not _DATE.fullmatch(word)]
    if _NAMES_A_REFERENCE.search(words) and any(_digits(word) >= FEWEST_DIGITS for word in candidates):
        return " ".join(word for word in candidates if _digits(word) >= FEWEST_DIGITS)
    telling = [word for word in candidates if _digits(word) >= TELLING_DIGITS and any(map(str.isalpha, word))]
    return telling[0] if len(telling) == 1 else None


def _digits(word: str) -> int:
    return sum(character.isdigit() for character in word)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CheckoutAnswerExtractor(Extractor):
    """Entities `agreed`, `usual_place`, `for_somebody`, `payment_way`, `preparation`, `order_note`, `later` and
    `payment_reference`."""

    def find(self, text: str) -> list[Entity]:
        return find_checkout_answers(text)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in super().process(messages):
            text = message.get(TEXT) or ""
            if is_bare_reference(text) or is_bare_preparation(normalise(text)):
                message.set(INTENT, {INTENT_NAME_KEY: NO_MEANING, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages

"""Finds what in a message answers a question of a form, whatever the message was taken to mean.

An address, a phone number or a word to the courier means nothing by itself, so its intent is a guess. Taps pass no
component: the words on a button are never taken for an answer.
"""

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from relais_bot.components.extractors import Entity, Extractor
from relais_bot.components.text import CODE, normalise

_ADDRESS = re.compile(
    r"(?<!\w)(?:rues?|avenues?|av|boulevard|bd|impasse|quartier|marche|rond point|carrefour|villa|immeuble|residence"
    r"|arret|derriere|en face|face a|a cote|pres d[eu]|streets?|road|market|behind|opposite|next to|near"
    r"|chez|maison|bureau|gare|aeroport|hotel|hopital|ecole|lycee|eglise|pharmacie|banque|restaurant"
    r"|home|office|station|airport|hospital|school|church|pharmacy|bank|my place)(?!\w)"
)
_INSTRUCTION = re.compile(
    r"(?:please |merci de |veuillez )?(?:appele[rz]|sonne[rz]|laisse[rz]|depose[rz]|remettre|remettez|prevenir|prevenez"
    r"|demande[rz]|frappe[rz]|attention|fragile|call|ring|leave|knock|hand|ask|give|careful)(?!\w)(?: \S+){2,}"
    r"|(?:ne pas|do not|don't) .+"
)
# "Fragile svp", "c'est très lourd": how it is to be carried, and nothing else.
_HANDLING = re.compile(
    r"(?:attention|careful)?(?: ?,)? ?(?:(?:c'est|c est|ce sont|it's|it is|its) )?(?:tres |very |assez )?"
    r"(?:fragiles?|cassables?|breakable|lourde?s?|heavy|perissables?|perishable|handle with care"
    r"|avec (?:soin|precaution))"
    r"(?: (?:svp|stp|s'il (?:vous|te) plait|merci|please|pls|thanks))?(?: [.!]+)?"
)
# "dix mille francs", "twenty thousand": spelt out, and nothing else. A small number alone counts things.
_NUMBER_WORD = (
    r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante"
    r"|cinquante|soixante|septante|nonante|cents?|mille|millions?|two|three|four|five|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|un|une|one|a|half|demie?"
)
_SPELT_OUT = re.compile(
    rf"(?:(?:environ|a peu pres|about|around) )?(?:(?:{_NUMBER_WORD}|et|and)[ -])*(?:{_NUMBER_WORD})"
    r"(?: (?:de )?(?:francs?|fcfa|cfa|f|dinars?|dt|euros?))?"
)
_LARGE = re.compile(r"(?<!\w)(?:cents?|mille|millions?|hundred|thousand|francs?|fcfa|cfa|f|dinars?|dt|euros?)(?!\w)")
_SOMEBODY_ELSE = re.compile(r"(?<!\w)(?:agent|conseiller|humain|human|equipe|team|quelqu'un|someone)(?!\w)")
_SKIPPING = re.compile(
    r"(?:je )?pass(?:e|er|ons)|sauter|skip(?: it| this)?|suivant|next"
    r"|(?:je )?(?:ne |n'en )?sais pas(?: trop)?|aucune idee|i (?:do not|don't) know|no idea|not sure"
)
_OWN_NUMBER = re.compile(
    r"(?:c'est |voici )?(?:(?:le )?meme (?:numero )?que )?(?:(?:le )?mien|moi|mon (?:propre )?numero)"
    r"|(?:use |it's |it is )?(?:(?:the )?same (?:number )?as )?(?:mine|my (?:own )?(?:phone )?number)"
)
_STEP_BACK = re.compile(
    r"retour|en arriere|revenir(?: en arriere)?|(?:question )?precedente?|go back|back|previous(?: question)?"
)
# The first that is found counts: "the address of the recipient" is an address.
_FIELDS = {
    "pickup": r"depart|ramassage|enlevement|recuperation|pickup|pick up|collection",
    "dropoff": r"arrivee|destination|adresse (?:de livraison|du destinataire)|drop ?off|delivery address",
    "recipient_phone": r"numero|telephone|tel|phone|number",
    "recipient_name": r"nom|prenom|name|destinataire|recipient",
    "value": r"valeur|montant|value|worth",
    "note": r"note|consigne|instruction|remarque",
}
_FIELD = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{field}>{words})s?" for field, words in _FIELDS.items()) + r")(?!\w)"
)


def find_answers(text: str) -> list[Entity]:
    """What the text could answer; a question answers nothing, nor does what names a delivery."""
    words = normalise(text)
    if "?" in words or CODE.search(text):
        return []
    is_instruction = _INSTRUCTION.match(words) or _HANDLING.fullmatch(words)
    tells_the_courier = bool(is_instruction) and not _SOMEBODY_ELSE.search(words)
    whole = {
        "number": any(character.isdigit() for character in text) or _is_spelt_out(words),
        "address": bool(_ADDRESS.search(words)),
        "person_name": _is_name(text.split()),
        "instruction": tells_the_courier,
        "own_number": bool(_OWN_NUMBER.fullmatch(words)),
        "skipping": bool(_SKIPPING.fullmatch(words)),
        "step_back": bool(_STEP_BACK.fullmatch(words)),
    }
    found = {name: text for name, is_there in whole.items() if is_there}
    if field := _first_field(words):
        found["parcel_field"] = field
    return [{"entity": name, "value": value, "start": 0, "end": len(text)} for name, value in found.items()]


def _is_name(words: "list[str]") -> bool:
    """ "Dieu Merci" is somebody: people begin their own words with a small letter, or the first alone."""
    return 2 <= len(words) <= 4 and all(word[0].isupper() and (len(word) < 2 or not word.isupper()) for word in words)


def _is_spelt_out(words: str) -> bool:
    return bool(_SPELT_OUT.fullmatch(words) and _LARGE.search(words))


def _first_field(words: str) -> "str | None":
    return next((field for field in _FIELDS if any(match.lastgroup == field for match in _FIELD.finditer(words))), None)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AnswerExtractor(Extractor):
    """Entities `number`, `own_number`, `address`, `person_name`, `instruction`, `skipping`, `step_back` and
    `parcel_field`."""

    def find(self, text: str) -> list[Entity]:
        return find_answers(text)

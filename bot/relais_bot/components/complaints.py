"""Finds what went wrong, whatever the message was taken to mean: what kind of thing it is, and how it is told."""

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from relais_bot.components.extractors import Entity, Extractor
from relais_bot.components.text import normalise

# The contract's names. The first that is found counts: "broken, I want my money back" is about something broken.
_KINDS = {
    "damaged": r"cass[ea]\w*|abim\w+|endommag\w+|dechir\w+|ecras\w+|mouill\w+|fissur\w+|rayee?s?|renvers\w+"
    r"|coule|ouverte?|defectueu\w+|avarie\w*|pourri\w*|perime\w*|morceaux|(?:ne )?(?:marche|fonctionne|s'allume) pas"
    r"|broken?|damaged|torn|crushed|wet|cracked|scratched|spilled|leak\w*|defective|rotten|expired|opened|in pieces"
    r"|(?:doesn't|does not|won't) (?:work|turn on)",
    "wrong_item": r"mauvaise? (?:article|produit|colis|commande|plat|couleur|taille|modele|paquet)|autre chose"
    r"|pas (?:du tout )?ce que j'(?:ai|avais) (?:commande|demande)|pas (?:le|la) bonn?e?|pas a moi|pas mon colis"
    r"|wrong (?:item|product|parcel|package|order|size|colou?r|one|dish|thing)|not what i (?:ordered|asked)"
    r"|something else|(?:someone|somebody) else's|not my parcel",
    "missing": r"manqu\w+|incomplete?|vide|perdue?|disparu\w*|vole|jamais (?:recu|arrive)|rien (?:recu|eu)"
    r"|(?:pas|pa) (?:encore )?(?:recu|eu|trouve)|missing|lost|stolen|never (?:received|arrived|got|came)"
    r"|(?:didn't|did not|haven't|have not|don't|not) (?:receive|got|get|received|have)|(?:got|received) nothing|empty",
    "refund": r"rembours\w+|(?:mon|notre) argent|refund\w*|(?:my )?money back",
    "late": r"retards?|en retard|trop long(?:temps)?|late|delayed|too long",
}
_KIND = re.compile(r"(?<!\w)(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items()) + r")(?!\w)")
_ASKS = re.compile(
    r"(?:je |j')?(?:veux|voudrais|souhaite|aimerais) "
    r"(?:parler|voir|annuler|changer|savoir|suivre|envoyer|commander|acheter|noter|faire|deposer|porter|signaler"
    r"|me plaindre)"
    r"|i (?:want|would like|'d like) to "
    r"(?:talk|speak|see|cancel|change|know|track|send|order|buy|rate|make|file|report|complain)|i'd like to"
    r"|(?:ou|comment|combien|quand|quel\w*|pourquoi|montre\w*)(?!\w)"
    r"|(?:where|how|when|what|which|why|can you|could you|show)(?!\w)"
)
_NOTHING_TO_SHOW = re.compile(
    r"(?:.* )?(?:pas de|aucune|sans|no|don't have (?:a|any)|without(?: a)?) (?:photo|image|picture|pic)s?(?!\w).*"
    r"|(?:non )?(?:c'est (?:tout|bon)|that's (?:all|it)|(?:j'ai )?(?:fini|termine)|(?:i'm )?done|continuer|continue)"
)
FEWEST_WORDS = 4


def find_complaint(text: str) -> list[Entity]:
    """What kind of thing went wrong; the whole text, if it tells something; that there is nothing (more) to show."""
    words = normalise(text)
    kinds = {match.lastgroup for match in _KIND.finditer(words)}
    found = {}
    if kind := next((kind for kind in _KINDS if kind in kinds), None):
        found["claim_kind"] = kind
    if _NOTHING_TO_SHOW.fullmatch(words):
        found["skipping"] = text
    elif len(words.split()) >= FEWEST_WORDS and "?" not in words and not _ASKS.match(words):
        found["story"] = text
    return [{"entity": name, "value": value, "start": 0, "end": len(text)} for name, value in found.items()]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ComplaintExtractor(Extractor):
    """Entities `claim_kind`, `story` and, as an answer to the question for photos, `skipping`."""

    def find(self, text: str) -> list[Entity]:
        return find_complaint(text)

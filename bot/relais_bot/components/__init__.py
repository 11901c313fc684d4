"""The NLU pipeline: what a message means, in which language it is, and the codes and language names in it.

`config.yml` names these classes as `relais_bot.components.<class>`.
"""

from relais_bot.components.extractors import DeliveryCodeExtractor, LanguageNameExtractor
from relais_bot.components.intents import CharNgramIntentClassifier
from relais_bot.components.languages import LanguageIdentifier

__all__ = ["CharNgramIntentClassifier", "DeliveryCodeExtractor", "LanguageIdentifier", "LanguageNameExtractor"]

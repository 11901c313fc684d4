"""The NLU pipeline: what a message means, in which language it is, and the codes, language names and answers in it.

`config.yml` names these classes as `relais_bot.components.<class>`.
"""

from relais_bot.components.answers import AnswerExtractor
from relais_bot.components.checkout_answers import CheckoutAnswerExtractor
from relais_bot.components.complaints import ComplaintExtractor
from relais_bot.components.extractors import CodeExtractor, LanguageNameExtractor
from relais_bot.components.intents import CharNgramIntentClassifier
from relais_bot.components.languages import LanguageIdentifier
from relais_bot.components.stars import StarsExtractor
from relais_bot.components.whereabouts import WhereaboutsExtractor

__all__ = [
    "AnswerExtractor",
    "CharNgramIntentClassifier",
    "CheckoutAnswerExtractor",
    "CodeExtractor",
    "ComplaintExtractor",
    "LanguageIdentifier",
    "LanguageNameExtractor",
    "StarsExtractor",
    "WhereaboutsExtractor",
]

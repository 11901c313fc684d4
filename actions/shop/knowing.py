"""Whether a message that was not understood names something of the catalogue, and what it then asks for."""

import re

from actions.shop.matching import bare, category_of
from actions.shop.noting import noted
from actions.shop.showing import REMOVING, line_named
from actions.shop.visit import Visit
from actions.shop.wishes import read_wishes
from actions.turn import Turn

SHOP_INTENTS = ("order_product", "browse_products", "price_question", "show_cart")
LIKELY = 3  # meanings that are looked at
MAX_WORDS = 6  # longer ones say more than what is wanted

LOOKING = re.compile(
    r"(?<!\w)(?:montre[rz]?|voir|avez|a t on|y a|cherche[rz]?|vendez"
    r"|show|see|do you|have you|looking|is there|got any)(?!\w)"
)
_ORDERING = re.compile(
    r"(?<!\w)(?:veux|voudrais|voudrait|aimerais|souhaite|prends?|prendrai|pren|command\w*|cmd|achet\w*|ajout\w*|rajout\w*|met[sz]?"
    r"|mettez|donn\w*|livr\w*|faut|besoin|jveux|jvx|order|buy|take|add|get|give|gimme|need|want|wanna|like|have|deliver|bring)(?!\w)"
)
_PRICE = re.compile(r"(?<!\w)(?:combien|cb|prix|tarif|coute|how much|price|cost|talo)(?!\w)")


def only_looks(text: str) -> bool:
    """Whether a product is named without saying that one wants it: "du poisson ?", "avez-vous du lait"."""
    said = bare(text)
    return bool(LOOKING.search(said)) or not _ORDERING.search(said)


def may_be_shopping(turn: Turn) -> bool:
    """Whether it is worth asking the catalogue."""
    words = [word for wish in read_wishes(turn.text) for word in wish.words.split()]
    likely = [meaning for meaning in turn.meanings if meaning != "nlu_fallback"][:LIKELY]
    return 0 < len(words) <= MAX_WORDS and any(meaning in SHOP_INTENTS for meaning in likely)


async def shop_action(visit: Visit) -> str | None:
    """The action that answers it; None where nothing of the kind is sold."""
    turn, said = visit.turn, bare(visit.turn.text)
    wishes = tuple(wish for wish in read_wishes(turn.text) if wish.words)
    if REMOVING.search(said) and any(line_named(visit.cart, wish) is not None for wish in wishes):
        return "action_show_cart"
    if noted(visit, wishes) is not None:
        return "action_order_product"
    if category_of(" ".join(wish.words for wish in wishes), await visit.categories()):
        return "action_browse_products"
    if not wishes or not (await visit.find(wishes[0])).products:
        return None
    if _PRICE.search(said):
        return "action_price_question"
    is_ordered = wishes[0].quantity is not None or not only_looks(turn.text)
    return "action_order_product" if is_ordered and not LOOKING.search(said) else "action_browse_products"

"""Shopping in the chat: finding things, asking what they cost, and the cart."""

from actions.shop.answering import AnswerShop
from actions.shop.asking import AskShopQuestion, LeaveShop
from actions.shop.browsing import BrowseProducts
from actions.shop.noting import NoteForMerchant
from actions.shop.ordering import OrderProduct
from actions.shop.prices import PriceQuestion
from actions.shop.promo import UsePromoCode
from actions.shop.showing import ShowCart

__all__ = [
    "AnswerShop",
    "AskShopQuestion",
    "BrowseProducts",
    "LeaveShop",
    "NoteForMerchant",
    "OrderProduct",
    "PriceQuestion",
    "ShowCart",
    "UsePromoCode",
]

"""The contract's routes, a module per topic."""

from fastapi import APIRouter

from demo.backend.api import aftercare, customer, missions, orders, payments, photos, shop, withdrawals
from demo.backend.api.asking import REFUSALS

router = APIRouter()
_v1 = APIRouter(prefix="/v1", responses=REFUSALS)
for topic in (missions, shop, orders, payments, aftercare, customer, withdrawals):
    _v1.include_router(topic.router)
router.include_router(_v1)
router.include_router(photos.router)

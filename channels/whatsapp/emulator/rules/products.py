"""Products of a catalogue: one, a choice of them, or the door to all.

Shapes only: whether the number has such a catalogue, and the catalogue such a product, is not asked.
"""

from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.rules.media import ONLY_TEXT_HEADER
from channels.whatsapp.emulator.rules.sections import sections
from channels.whatsapp.emulator.shapes import one_of, record, text

_BODY = record({"text": text(limits.INTERACTIVE_BODY)})
_FOOTER = record({"text": text(limits.FOOTER)})
_RETAILER_ID = text(limits.RETAILER_ID)
_CATALOG_ID = text(limits.CATALOG_ID)
_PRODUCT_ITEM = record({"product_retailer_id": _RETAILER_ID})

PRODUCT = record(
    {
        "type": one_of("product"),
        "action": record({"catalog_id": _CATALOG_ID, "product_retailer_id": _RETAILER_ID}),
    },
    {"body": _BODY, "footer": _FOOTER},
)
PRODUCT_LIST = record(
    {
        "type": one_of("product_list"),
        "header": ONLY_TEXT_HEADER,
        "body": _BODY,
        "action": record(
            {"catalog_id": _CATALOG_ID, "sections": sections("product_items", _PRODUCT_ITEM, most=limits.PRODUCTS)}
        ),
    },
    {"footer": _FOOTER},
)
CATALOG = record(
    {
        "type": one_of("catalog_message"),
        "body": _BODY,
        "action": record(
            {"name": one_of("catalog_message")},
            {"parameters": record({}, {"thumbnail_product_retailer_id": _RETAILER_ID})},
        ),
    },
    {"footer": _FOOTER},
)

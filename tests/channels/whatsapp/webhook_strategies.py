"""Messages as people can send them, of every kind that is read, with what may be missing now and then missing."""

import json
from typing import Any

from hypothesis import strategies as st

texts = st.text(max_size=8)
some_text = st.text(min_size=1, max_size=8)
ids = st.text("0123456789abcdefABCDEF.=", min_size=1, max_size=12)
prices = st.integers(0, 10**6) | st.floats(0, 10**6) | st.decimals(0, 10**6, places=2).map(str)


def made(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional or {})


media = made({"id": ids}, {"mime_type": texts, "caption": texts, "sha256": texts, "url": texts, "filename": texts})
item = made({"product_retailer_id": ids, "quantity": st.integers(1, 99), "item_price": prices, "currency": some_text})
card = made({}, {"name": made({"formatted_name": texts}), "phones": st.lists(made({}, {"phone": texts, "wa_id": ids}))})
answer = st.dictionaries(texts, texts | st.integers() | st.none(), max_size=3).map(json.dumps) | texts

kinds: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "text": made({"text": made({"body": texts})}),
    "location": made(
        {"location": made({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}, {"name": texts})}
    ),
    "contacts": made({"contacts": st.lists(card, max_size=2)}, {"origin": some_text}),
    "order": made({"order": made({"catalog_id": ids, "product_items": st.lists(item, max_size=3)}, {"text": texts})}),
    "reaction": made({"reaction": made({"message_id": ids}, {"emoji": texts})}),
    "button": made({"button": made({"text": some_text}, {"payload": texts})}),
    "system": made({"system": made({"type": some_text}, {"body": texts, "wa_id": ids, "user_id": ids})}),
    "unsupported": made({}, {"unsupported": made({"type": some_text})}),
    "revoke": made({"revoke": made({"original_message_id": ids})}),
    "interactive": made(
        {
            "interactive": st.one_of(
                made({"type": st.just("button_reply"), "button_reply": made({"id": texts, "title": texts})}),
                made({"type": st.just("list_reply"), "list_reply": made({"id": texts, "title": texts})}),
                made({"type": st.just("nfm_reply"), "nfm_reply": made({"response_json": answer}, {"name": some_text})}),
            )
        }
    ),
} | {kind: made({kind: media}) for kind in ("image", "video", "audio", "voice", "document", "sticker")}


def _message(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    around = made(
        {"from": ids, "id": ids, "timestamp": st.integers(0, 2**32) | st.integers(0, 2**32).map(str)},
        {"context": made({}, {"id": ids, "forwarded": st.booleans()}), "from_user_id": ids, "group_id": ids},
    )
    return st.builds(lambda outside, inside: {**outside, "type": kind, **inside}, around, kinds[kind])


valid_messages = st.sampled_from(sorted(kinds)).flatmap(_message)

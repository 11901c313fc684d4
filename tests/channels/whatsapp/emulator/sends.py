"""Messages of every kind a business can send, as the Graph API takes them."""

from typing import Any

LINK = "http://127.0.0.1:8090/photos/1.jpg"
CATALOGUE = "800000000000001"

type Message = dict[str, Any]


def media(kind: str, **content: Any) -> Message:
    return {"type": kind, kind: content}


def interactive(kind: str, action: Any, body: str | None = "Which?", **parts: Any) -> Message:
    said = {} if body is None else {"body": {"text": body}}
    return {"type": "interactive", "interactive": {"type": kind, **said, "action": action, **parts}}


def replies(*titles: str, **parts: Any) -> Message:
    buttons = [{"type": "reply", "reply": {"id": f"id-{title}", "title": title}} for title in titles]
    return interactive("button", {"buttons": buttons}, **parts)


def link_button(title: str = "Open", url: str = "https://kimia.example/t/1", **parts: Any) -> Message:
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": url}}
    return interactive("cta_url", action, **parts)


def card(index: int, *titles: str, body: str | None = None, header: Any = None, **parts: Any) -> dict[str, Any]:
    """One card of a carousel: with quick replies, or with a link when no title is given."""
    quick = [{"type": "quick_reply", "quick_reply": {"id": f"{index}-{title}", "title": title}} for title in titles]
    link = {"name": "cta_url", "parameters": {"display_text": "See", "url": f"https://kimia.example/{index}"}}
    said = {} if body is None else {"body": {"text": body}}
    shown = header or {"type": "image", "image": {"link": LINK}}
    action = {"buttons": quick} if titles else link
    return {"card_index": index, "type": "cta_url", "header": shown, "action": action, **said, **parts}


def carousel(*cards: dict[str, Any], **parts: Any) -> Message:
    return interactive("carousel", {"cards": list(cards)}, **parts)


def location_request(**parts: Any) -> Message:
    return interactive("location_request_message", {"name": "send_location"}, **parts)


def contact_request(**parts: Any) -> Message:
    return interactive("request_contact_info", {"name": "request_contact_info"}, **parts)


def flow(**changes: Any) -> Message:
    """A flow message; a change to None leaves the parameter out."""
    parameters = {"flow_message_version": "3", "flow_id": "7001", "flow_cta": "Book", "flow_token": "f-1", **changes}
    kept = {key: value for key, value in parameters.items() if value is not None}
    return interactive("flow", {"name": "flow", "parameters": kept})


def product(retailer_id: str = "eru-1", **parts: Any) -> Message:
    return interactive("product", {"catalog_id": CATALOGUE, "product_retailer_id": retailer_id}, **parts)


def product_list(*sections: list[str], titles: bool = True, **parts: Any) -> Message:
    built = [
        {
            **({"title": f"Part {index}"} if titles else {}),
            "product_items": [{"product_retailer_id": retailer_id} for retailer_id in section],
        }
        for index, section in enumerate(sections)
    ]
    header = {"header": {"type": "text", "text": "Our choice"}}
    return interactive("product_list", {"catalog_id": CATALOGUE, "sections": built}, **{**header, **parts})


def catalog(thumbnail: str | None = None, **parts: Any) -> Message:
    parameters = {"parameters": {"thumbnail_product_retailer_id": thumbnail}} if thumbnail else {}
    return interactive("catalog_message", {"name": "catalog_message", **parameters}, **parts)


def reaction(wamid: str = "wamid.x", emoji: str = "👍") -> Message:
    return {"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}}


def template(*components: Any, **parts: Any) -> Message:
    content = {"name": "parcel_arrived", "language": {"code": "fr"}, **parts}
    return {"type": "template", "template": {**content, **({"components": list(components)} if components else {})}}


def component(kind: str, *parameters: Any, **parts: Any) -> dict[str, Any]:
    return {"type": kind, "parameters": list(parameters), **parts}


def said(value: str, **parts: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **parts}

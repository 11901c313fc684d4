"""What a person does on the phone page, each act a form: read, performed, and the page shown again without script."""

import json
from base64 import b64encode
from typing import Annotated, Any, Literal
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, File, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError

from channels.whatsapp.emulator import phone, taps
from channels.whatsapp.emulator.acts import ACT
from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.corrections import look_of
from channels.whatsapp.emulator.media import MediaProblem, kind_of
from channels.whatsapp.emulator.media_types import LARGEST_BYTES
from channels.whatsapp.emulator.parts import Parts, parts_of
from channels.whatsapp.emulator.perform import perform
from channels.whatsapp.emulator.phone import PhoneProblem
from channels.whatsapp.emulator.voice_note import as_ogg

router = APIRouter(prefix="/chats/{key}")

type Word = Annotated[str, Form()]
type Words = Annotated[list[str], Form()]


def find_chat(parts: Parts, key: str) -> Chat | None:
    """The chat a key names, if its business still exists."""
    phone_number_id, _, wa_id = key.partition("-")
    return parts.chats.find(phone_number_id, wa_id) if phone_number_id in parts.directory.numbers else None


@router.post("/text")
async def write(key: str, request: Request, text: Word = "", reply_to: Word = "", edits: Word = "") -> Response:
    if edits:
        return _do(request, key, type="edit", wamid=edits, text=text)
    return _do(request, key, type="text", text=text, reply_to=reply_to or None)


@router.post("/tap")
async def tap(key: str, request: Request, wamid: Word, choice: Word) -> Response:
    message = _message(request, key, wamid)
    tapped = next((each for each in taps.choices(message.payload) if each.id == choice), None)
    return _do(request, key, type=tapped.kind if tapped else "button", wamid=wamid, id=choice)


@router.post("/place")
async def share_place(key: str, request: Request, place: Annotated[int, Form(ge=0)], reply_to: Word = "") -> Response:
    places = parts_of(request).directory.places
    if place >= len(places):
        raise HTTPException(404, "There is no such place.")
    spot = places[place]
    return _do(
        request,
        key,
        type="location",
        latitude=spot.latitude,
        longitude=spot.longitude,
        place=spot.name,
        address=spot.address,
        reply_to=reply_to or None,
    )


@router.post("/coordinates")
async def share_coordinates(
    key: str,
    request: Request,
    latitude: Annotated[float, Form()],
    longitude: Annotated[float, Form()],
    reply_to: Word = "",
) -> Response:
    """Where one is now: a place without a name."""
    return _do(request, key, type="location", latitude=latitude, longitude=longitude, reply_to=reply_to or None)


@router.post("/media")
async def share_media(
    key: str,
    request: Request,
    file: Annotated[UploadFile | None, File()] = None,
    sample: Word = "",
    caption: Word = "",
    document: Word = "",
) -> Response:
    """A file from this machine, or a ready-made one; `document` sends whatever it is as a document."""
    content = await file.read(LARGEST_BYTES["document"] + 1) if file is not None and file.size else None
    if content is None:
        return _do(request, key, type=sample or "image")
    ogg = as_ogg(content)  # what browsers record in
    about: dict[str, Any] = {"data_base64": b64encode(ogg or content)}
    try:
        kind = "document" if document else "audio" if ogg else kind_of(content)
    except MediaProblem as problem:
        raise HTTPException(422, str(problem)) from None
    if kind == "document":
        about |= {"filename": file.filename if file else None, "mime_type": file.content_type if file else None}
    if caption and kind in ("image", "video", "document"):
        about["caption"] = caption
    return _do(request, key, type=kind, **about)


@router.post("/contact")
async def share_contact(
    key: str, request: Request, who: Word = "", name: Word = "", number: Word = "", reply_to: Word = ""
) -> Response:
    """One's own card (`who` is "me"), that of a person of the page, or one that was typed."""
    if who == "me":
        return _do(request, key, type="contacts", contacts="me", reply_to=reply_to or None)
    known = next((person for person in parts_of(request).directory.people if person.wa_id == who), None)
    card = {"name": name.strip(), "phone": number.strip()}
    if known:
        card = {"name": known.name, "phone": f"+{known.wa_id}", "wa_id": known.wa_id}
    if not card["name"] or not card["phone"]:
        raise HTTPException(422, "A card needs a name and a number.")
    return _do(request, key, type="contacts", contacts=[card], reply_to=reply_to or None)


@router.post("/react")
async def react(key: str, request: Request, wamid: Word, emoji: Word = "") -> Response:
    return _do(request, key, type="reaction", wamid=wamid, emoji=emoji)


@router.post("/delete")
async def delete(key: str, request: Request, wamid: Word) -> Response:
    return _do(request, key, type="delete", wamid=wamid)


@router.post("/forward")
async def forward(key: str, request: Request, wamid: Word) -> Response:
    """Send a message once more, as one does with what came from another chat."""
    message = _message(request, key, wamid)
    payload = look_of(message, parts_of(request).chats.remarks(message)).payload
    if payload["type"] not in phone.FORWARDABLE:
        raise HTTPException(422, "Texts, files, places and cards can be forwarded.")
    return _sent(request, key, _switch(request, key, phone.forwarded(payload)))


@router.post("/flow")
async def finish_flow(
    key: str,
    request: Request,
    wamid: Word,
    field: Words = [],  # noqa: B006 - FastAPI copies it
    answer: Words = [],  # noqa: B006
    as_json: Word = "",
) -> Response:
    """Answers by name, and as JSON where they are more than text; of two for one name the JSON counts."""
    filled: dict[str, Any] = {name.strip(): value for name, value in zip(field, answer, strict=False) if name.strip()}
    return _do(request, key, type="flow", wamid=wamid, answers=filled | _json_object(as_json))


@router.post("/order")
async def order(
    key: str,
    request: Request,
    catalog_id: Word,
    product: Words = [],  # noqa: B006 - FastAPI copies it
    quantity: Annotated[list[int], Form()] = [],  # noqa: B006
    text: Word = "",
) -> Response:
    wanted = [
        {"product_retailer_id": name, "quantity": count}
        for name, count in zip(product, quantity, strict=False)
        if count
    ]
    if not wanted:
        raise HTTPException(422, "The cart is empty: choose at least one product.")
    return _do(request, key, type="order", catalog_id=catalog_id, items=wanted, text=text)


@router.post("/inquiry")
async def ask_about(key: str, request: Request, wamid: Word, text: Word) -> Response:
    message = _message(request, key, wamid)
    action = message.payload.get("interactive", {}).get("action", {})
    if "product_retailer_id" not in action:
        raise HTTPException(422, "This message shows no single product.")
    product = {name: action[name] for name in ("catalog_id", "product_retailer_id")}
    return _do(request, key, type="text", text=text, reply_to=wamid, product=product)


@router.post("/ad")
async def come_from_ad(key: str, request: Request, text: Word) -> Response:
    return _do(request, key, type="text", text=text, ad={})


@router.post("/unsupported")
async def send_unsupported(key: str, request: Request) -> Response:
    return _do(request, key, type="unsupported")


@router.post("/marketing")
async def prefer_marketing(key: str, request: Request, wish: Annotated[Literal["stop", "resume"], Form()]) -> Response:
    parts_of(request).switchboard.prefer_marketing(_chat(request, key), wish)
    return _back(request, key)


@router.post("/block")
async def block(key: str, request: Request, blocked: Annotated[bool, Form()]) -> Response:
    parts_of(request).switchboard.block(_chat(request, key), blocked)
    return _back(request, key)


@router.post("/seen", status_code=204)
async def seen(key: str, request: Request) -> None:
    parts_of(request).switchboard.person_reads(_chat(request, key))


@router.post("/played", status_code=204)
async def played(key: str, request: Request, wamid: Word) -> None:
    message = _message(request, key, wamid)
    if message.sender == "business" and message.payload["type"] == "audio":
        parts_of(request).switchboard.person_plays(message)


def _json_object(typed: str) -> dict[str, Any]:
    if not typed.strip():
        return {}
    try:
        found = json.loads(typed)
    except ValueError as error:
        raise HTTPException(422, f"The answers are no JSON: {error}.") from None
    if not isinstance(found, dict):
        raise HTTPException(422, 'Answers in JSON are an object, such as {"size": 3}.')
    return found


def _do(request: Request, key: str, **act: Any) -> Response:
    parts, chat = parts_of(request), _chat(request, key)
    try:
        wanted = ACT.validate_python({"phone_number_id": chat.phone_number_id, **act})
        return _sent(request, key, perform(parts, chat, wanted))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise HTTPException(422, f"{'.'.join(str(part) for part in first['loc'][1:])}: {first['msg']}.") from None
    except (PhoneProblem, MediaProblem) as problem:
        raise HTTPException(422, str(problem)) from None


def _switch(request: Request, key: str, payload: phone.Payload) -> Message:
    return parts_of(request).switchboard.person_sends(_chat(request, key), payload, None)


def _chat(request: Request, key: str) -> Chat:
    if chat := find_chat(parts_of(request), key):
        return chat
    raise HTTPException(404, "There is no such chat.")


def _message(request: Request, key: str, wamid: str) -> Message:
    message, chat = parts_of(request).chats.by_wamid(wamid), _chat(request, key)
    if message is None or message.chat_id != chat.id:
        raise HTTPException(404, "This chat has no such message.")
    return message


def _sent(request: Request, key: str, message: Message) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"id": message.id, "wamid": message.wamid})
    return _back(request, key)


def _back(request: Request, key: str) -> Response:
    """Without script the form reloads the page it was on."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({})
    query = urlsplit(request.headers.get("referer", "")).query
    return RedirectResponse("/?" + (query or urlencode({"open": key})), 303)

"""Does what a person is asked to do: makes the message, and has it sent. The page and the API both come here."""

from dataclasses import replace

from channels.whatsapp.emulator import acts, answers, corrections, phone, taps
from channels.whatsapp.emulator.chats import Chat, Message
from channels.whatsapp.emulator.numbers import readable
from channels.whatsapp.emulator.parts import Parts
from channels.whatsapp.emulator.phone import Card, Payload, PhoneProblem
from channels.whatsapp.emulator.shelf import Product


def perform(parts: Parts, chat: Chat, act: acts.Act) -> Message:
    """The message the person sent by this. Raises PhoneProblem or MediaProblem, and then nothing was sent."""
    match act:
        case acts.SendReaction() | acts.EditMessage() | acts.DeleteMessage():
            payload, context = _correction(parts, chat, act), None
        case _:
            payload, context = _message(parts, chat, act)
            payload, context = _dressed(payload, context or act.reply_to, act)
    return parts.switchboard.person_sends(chat, payload, context)


def _correction(parts: Parts, chat: Chat, act: acts.SendReaction | acts.EditMessage | acts.DeleteMessage) -> Payload:
    message = _named(parts, chat, act.wamid)
    look = corrections.look_of(message, parts.chats.remarks(message))
    match act:
        case acts.SendReaction():
            if look.revoked:
                raise PhoneProblem("This message was deleted.")
            return corrections.react(message, act.emoji)
        case acts.EditMessage():
            return corrections.edit(message, look, act.text, parts.clock())
        case acts.DeleteMessage():
            return corrections.revoke(message, look, parts.clock())


def _message(parts: Parts, chat: Chat, act: acts.Act) -> tuple[Payload, str | None]:
    """The message, and the wamid it answers where the act itself says so."""
    match act:
        case acts.SendButton() | acts.SendListChoice():
            message = _tapped(parts, chat, act)
            return taps.tap(message, choice_id=act.id, title=act.title), message.wamid
        case acts.FinishFlow():
            message = _flow(parts, chat, act.wamid)
            return answers.flow_reply(message.payload, act.answers), message.wamid
        case _:
            return _new(parts, chat, act), None


def _new(parts: Parts, chat: Chat, act: acts.Act) -> Payload:
    match act:
        case acts.SendText():
            return _words(parts, chat, act)
        case acts.SendLocation():
            return phone.location(act.latitude, act.longitude, act.place, act.address)
        case acts.SendPicture() | acts.SendDocument() | acts.SendSticker() | acts.SendAudio():
            return _file(parts, chat, act)
        case acts.SendContacts():
            return _contacts(parts, chat, act)
        case acts.SendOrder():
            return _order(parts, chat, act)
        case acts.SendUnsupported():
            return phone.unsupported(act.kind)
    raise TypeError(f"{type(act).__name__} is no message of its own")


def _dressed(payload: Payload, context: str | None, act: acts.Act) -> tuple[Payload, str | None]:
    """With what may come along on any message: forwarded ones answer nothing."""
    if not isinstance(act, acts.SentAct):
        return payload, context
    if act.ad:
        payload = phone.from_ad(payload, act.ad)
    if act.forwarded:
        return phone.forwarded(payload, often=act.forwarded == "often"), None
    return payload, context


def _file(
    parts: Parts, chat: Chat, act: acts.SendPicture | acts.SendDocument | acts.SendSticker | acts.SendAudio
) -> Payload:
    named = {"file_name": act.filename, "mime_type": act.mime_type} if isinstance(act, acts.SendDocument) else {}
    media = parts.media.keep(act.type, act.data_base64, phone_number_id=chat.phone_number_id, **named)
    if isinstance(act, acts.SendAudio):
        return phone.file("audio", media, voice=act.voice)
    caption = None if isinstance(act, acts.SendSticker) else act.caption
    return phone.file(act.type, media, caption=caption)


def _contacts(parts: Parts, chat: Chat, act: acts.SendContacts) -> Payload:
    if act.contacts != "me":
        return phone.contacts(act.contacts, asked_for=False)
    asked = parts.chats.by_wamid(act.reply_to) if act.reply_to else None
    request = asked is not None and asked.chat_id == chat.id and answers.asks_for_contact(asked.payload)
    own = Card(name=chat.name, phone=readable(chat.wa_id), wa_id=chat.wa_id)
    return phone.contacts([own], asked_for=request)


def _words(parts: Parts, chat: Chat, act: acts.SendText) -> Payload:
    said = phone.text(act.text)
    if act.product is None:
        return said
    catalog_id = act.product.catalog_id or parts.shelf.of_number(chat.phone_number_id).id
    return phone.about_product(said, catalog_id, act.product.product_retailer_id)


def _order(parts: Parts, chat: Chat, act: acts.SendOrder) -> Payload:
    catalog_id = act.catalog_id or parts.shelf.of_number(chat.phone_number_id).id
    wanted = [(_priced(parts, catalog_id, item), item.quantity) for item in act.items]
    return answers.order(catalog_id, wanted, act.text)


def _priced(parts: Parts, catalog_id: str, item: acts.OrderedItem) -> Product:
    product = parts.shelf.product(catalog_id, item.product_retailer_id)
    price = product.price if item.item_price is None else item.item_price
    return replace(product, price=price, currency=item.currency or product.currency)


def _tapped(parts: Parts, chat: Chat, act: acts.SendButton | acts.SendListChoice) -> Message:
    candidates = reversed(parts.chats.messages(chat))
    if act.wamid is not None:
        candidates = (message for message in candidates if message.wamid == act.wamid)
    return taps.find_tappable(candidates, act.type, choice_id=act.id, title=act.title)


def _flow(parts: Parts, chat: Chat, wamid: str | None) -> Message:
    if wamid is not None:
        return _named(parts, chat, wamid)
    for message in reversed(parts.chats.messages(chat)):
        if message.sender == "business" and answers.flow_token(message.payload) is not None:
            return message
    raise PhoneProblem("No message of this chat opens a flow.")


def _named(parts: Parts, chat: Chat, wamid: str) -> Message:
    message = parts.chats.by_wamid(wamid)
    if message is None or message.chat_id != chat.id:
        raise PhoneProblem("This chat has no such message.")
    if corrections.target_of(message.payload) is not None:
        raise PhoneProblem("That is no message one sees in the chat.")
    return message

"""One inbound message: who, when, what, and all that WhatsApp says about it."""

from typing import Any

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.reading.contents import read_content
from channels.whatsapp.reading.errors import read_errors
from channels.whatsapp.reading.moments import moment, moment_or_none
from channels.whatsapp.reading.people import People, read_sender
from channels.whatsapp.received import (
    BrokenInteractive,
    Forwarded,
    Identity,
    InboundMessage,
    Referral,
    ReferredProduct,
    StatusError,
)


def read_message(
    message: JsonObject,
    raw: dict[str, Any],
    phone_number_id: str,
    waba_id: str | None,
    people: People,
    errors_beside: tuple[StatusError, ...],
) -> InboundMessage:
    context, content, errors = message.part("context"), read_content(message), read_errors(message)
    return InboundMessage(
        phone_number_id=phone_number_id,
        waba_id=waba_id,
        wamid=message.identifier("id"),
        sender=read_sender(message, people),
        sent_at=moment(message, "timestamp"),
        content=content,
        context_id=context.text("id"),
        forwarded=_forwarded(context),
        product=_product(context.part("referred_product")),
        referral=_referral(message.part_or_none("referral")),
        identity=_identity(message),
        group_id=message.text("group_id"),
        # Why a tap lost its content stands beside the message, not in it.
        errors=errors_beside if isinstance(content, BrokenInteractive) and not errors else errors,
        raw=raw,
    )


def _forwarded(context: JsonObject) -> Forwarded | None:
    if context.truth("frequently_forwarded"):
        return Forwarded.FREQUENTLY
    return Forwarded.ONCE if context.truth("forwarded") else None


def _product(product: JsonObject) -> ReferredProduct | None:
    retailer_id = product.text("product_retailer_id")
    if retailer_id is None:
        return None
    return ReferredProduct(catalog_id=product.text("catalog_id"), product_retailer_id=retailer_id)


def _referral(referral: JsonObject | None) -> Referral | None:
    if referral is None:
        return None
    return Referral(
        source_type=referral.text("source_type"),
        source_id=referral.text("source_id"),
        source_url=referral.text("source_url"),
        headline=referral.text("headline"),
        body=referral.text("body"),
        media_type=referral.text("media_type"),
        image_url=referral.text("image_url"),
        video_url=referral.text("video_url"),
        thumbnail_url=referral.text("thumbnail_url"),
        click_id=referral.text("ctwa_clid"),
        welcome_text=referral.part("welcome_message").text("text"),
    )


def _identity(message: JsonObject) -> Identity | None:
    identity = message.part("identity")
    # News of a changed identity bring the hash in their own object, too.
    hash_of_it = identity.text("hash") or message.part("system").text("identity")
    if hash_of_it is None:
        return None
    return Identity(
        hash=hash_of_it,
        acknowledged=identity.truth("acknowledged") is True,
        created_at=moment_or_none(identity, "created_timestamp"),
    )

"""Contact cards, of which anything may be missing."""

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.received import CardAddress, CardOrganisation, CardPhone, ContactCard, ContactsReceived


def read_cards(message: JsonObject) -> ContactsReceived:
    # Only what stands beside the cards can vouch for them: whoever sends a card decides what is in it.
    return ContactsReceived(contacts=tuple(map(_card, message.each("contacts"))), origin=message.text("origin"))


def _card(card: JsonObject) -> ContactCard:
    name = card.part("name")
    return ContactCard(
        formatted_name=name.text("formatted_name"),
        first_name=name.text("first_name"),
        last_name=name.text("last_name"),
        phones=tuple(map(_phone, card.parts("phones"))),
        emails=_each_text(card, "emails", "email"),
        urls=_each_text(card, "urls", "url"),
        addresses=tuple(map(_address, card.parts("addresses"))),
        org=_organisation(card.part_or_none("org")),
        birthday=card.text("birthday"),
        vcard=card.text("vcard"),
    )


def _phone(phone: JsonObject) -> CardPhone:
    return CardPhone(
        phone=phone.text("phone"),
        wa_id=phone.text("wa_id"),
        user_id=phone.text("user_id"),
        type=phone.text("type"),
    )


def _address(address: JsonObject) -> CardAddress:
    return CardAddress(
        street=address.text("street"),
        city=address.text("city"),
        state=address.text("state"),
        zip=address.text("zip"),
        country=address.text("country"),
        country_code=address.text("country_code"),
        type=address.text("type"),
    )


def _organisation(org: JsonObject | None) -> CardOrganisation | None:
    if org is None:
        return None
    return CardOrganisation(company=org.text("company"), department=org.text("department"), title=org.text("title"))


def _each_text(card: JsonObject, name: str, member: str) -> tuple[str, ...]:
    texts = (item.text(member) for item in card.parts(name))
    return tuple(text for text in texts if text is not None)

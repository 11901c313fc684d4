"""One function for each template of `templates/`, with its variables by name; `tests/clients` compares them.

They send over WhatsApp alone, inside and outside of the 24 hours. A workflow of the same name (`notify`) also minds the
other channels, later news and what costs less. `language` is fr or en; without it, it is the person's own.
"""

from __future__ import annotations

from relais_client._asking import To, send_template
from relais_client._call import Call
from relais_client._values import SentTemplate


def send_appointment_reminder(
    to: To,
    *,
    first_name: str,
    when: str,
    place: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Reminds of an appointment."""
    values = {"first_name": first_name, "when": when, "place": place}
    return send_template("appointment_reminder", to, values, language=language, idempotency_key=idempotency_key)


def send_courier_mission_accepted(
    to: To,
    *,
    first_name: str,
    code: str,
    pickup: str,
    dropoff: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells a courier that a mission is theirs."""
    values = {"first_name": first_name, "code": code, "pickup": pickup, "dropoff": dropoff}
    return send_template("courier_mission_accepted", to, values, language=language, idempotency_key=idempotency_key)


def send_courier_mission_cancelled(
    to: To,
    *,
    first_name: str,
    code: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells a courier that a mission is cancelled."""
    values = {"first_name": first_name, "code": code}
    return send_template("courier_mission_cancelled", to, values, language=language, idempotency_key=idempotency_key)


def send_courier_mission_dropoff_changed(
    to: To,
    *,
    first_name: str,
    code: str,
    dropoff: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells a courier that a mission goes elsewhere."""
    values = {"first_name": first_name, "code": code, "dropoff": dropoff}
    return send_template(
        "courier_mission_dropoff_changed", to, values, language=language, idempotency_key=idempotency_key
    )


def send_delivery_delayed(
    to: To,
    *,
    first_name: str,
    code: str,
    reason: str,
    new_time: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a delivery will come later than promised."""
    values = {"first_name": first_name, "code": code, "reason": reason, "new_time": new_time}
    return send_template("delivery_delayed", to, values, language=language, idempotency_key=idempotency_key)


def send_feedback_request(
    to: To,
    *,
    first_name: str,
    code: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Asks for an opinion after a delivery."""
    values = {"first_name": first_name, "code": code}
    return send_template("feedback_request", to, values, language=language, idempotency_key=idempotency_key)


def send_merchant_order_cancelled(
    to: To,
    *,
    first_name: str,
    code: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells a merchant that an order is cancelled."""
    values = {"first_name": first_name, "code": code}
    return send_template("merchant_order_cancelled", to, values, language=language, idempotency_key=idempotency_key)


def send_merchant_order_confirmed(
    to: To,
    *,
    first_name: str,
    code: str,
    items: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells a merchant that an order is to be prepared."""
    values = {"first_name": first_name, "code": code, "items": items}
    return send_template("merchant_order_confirmed", to, values, language=language, idempotency_key=idempotency_key)


def send_merchant_payment_received(
    to: To,
    *,
    first_name: str,
    code: str,
    amount: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells a merchant that an order is paid."""
    values = {"first_name": first_name, "code": code, "amount": amount}
    return send_template("merchant_payment_received", to, values, language=language, idempotency_key=idempotency_key)


def send_mission_accepted(
    to: To,
    *,
    first_name: str,
    courier: str,
    code: str,
    phone: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells who takes care of a delivery, and how to reach them."""
    values = {"first_name": first_name, "courier": courier, "code": code, "phone": phone}
    return send_template("mission_accepted", to, values, language=language, idempotency_key=idempotency_key)


def send_mission_cancelled(
    to: To,
    *,
    first_name: str,
    code: str,
    reason: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a delivery will not take place."""
    values = {"first_name": first_name, "code": code, "reason": reason}
    return send_template("mission_cancelled", to, values, language=language, idempotency_key=idempotency_key)


def send_mission_delivered(
    to: To,
    *,
    first_name: str,
    code: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a delivery has arrived, and asks how it went."""
    values = {"first_name": first_name, "code": code}
    return send_template("mission_delivered", to, values, language=language, idempotency_key=idempotency_key)


def send_mission_in_transit(
    to: To,
    *,
    first_name: str,
    code: str,
    address: str,
    recipient: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a parcel is on its way."""
    values = {"first_name": first_name, "code": code, "address": address, "recipient": recipient}
    return send_template("mission_in_transit", to, values, language=language, idempotency_key=idempotency_key)


def send_mission_pickup_arrived(
    to: To,
    *,
    first_name: str,
    code: str,
    address: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that the courier waits at the pick-up address."""
    values = {"first_name": first_name, "code": code, "address": address}
    return send_template("mission_pickup_arrived", to, values, language=language, idempotency_key=idempotency_key)


def send_mission_reminder(
    to: To,
    *,
    first_name: str,
    code: str,
    when: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Reminds the recipient of a delivery before the courier comes."""
    values = {"first_name": first_name, "code": code, "when": when}
    return send_template("mission_reminder", to, values, language=language, idempotency_key=idempotency_key)


def send_order_cancelled(
    to: To,
    *,
    first_name: str,
    code: str,
    reason: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that an order is called off."""
    values = {"first_name": first_name, "code": code, "reason": reason}
    return send_template("order_cancelled", to, values, language=language, idempotency_key=idempotency_key)


def send_order_confirmed(
    to: To,
    *,
    first_name: str,
    code: str,
    merchant: str,
    items: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a merchant has taken an order."""
    values = {"first_name": first_name, "code": code, "merchant": merchant, "items": items}
    return send_template("order_confirmed", to, values, language=language, idempotency_key=idempotency_key)


def send_order_ready(
    to: To,
    *,
    first_name: str,
    code: str,
    merchant: str,
    address: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that an order can be picked up."""
    values = {"first_name": first_name, "code": code, "merchant": merchant, "address": address}
    return send_template("order_ready", to, values, language=language, idempotency_key=idempotency_key)


def send_payment_failed(
    to: To,
    *,
    first_name: str,
    amount: str,
    code: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a payment did not go through."""
    values = {"first_name": first_name, "amount": amount, "code": code}
    return send_template("payment_failed", to, values, language=language, idempotency_key=idempotency_key)


def send_payment_received(
    to: To,
    *,
    first_name: str,
    amount: str,
    code: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Tells that a payment has arrived."""
    values = {"first_name": first_name, "amount": amount, "code": code}
    return send_template("payment_received", to, values, language=language, idempotency_key=idempotency_key)


def send_payment_reminder(
    to: To,
    *,
    first_name: str,
    amount: str,
    code: str,
    due_date: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Reminds of what is still to be paid for an order."""
    values = {"first_name": first_name, "amount": amount, "code": code, "due_date": due_date}
    return send_template("payment_reminder", to, values, language=language, idempotency_key=idempotency_key)


def send_promotional_offer(
    to: To,
    *,
    first_name: str,
    offer: str,
    end_date: str,
    language: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SentTemplate]:
    """Announces an offer to people who agreed to get some."""
    values = {"first_name": first_name, "offer": offer, "end_date": end_date}
    return send_template("promotional_offer", to, values, language=language, idempotency_key=idempotency_key)

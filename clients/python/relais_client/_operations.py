"""What both clients can do: each function of the modules beside this one, as a method."""

from __future__ import annotations

from relais_client import _asking, _handlers, _people, _templates
from relais_client._call import Listing, Operation


class Operations:
    """The methods of `Relais` and `AsyncRelais`."""

    notify = Operation(_asking.notify)
    rehearse = Operation(_asking.rehearse)
    notify_many = Operation(_asking.notify_many)
    event = Operation(_asking.event)
    cancel = Operation(_asking.cancel)
    move = Operation(_asking.move)
    notification = Operation(_asking.notification)
    explain_notification = Operation(_asking.explain_notification)
    message = Operation(_asking.message)
    explain = Operation(_asking.explain)
    cancel_message = Operation(_asking.cancel_message)
    request = Operation(_asking.request)
    notifications = Listing(_asking.notifications)
    messages = Listing(_asking.messages)

    subscriber = Operation(_people.subscriber)
    find_subscriber = Operation(_people.find_subscriber)
    keep_subscriber = Operation(_people.keep_subscriber)
    forget_subscriber = Operation(_people.forget_subscriber)
    preferences = Operation(_people.preferences)
    keep_preferences = Operation(_people.keep_preferences)
    subscribers = Listing(_people.subscribers)

    on_mission_status_changed = Operation(_handlers.on_mission_status_changed)
    on_mission_delayed = Operation(_handlers.on_mission_delayed)
    on_order_status_changed = Operation(_handlers.on_order_status_changed)

    send_template = Operation(_asking.send_template)
    send_appointment_reminder = Operation(_templates.send_appointment_reminder)
    send_courier_mission_accepted = Operation(_templates.send_courier_mission_accepted)
    send_courier_mission_cancelled = Operation(_templates.send_courier_mission_cancelled)
    send_courier_mission_dropoff_changed = Operation(_templates.send_courier_mission_dropoff_changed)
    send_delivery_delayed = Operation(_templates.send_delivery_delayed)
    send_feedback_request = Operation(_templates.send_feedback_request)
    send_merchant_order_cancelled = Operation(_templates.send_merchant_order_cancelled)
    send_merchant_order_confirmed = Operation(_templates.send_merchant_order_confirmed)
    send_merchant_payment_received = Operation(_templates.send_merchant_payment_received)
    send_mission_accepted = Operation(_templates.send_mission_accepted)
    send_mission_cancelled = Operation(_templates.send_mission_cancelled)
    send_mission_delivered = Operation(_templates.send_mission_delivered)
    send_mission_in_transit = Operation(_templates.send_mission_in_transit)
    send_mission_pickup_arrived = Operation(_templates.send_mission_pickup_arrived)
    send_mission_reminder = Operation(_templates.send_mission_reminder)
    send_order_cancelled = Operation(_templates.send_order_cancelled)
    send_order_confirmed = Operation(_templates.send_order_confirmed)
    send_order_ready = Operation(_templates.send_order_ready)
    send_payment_failed = Operation(_templates.send_payment_failed)
    send_payment_received = Operation(_templates.send_payment_received)
    send_payment_reminder = Operation(_templates.send_payment_reminder)
    send_promotional_offer = Operation(_templates.send_promotional_offer)

"""Houses whose emails and SMS go to small providers, and what those report."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.engine import URL
from starlette.applications import Starlette

from channels.sms.twilio_webhook import SIGNATURE_HEADER
from notifications.tables import messages
from notifications.triggering import Recipient, Trigger, Triggered
from server.parts import utc_now
from storage.tables import businesses
from tests.asgi_transport import AsgiTransport
from tests.house import House, open_house, settings_for

GRACE_MAIL, GRACE_PHONE = "grace.mabiala@example.cg", "+242061234567"
OFFER = {"offer": "la livraison à moitié prix", "ends_on": "2027-01-31"}
PUBLIC = "https://relais.example"
TWILIO_TOKEN = "a-twilio-token-nobody-may-see"

SENDGRID_SIGNS = ec.generate_private_key(ec.SECP256R1())
SENDGRID_KEY = base64.b64encode(
    SENDGRID_SIGNS.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()

BY_SENDGRID = {
    "public_url": PUBLIC,
    "email_from": "Kimia <bonjour@kimia.example>",
    "sendgrid_api_key": "SG.a-key-nobody-may-see",
    "sendgrid_base_url": "http://sendgrid.test",
    "sendgrid_webhook_key": SENDGRID_KEY,
}
BY_TWILIO = {
    "public_url": PUBLIC,
    "twilio_account_sid": "AC1",
    "twilio_auth_token": TWILIO_TOKEN,
    "twilio_from": "KIMIA",
    "twilio_base_url": "http://twilio.test",
}

BY_OVH = {
    "ovh_application_key": "app",
    "ovh_application_secret": "an-ovh-secret",
    "ovh_consumer_key": "consumer",
    "ovh_sms_service": "sms-ab12345-1",
    "ovh_base_url": "http://ovh.test",
}

type Opens = Callable[..., House]


@pytest.fixture
async def opened(database_address: URL, tmp_path: Path) -> AsyncIterator[Opens]:
    """Opens a house with settings of its own, whose providers are the given app."""
    async with AsyncExitStack() as until_the_end:

        def open_with(app: Starlette | None = None, **settings: Any) -> House:
            senders = AsgiTransport(app or Starlette())
            house = open_house(settings_for(database_address, tmp_path, **settings), senders=senders)
            house.start()
            until_the_end.push_async_callback(house.stop)
            return house

        yield open_with


async def offer_to(house: House, channel: str, **who: Any) -> str:
    """Tell somebody of an offer on one channel; returns the message's id."""
    (message_id,) = (await offer(house, channel, **who)).message_ids
    return message_id


async def offer(house: House, channel: str, **who: Any) -> Triggered:
    """The same, also where nothing may be sent."""
    (business,) = await house.rows(businesses, businesses.c.slug == "kimia")
    wish = Trigger(
        business_id=business.id,
        workflow="promotional-offer",
        to=Recipient(**who),
        payload=OFFER,
        routing={"channels": [{"channel": channel}]},
    )
    return await house.parts.triggers.notify(wish)


async def row_of(house: House, message_id: str) -> Any:
    (row,) = await house.rows(messages, messages.c.id == message_id)
    return row


def event(message_id: str, what: str, **more: Any) -> dict[str, Any]:
    """One of SendGrid's."""
    told = {"event": what, "email": GRACE_MAIL, "nid": message_id, "timestamp": int(utc_now().timestamp())}
    return {**told, "sg_event_id": f"{message_id}-{what}", "sg_message_id": "sg1.filter01-2", **more}


async def sendgrid_tells(
    house: House, *events: Any, key: ec.EllipticCurvePrivateKey = SENDGRID_SIGNS
) -> httpx.Response:
    body, timestamp = json.dumps(events).encode(), str(int(utc_now().timestamp()))
    signature = base64.b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }
    return await house.public.post("/webhooks/sendgrid", content=body, headers=headers)


async def twilio_tells(
    house: House, message_id: str, status: str, token: str = TWILIO_TOKEN, **more: str
) -> httpx.Response:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "To": GRACE_PHONE, "Blank": "", **more}
    path = f"/webhooks/twilio?nid={message_id}"
    signed = f"{PUBLIC}{path}" + "".join(name + value for name, value in sorted(fields.items()))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    headers = {SIGNATURE_HEADER: signature, "Content-Type": "application/x-www-form-urlencoded"}
    return await house.public.post(path, content=urlencode(fields).encode(), headers=headers)

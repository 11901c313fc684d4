"""Connects a number step by step: asks Meta, judges what it says, and does what is missing unless it may only check."""

import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from channels.transport import TransportError
from channels.whatsapp.account import NumberState
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.messages import InvalidMessage, Template, to_payload
from server.accounts import Meta
from server.businesses import Number
from server.connect_checks import (
    Check,
    check_belonging,
    check_callback,
    check_health,
    check_name,
    check_profile,
    check_token,
    is_registered,
    is_subscribed,
    note,
    well,
    wrong,
)
from server.settings import EXAMPLE_PREFIX, Settings

WEBHOOK_PATH = "/webhooks/whatsapp"
WEBHOOK_SECONDS = 10.0
EMPTY_WEBHOOK = b'{"object":"whatsapp_business_account","entry":[]}'
"""A webhook that brings nothing: only its signature is of interest."""

APP_SECRET_CODES = frozenset({1, 101, 190})
"""With which Meta refuses an app that does not exist, or its secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator allows and asks for."""

    check_only: bool = False
    pin: str | None = None
    override: bool = False
    send_to: str | None = None
    template: str = "hello_world"
    language: str = "en_US"


class Connecting:
    """The steps for one number."""

    def __init__(self, settings: Settings, meta: Meta, number: Number, wishes: Wishes, now: datetime) -> None:
        self._settings = settings
        self._meta = meta
        self._ours = number
        self._wishes = wishes
        self._now = now
        base = settings.public_url
        self._callback = None if base is None else f"{base.rstrip('/')}{WEBHOOK_PATH}"

    async def steps(self) -> AsyncIterator[Check]:
        """Each check as it ends. Where Meta does not know the number, the steps about it are left out."""
        for check in self._check_settings():
            yield check
        async for check in self._token():
            yield check
        async for check in self._webhook():
            yield check
        try:
            number = await self._meta.management.number(self._ours.phone_number_id)
            async for check in self._number(number):
                yield check
        except (WhatsAppError, InvalidMessage) as error:
            yield wrong("number", _sentence(error))

    def _check_settings(self) -> Iterator[Check]:
        secrets_of = {
            "WHATSAPP_TOKEN": self._settings.whatsapp_token,
            "WHATSAPP_APP_SECRET": self._settings.whatsapp_app_secret,
            "WHATSAPP_VERIFY_TOKEN": self._settings.whatsapp_verify_token,
        }
        examples = [name for name, value in secrets_of.items() if value.get_secret_value().startswith(EXAMPLE_PREFIX)]
        if self._settings.uses_emulator:
            yield note(
                "settings", "WHATSAPP_BASE_URL is the emulator's; for a real number use https://graph.facebook.com"
            )
        elif examples:
            yield wrong("settings", f"{', '.join(examples)} still has the value of .env.example: set your own")
        else:
            yield well("settings", "token, app secret and verify token are set")
        if self._ours.waba_id is None:
            yield wrong("settings", "the number has no waba_id in business.yml: add the account's id, from API Setup")

    async def _token(self) -> AsyncIterator[Check]:
        app_id, secret = self._settings.whatsapp_app_id, self._settings.whatsapp_app_secret.get_secret_value()
        if app_id is None:
            yield note("token", "not examined: set WHATSAPP_APP_ID to the id of the Meta app")
            return
        number_id, waba_id = self._ours.phone_number_id, self._ours.waba_id
        token = self._meta.tokens.token(number_id)
        try:
            facts = await self._meta.management.token_facts(token, app=(app_id, secret), owner=number_id)
        except (WhatsAppError, InvalidMessage) as error:
            if getattr(error, "code", None) in APP_SECRET_CODES:
                yield wrong("app secret", "Meta refuses WHATSAPP_APP_ID with WHATSAPP_APP_SECRET: copy both anew")
            else:
                yield wrong("token", _sentence(error))
            return
        yield well("app secret", "it is the app's")
        for check in check_token(facts, app_id, waba_id, self._now):
            yield check

    async def _webhook(self) -> AsyncIterator[Check]:
        """As Meta would: the handshake, then a signed webhook and one with a wrong signature."""
        if self._callback is None:
            yield note("webhook", "not tried: set PUBLIC_URL to where the world reaches the public port")
            return
        try:
            yield await self._handshake(self._callback)
            yield await self._signature(self._callback)
        except TransportError as error:
            yield wrong("webhook", f"{self._callback} does not answer ({error}): check the proxy and its certificate")

    async def _handshake(self, callback: str) -> Check:
        challenge = secrets.token_hex(8)
        token = self._settings.whatsapp_verify_token.get_secret_value()
        asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": challenge}
        answer = await self._meta.transport.request("GET", f"{callback}?{urlencode(asked)}", {}, b"", WEBHOOK_SECONDS)
        if answer.status == 200 and answer.body == challenge.encode():
            return well("webhook", f"{callback} confirms itself to Meta")
        if answer.status == 403:
            return wrong("webhook", "the server there has another WHATSAPP_VERIFY_TOKEN")
        return wrong(
            "webhook", f"{callback} answers {answer.status} instead of the challenge: is it Relais's public port?"
        )

    async def _signature(self, callback: str) -> Check:
        secret = self._settings.whatsapp_app_secret.get_secret_value()
        digest = hmac.new(secret.encode(), EMPTY_WEBHOOK, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
        post = self._meta.transport.request
        signed = await post("POST", callback, headers, EMPTY_WEBHOOK, WEBHOOK_SECONDS)
        forged = await post(
            "POST", callback, {**headers, "X-Hub-Signature-256": f"sha256={'0' * 64}"}, EMPTY_WEBHOOK, WEBHOOK_SECONDS
        )
        if signed.status != 200:
            return wrong(
                "signature", f"a webhook signed with WHATSAPP_APP_SECRET gets {signed.status}: another secret there?"
            )
        if forged.status == 200:
            return wrong("signature", f"{callback} takes webhooks with a wrong signature: this is not Relais")
        return well("signature", "signed webhooks are taken, forged ones are not")

    async def _number(self, number: NumberState) -> AsyncIterator[Check]:
        if self._ours.waba_id is not None:
            listed = await self._meta.management.numbers(self._ours.waba_id)
            for check in check_belonging(number, self._ours.display_number, listed):
                yield check
        registered = is_registered(number)
        yield await self._registration(number)
        if not registered and not self._wishes.check_only and self._wishes.pin is not None:
            number = await self._meta.management.number(number.phone_number_id)  # as it is from now on
        yield check_name(number)
        if self._ours.waba_id is not None:
            yield await self._subscription(self._ours.waba_id)
        yield check_callback(number, self._callback)
        for check in check_health(number, self._now):
            yield check
        yield check_profile(await self._meta.management.profile(number.phone_number_id))
        if self._wishes.send_to is not None and not self._wishes.check_only:
            yield await self._test_message(self._wishes.send_to)

    async def _registration(self, number: NumberState) -> Check:
        if is_registered(number):
            return well("registration", "it speaks through the Cloud API")
        if self._wishes.pin is None or self._wishes.check_only:
            return wrong(
                "registration", f"its status is {number.status}: run this again with --pin and six digits you choose"
            )
        await self._meta.management.register(number.phone_number_id, self._wishes.pin)
        return well("registration", "registered; keep the pin, Meta asks for it again")

    async def _subscription(self, waba_id: str) -> Check:
        apps = await self._meta.management.subscribed_apps(waba_id)
        subscribed = is_subscribed(apps, self._settings.whatsapp_app_id)
        overrides = self._wishes.override and self._callback is not None
        if subscribed and not overrides:
            return well("subscription", "the app gets the account's webhooks; it must also be Live")
        if self._wishes.check_only:
            return wrong("subscription", "the app gets none of the account's webhooks: run this without --check")
        token = self._settings.whatsapp_verify_token.get_secret_value()
        if overrides:
            await self._meta.management.subscribe(waba_id, self._callback, token)
            return well("subscription", f"the account's webhooks now go to {self._callback}; the app must also be Live")
        await self._meta.management.subscribe(waba_id)
        return well("subscription", "the app is now subscribed to the account; it must also be Live")

    async def _test_message(self, to: str) -> Check:
        message = Template(name=self._wishes.template, language=self._wishes.language)
        try:
            await WhatsAppClient(self._meta.graph).send(self._ours.phone_number_id, to, to_payload(message), None)
        except (WhatsAppError, InvalidMessage) as error:
            return wrong("test message", _sentence(error))
        return well("test message", f"WhatsApp took the template {message.name}; look at the phone")


def _sentence(error: Exception) -> str:
    details = getattr(error, "details", "")
    return " ".join(filter(None, (str(error), details)))

"""Builds who delivers emails and SMS from the settings; messages of a channel that is not set up are skipped."""

from collections.abc import Iterator
from typing import Final

from channels.email.message import Mailbox
from channels.email.sendgrid import SendGridClient
from channels.email.smtp import SmtpClient
from channels.email.smtp_url import read_smtp_url
from channels.sms.ovh import OvhClient
from channels.sms.ovh_api import OvhApi, OvhKeys
from channels.sms.twilio import TwilioAccount, TwilioClient
from channels.transport import Transport
from notifications.leaving import LeaveLinks
from notifications.providers import Provider
from notifications.providers.email import SENDGRID, SMTP, EmailClient, EmailProvider
from notifications.providers.sms import OVH, TWILIO, SmsProvider
from server.settings import MESSAGING_SERVICE, Settings, several

TWILIO_REPORTS: Final = "/webhooks/twilio"
"""Where Twilio reports, on the public port."""


def leave_links(settings: Settings) -> LeaveLinks:
    """The links by which people leave lists. Without secrets of their own they are signed with RELAIS_SECRET."""
    ours = several(settings.unsubscribe_secrets.get_secret_value())
    secrets = ours or [settings.relais_secret.get_secret_value()]
    return LeaveLinks(address=settings.public_address, secrets=secrets)


class Senders:
    """The providers of email and SMS, in the order in which they are asked, and the connections behind them."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._smtp = _smtp(settings)
        self.links = leave_links(settings)
        self.ovh = _ovh(settings, transport)
        """Whom to ask what became of SMS, where OVH sends some."""
        self.providers: tuple[Provider, ...] = (*self._emails(), *self._texts())

    async def aclose(self) -> None:
        """Say goodbye to the mail server. The transport is closed by whoever made it."""
        if self._smtp is not None:
            await self._smtp.aclose()

    def _emails(self) -> Iterator[Provider]:
        """SendGrid first, since it reports what became of an email; the mail server where SendGrid cannot."""
        key = self._settings.sendgrid_api_key.get_secret_value()
        if key:
            yield self._email(SENDGRID, SendGridClient(self._transport, key, self._settings.sendgrid_base_url))
        if self._smtp is not None:
            yield self._email(SMTP, self._smtp)

    def _texts(self) -> Iterator[Provider]:
        for name in several(self._settings.sms_providers):
            if name == TWILIO and self._settings.twilio_account_sid:
                yield _twilio(self._settings, self._transport)
            if name == OVH and self.ovh is not None:
                yield SmsProvider(name=OVH, client=self.ovh, sender=self._settings.ovh_from or None)

    def _email(self, name: str, client: EmailClient) -> Provider:
        sender = Mailbox.parse(self._settings.email_from)
        return EmailProvider(name=name, client=client, sender=sender, links=self.links)


def _smtp(settings: Settings) -> SmtpClient | None:
    url = settings.smtp_url.get_secret_value()
    return SmtpClient(read_smtp_url(url)) if url else None


def _twilio(settings: Settings, transport: Transport) -> SmsProvider:
    writes = settings.twilio_from
    is_service = writes.startswith(MESSAGING_SERVICE)
    account = TwilioAccount(
        account_sid=settings.twilio_account_sid,
        secret=settings.twilio_auth_tokens[0],
        messaging_service_sid=writes if is_service else None,
        report_url=f"{settings.public_address}{TWILIO_REPORTS}" if settings.public_url is not None else None,
    )
    client = TwilioClient(transport, account, settings.twilio_base_url)
    return SmsProvider(name=TWILIO, client=client, sender=None if is_service else writes)


def _ovh(settings: Settings, transport: Transport) -> OvhClient | None:
    if not settings.ovh_application_key:
        return None
    keys = OvhKeys(
        application_key=settings.ovh_application_key,
        application_secret=settings.ovh_application_secret.get_secret_value(),
        consumer_key=settings.ovh_consumer_key.get_secret_value(),
    )
    return OvhClient(OvhApi(transport, keys, settings.ovh_base_url), settings.ovh_sms_service)

"""Tells people by email and by a signed webhook: at once, past the queue, so that what is wrong there is told too."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from channels.failures import without_private
from channels.transport import Transport, TransportError
from channels.webhook import derived_secret, signed_headers
from notifications.outgoing import Outgoing
from notifications.providers import Provider
from notifications.providers.base import Accepted
from server.alerts import saying
from server.alerts.notices import Recipient
from server.alerts.standing import Alert

TIMEOUT_SECONDS: Final = 10.0
USER_AGENT: Final = "Relais-Alerts/1"

EMAIL: Final = "email"
WEBHOOK: Final = "webhook"


def signing_secret(server_secret: str) -> str:
    """What the alerts' webhook is signed with: derived from the server's secret, and kept nowhere."""
    return derived_secret(server_secret, "alerts", "house")


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Whoever is told, and the ways there."""

    addresses: Sequence[str] = field(repr=False)
    url: str = field(repr=False)
    """Of the webhook; empty: none."""
    language: str
    providers: Sequence[Provider]
    """Of email, in the order in which they are tried."""
    transport: Transport
    secret: str = field(repr=False)
    """The server's."""
    clock: Callable[[], datetime]

    @property
    def recipients(self) -> list[Recipient]:
        """Everybody who is told, each in their way."""
        hook = [Recipient(WEBHOOK)] if self.url else []
        return [*(Recipient(EMAIL, address) for address in self.addresses), *hook]

    async def tell(self, notice_id: str, what: str, alert: Alert | None, to: Recipient) -> str | None:
        """Tell it; why that failed, or None. The id stays the same at each try, so that a repeat is known."""
        if to.way == EMAIL:
            return await self._mail(notice_id, what, alert, to.address)
        return await self._post(notice_id, what, alert)

    async def _mail(self, notice_id: str, what: str, alert: Alert | None, address: str) -> str | None:
        """By the first provider that takes it."""
        message = Outgoing(
            id=notice_id,
            business_id="",
            channel=EMAIL,
            lane="critical",
            category="transactional",
            recipient=address,
            payload={
                "subject": saying.subject_line(what, alert, self.language),
                "text": saying.text(what, alert, self.language),
            },
            attempt=1,
        )
        problems = []
        for provider in self.providers:
            outcome = await provider.deliver(message)
            if isinstance(outcome, Accepted):
                return None
            problems.append(f"{provider.name}: {without_private(outcome.reason)}")
        return " ".join(problems) or "Nothing is set up that sends emails."

    async def _post(self, notice_id: str, what: str, alert: Alert | None) -> str | None:
        if not self.url:
            return "ALERT_WEBHOOK is not set any more."
        now = self.clock()
        document = saying.document(what, alert, self.language, now)
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        headers = {
            "content-type": "application/json",
            "user-agent": USER_AGENT,
            **signed_headers([signing_secret(self.secret)], notice_id, body, now),
        }
        try:
            answer = await self.transport.request("POST", self.url, headers, body.encode(), TIMEOUT_SECONDS)
        except TransportError as error:
            return f"The webhook could not be reached ({without_private(str(error))})."
        return None if 200 <= answer.status < 300 else f"The webhook answered {answer.status}."

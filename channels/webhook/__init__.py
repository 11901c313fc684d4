"""How one speaks to a business's own system: signed JSON, as standardwebhooks.com has it, to public addresses alone."""

from channels.webhook.addresses import BadWebhookUrl, check_url, is_public
from channels.webhook.signing import derived_secret, is_signed_by, signed_headers
from channels.webhook.transport import GuardedTransport

__all__ = [
    "BadWebhookUrl",
    "GuardedTransport",
    "check_url",
    "derived_secret",
    "is_public",
    "is_signed_by",
    "signed_headers",
]

"""Where the server's access tokens for WhatsApp come from: one setting, or a file that may change while it runs."""

from channels.whatsapp.graph import OneToken, Tokens
from channels.whatsapp.tokens import FileTokens
from server import businesses
from server.settings import Settings


def tokens_of(settings: Settings) -> Tokens:
    """The tokens that the settings name. Raises BadTokensFile, or BadBusinessFile where business.yml is needed."""
    fallback = settings.whatsapp_token.get_secret_value()
    if settings.whatsapp_tokens_file is None:
        return OneToken(fallback)
    accounts = {
        number.phone_number_id: number.waba_id
        for business in businesses.read(settings.business_file)
        for number in business.numbers
        if number.waba_id is not None
    }
    return FileTokens(settings.whatsapp_tokens_file, fallback=fallback, accounts=accounts)

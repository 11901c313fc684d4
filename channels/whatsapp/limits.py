"""The limits of a WhatsApp message, each with its unit and its source, and how their length is counted.

A "unit" is what `length` counts. Sources: "OAS" is Meta's OpenAPI description (facebook/openapi, v23.0); the
others are clients that people run in production (pywa, whatsapp-api-js, kapso, nyaruka/courier). None was tried
against a live account.
"""

from typing import Final

MAX_TEXT_BODY: Final = 4096
"""units; pywa, whatsapp-api-js, botpress"""

MAX_CAPTION: Final = 1024
"""units, under an image, a video or a document; nyaruka/courier"""

MAX_INTERACTIVE_BODY: Final = 1024
"""units, above buttons or a list; OAS. (kapso allows a list 4096; the smaller figure is safe with both.)"""

MAX_HEADER: Final = 60
"""units, text header of an interactive message, or what fills that of a template; OAS, pywa"""

MAX_FOOTER: Final = 60
"""units; OAS"""

MAX_BUTTONS: Final = 3
"""reply buttons in one message, or on one card of a carousel; OAS, pywa"""

MAX_BUTTON_TITLE: Final = 20
"""units; OAS, whatsapp-api-js"""

MAX_BUTTON_ID: Final = 256
"""units, also of a template's quick reply; OAS, whatsapp-api-js, pywa"""

MAX_CTA_TITLE: Final = 20
"""units, on a button that opens a page; nyaruka/courier, kapso"""

MIN_CARDS: Final = 2
"""cards in a carousel, also of a template; pywa, Meta's guide"""

MAX_CARDS: Final = 10
"""cards in a carousel, also of a template; pywa, Meta's guide"""

MAX_CARD_BODY: Final = 160
"""units, on one card; pywa, Meta's guide"""

MAX_CARD_LINE_BREAKS: Final = 2
"""on one card; pywa, Meta's guide"""

MAX_FLOW_TITLE: Final = 20
"""units, on the button of a flow, and no emoji; pywa, whatsapp-api-js, kapso. (OAS says 30; the smaller is safe.)"""

MAX_PRODUCTS: Final = 30
"""products in one list, all its sections together; OAS, pywa"""

MAX_LIST_BUTTON: Final = 20
"""units, the label that opens a list; OAS, pywa, kapso"""

MAX_SECTIONS: Final = 10
"""sections in one list, of rows or of products; OAS, pywa"""

MAX_ROWS: Final = 10
"""rows in one list, all its sections together; OAS, pywa, whatsapp-api-js, kapso"""

MAX_SECTION_TITLE: Final = 24
"""units; OAS, pywa"""

MAX_ROW_TITLE: Final = 24
"""units; OAS, pywa, nyaruka/courier"""

MAX_ROW_DESCRIPTION: Final = 72
"""units; OAS, pywa, nyaruka/courier"""

MAX_ROW_ID: Final = 200
"""units; OAS, pywa"""

MAX_TEMPLATE_NAME: Final = 512
"""units; pywa, Meta's guide"""

MAX_TEMPLATE_BODY: Final = 1024
"""units, all values of a template's body together; whatsapp-api-js"""

MAX_TEMPLATE_BODY_ALONE: Final = 32768
"""units, the same where the template is nothing but a body; whatsapp-api-js"""

MAX_TEMPLATE_BUTTONS: Final = 10
"""buttons of a template; pywa"""

MAX_TEMPLATE_URLS: Final = 2
"""among them, those that open a page; pywa"""

MAX_TEMPLATE_COPY_CODES: Final = 1
"""among them, those that copy a code; pywa"""

MAX_COPY_CODE: Final = 15
"""units, a code to be copied; pywa"""

MAX_URL: Final = 2000
"""units, the address that a template's button opens; pywa"""

MAX_CALL_TTL_MINUTES: Final = 43_200
"""minutes that a button may call us, 30 days; Meta's guide to calling"""

MAX_CALL_PAYLOAD: Final = 512
"""units, what comes with such a call; Meta's guide to calling"""

MAX_CONTACTS: Final = 5
"""contact cards in one message; OAS. (Meta's guide says 257; the smaller figure is safe with both.)"""

MAX_CALLBACK_DATA: Final = 512
"""units of `biz_opaque_callback_data`; pywa, kapso"""

MAX_PROFILE_ABOUT: Final = 139
"""units, the line under a business's name; pywa"""

MAX_PROFILE_ADDRESS: Final = 256
"""units, in a business profile; pywa"""

MAX_PROFILE_DESCRIPTION: Final = 512
"""units, in a business profile; pywa"""

MAX_PROFILE_EMAIL: Final = 128
"""units, in a business profile; pywa"""

MAX_PROFILE_WEBSITE: Final = 256
"""units, each page of a business profile; pywa"""

MAX_PROFILE_WEBSITES: Final = 2
"""addresses in a business profile; pywa"""


def length(text: str) -> int:
    """The larger of code points and UTF-16 units: Meta does not say which of the two it counts.

    Counting UTF-16 units gives the larger one, since every code point takes at least one.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

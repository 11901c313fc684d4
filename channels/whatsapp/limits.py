"""The limits of a WhatsApp message, each with its unit and its source, and how their length is counted.

A "unit" is what `length` counts. Sources: "OAS" is Meta's OpenAPI description (facebook/openapi, v23.0); the
others are clients that people run in production (pywa, whatsapp-api-js, kapso, nyaruka/courier).
"""

from typing import Final

MAX_TEXT_BODY: Final = 4096
"""units; pywa, whatsapp-api-js, botpress"""

MAX_CAPTION: Final = 1024
"""units, under an image; nyaruka/courier"""

MAX_INTERACTIVE_BODY: Final = 1024
"""units, above buttons or a list; OAS. (kapso allows a list 4096; the smaller figure is safe with both.)"""

MAX_HEADER: Final = 60
"""units, text header of an interactive message; OAS"""

MAX_FOOTER: Final = 60
"""units; OAS"""

MAX_BUTTONS: Final = 3
"""reply buttons in one message; OAS"""

MAX_BUTTON_TITLE: Final = 20
"""units; OAS, whatsapp-api-js"""

MAX_BUTTON_ID: Final = 256
"""units; OAS, whatsapp-api-js"""

MAX_LIST_BUTTON: Final = 20
"""units, the label that opens a list; OAS, pywa, kapso"""

MAX_SECTIONS: Final = 10
"""sections in one list; OAS, pywa"""

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

MAX_CONTACTS: Final = 5
"""contact cards in one message; OAS. (Meta's guide says 257; the smaller figure is safe with both.)"""

MAX_CALLBACK_DATA: Final = 512
"""units of `biz_opaque_callback_data`; pywa, kapso"""


def length(text: str) -> int:
    """The larger of code points and UTF-16 units: Meta does not say which of the two it counts.

    Counting UTF-16 units gives the larger one, since every code point takes at least one.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

"""Meta's limits for messages a business sends, lengths in characters.

Sources: Meta's OpenAPI description v23.0 (maxLength, maxItems) and its guide pages; where the two differ, or where
its own clients do, the stricter figure, so that what passes here passes there.
"""

TEXT_BODY = 4096
LINK = 2048
CALLBACK_DATA = 512
WAMID = 512
MEDIA_ID = 64
WA_ID_DIGITS = (7, 15)  # E.164: at most 15

CAPTION = 1024  # image, video and document; audio and stickers have none
FILENAME = 240

INTERACTIVE_BODY = 1024
HEADER = 60
FOOTER = 60

BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
URL_BUTTON_TITLE = 20

LIST_BUTTON = 20
SECTIONS = 10
SECTION_TITLE = 24
ROWS = 10  # in all sections together
ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200

CARDS = (2, 10)
CARD_BODY = 160
CARD_LINE_BREAKS = 2

FLOW_BUTTON = 20  # the OpenAPI description says 30, the guides 20
FLOW_TOKEN = 512
FLOW_NAME = 512

PRODUCTS = 30  # in all sections together
CATALOG_ID = 64
RETAILER_ID = 100

CONTACTS = 5  # the guide says 257, the OpenAPI description 5
PHONES = 20
EMOJI = 32  # a family with skin tones is 28

TEMPLATE_NAME = 512
LANGUAGE_CODE = 16
TEMPLATE_BUTTONS = 10
TEMPLATE_PARAMETER = 32768  # of a template that is body only; the whole is limited where it is filled in
TEMPLATE_PAYLOAD = 256
COUPON_CODE = 15
CALL_TTL_MINUTES = 43_200  # 30 days
COMPONENTS = 20
PARAMETERS = 100

PROFILE_ABOUT = 139
PROFILE_ADDRESS = 256
PROFILE_DESCRIPTION = 512
PROFILE_EMAIL = 128
PROFILE_WEBSITE = 256
PROFILE_WEBSITES = 2

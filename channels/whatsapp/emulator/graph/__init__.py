"""The emulated Graph API: messages, media, templates and the account, under `/v…/`; and the files it links to."""

from fastapi import APIRouter

from channels.whatsapp.emulator.graph import accounts, download, media, messages, nodes, numbers, templates, uploads

router = APIRouter()
router.include_router(messages.router)
router.include_router(media.router)
router.include_router(download.router)
router.include_router(templates.router)
router.include_router(uploads.router)
router.include_router(numbers.router)
router.include_router(accounts.router)
router.include_router(accounts.tokens)
router.include_router(nodes.router)  # last: it takes any `/v…/{id}`

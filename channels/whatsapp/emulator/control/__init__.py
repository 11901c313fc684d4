"""The API for tests and scripts, as the platform: what Meta decides, measures, allows and gets wrong."""

from fastapi import APIRouter

from channels.whatsapp.emulator.control import account, faults, people, platform, policy, templates, webhooks

router = APIRouter(prefix="/api")
router.include_router(platform.router)
router.include_router(policy.router)
router.include_router(templates.router)
router.include_router(account.router)
router.include_router(faults.router)
router.include_router(people.router)
router.include_router(webhooks.router)

"""The public page on which a guest tries the bot: no WhatsApp, no account, by a link that ends."""

from server.guest.routes import STATIC, guest_routes

__all__ = ["STATIC", "guest_routes"]

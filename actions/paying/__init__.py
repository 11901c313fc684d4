"""Speaking of paying: how this one is paid, how far that is, and the receipt."""

from actions.paying.question import PaymentQuestion

__all__ = ["PaymentQuestion"]

"""The timeline of a mission: the message a customer reads when asking where a delivery is."""

from trade.missions import Mission


def render_timeline(mission: Mission, locale: str) -> str:
    """The whole timeline as WhatsApp text."""
    raise NotImplementedError


def status_label(status: str, locale: str) -> str:
    """What a status means, in a short sentence; an unknown one as plain text."""
    raise NotImplementedError

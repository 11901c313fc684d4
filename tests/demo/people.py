"""The cast of the demo, and how Relais asks on their behalf."""

TOKEN = "demo-token"
BASE_URL = "http://127.0.0.1:8090"

GRACE = "+242061234567"
PATRICK = "+242055551234"
ALINE = "+242066667777"
SAMI = "+21620123456"


def asking_for(phone: str, business: str = "kimia", token: str = TOKEN) -> dict[str, str]:
    """The headers of a call on behalf of somebody."""
    return {"Authorization": f"Bearer {token}", "Relais-Business": business, "Relais-Customer": phone}

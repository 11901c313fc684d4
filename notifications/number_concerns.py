"""What is worrying about a number, in words that say what to do. Pure; no word names a number or a business."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

QUALITY: Final = {
    "YELLOW": "its quality is YELLOW: people block or report it; send less marketing, to those who want it",
    "RED": "its quality is RED: many people block or report it, and Meta may limit it; stop marketing now",
}

STATUS: Final = {
    "PENDING": "it is not registered: run `./relais whatsapp connect`",
    "UNVERIFIED": "it is not verified: verify it in the WhatsApp Manager",
    "FLAGGED": "Meta flagged it for low quality; if that does not get better in a week, its limit sinks",
    "RESTRICTED": "Meta restricts it: it has reached its limit of people, or must not begin conversations",
    "RATE_LIMITED": "Meta limits how fast it may send",
    "BANNED": "Meta banned it: see the WhatsApp Manager for an appeal",
    "DISCONNECTED": "it is not connected to the Cloud API any more: register it again",
    "MIGRATED": "it was moved to another account",
    "DELETED": "it was deleted at Meta",
}
"""By Meta's word for its status; CONNECTED is well. What Chatwoot and Meta's guide treat as a risk."""

NAME: Final = {
    "DECLINED": "Meta declined the name it shows; choose another in the WhatsApp Manager",
    "REJECTED": "Meta declined the name it shows; choose another in the WhatsApp Manager",
    "EXPIRED": "the name it shows has expired; ask for it again in the WhatsApp Manager",
}

SENDING: Final = {
    "LIMITED": "Meta lets it send with limits",
    "BLOCKED": "Meta lets it send nothing",
}

MOST_BLOCKERS: Final = 5


def concerns(
    *,
    quality: str | None,
    status: str | None,
    name_status: str | None,
    details: Mapping[str, Any],
    now: datetime,
) -> list[str]:
    """One sentence each, without a full stop; none where all is well."""
    found = [QUALITY.get(quality or ""), STATUS.get(status or ""), NAME.get(name_status or "")]
    return [*(each for each in found if each is not None), *_sending(details), *_account(details, now)]


def _sending(details: Mapping[str, Any]) -> Iterator[str]:
    words = SENDING.get(str(details.get("can_send")))
    if words is None:
        return
    blockers = [each for each in details.get("blockers", []) if isinstance(each, Mapping)]
    if not blockers:
        yield words
    for each in blockers[:MOST_BLOCKERS]:
        code = f" ({each['code']})" if each.get("code") else ""
        solution = f"; {each['solution']}" if each.get("solution") else ""
        yield f"{words}: {each.get('problem')}{code}{solution}".rstrip(".")


def _account(details: Mapping[str, Any], now: datetime) -> Iterator[str]:
    account = details.get("account")
    if not isinstance(account, Mapping):
        return
    if account.get("ban_state"):
        on = f" on {account['ban_date']}" if account.get("ban_date") else ""
        yield f"Meta disables its account ({account['ban_state']}{on}): see the WhatsApp Manager for an appeal"
    if account.get("violation"):
        yield f"its account broke a policy of Meta's ({account['violation']})"
    for each in account.get("restrictions", []):
        until = each.get("until")
        if until is None or datetime.fromisoformat(until) > now:
            ends = f" until {datetime.fromisoformat(until).astimezone(UTC):%Y-%m-%d %H:%M} UTC" if until else ""
            advice = f"; {each['remediation']}" if each.get("remediation") else ""
            yield f"its account is restricted ({each['type']}){ends}{advice}".rstrip(".")

"""What can change about numbers and accounts: quality, limits, profile, who is subscribed. Kept over restarts."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from channels.whatsapp.emulator.database import Database

# A number as a healthy new one looks. Fields and values as the Graph API spells them.
HEALTHY: Mapping[str, Any] = {
    "quality_rating": "GREEN",
    "status": "CONNECTED",
    "name_status": "APPROVED",
    "code_verification_status": "VERIFIED",
    "account_mode": "LIVE",
    "platform_type": "CLOUD_API",
    "is_on_biz_app": False,
    "throughput": {"level": "STANDARD"},
    "whatsapp_business_manager_messaging_limit": "TIER_250",
    "can_send_message": "AVAILABLE",
}
# A system user's token that never ends, as `debug_token` tells of it; moments in seconds since 1970.
NEW_TOKEN: Mapping[str, int] = {"issued_at": 1735689600, "expires_at": 0}
NEW_ACCOUNT: Mapping[str, Any] = {"subscribed": True}


class AccountFacts:
    """Facts by the id of what they are about. What nobody has changed is as at the start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._token: dict[str, int] | None = None  # asked for by every call, and changed here alone

    def number(self, phone_number_id: str) -> dict[str, Any]:
        return {**HEALTHY, **self._changed(phone_number_id)}

    def profile(self, phone_number_id: str) -> dict[str, Any]:
        return self._changed(f"profile-{phone_number_id}")

    def account(self, account_id: str) -> dict[str, Any]:
        return {**NEW_ACCOUNT, **self._changed(account_id)}

    def is_subscribed(self, account_id: str) -> bool:
        """Whether an app hears of this account. Every account begins with one, so that a first try works."""
        return bool(self.account(account_id)["subscribed"])

    def token(self) -> dict[str, int]:
        """Since when there is our access token, and when it ends; 0: never."""
        if self._token is None:
            self._token = {**NEW_TOKEN, **self._changed("token")}
        return self._token

    def has_ended(self, now: datetime) -> bool:
        """Whether our access token is of use no more."""
        return 0 < self.token()["expires_at"] <= now.timestamp()

    def change_token(self, facts: Mapping[str, int]) -> None:
        self._change("token", facts)
        self._token = None

    def change_number(self, phone_number_id: str, facts: Mapping[str, Any]) -> None:
        self._change(phone_number_id, facts)

    def change_profile(self, phone_number_id: str, facts: Mapping[str, Any]) -> None:
        self._change(f"profile-{phone_number_id}", facts)

    def change_account(self, account_id: str, facts: Mapping[str, Any]) -> None:
        self._change(account_id, facts)

    def _changed(self, key: str) -> dict[str, Any]:
        row = self._database.row("SELECT facts FROM account_facts WHERE id = ?", key)
        facts: dict[str, Any] = json.loads(row["facts"]) if row else {}
        return facts

    def _change(self, key: str, facts: Mapping[str, Any]) -> None:
        with self._database.transaction() as t:
            t.execute(
                "INSERT INTO account_facts VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET facts = excluded.facts",
                (key, json.dumps({**self._changed(key), **facts}, ensure_ascii=False)),
            )

"""What a person of a script has ordered and sent before it begins, and how the backend sees that afterwards.

`given` of a script names them; `<name>` in its turns stands for the code. They are made through the contract's own
calls, as Relais makes them.
"""

import uuid
from typing import Any

from tests.stack import Stack

type Given = dict[str, Any]


class Beforehand:
    """The orders and parcels of one person, by their names in the script."""

    def __init__(self, stack: Stack, phone: str, business: str) -> None:
        self._stack = stack
        self._headers = {
            "Authorization": f"Bearer {stack.environment['BACKEND_TOKEN']}",
            "Relais-Business": business,
            "Relais-Customer": f"+{phone}",
        }
        self._paths: dict[str, str] = {}

    def make(self, given: Given) -> None:
        """Order it or ask for it, and move it on by so many steps."""
        payment = {"method": "cash"} if given.get("by", "cash") == "cash" else _mobile_money(given["by"])
        if "order" in given:
            lines = [{"product_id": product, "quantity": quantity} for product, quantity in given["order"].items()]
            self._create(given, "orders", {"lines": lines, "dropoff": {"address": given["to"]}}, payment)
        else:
            places = {"pickup": {"address": given["from"]}, "dropoff": {"address": given["to"]}}
            recipient = {"recipient": {"name": "Marie Okemba", "phone": "+242061234576"}}
            self._create(given, "missions", places, payment, recipient)
        self.move(given["name"], given.get("moved", 0))

    def go_on(self, turn: dict[str, Any]) -> None:
        """What the business did before this turn: `moved`, `late`, `decided`."""
        for name, steps in turn.get("moved", {}).items():
            self.move(name, steps)
        for name, late in turn.get("late", {}).items():
            self.delay(name, late)
        if "decided" in turn:
            self.decide(turn["decided"])

    def move(self, name: str, steps: int) -> None:
        """Let the courier go on."""
        seen = self._seen(name)
        for _ in range(steps):
            self._post(f"/demo/missions/{seen.get('mission_code') or seen['code']}/advance", {})

    def delay(self, name: str, late: Given) -> None:
        """Let the business say that it comes later, and why."""
        seen = self._seen(name)
        self._post(f"/demo/missions/{seen.get('mission_code') or seen['code']}/delay", late)

    def decide(self, decision: Given) -> None:
        """Let the business decide about the last complaint."""
        answer = self._stack.http.get(f"{self._stack.backend}/v1/claims", headers=self._headers)
        assert answer.status_code == 200, answer.text
        self._post(f"/demo/claims/{answer.json()['claims'][0]['id']}", decision)

    def named(self, value: Any) -> Any:
        """The same with codes in place of names."""
        match value:
            case str():
                for name, path in self._paths.items():
                    value = value.replace(f"<{name}>", path.rpartition("/")[2])
                return value
            case list():
                return [self.named(each) for each in value]
            case dict():
                return {key: self.named(each) for key, each in value.items()}
        return value

    def check(self, expected: dict[str, dict[str, Any]]) -> None:
        """Compare with what the backend holds: `status`, `to` (the address), `payment` (its status), `total`."""
        for name, told in expected.items():
            seen = self._seen(name)
            payment, price = seen.get("payment") or {}, seen.get("total") or seen.get("price") or {}
            is_now = {
                "status": seen["status"],
                "to": (seen.get("dropoff") or {}).get("address"),
                "payment": payment.get("status"),
                "total": price.get("amount"),
            }
            assert {key: is_now[key] for key in told} == told, f"{name} is {is_now}"

    def _create(self, given: Given, kind: str, wanted: Given, payment: Given, more: Given | None = None) -> None:
        quotes = {"orders": "order-quotes", "missions": "mission-quotes"}[kind]
        total = self._post(f"/v1/{quotes}", wanted)["total"]
        body = {**wanted, **(more or {}), "payment": payment, "expected_total": total}
        made = self._post(f"/v1/{kind}", body)
        self._paths[given["name"]] = f"/v1/{kind}/{made['code']}"

    def _seen(self, name: str) -> dict[str, Any]:
        answer = self._stack.http.get(self._stack.backend + self._paths[name], headers=self._headers)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    def _post(self, path: str, body: Given) -> dict[str, Any]:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = self._stack.http.post(self._stack.backend + path, json=body, headers=self._headers | key)
        assert answer.status_code < 300, answer.text
        made: dict[str, Any] = answer.json()
        return made


def _mobile_money(by: str) -> Given:
    """ "MTN MoMo", or "MTN MoMo ref MP250127.4417" where it was paid at once."""
    provider, _, reference = by.partition(" ref ")
    return {"method": "mobile_money", "provider": provider, "reference": reference or None}

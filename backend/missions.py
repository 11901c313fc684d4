"""Tracking missions, and asking for new ones."""

from backend.calls import Calls, Customer, is_of, path_id
from backend.errors import NotFound
from backend.wire.missions import read_mission, read_mission_quote, read_missions, write_mission_draft
from backend.wire.values import Page, present, write_money, write_payment, write_place, write_recipient
from trade.missions import Mission, MissionDraft, MissionQuote, Recipient
from trade.money import Money
from trade.payments import PaymentChoice
from trade.places import Place


class MissionCalls(Calls):
    """What the client asks about missions."""

    async def mission(self, customer: Customer, code: str) -> Mission:
        """One mission of this customer; somebody else's is NotFound, even if the backend gave it."""
        return _own(await self._get(customer, f"/v1/missions/{path_id(code)}", read_mission, {}), customer)

    async def missions(self, customer: Customer, limit: int = 10) -> tuple[Mission, ...]:
        """The customer's missions, newest first."""
        return (await self.mission_page(customer, limit)).items

    async def mission_page(self, customer: Customer, limit: int = 10, cursor: str | None = None) -> Page[Mission]:
        """A page of the customer's missions, newest first."""
        params = {"limit": str(limit), "cursor": cursor}
        page = await self._get(customer, "/v1/missions", read_missions, params)
        own = tuple(mission for mission in page.items if is_of(mission.customer_phone, customer, mission.code))
        return Page(items=own[:limit], next_cursor=page.next_cursor)

    async def quote_mission(self, customer: Customer, draft: MissionDraft) -> MissionQuote:
        """What it would cost now, and when it would arrive."""
        return await self._quote(customer, "/v1/mission-quotes", write_mission_draft(draft), read_mission_quote)

    async def create_mission(
        self,
        customer: Customer,
        draft: MissionDraft,
        recipient: Recipient,
        payment: PaymentChoice,
        expected_total: Money,
        *,
        note: str | None = None,
        key: str,
    ) -> Mission:
        """Ask for it at the price the person agreed to; Refused with `price_changed` where it costs something else."""
        body = write_mission_draft(draft) | present(
            {
                "recipient": write_recipient(recipient),
                "payment": write_payment(payment),
                "expected_total": write_money(expected_total),
                "note": note,
            }
        )
        return _own(await self._write(customer, "POST", "/v1/missions", body, read_mission, key=key), customer)

    async def cancel_mission(self, customer: Customer, code: str, *, reason: str | None = None, key: str) -> Mission:
        """Call it off, while that is allowed."""
        path = f"/v1/missions/{path_id(code)}/cancel"
        body = present({"reason": reason})
        return _own(await self._write(customer, "POST", path, body, read_mission, key=key), customer)

    async def change_mission_dropoff(
        self, customer: Customer, code: str, dropoff: Place, expected_total: Money, *, key: str
    ) -> Mission:
        """Bring it elsewhere; Refused with `price_changed` where that costs something else."""
        path = f"/v1/missions/{path_id(code)}/dropoff"
        body = {"dropoff": write_place(dropoff), "expected_total": write_money(expected_total)}
        return _own(await self._write(customer, "POST", path, body, read_mission, key=key), customer)


def _own(mission: Mission, customer: Customer) -> Mission:
    if not is_of(mission.customer_phone, customer, mission.code):
        raise NotFound("no such mission")
    return mission

"""What a payment, a claim or a rating is about: a mission or an order of the customer."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from demo.backend.callers import Caller
from demo.backend.contract.missions import Mission
from demo.backend.contract.orders import Order
from demo.backend.contract.payments import Payment
from demo.backend.problems import Refusal
from demo.backend.records import missions, orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A mission, and the order it brings, if any."""

    mission: Mission
    order: Order | None

    @property
    def code(self) -> str:
        """The code under which it is paid, claimed and rated: the order's, where there is one."""
        return self.order.code if self.order else self.mission.code

    @property
    def payment(self) -> Payment | None:
        """What is to be paid for it."""
        return self.order.payment if self.order else self.mission.payment

    @property
    def is_delivered(self) -> bool:
        """Whether the recipient has it."""
        return self.mission.status == "delivered"


def subject(database: sqlite3.Connection, asked: Caller, code: str, now: datetime) -> Subject:
    """The customer's mission or order with this code; of somebody else there is none."""
    order = orders.find(database, asked.business, asked.phone, code, now)
    wanted = str(order.mission_code) if order else code
    mission = missions.find(database, asked.business, asked.phone, wanted, now)
    if mission is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "This customer has no mission and no order with that code.")
    if order is None and mission.order_code is not None:
        order = orders.find(database, asked.business, asked.phone, mission.order_code, now)
    return Subject(mission=mission, order=order)

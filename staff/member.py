"""Somebody who works at the desk, and what they may do where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from staff.roles import Act, Role, allows

type Roles = Mapping[str | None, Role]
"""A role by the id of its business; None is the whole house: all businesses, and what belongs to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the staff."""

    id: str
    email: str
    name: str
    language: str | None
    """fr or en; None: what the browser asks for."""
    theme: str
    """auto, light or dark."""
    roles: Roles
    has_second_factor: bool
    is_demo: bool
    created_at: datetime
    disabled_at: datetime | None

    def may(self, act: Act, business_id: str | None = None) -> bool:
        """Whether they may do this at a business; without one: anywhere at all.

        What a page lists or changes still is to be narrowed by `reach`, or asked with its business.
        """
        if business_id is None:
            return any(allows(role, act) for role in self.roles.values())
        return any(allows(self.roles[where], act) for where in (None, business_id) if where in self.roles)

    def may_everywhere(self, act: Act) -> bool:
        """Whether they may do this in the whole house, also where it belongs to no business."""
        return None in self.roles and allows(self.roles[None], act)

    def reach(self, act: Act) -> Collection[str] | None:
        """The ids of the businesses at which they may do this; None: all of them."""
        if self.may_everywhere(act):
            return None
        return frozenset(where for where, role in self.roles.items() if where is not None and allows(role, act))

    @property
    def is_house_admin(self) -> bool:
        """Whether the house is theirs: the last one of these cannot be taken away."""
        return self.roles.get(None) is Role.ADMIN

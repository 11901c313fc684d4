"""What the address of a page of plans narrows it to, and whose plans those are."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from notifications.consent import CATEGORIES
from notifications.plans.ahead import Wanted
from server.desk.door import MayNot
from server.desk.visit import House, Visit
from staff import Act

type Category = Literal["", "transactional", "tracking", "reminders", "marketing"]

ALL_CATEGORIES = ("transactional", *CATEGORIES)


class Asked(BaseModel):
    """The query that all pages of plans have in common."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    business: Annotated[str, Field(max_length=63)] = ""
    workflow: Annotated[str, Field(max_length=64, pattern="^[a-z0-9_-]*$")] = ""
    category: Annotated[Category, BeforeValidator(lambda value: value or "")] = ""

    def wanted(self, house: House) -> Wanted:
        """The same for the database."""
        return Wanted(business_id=house.id, workflow=self.workflow or None, category=self.category or None)

    def query(self, house: House, **changes: str | None) -> str:
        """The same as an address says it, with these changes."""
        given = {"business": house.slug, **self.model_dump(exclude={"business"}), **changes}
        return urlencode({name: value for name, value in given.items() if value})


def houses_of(visit: Visit, slug: str, act: Act = Act.READ_MESSAGES) -> tuple[list[House], House]:
    """The businesses at which this member may do so, and the one asked for, else the first. Raises MayNot."""
    houses = visit.of(visit.member.reach(act))
    found = next((each for each in houses if each.slug == slug), houses[0] if houses and not slug else None)
    if found is None:
        raise MayNot
    return houses, found

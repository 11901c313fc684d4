"""How strict this WhatsApp is: what tests and developers may turn on and off while it runs."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

type WindowRule = Literal["failed_status", "error", "off"]
type Approval = Literal["by_hand", "at_once"]


class Policy(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    # Outside the customer service window: accepted and then failed, as Meta mostly does; refused; or let through.
    window: WindowRule = "failed_status"
    template_approval: Approval = "by_hand"
    # Meta: 1 message in 6 s to one person, a burst of 45 before that (131056).
    pair_rate: bool = False
    # Messages of one number in a second (130429); Meta's first step is 80. None: any number.
    throughput_per_second: int | None = Field(default=None, ge=1)
    # Numbers nobody added: `exist` (a phone is made), or as one that is not on WhatsApp (131026).
    unknown_numbers: Literal["exist", "undeliverable"] = "exist"


class PolicyHolder:
    """The policy of now."""

    def __init__(self, policy: Policy) -> None:
        self._start = policy
        self.current = policy

    def change(self, changes: dict[str, object]) -> Policy:
        """Raises pydantic's ValidationError for what no policy says."""
        self.current = Policy(**{**self.current.model_dump(), **changes})
        return self.current

    def reset(self) -> Policy:
        self.current = self._start
        return self.current

"""What Meta decides about our templates."""

from dataclasses import dataclass
from datetime import datetime

from channels.whatsapp.received.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateNews(News):
    """News of one template. Meta writes the language as en_US and as en-US; here it always is en_US."""

    name: str
    language: str
    template_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStatusChange(TemplateNews):
    event: str  # APPROVED, REJECTED, PENDING, PAUSED, DISABLED, FLAGGED, REINSTATED, PENDING_DELETION …
    category: str | None = None  # MARKETING, UTILITY, AUTHENTICATION
    reason: str | None = None  # INVALID_FORMAT, PROMOTIONAL, SCAM … ; None where Meta says NONE
    rejection_info: str | None = None  # the reason and what to do, in words
    disable_date: datetime | None = None
    title: str | None = None  # FIRST_PAUSE, SECOND_PAUSE, RATE_LIMITING_PAUSE, UNPAUSE, DISABLED


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateQualityChange(TemplateNews):
    previous: str | None = None  # GREEN, YELLOW, RED, UNKNOWN
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCategoryChange(TemplateNews):
    """`previous` names what it was before the change; `correct`, what it is about to become."""

    new: str
    previous: str | None = None
    correct: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateComponentsChange(TemplateNews):
    """A template's text was changed; these are its parts now."""

    header: str | None = None
    body: str | None = None
    footer: str | None = None
    button_texts: tuple[str, ...] = ()

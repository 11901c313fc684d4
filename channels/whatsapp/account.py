"""What the Graph API says of an account: its numbers, templates, subscribed apps, a token. Pure: JSON to values.

Reading is lenient: a member that is absent or odd becomes None, and `raw` keeps everything that Meta said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from channels.whatsapp.json_object import text_or_none

NUMBER_FIELDS: Final = (
    "display_phone_number,verified_name,quality_rating,status,throughput,code_verification_status,name_status,"
    "whatsapp_business_manager_messaging_limit,account_mode,platform_type,is_on_biz_app,webhook_configuration,"
    "health_status"
)
"""Meta, phone number reference."""

TEMPLATE_FIELDS: Final = (
    "id,name,language,status,category,previous_category,correct_category,parameter_format,components,quality_score,"
    "rejected_reason,message_send_ttl_seconds"
)
"""Meta, message template reference."""

PROFILE_FIELDS: Final = "about,address,description,email,vertical,websites"

MESSAGING_SCOPE: Final = "whatsapp_business_messaging"
MANAGEMENT_SCOPE: Final = "whatsapp_business_management"
NEEDED_SCOPES: Final = (MESSAGING_SCOPE, MANAGEMENT_SCOPE)
"""What a token must be allowed to: sending, and templates with everything else of an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """Something that Meta says is in the way of sending."""

    entity: str  # PHONE_NUMBER, WABA, BUSINESS, APP, MESSAGE_TEMPLATE
    code: int | None
    problem: str
    solution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberState:
    """A number as Meta sees it; words in capitals are Meta's own."""

    phone_number_id: str
    display_number: str | None = field(repr=False)
    verified_name: str | None = field(repr=False)
    quality: str | None  # GREEN, YELLOW, RED, UNKNOWN
    status: str | None  # CONNECTED, PENDING, FLAGGED, RESTRICTED, BANNED …
    throughput: str | None  # STANDARD, HIGH
    messaging_limit: str | None  # TIER_250 … TIER_UNLIMITED
    code_verification: str | None  # VERIFIED, NOT_VERIFIED, EXPIRED
    name_status: str | None  # APPROVED, PENDING_REVIEW, DECLINED …
    platform: str | None  # CLOUD_API, ON_PREMISE, NOT_APPLICABLE
    is_on_app: bool | None  # a person also uses it in the WhatsApp Business app
    can_send: str | None  # AVAILABLE, LIMITED, BLOCKED
    callbacks: Mapping[str, str]  # where its webhooks go: phone_number, whatsapp_business_account, application
    blockers: tuple[Blocker, ...]
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteTemplate:
    """A template as Meta has it."""

    id: str
    name: str
    language: str
    status: str  # APPROVED, PENDING, REJECTED, PAUSED, DISABLED …
    category: str  # UTILITY, MARKETING, AUTHENTICATION
    previous_category: str | None
    correct_category: str | None  # what Meta will make of it
    parameter_format: str  # POSITIONAL, NAMED
    components: tuple[Mapping[str, Any], ...]
    quality: str | None  # GREEN, YELLOW, RED, UNKNOWN
    rejected_reason: str | None
    ttl_seconds: int | None
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateAnswer:
    """What Meta made of a template that was created or edited; the category may be another than asked for."""

    id: str | None
    status: str | None
    category: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribedApp:
    """An app that gets the webhooks of an account."""

    id: str
    name: str | None
    override_callback: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What Meta knows of an access token; never the token itself."""

    is_valid: bool
    app_id: str | None
    type: str | None  # SYSTEM_USER, USER, PAGE …
    expires_at: datetime | None  # None: never
    issued_at: datetime | None  # None: not told
    data_access_ends_at: datetime | None  # of a user's token: until they must consent anew; None: never
    scopes: frozenset[str]
    targets: Mapping[str, frozenset[str]]  # the accounts a scope is granted for; a scope for all is not listed
    problem: str | None

    @property
    def ends_at(self) -> datetime | None:
        """When it stops to be of use to us; None: never."""
        ends = [each for each in (self.expires_at, self.data_access_ends_at) if each is not None]
        return min(ends, default=None)

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """What it is not allowed to and must be."""
        return tuple(scope for scope in NEEDED_SCOPES if scope not in self.scopes)

    def covers(self, waba_id: str) -> bool:
        """Whether every scope we need reaches this account."""
        return all(waba_id in self.targets.get(scope, frozenset({waba_id})) for scope in NEEDED_SCOPES)


def read_number(document: object) -> NumberState | None:
    """A number; None where not even its id can be read."""
    raw = _mapping(document)
    phone_number_id = text_or_none(raw, "id")
    if phone_number_id is None:
        return None
    health = _mapping(raw.get("health_status"))
    is_on_app = raw.get("is_on_biz_app")
    return NumberState(
        phone_number_id=phone_number_id,
        display_number=text_or_none(raw, "display_phone_number"),
        verified_name=text_or_none(raw, "verified_name"),
        quality=text_or_none(raw, "quality_rating"),
        status=text_or_none(raw, "status"),
        throughput=text_or_none(raw.get("throughput"), "level"),
        messaging_limit=text_or_none(raw, "whatsapp_business_manager_messaging_limit")
        or text_or_none(raw, "messaging_limit_tier"),
        code_verification=text_or_none(raw, "code_verification_status"),
        name_status=text_or_none(raw, "name_status"),
        platform=text_or_none(raw, "platform_type"),
        is_on_app=is_on_app if isinstance(is_on_app, bool) else None,
        can_send=text_or_none(health, "can_send_message"),
        callbacks={
            name: url for name, url in _mapping(raw.get("webhook_configuration")).items() if isinstance(url, str)
        },
        blockers=tuple(_blockers(health)),
        raw=raw,
    )


def read_template(document: object) -> RemoteTemplate | None:
    """A template; None where its id, name, language or status cannot be read."""
    raw = _mapping(document)
    meta_id, name = text_or_none(raw, "id"), text_or_none(raw, "name")
    language, status = text_or_none(raw, "language"), text_or_none(raw, "status")
    if meta_id is None or name is None or language is None or status is None:
        return None
    reason, ttl = text_or_none(raw, "rejected_reason"), raw.get("message_send_ttl_seconds")
    return RemoteTemplate(
        id=meta_id,
        name=name,
        language=language,
        status=status,
        category=text_or_none(raw, "category") or "UNKNOWN",
        previous_category=text_or_none(raw, "previous_category"),
        correct_category=text_or_none(raw, "correct_category"),
        parameter_format=text_or_none(raw, "parameter_format") or "POSITIONAL",
        components=tuple(each for each in _list(raw.get("components")) if isinstance(each, Mapping)),
        quality=text_or_none(raw.get("quality_score"), "score"),
        rejected_reason=None if reason == "NONE" else reason,
        ttl_seconds=ttl if isinstance(ttl, int) and not isinstance(ttl, bool) else None,
        raw=raw,
    )


def read_template_answer(document: object) -> TemplateAnswer:
    return TemplateAnswer(
        id=text_or_none(document, "id"),
        status=text_or_none(document, "status"),
        category=text_or_none(document, "category"),
    )


def read_subscribed_app(document: object) -> SubscribedApp | None:
    raw = _mapping(document)
    about = raw.get("whatsapp_business_api_data")
    app_id = text_or_none(about, "id")
    if app_id is None:
        return None
    return SubscribedApp(
        id=app_id,
        name=text_or_none(about, "name"),
        override_callback=text_or_none(raw, "override_callback_uri"),
    )


def read_token_facts(document: object) -> TokenFacts:
    data = _mapping(_mapping(document).get("data"))
    return TokenFacts(
        is_valid=data.get("is_valid") is True,
        app_id=text_or_none(data, "app_id"),
        type=text_or_none(data, "type"),
        expires_at=_moment(data.get("expires_at")),
        issued_at=_moment(data.get("issued_at")),
        data_access_ends_at=_moment(data.get("data_access_expires_at")),
        scopes=frozenset(scope for scope in _list(data.get("scopes")) if isinstance(scope, str)),
        targets=dict(_targets(data)),
        problem=text_or_none(data.get("error"), "message"),
    )


def _targets(data: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    for granted in _list(data.get("granular_scopes")):
        scope, ids = text_or_none(granted, "scope"), _list(_mapping(granted).get("target_ids"))
        # Without target_ids the scope reaches everything.
        if scope is not None and ids:
            yield scope, frozenset(str(each) for each in ids)


def _blockers(health: Mapping[str, Any]) -> Iterator[Blocker]:
    for entity in _list(health.get("entities")):
        for error in _list(_mapping(entity).get("errors")):
            code = _mapping(error).get("error_code")
            yield Blocker(
                entity=text_or_none(entity, "entity_type") or "UNKNOWN",
                code=code if isinstance(code, int) else None,
                problem=text_or_none(error, "error_description") or "Meta gives no reason",
                solution=text_or_none(error, "possible_solution"),
            )


def _moment(seconds: object) -> datetime | None:
    """Zero stands for never."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []

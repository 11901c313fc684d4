"""What Meta decides about a template, by hand or at once, and the webhooks it tells of it."""

from datetime import timedelta
from typing import Any

from channels.whatsapp.emulator.message_templates.creation import reads_like_promotion
from channels.whatsapp.emulator.message_templates.template import Template
from channels.whatsapp.emulator.parts import Parts

DISABLED_AFTER = timedelta(days=7)  # when Meta says a flagged template would be disabled: its documentation's example


def review(parts: Parts, template: Template) -> Template:
    """A new or edited template: looked at right away if the policy says so, else left to whoever decides."""
    if parts.policy.current.template_approval == "by_hand":
        parts.feed.wake()
        return template
    if template.category == "UTILITY" and reads_like_promotion(template.components):
        return reject(parts, template, "INCORRECT_CATEGORY")
    return approve(parts, template)


def approve(parts: Parts, template: Template) -> Template:
    return _settle(parts, template, "APPROVED", "APPROVED")


def reject(parts: Parts, template: Template, reason: str) -> Template:
    return _settle(parts, template, "REJECTED", "REJECTED", reason=reason)


def pause(parts: Parts, template: Template, title: str) -> Template:
    """For people's complaints; `title` is FIRST_PAUSE, SECOND_PAUSE or RATE_LIMITING_PAUSE."""
    other = {"title": title, "description": f"The template is paused: {title}."}
    return _settle(parts, template, "PAUSED", "PAUSED", other_info=other)


def unpause(parts: Parts, template: Template) -> Template:
    other = {"title": "UNPAUSE", "description": "The template may be sent again."}
    return _settle(parts, template, "APPROVED", "APPROVED", other_info=other)


def disable(parts: Parts, template: Template) -> Template:
    other = {"title": "DISABLED", "description": "The template is disabled."}
    return _settle(parts, template, "DISABLED", "DISABLED", other_info=other)


def reinstate(parts: Parts, template: Template) -> Template:
    """What was disabled or rejected may be sent after all."""
    return _settle(parts, template, "APPROVED", "REINSTATED")


def flag(parts: Parts, template: Template) -> Template:
    """Meta warns that it will disable it; it may still be sent."""
    at = parts.clock() + DISABLED_AFTER
    announce(parts, template, "FLAGGED", disable_info={"disable_date": f"{at:%Y-%m-%d}"})
    return template


def recategorise(parts: Parts, template: Template, category: str) -> Template:
    """It costs what the new category costs from now on."""
    changed = parts.templates.change(template, category=category)
    value = {**_names(template), "previous_category": template.category, "new_category": category}
    _tell(parts, template, "template_category_update", value, f"template is {category}")
    return changed


def rate(parts: Parts, template: Template, quality: str) -> Template:
    changed = parts.templates.change(template, quality=quality)
    value = {**_names(template), "previous_quality_score": template.quality, "new_quality_score": quality}
    _tell(parts, template, "message_template_quality_update", value, f"template is {quality}")
    return changed


def announce(parts: Parts, template: Template, event: str, reason: str = "NONE", **more: Any) -> None:
    """The webhook `message_template_status_update`."""
    value = {"event": event, **_names(template), "message_template_category": template.category, "reason": reason}
    _tell(parts, template, "message_template_status_update", {**value, **more}, f"template {event}")


def _settle(
    parts: Parts, template: Template, status: str, event: str, *, reason: str = "NONE", **more: Any
) -> Template:
    with parts.database.transaction():
        changed = parts.templates.change(template, status=status, reason=reason)
        announce(parts, changed, event, reason, **more)
    return changed


def _names(template: Template) -> dict[str, Any]:
    return {
        "message_template_id": template.id,  # a number here, a text in the Graph API
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def _tell(parts: Parts, template: Template, field: str, value: dict[str, Any], about: str) -> None:
    with parts.database.transaction() as t:
        parts.outgoing.tell(t, template.account_id, value, lane=f"template-{template.id}", about=about, field=field)
    parts.feed.wake()

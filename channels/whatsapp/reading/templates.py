"""News of our templates."""

from typing import Any

from channels.whatsapp.json_object import JsonObject, WrongShape
from channels.whatsapp.reading.envelope import Change
from channels.whatsapp.reading.moments import moment_or_none
from channels.whatsapp.received import (
    TemplateCategoryChange,
    TemplateComponentsChange,
    TemplateQualityChange,
    TemplateStatusChange,
)

NOTHING = "NONE"
"""How Meta says that there is no reason."""


def read_status(change: Change, value: JsonObject) -> TemplateStatusChange:
    reason = value.text("reason")
    return TemplateStatusChange(
        **_template(change, value),
        event=value.string("event"),
        category=value.text("message_template_category") or value.text("category"),
        reason=None if reason == NOTHING else reason,
        rejection_info=_rejection(value),
        disable_date=moment_or_none(value.part("disable_info"), "disable_date"),
        title=value.part("other_info").text("title"),
    )


def read_quality(change: Change, value: JsonObject) -> TemplateQualityChange:
    return TemplateQualityChange(
        **_template(change, value),
        previous=value.text("previous_quality_score"),
        new=value.string("new_quality_score"),
    )


def read_category(change: Change, value: JsonObject) -> TemplateCategoryChange:
    return TemplateCategoryChange(
        **_template(change, value),
        previous=value.text("previous_category"),
        new=value.string("new_category"),
        correct=value.text("correct_category"),
    )


def read_components(change: Change, value: JsonObject) -> TemplateComponentsChange:
    buttons = (button.text("message_template_button_text") for button in value.parts("message_template_buttons"))
    return TemplateComponentsChange(
        **_template(change, value),
        header=value.text("message_template_title"),
        body=value.text("message_template_element"),
        footer=value.text("message_template_footer"),
        button_texts=tuple(text for text in buttons if text is not None),
    )


def _template(change: Change, value: JsonObject) -> dict[str, Any]:
    def either(name: str) -> str | None:
        return value.text(f"message_template_{name}") or value.text(name)

    name, language = either("name"), either("language")
    if name is None or language is None:
        missing = "name" if name is None else "language"
        raise WrongShape(value.path(f"message_template_{missing}"), "is missing")
    return {
        **change.news(),
        "name": name,
        "language": language.replace("-", "_"),
        "template_id": either("id"),
    }


def _rejection(value: JsonObject) -> str | None:
    info = value.part("rejection_info")
    words = [info.text("reason"), info.text("recommendation")]
    return " ".join(word for word in words if word is not None) or value.text("rejection_info")

"""Renders an email: its subject, its text, and the same in the house's layout where the workflow brings no HTML."""

from functools import cache
from pathlib import Path
from typing import Final

import jinja2

from notifications.workflows.drafts import EmailDraft
from notifications.workflows.pen import Pen
from notifications.workflows.rendered import EmailContent

CONTENT: Final = Path(__file__).parent / "content"
FOOTER_FALLBACK: Final = "en"


def email_content(pen: Pen, draft: EmailDraft, sender: str, unsubscribe_url: str | None) -> EmailContent:
    """Raises CannotRender."""
    text = pen.write("text", draft.text)
    action = draft.action
    url = pen.fill("action.url", action.url) if action else ""
    title = pen.write("action.title", action.title) if action and url else ""
    unsubscribe = _unsubscribe(pen.language) if unsubscribe_url else ""
    if draft.html is not None:
        html = pen.write("html", draft.html, html=True)
    else:
        html = _layout("email.html.j2").render(
            language=pen.language,
            paragraphs=[part.splitlines() for part in text.split("\n\n")],
            title=title,
            url=url,
            sender=sender,
            unsubscribe=unsubscribe,
            unsubscribe_url=unsubscribe_url,
        )
    parts = [
        text,
        f"{title}\n{url}" if title else "",
        sender,
        f"{unsubscribe}\n{unsubscribe_url}" if unsubscribe else "",
    ]
    subject = " ".join(pen.write("subject", draft.subject).split())
    return EmailContent(subject=subject, html=html, text="\n\n".join(filter(None, parts)))


def _unsubscribe(language: str) -> str:
    """The words of the link by which one hears no more."""
    name = f"email_unsubscribe.{language}.j2"
    known = name in _environment().list_templates()
    return _layout(name if known else f"email_unsubscribe.{FOOTER_FALLBACK}.j2").render().strip()


@cache
def _layout(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(CONTENT),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: name is not None and ".html." in name,  # noqa: S701 - the others are plain text
        trim_blocks=True,
        lstrip_blocks=True,
    )

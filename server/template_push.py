"""Makes Meta's templates say what our files say: creates what is missing, edits what differs, says what it may not."""

import mimetypes
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from channels.whatsapp.account import TemplateAnswer
from channels.whatsapp.errors import WhatsAppError
from channels.whatsapp.media.upload import upload_handle
from channels.whatsapp.messages import InvalidMessage
from channels.whatsapp.templates import Act, Definition, Step, creation, edition
from channels.whatsapp.templates.comparison import MOST_CREATED
from channels.whatsapp.templates.definition import MediaHeader
from channels.whatsapp.templates.files import BadTemplateFile, Folder
from channels.whatsapp.templates.lint import Severity, lint
from channels.whatsapp.templates.word_lists import word_lists
from server.accounts import Account, Meta


class End(StrEnum):
    """How pushing one template ended."""

    DONE = "done"
    PLANNED = "planned"  # a dry run
    HELD = "held back"  # we did not try, and say why
    REFUSED = "refused"  # Meta said no


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of one step, in words."""

    step: Step
    end: End
    words: str


class Push:
    """Pushes the steps of one account, one after another."""

    def __init__(self, meta: Meta, account: Account, folder: Folder, app_id: str | None) -> None:
        self._meta = meta
        self._account = account
        self._folder = folder
        self._app_id = app_id

    async def run(self, steps: Sequence[Step], *, dry_run: bool, despite_lint: bool) -> AsyncIterator[Pushed]:
        """Each step that creates, edits or is blocked, as it ends. An error of one does not keep the others."""
        created = 0
        for step in steps:
            if step.act in (Act.NOTHING, Act.FOREIGN) or step.definition is None:
                continue
            obstacle = self._obstacle(step, step.definition, created, despite_lint=despite_lint)
            if obstacle is not None:
                yield Pushed(step=step, end=End.HELD, words=obstacle)
            elif dry_run:
                yield Pushed(step=step, end=End.PLANNED, words=_words(step))
                created += step.act is Act.CREATE
            else:
                yield await self._push(step, step.definition)
                created += step.act is Act.CREATE

    def _obstacle(self, step: Step, definition: Definition, created: int, *, despite_lint: bool) -> str | None:
        if step.act is Act.BLOCKED:
            return step.note
        if step.act is Act.CREATE and created >= MOST_CREATED:
            return f"{MOST_CREATED} were created; Meta takes no more in an hour. Push again later"
        findings = [] if despite_lint else lint(definition, self._folder.definitions, word_lists())
        errors = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
        return "\n    ".join(["Meta would reject it:", *errors]) if errors else None

    async def _push(self, step: Step, definition: Definition) -> Pushed:
        try:
            handle = await self._sample(definition)
            if step.remote is None:
                document = creation(definition, handle)
                answer = await self._meta.management.create_template(self._account.waba_id, document)
            else:
                document = edition(definition, handle)
                changes = self._category(definition, step)
                answer = await self._meta.management.edit_template(
                    self._account.waba_id, step.remote.id, {**changes, **document}
                )
        except (WhatsAppError, InvalidMessage, BadTemplateFile) as error:
            details = getattr(error, "details", "")
            return Pushed(step=step, end=End.REFUSED, words=" ".join(filter(None, (str(error), details))))
        return Pushed(step=step, end=End.DONE, words=". ".join(_said(definition, step, answer)))

    def _category(self, definition: Definition, step: Step) -> dict[str, str]:
        return {"category": definition.category.upper()} if "category" in step.differences else {}

    async def _sample(self, definition: Definition) -> str | None:
        """The handle of the header's sample; Meta wants it with every edit."""
        header = definition.header
        if not isinstance(header, MediaHeader) or header.sample is None:
            return None
        if self._app_id is None:
            raise BadTemplateFile("header.sample cannot be uploaded: set WHATSAPP_APP_ID to the id of the Meta app.")
        file = self._folder.sample(header.sample)
        mime_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        content = file.read_bytes()
        return await upload_handle(self._meta.graph, self._app_id, self._account.waba_id, content, mime_type, file.name)


def _words(step: Step) -> str:
    what = f"would be {'created' if step.act is Act.CREATE else 'edited'}"
    differs = f" ({', '.join(step.differences)})" if step.differences else ""
    note = f". {step.note}" if step.note else ""
    return f"{what}{differs}{note}"


def _said(definition: Definition, step: Step, answer: TemplateAnswer) -> Iterator[str]:
    what = "created" if step.act is Act.CREATE else f"edited ({', '.join(step.differences)})"
    yield f"{what}, {answer.status or 'in review'}"
    if answer.category is not None and answer.category != definition.category.upper():
        yield f"Meta made it {answer.category}: correct the category in its file, or the text"
    if step.note is not None:
        yield step.note

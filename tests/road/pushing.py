"""The business tells somebody something by itself: `push` in the conversations of tests/conversations."""

from typing import Any

from tests.stack import Stack


def push(stack: Stack, business: str, phone: str, pushed: dict[str, dict[str, Any]]) -> None:
    """Set a workflow off for this phone, as the business's own system would."""
    [(workflow, payload)] = pushed.items()
    answer = stack.http.post(
        f"http://127.0.0.1:{stack.port['PRIVATE']}/v1/notify",
        json={"workflow": workflow, "to": {"phone": f"+{phone}"}, "payload": payload},
        headers={"Authorization": f"Bearer {stack.environment['RELAIS_SECRET']}", "Relais-Business": business},
    )
    assert answer.status_code == 202, answer.text


def quoted(stack: Stack, phone: str, number: str, words: str) -> str:
    """The id of the last message to this phone that holds these words."""
    found = [each["wamid"] for each in stack.chat(phone, 0, number) if words in (each["text"] or "")]
    assert found, f"nothing that says {words!r} can be quoted"
    return str(found[-1])

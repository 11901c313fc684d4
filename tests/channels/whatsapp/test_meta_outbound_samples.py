"""Meta's own samples of what can be sent, read and written back, where they lie beside the repository."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from channels.whatsapp.messages import read_payload, to_payload

SAMPLES = Path(__file__).parents[4] / "shared" / "fixtures" / "whatsapp" / "outbound-meta"

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="Meta's samples are not beside the repository, in ../shared/fixtures/whatsapp"
)

MARK_READ = "send_typing_indicator_and_read_receipt"
"""The only sample that is no message; `test_client` holds its shape."""

ENVELOPE = ("messaging_product", "recipient_type", "to")

PLACEHOLDERS = {
    r"<?http\(s\)://([a-z-]+)>?": r"https://photos.example/\1",
    r"language-and-locale-code": "en_US",
    r"template-name|<TEMPLATE_NAME>": "template_name",
    r"<HEADER_TYPE>": "text",
    r"Not shown in draft mode": "Not shown",  # as the title of a flow it would be too long
}


def sample(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_bytes())
    return document


def messages() -> dict[str, dict[str, Any]]:
    names = sorted(path.stem for path in SAMPLES.glob("*.json"))
    return {name: completed(sample(name)) for name in names if name != MARK_READ}


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Without the envelope, with values in the place of placeholders, and with the type that two samples forgot."""
    message = {name: filled(member) for name, member in document.items() if name not in ENVELOPE}
    (kind,) = message.keys() - {"type", "context"}
    return {"type": kind, **message}


def filled(value: Any) -> Any:
    match value:
        case {"type": "text", "text": bool(said)}:
            return {"type": "text", "text": str(said)}
        case dict():
            return {name: filled(member) for name, member in value.items()}
        case list():
            return [filled(item) for item in value]
        case str():
            for placeholder, meant in PLACEHOLDERS.items():
                value = re.sub(f"^(?:{placeholder})$", meant, value)
            return value
        case _:
            return value


def in_one_spelling(value: Any) -> Any:
    """What Meta takes in several spellings, in the one that we write; what goes without saying, left out."""
    match value:
        case dict():
            read = {name: in_one_spelling(member) for name, member in value.items()}
            if read.get("preview_url") is False:
                del read["preview_url"]
            if read.get("policy") == "deterministic":
                del read["policy"]
            if "sub_type" in read:
                read |= {"sub_type": read["sub_type"].lower(), "index": str(read["index"])}
            if read.get("sub_type") == "quick_reply":
                read["parameters"] = [{"type": "payload", "payload": p[p["type"]]} for p in read["parameters"]]
            return read
        case list():
            return [in_one_spelling(item) for item in value]
        case _:
            return value


def test_every_sample_is_read_and_written_back() -> None:
    assert len(messages()) > 40, "the folder of samples is not whole"
    for name, payload in messages().items():
        message, reply_to = read_payload(payload)
        assert to_payload(message, reply_to) == in_one_spelling(payload), name


def test_the_samples_that_reply_quote_a_message() -> None:
    for name, payload in messages().items():
        _, reply_to = read_payload(payload)
        assert (reply_to is not None) == ("context" in payload), name

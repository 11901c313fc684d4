"""Pictures, sound, films, documents and stickers: by a public link, or by the id of an upload."""

from collections.abc import Iterator, Mapping
from typing import Any

from channels.whatsapp.emulator.graph_errors import invalid, missing
from channels.whatsapp.emulator.rules import limits
from channels.whatsapp.emulator.shapes import Check, also, as_record, flag, link, record, text, variant

MEDIA_KINDS = ("image", "video", "audio", "document", "sticker")
FLOWS_OWN = ("data", "flow_action_data")  # what a flow is given: names in it are the flow's, not ours


def by_link_or_id(extra: Mapping[str, Check] | None = None) -> Check:
    """A media object: `link` or `id`, never both, and what else its kind may have."""
    return also(record({}, {"link": link, "id": text(limits.MEDIA_ID), **(extra or {})}), _exactly_one)


def uploads(name: str, value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every (path, media id) in a checked message's part of that name: the ids must exist where uploads are kept."""
    path = path or name
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from uploads(name, member, f"{path}[{index}]")
    elif isinstance(value, dict):
        if name in MEDIA_KINDS and isinstance(value.get("id"), str):
            yield f"{path}['id']", value["id"]
        for key, member in value.items():
            if key not in FLOWS_OWN:
                yield from uploads(key, member, f"{path}['{key}']")


def _exactly_one(path: str, value: object) -> None:
    given: Mapping[str, Any] = as_record(path, value)
    named = [key for key in ("id", "link") if given.get(key) is not None]
    if not named:
        raise missing(f"{path}['link']")
    if len(named) > 1:
        raise invalid(path, "has both an 'id' and a 'link': give one of them")


_CAPTION = {"caption": text(limits.CAPTION)}

IMAGE = by_link_or_id(_CAPTION)
VIDEO = by_link_or_id(_CAPTION)
AUDIO = by_link_or_id({"voice": flag})
DOCUMENT = by_link_or_id({**_CAPTION, "filename": text(limits.FILENAME)})
STICKER = by_link_or_id()


def _header(kind: str, media: Check) -> Check:
    return record({"type": text(16), kind: media})


TEXT_HEADER = _header("text", text(limits.HEADER))
IMAGE_HEADER = _header("image", by_link_or_id())
VIDEO_HEADER = _header("video", by_link_or_id())
DOCUMENT_HEADER = _header("document", by_link_or_id({"filename": text(limits.FILENAME)}))

ANY_HEADER = variant(
    "type", {"text": TEXT_HEADER, "image": IMAGE_HEADER, "video": VIDEO_HEADER, "document": DOCUMENT_HEADER}
)
ONLY_TEXT_HEADER = variant("type", {"text": TEXT_HEADER})
CARD_HEADER = variant("type", {"image": IMAGE_HEADER, "video": VIDEO_HEADER})

"""Writes a talk as a script of tests/conversations (see scripts.yml there). Pure.

What a person must look at is marked "FILL IN": the script says there what it could not know.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import yaml

from server.transcripts.exchange import Answer, Exchange, Talk
from server.transcripts.telling import expected, is_new_code, is_paid_with
from server.transcripts.veil import SOMEBODY, Veil

MARK: Final = "FILL IN"
"""Stands before everything that somebody has to decide."""


def write_script(talk: Talk, name: str, *, is_demo: bool) -> str:
    """One script, as a file of its own."""
    veil = Veil(is_demo=is_demo, own_name=talk.name or "")
    turns = [line for exchange in talk.exchanges for line in _turn(exchange, veil)]
    head = [
        "# Saved from a talk. How to read and write these: see scripts.yml.",
        *_remarks(talk),
        f"- name: {_scalar(name)}",
        f'  phone: "{veil.phone(talk.phone, talk.id)}"',
        *([] if talk.business == "kimia" else [f"  business: {talk.business}"]),
        f"  language: {talk.language}",
    ]
    return "\n".join([*head, *_given(veil), "  turns:", *turns]) + "\n"


def suggested_name(talk: Talk, *, is_demo: bool) -> str:
    """What a test is called before somebody finds a better name: the first words, and the day."""
    veil = Veil(is_demo=is_demo, own_name=talk.name or "")
    first = talk.exchanges[0]
    words = " ".join(next((str(each) for each in _act(first, veil)[0].values()), first.kind).split())
    return f"{words if len(words) <= 50 else words[:50].rpartition(' ')[0]} ({first.sent_at:%Y-%m-%d})"


def _remarks(talk: Talk) -> Iterator[str]:
    first = talk.exchanges[0].number if talk.exchanges else 1
    if first > 1:
        yield f"# {MARK}: {first - 1} messages came before these; what they led to is not there when this begins."


def _given(veil: Veil) -> Iterator[str]:
    if not veil.codes:
        return
    yield f"  # {MARK}: what each of these was, an order or a parcel, and how far it had come."
    yield "  given:"
    for name in veil.codes.values():
        yield f'    - {{name: {name}, from: "Avenue de la Paix, Bacongo", to: "Rue Malanda, Poto-Poto"}}'


def _turn(exchange: Exchange, veil: Veil) -> Iterator[str]:
    done, remarks = _act(exchange, veil)
    if exchange.quoted and done:
        quote = next((line for line in exchange.quoted.splitlines() if line.strip() and veil.shows(line)), "")
        if quote:
            done["quote"] = quote.strip()[:40]
        else:
            remarks.append("it quoted an earlier message of ours: `quote:` with words of it")
    said = [answer for answer in exchange.answers if answer.origin in ("bot", "service")]
    if exchange.status in ("parked", "to_human", "summed_up", "withdrawn"):
        remarks.append(f"the assistant did not answer this ({exchange.status})")
    yield from (f"    # {MARK}: {remark}" for remark in remarks)
    if done:
        first, *others = (f"{key}: {_flow(value)}" for key, value in done.items())
        yield f"    - {first}"
        yield from (f"      {line}" for line in others)
        wanted = ", ".join(_flow(each, quoted=True) for each in expected(said, veil, exchange.sent_at))
        yield f"      expect: [{wanted}]"
    yield from _beside(exchange.answers)


def _beside(answers: Sequence[Answer]) -> Iterator[str]:
    """What was sent meanwhile and is no answer."""
    for answer in answers:
        if answer.origin == "push":
            yield f"    # {MARK}: here the business pushed {answer.workflow}: a turn `push:` with its data"
        elif answer.origin == "human":
            yield "    # Here somebody of the business answered."


def _act(exchange: Exchange, veil: Veil) -> tuple[dict[str, Any], list[str]]:
    """What the person does, and what is to be looked at; nothing is done where a script cannot do it."""
    part = exchange.raw.get(exchange.kind)
    part = part if isinstance(part, Mapping) else {}
    match exchange.kind:
        case "text":
            text = _text(part.get("body"))
            remarks = ["a reference pays once: another one, for each time this is held"] if is_paid_with(text) else []
            return {"say": veil.said(text)}, remarks
        case "button":
            return _tapped("tap", _text(part.get("text")), exchange, veil)
        case "interactive" if "button_reply" in part or "list_reply" in part:
            key, chosen = ("choose", "list_reply") if "list_reply" in part else ("tap", "button_reply")
            return _tapped(key, _text((part[chosen] or {}).get("title")), exchange, veil)
        case "audio" if exchange.transcript:
            return {"say": veil.said(exchange.transcript)}, ["this was spoken; the words are how it was understood"]
        case "reaction" | "system" | "sticker":
            return {}, []
        case _:
            return _shared(exchange.kind, part, veil)


def _shared(kind: str, part: Mapping[str, Any], veil: Veil) -> tuple[dict[str, Any], list[str]]:
    """What is no words and no tap."""
    match kind:
        case "location":
            place = veil.place(float(part.get("latitude") or 0), float(part.get("longitude") or 0))
            return {"location": list(place)}, [] if veil.is_demo else ["the place is the demo's, not the person's"]
        case "contacts":
            return {"contact": {"name": SOMEBODY[0], "phone": SOMEBODY[1]}}, ["the card is the demo's"]
        case "image":
            return {"photo": veil.said(_text(part.get("caption")))}, []
        case "order":
            return {"order": _cart(part)}, []
        case _:
            return {}, [f"here came what no script can do: {kind}"]


def _tapped(key: str, title: str, exchange: Exchange, veil: Veil) -> tuple[dict[str, Any], list[str]]:
    is_new = is_new_code(title, exchange.sent_at)
    return {key: veil.said(title)}, ["the code was made in this talk, and will be another one"] if is_new else []


def _cart(part: Mapping[str, Any]) -> dict[str, int]:
    items = part.get("product_items")
    return {
        _text(item.get("product_retailer_id")): int(item.get("quantity") or 1)
        for item in (items if isinstance(items, list) else [])
    }


def _flow(value: Any, *, quoted: bool = False) -> str:
    """As it stands within a line of YAML."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False) if quoted else _scalar(value)
        case Mapping():
            # {kind: list} reads well bare; what somebody typed is quoted where YAML would read something else.
            return "{" + ", ".join(f"{_scalar(str(key))}: {_flow(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(each) for each in value) + "]"
        case _:
            return json.dumps(value)


def _scalar(text: str) -> str:
    """Bare where YAML reads the same again, also within brackets."""
    try:
        is_plain = yaml.safe_load(f"- [x: {text}, {text}]") == [[{"x": text}, text]]
    except yaml.YAMLError:
        is_plain = False
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

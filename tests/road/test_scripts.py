"""The conversations of tests/conversations/*.yml, held with the real bot over the real road."""

import json
from bisect import bisect
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.road.beforehand import Beforehand
from tests.road.kept import kept
from tests.road.later import let_days_pass
from tests.road.link import opened
from tests.road.pushing import push, quoted
from tests.road.shop import Shop
from tests.road.side_by_side import SideBySide
from tests.stack import JASMIN, KIMIA, Stack, scalar

pytestmark = pytest.mark.stack

SCRIPTS = [
    script
    for path in sorted((Path(__file__).parents[1] / "conversations").glob("*.yml"))
    for script in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
]
NUMBERS = {"kimia": KIMIA, "jasmin": JASMIN}
HELD = {
    table: f"SELECT count(*) FROM {table} WHERE customer_phone = {{phone}}"
    for table in ("missions", "orders", "payments", "claims")
} | {
    "ratings": "SELECT count(*) FROM ratings WHERE about IN (SELECT code FROM missions WHERE customer_phone = {phone}"
    " UNION SELECT code FROM orders WHERE customer_phone = {phone})"
}
#: What a turn may say; anything else is a slip of the pen that would go unnoticed.
KNOWN = {
    *("say", "tap", "choose", "location", "contact", "photo", "order", "expect", "holds", "relais", "times", "backend"),
    *("starting_price", "moved", "late", "decided", "now", "product", "merchant", "days_later", "page"),
    *("push", "quote"),
}
ANSWER_SECONDS = 15.0
#: What the services say where the bot could not answer.
FAILED = ("pas pu traiter votre message", "could not deal with your message")
Answers = Callable[[], list[dict[str, Any]]]
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " "})


@pytest.mark.parametrize("script", SCRIPTS, ids=[script["name"] for script in SCRIPTS])
def test_script(script: dict[str, Any], side_by_side: SideBySide) -> None:
    side_by_side.result(script)


@pytest.fixture(scope="module")
def side_by_side(stack: Stack, request: pytest.FixtureRequest) -> Iterator[SideBySide]:
    """The chosen scripts, on their way."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and item.path == request.path]
    chosen: list[Any] = [item.callspec.params["script"] for item in items if item.originalname == "test_script"]
    scripts = SideBySide(chosen, partial(hold_script, stack))
    yield scripts
    scripts.close()


def hold_script(stack: Stack, script: dict[str, Any]) -> None:
    """Be the person of a script, from an empty conversation on."""
    phone, number = script["phone"].lstrip("+"), NUMBERS[script.get("business", "kimia")]
    stack.forget_conversations(phone)
    beforehand = Beforehand(stack, phone, script.get("business", "kimia"))
    for given in script.get("given", []):
        beforehand.make(given)
    asked: list[int] = []
    before, shop = {table: held(stack, table, phone) for table in HELD}, Shop(stack)
    try:
        for written in script["turns"]:
            turn = beforehand.named(written)
            assert turn.keys() <= KNOWN, f"nobody reads {sorted(turn.keys() - KNOWN)} in {turn}"
            beforehand.go_on(turn)
            shop.change(turn)
            let_days_pass(stack, phone, turn.get("days_later", 0))
            asked.append(hold(stack, turn, phone, script.get("business", "kimia")))
            beforehand.check(turn.get("now", {}))
            if "page" in turn:
                expect_of_page(turn["page"], opened(stack, stack.chat(phone, asked[0], number), script["language"]))
            for table, count in turn.get("holds", {}).items():
                assert held(stack, table, phone) - before[table] == count, f"{table} of {turn}"
            for name, value in turn.get("relais", {}).items():
                is_kept = partial(_is_kept, stack, phone, name, value)
                stack.until(is_kept, ANSWER_SECONDS, f"{name} of {turn}")
        expect_decency(stack.chat(phone, asked[0], number), asked)
    finally:
        stack.backend_faults({}, phone)
        shop.restore()


def hold(stack: Stack, turn: dict[str, Any], phone: str, business: str) -> int:
    """Say what is said, and wait for what is expected; returns the id of what was said."""
    number = NUMBERS[business]
    if "backend" in turn:
        stack.backend_faults(turn["backend"], phone)
    if "starting_price" in turn:
        stack.starting_price("kimia", turn["starting_price"])
    if "times" in turn:
        stack.repeat_next_message(turn["times"], phone)
    asked = do(stack, turn, phone, business)
    answers = partial(stack.chat, phone, asked, number)
    is_answered = partial(_is_answered, turn)
    heard = _said(stack.hear(phone, asked, is_answered, ANSWER_SECONDS, partial(_told, turn, answers), number))
    for text in [each["not"] for each in turn["expect"] if isinstance(each, dict) and "not" in each]:
        assert text not in heard, f"{turn}: {text!r} must not be said"
    return asked


def do(stack: Stack, turn: dict[str, Any], phone: str, business: str) -> int:
    """Let the person, or the business, do what the turn says; the id of the message after which the answer comes."""
    number = NUMBERS[business]
    if "push" in turn:
        last = max((each["id"] for each in stack.chat(phone, 0, number)), default=0)
        push(stack, business, phone, turn["push"])
        return int(last)
    command = command_of(turn)
    if "quote" in turn:
        command |= {"reply_to": quoted(stack, phone, number, turn["quote"])}
    return stack.send(phone, command, number)


def expect_decency(answers: list[dict[str, Any]], asked: list[int]) -> None:
    """No turn failed, and none said the same twice in a row."""
    failed = [each["text"] for each in answers if any(text in _said([each]) for text in FAILED)]
    assert not failed, f"a turn failed: {failed}"
    for one, then in pairwise(answers):
        is_one_turn = bisect(asked, one["id"]) == bisect(asked, then["id"])
        assert not (is_one_turn and one["text"] and one["text"] == then["text"]), f"said twice: {one['text']}"


def expect_of_page(expected: list[str | dict[str, str]], page: str) -> None:
    """What the page of the tracking link shows, and what it must not."""
    for each in expected:
        text, is_wanted = (each, True) if isinstance(each, str) else (each["not"], False)
        assert (text in page) is is_wanted, f"{text!r} of {page}"


def held(stack: Stack, table: str, phone: str) -> int:
    """How many of these the backend holds for a phone."""
    return scalar(stack.folder / "backend.db", HELD[table].format(phone=f"'+{phone}'"))


def _is_kept(stack: Stack, phone: str, name: str, value: Any) -> bool:
    return bool(kept(stack.folder, f"+{phone}", name) == value)


def command_of(turn: dict[str, Any]) -> dict[str, Any]:
    match turn:
        case {"say": text}:
            return {"type": "text", "text": text}
        case {"tap": title}:
            return {"type": "button", "title": title}
        case {"choose": title}:
            return {"type": "list", "title": title}
        case {"location": [latitude, longitude]}:
            return {"type": "location", "latitude": latitude, "longitude": longitude}
        case {"contact": cards}:
            return {"type": "contacts", "contacts": cards if isinstance(cards, list) else [cards]}
        case {"photo": caption}:
            return {"type": "image", "caption": caption or None}
        case {"order": cart}:
            return {"type": "order", "items": [_ordered(name, wanted) for name, wanted in cart.items()]}
    raise AssertionError(f"a turn says, taps, chooses, or shares a location, contact, photo or cart: {sorted(turn)}")


def _ordered(product: str, wanted: int | list[Any]) -> dict[str, Any]:
    """So many of it, and the price of one that WhatsApp shows, where that is not what the emulator's catalogue says."""
    quantity, *price = wanted if isinstance(wanted, list) else [wanted]
    item = {"product_retailer_id": product, "quantity": quantity}
    return item | {"item_price": price[0]} if price else item


def _missing(turn: dict[str, Any], answers: list[dict[str, Any]]) -> list[Any]:
    """What is expected of this turn and has not come yet."""
    said, kinds = _said(answers), {_kind(each["payload"]) for each in answers}
    missing = [each for each in turn["expect"] if isinstance(each, str) and _as_json(each) not in said]
    return missing + [
        each for each in turn["expect"] if isinstance(each, dict) and each.get("kind", "") not in {"", *kinds}
    ]


def _said(answers: list[dict[str, Any]]) -> str:
    return json.dumps([each["payload"] for each in answers], ensure_ascii=False).translate(SPACES)


def _is_answered(turn: dict[str, Any], answers: list[dict[str, Any]]) -> bool:
    return not _missing(turn, answers)


def _told(turn: dict[str, Any], answers: Answers) -> str:
    return f"{turn}: {_missing(turn, answers())} is missing in {_said(answers())}"


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(SPACES)[1:-1]


def _kind(payload: dict[str, Any]) -> str:
    if payload["type"] != "interactive":
        return str(payload["type"])
    kind = str(payload["interactive"]["type"])
    return {"button": "buttons"}.get(kind, kind)

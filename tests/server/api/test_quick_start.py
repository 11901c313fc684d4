"""The quick start of docs/api.md works as it stands there."""

import re
import shlex
from collections.abc import Iterator

from click.testing import CliRunner

from server.__main__ import relais
from server.settings import ROOT
from tests.house import House
from tests.server.api.shop import shop_of

PRIVATE = "http://127.0.0.1:8081"


def commands() -> Iterator[list[str]]:
    """The commands of the page's quick start, as a shell would cut them up."""
    page = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    section = page[page.index("## Quick start") : page.index("## Keys")]
    for block in re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
        yield from _apart(shlex.split(block.replace("\\\n", " "), comments=True))


def _apart(words: list[str]) -> Iterator[list[str]]:
    """Several commands of one block."""
    one: list[str] = []
    for word in words:
        if word in ("curl", "./relais", "export") and one:
            yield one
            one = []
        one.append(word)
    yield one


async def test_each_command_does_what_the_page_says(small_house: House) -> None:
    shop = await shop_of(small_house, is_test=True)
    known = {"$KEY": shop.secret, "$ID": ""}
    asked = []
    for command in commands():
        if command[0] != "curl":
            continue
        url, headers, body = "", {}, None
        rest = iter(command[1:])
        for word in rest:
            match word:
                case "-H":
                    name, _, value = next(rest).partition(": ")
                    headers[name] = value.replace("$KEY", known["$KEY"])
                case "-d":
                    body = next(rest)
                case _:
                    url = word.replace("$ID", known["$ID"])
        assert url.startswith(PRIVATE)
        method = "GET" if body is None else "POST"
        content = None if body is None else body.encode()
        answer = await small_house.private.request(method, url[len(PRIVATE) :], headers=headers, content=content)
        assert answer.status_code < 300, (command, answer.text)
        if "notifications" in answer.json():
            notified = answer.json()["notifications"]
            known["$ID"] = notified[0]["id"] if isinstance(notified, list) else known["$ID"]
        asked.append(url)
    assert len(asked) == 5
    assert known["$ID"]


def test_its_key_may_be_made_so() -> None:
    (made,) = [command for command in commands() if command[0] == "./relais"]
    helped = CliRunner().invoke(relais, [*made[1:3], "--help"]).output
    assert [word for word in made if word.startswith("--") and word not in helped] == []

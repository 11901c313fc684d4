"""What stands within a line of CommonMark, styles, links, code, escaped signs: a small tree, and how it is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.backticks import backtick
from markdown_it.token import Token

BOLD: Final = "*"
ITALIC: Final = "_"
STRUCK: Final = "~"

_SIGN_OF: Final = {"strong_open": BOLD, "em_open": ITALIC, "s_open": STRUCK}

_LOOKALIKES: Final = {"*": "∗", "_": "ˍ", "~": "∼", "`": "’", ">": "›", "#": "#\u2060"}
"""WhatsApp knows no escaping, so a sign that must not work becomes the one that looks like it."""

_UNESCAPED: Final = frozenset("*_~`#>.!+-")
"""Before any other sign a backslash stays: it is more likely a path, a formula or a face than Markdown."""

_ADDRESS: Final = re.compile(
    r"https?://[^\s<>\"'\[\]()]*[^\s<>\"'\[\]().,;:!?*_~`]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)


@dataclass(frozen=True, slots=True)
class Styled:
    sign: str
    """WhatsApp's."""
    markup: str
    """As it was written."""
    nodes: "Nodes"


Nodes = Sequence[str | Styled]


def nodes_of(tokens: Sequence[Token]) -> Nodes:
    """The tree of a run of inline tokens; neighbouring texts are one."""
    open_nodes: list[list[str | Styled]] = [[]]
    opened: list[Token] = []
    for position, token in enumerate(tokens):
        if token.type == "link_close":
            label = open_nodes.pop()
            _add(open_nodes[-1], *_link(label, str(opened.pop().attrs["href"])))
        elif token.nesting == 1:
            opened.append(token)
            open_nodes.append([])
        elif token.nesting == -1:
            nodes, opening = open_nodes.pop(), opened.pop()
            _add(open_nodes[-1], Styled(_SIGN_OF[opening.type], opening.markup, nodes))
        else:
            _add(open_nodes[-1], *_leaf(tokens, position))
    return open_nodes[0]


def doubles_its_signs(nodes: Nodes) -> bool:
    """Whether this was written by somebody to whom a doubled sign is bold, and a single one therefore italic."""
    return any(
        (node.sign == BOLD and len(node.markup) == 2 and not _is_touched(nodes, position))
        or doubles_its_signs(node.nodes)
        for position, node in enumerate(nodes)
        if isinstance(node, Styled)
    )


def written(nodes: Nodes, star_is_italic: bool, inside: str = "") -> str:
    """The text in WhatsApp's markup; `inside` are the signs that already style it."""
    return "".join(
        node if isinstance(node, str) else _styled(node, _is_touched(nodes, position), star_is_italic, inside)
        for position, node in enumerate(nodes)
    )


def _styled(node: Styled, is_touched: bool, star_is_italic: bool, inside: str) -> str:
    sign = BOLD if node.markup == BOLD and not star_is_italic else node.sign
    if sign in inside:
        return written(node.nodes, star_is_italic, inside)
    if is_touched or sign == node.markup:
        # WhatsApp styles no part of a word: this is a formula, or nothing to convert.
        return node.markup + written(node.nodes, star_is_italic, inside + sign) + node.markup
    made = written(node.nodes, star_is_italic, inside + sign)
    return "\n".join(_hugged(line, sign) for line in made.split("\n"))


def _hugged(line: str, sign: str) -> str:
    """On WhatsApp a style ends with its line, and its signs touch what they style."""
    words = line.strip()
    return line.replace(words, f"{sign}{words}{sign}", 1) if words else line


def _is_touched(nodes: Nodes, position: int) -> bool:
    """Whether a letter or a digit stands right beside the signs."""
    before = nodes[position - 1] if position else ""
    after = nodes[position + 1] if position + 1 < len(nodes) else ""
    return (isinstance(before, str) and before[-1:].isalnum()) or (isinstance(after, str) and after[:1].isalnum())


def _leaf(tokens: Sequence[Token], position: int) -> Nodes:
    token = tokens[position]
    match token.type:
        case "code_inline":
            return [_code(token)]
        case "image":
            return _link([token.content], str(token.attrs["src"]))
        case "hardbreak":
            return ["\n"]
        case "text_special":
            before = tokens[position - 1].content[-1:] if position else ""
            after = tokens[position + 1].content[:1] if position + 1 < len(tokens) else ""
            return [_unescaped(token, before, after)]
        case _:
            return [token.content]


def _link(label: Nodes, url: str) -> Nodes:
    """The words and then the address, which alone says it all where the words only repeat it."""
    address = re.sub("^(mailto|tel):", "", url)
    words = written(label, star_is_italic=False).strip()
    if not words or re.sub("^https?://", "", words).rstrip("/") == re.sub("^https?://", "", address).rstrip("/"):
        return [address]
    return [*label, f" ({address})"]


def _code(token: Token) -> str:
    source: str = token.meta["source"]
    if token.markup == "``":  # how CommonMark writes code that holds a backtick
        return f"```{token.content}```" if "`" in token.content else f"`{token.content}`"
    return source


def _unescaped(token: Token, before: str, after: str) -> str:
    sign = token.markup[1:]
    if sign not in _UNESCAPED:
        return token.markup
    is_harmless = before.isalnum() and after.isalnum() and sign != "`"
    return sign if is_harmless else _LOOKALIKES.get(sign, sign)


def _add(nodes: list[str | Styled], *more: str | Styled) -> None:
    for node in more:
        if isinstance(node, str) and nodes and isinstance(nodes[-1], str):
            nodes[-1] += node
        elif node != "":
            nodes.append(node)


def read_addresses_as_text(parser: MarkdownIt) -> None:
    """Links and mail addresses hold signs that style nothing; code is kept as it was written."""
    parser.inline.ruler.before("escape", "address", _address)
    parser.inline.ruler.at("backticks", _remembered_code)


def _address(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "*_~":
        return False
    spans = state.env.setdefault("addresses", {})
    if state.src not in spans:
        spans[state.src] = [match.span() for match in _ADDRESS.finditer(state.src)]
    if not any(start <= state.pos < end for start, end in spans[state.src]):
        return False
    if not silent:
        state.pending += state.src[state.pos]
    state.pos += 1
    return True


def _remembered_code(state: StateInline, silent: bool) -> bool:
    start, known = state.pos, len(state.tokens)
    is_taken = backtick(state, silent)
    if len(state.tokens) > known and state.tokens[-1].type == "code_inline":
        state.tokens[-1].meta["source"] = state.src[start : state.pos]
    return is_taken

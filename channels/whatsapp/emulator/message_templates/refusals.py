"""Refusals of a template's content: code 100, told apart by Meta's subcodes."""

from channels.whatsapp.emulator.graph_errors import GraphError


def refused(subcode: int, title: str, sentence: str) -> GraphError:
    return GraphError(100, subcode=subcode, user_title=title, user_message=sentence)


def too_long(part: str, longest: int) -> GraphError:
    return refused(2388040, "Character limit exceeded", f"{part} has at most {longest} characters.")

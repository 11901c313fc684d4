"""Finds the transcriber that TRANSCRIBER names: a function without arguments, in a module of the business's own."""

import importlib
import inspect

from conversations.ports import Transcriber


class BadTranscriber(Exception):
    """TRANSCRIBER does not lead to a transcriber; the message says where the way ends."""


def load_transcriber(setting: str) -> Transcriber | None:
    """What `package.module:function` makes; None without a setting. Raises BadTranscriber."""
    if not setting:
        return None
    module_name, _, name = setting.partition(":")
    if not module_name or not name.isidentifier():
        raise BadTranscriber("TRANSCRIBER is not of the form package.module:function.")
    try:
        factory = getattr(importlib.import_module(module_name), name)
        made = factory()
    except ImportError as error:
        raise BadTranscriber(f"TRANSCRIBER names a module that cannot be imported: {error}.") from error
    except AttributeError as error:
        raise BadTranscriber(f"TRANSCRIBER: {error}.") from error
    except Exception as error:
        raise BadTranscriber(f"TRANSCRIBER: {name}() raised {type(error).__name__}: {error}.") from error
    if not inspect.iscoroutinefunction(getattr(made, "transcribe", None)):
        raise BadTranscriber(f"TRANSCRIBER: what {name}() makes has no `async def transcribe`.")
    transcriber: Transcriber = made
    return transcriber

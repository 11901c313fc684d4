"""Templates as Meta has them: followed by webhook and poll, and asked by the gate before a template leaves."""

from notifications.templates.judgement import Judgement, Shelf
from notifications.templates.states import follow, forget_missing, keep, remember_file

__all__ = ["Judgement", "Shelf", "follow", "forget_missing", "keep", "remember_file"]

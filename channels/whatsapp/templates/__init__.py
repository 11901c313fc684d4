"""Message templates: their files, what Meta is told of them, how they are filled in, and what Meta would refuse.

Pure but for `files` and `word_lists`, which read and write; they are imported by their own names.
"""

from channels.whatsapp.templates.comparison import Act, Step, compare
from channels.whatsapp.templates.creating import components, creation, edition
from channels.whatsapp.templates.definition import Definition
from channels.whatsapp.templates.filling import fill, preview
from channels.whatsapp.templates.reading import CannotBeWritten, definition_of

__all__ = [
    "Act",
    "CannotBeWritten",
    "Definition",
    "Step",
    "compare",
    "components",
    "creation",
    "definition_of",
    "edition",
    "fill",
    "preview",
]

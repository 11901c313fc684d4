"""What a person may ask about their own data: all of it as a file, and its end."""

from server.personal.desk import Exported, NobodyKnown, PersonalDesk
from server.personal.eraser import Eraser

__all__ = ["Eraser", "Exported", "NobodyKnown", "PersonalDesk"]

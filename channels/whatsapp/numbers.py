"""The ids under which WhatsApp may know one phone number (`wa_id`, digits alone).

The rules are the trade's, since backends write the same numbers (`trade.phones` compares theirs by them).
"""

from trade.spellings import same_number, spellings

__all__ = ["same_number", "spellings"]

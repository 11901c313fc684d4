"""How one speaks by SMS: the message, its segments, two providers to send it, and what they report of it."""

"""How one speaks by email: the message, its MIME, two ways to send it, what is reported of it, and leaving a list."""

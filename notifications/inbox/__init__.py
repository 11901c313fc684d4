"""A person's inbox: the messages of the channel `inapp` as they see them, what they do with them, and who is told."""

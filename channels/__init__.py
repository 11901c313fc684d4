"""How one speaks on a channel: one folder each, knowing nothing of who is spoken to or why."""

"""Two-way talk: the inbox of turns, their hand-over to the bot, and what goes back to the person."""

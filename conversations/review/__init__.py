"""Talks as those read them who look after the assistant: what happened in each turn, and what they make of it."""

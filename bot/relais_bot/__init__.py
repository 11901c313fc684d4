"""Relais's side of Rasa: the turn channel, its stores, its NLU components, training and the launcher."""

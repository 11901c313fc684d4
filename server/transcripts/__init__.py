"""Turns a talk into tests: a script of tests/conversations, and a story of Rasa's."""

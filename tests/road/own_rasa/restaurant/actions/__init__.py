"""The restaurant's own actions, on Rasa's own action server."""

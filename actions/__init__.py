"""What the assistant does when Rasa says it is time to: one file per topic, thin classes over the backend.

Actions send nothing: they return responses, which the server delivers. The names they say are those of
data/responses/.
"""

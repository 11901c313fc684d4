"""Models of the assistant: trained, compared with the one that answers, put in its place, and back."""

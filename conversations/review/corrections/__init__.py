"""What readers said that people meant: kept, undone, and taken over into what the assistant learns from."""

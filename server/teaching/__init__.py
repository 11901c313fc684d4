"""Takes corrections over into the project: what would change, whether it is sound, and a commit on a branch of git."""

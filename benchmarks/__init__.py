"""What we claim, as commands that measure it beside the peer in the same run."""

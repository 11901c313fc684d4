"""Figures: how much was said and heard, how fast and how well, counted by hour and by day beside the work."""

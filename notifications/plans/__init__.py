"""Plans: a notification's steps, walked one after the other until it is told, or no longer worth telling."""

"""Message templates: kept, checked when created, decided about, and filled in when sent."""

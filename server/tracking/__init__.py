"""The public page of a shared delivery: its status and timeline, live, for whoever has the link."""

"""What goes over the wire: the backend's JSON read into our values, and ours written for it.

The models mirror docs/backend.md field by field. Fields they do not know are ignored, so that a
backend may say more than we understand; anything else is `Unreadable` and names its field.
"""

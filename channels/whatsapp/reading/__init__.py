"""From the JSON of a webhook body to the values of `received`.

What an item cannot be without must have its shape, or it is kept as Unreadable; what stands beside the point is
left out where it is odd, and only `raw` still has it.
"""

"""The house tells somebody when something is wrong with it: rules, what stands, and how it is told."""

"""Which models answered people: who put each there, when, and what became of it."""

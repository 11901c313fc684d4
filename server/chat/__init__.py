"""A phone of the emulator in a terminal: what the business sends as lines, what is typed as what a person does."""

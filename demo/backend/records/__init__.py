"""What is in the file, as values of the contract: the SQL of the demo, a module per topic."""

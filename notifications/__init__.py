"""What leaves for people: one table of messages, one road with its gate, receipts, and consent."""

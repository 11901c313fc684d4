"""Shopping in the chat: finding things, and the cart."""

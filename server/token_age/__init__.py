"""How old our access tokens for WhatsApp are and when they end: asked of Meta once a day, and after each change."""

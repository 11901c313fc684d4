"""A WhatsApp to develop against: accepts the Cloud API, shows it in a phone page, offers an API for tests."""

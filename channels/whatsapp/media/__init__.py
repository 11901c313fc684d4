"""Files on WhatsApp: what is taken, fetching what people sent and what others name, uploading what we send."""

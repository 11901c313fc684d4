"""People who try the bot by a link: on a page of ours, without WhatsApp, and forgotten a while after."""

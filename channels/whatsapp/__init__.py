"""The WhatsApp Cloud API, knowing nothing of Rasa's dialogue or of notifications.

messages    what can be sent, as values whose limits are checked, and their JSON
limits      every limit of a message, with its source
render      a Rasa response → messages
webhook     what arrives: signature, challenge, parsing (the values are in `received`)
client      sends over the `transport` seam; what goes wrong is in `errors`
window      the customer service window
"""

"""What the messages of the cast show: files, a place, a catalogue."""

from channels.whatsapp.messages import Location

PHOTO = "https://photos.example/colis.jpg"
RECEIPT = "https://photos.example/recu.pdf"
CATALOG = "500000000000001"
MEDIA_IDS = [f"30000000000000{number}" for number in range(1, 7)]
MARKET = Location(latitude=-4.25, longitude=15.25, name="Marché Total", address="Brazzaville")

"""A place on the map."""

from dataclasses import dataclass, field
from typing import Any, Self

from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import check_degrees, check_optional

MAX_LATITUDE_DEGREES = 90
MAX_LONGITUDE_DEGREES = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    latitude: float = field(repr=False)  # degrees
    longitude: float = field(repr=False)  # degrees
    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_degrees("Location.latitude", self.latitude, MAX_LATITUDE_DEGREES)
        check_degrees("Location.longitude", self.longitude, MAX_LONGITUDE_DEGREES)
        check_optional("Location.name", self.name)
        check_optional("Location.address", self.address)

    def content(self) -> dict[str, Any]:
        place = {"name": self.name, "address": self.address}
        return {
            "latitude": self.latitude,
            "longitude": self.longitude,
            **{part: text for part, text in place.items() if text is not None},
        }

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            latitude=content.number("latitude"),
            longitude=content.number("longitude"),
            name=content.optional_string("name"),
            address=content.optional_string("address"),
        )

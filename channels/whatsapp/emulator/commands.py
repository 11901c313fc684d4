"""What a test can ask of the emulator beside acts of people, as JSON, checked before anything happens."""

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt field is an error, not a surprise


class NewPhone(_Strict):
    phone: str
    phone_number_id: str
    name: str | None = Field(default=None, min_length=1)


class OpenChat(_Strict):
    phone_number_id: str

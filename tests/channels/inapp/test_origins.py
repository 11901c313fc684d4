"""Origins are compared as browsers write them; what is more or less than one is refused."""

import pytest

from channels.inapp.origins import origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://app.kimia.example", "https://app.kimia.example"),
        ("https://App.Kimia.Example/", "https://app.kimia.example"),
        ("https://app.kimia.example:443", "https://app.kimia.example"),
        ("https://app.kimia.example:8443", "https://app.kimia.example:8443"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_an_origin_is_written_one_way(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    ["", "*", "null", "kimia.example", "http://kimia.example", "https://*.kimia.example", "https://a.example/x",
     "https://a.example?x", "https://me@a.example", "ftp://a.example", "https://", "https://a.example:port",
     "https://é.example"],
)  # fmt: skip
def test_what_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        origin_of(address)

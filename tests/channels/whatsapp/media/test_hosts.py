"""Our token goes to Meta alone, and nobody sends us into a network that is not theirs to enter."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.media.hosts import is_public, is_showable, may_carry_token, split

META, EMULATOR = "https://graph.facebook.com", "http://127.0.0.1:8025"


@pytest.mark.parametrize(
    "url",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3",
        "https://mmg.whatsapp.net/v/t62/1",
        "https://scontent.xx.fbcdn.net/a.jpg",
        "https://graph.facebook.com:443/a",
    ],
)
def test_metas_hosts_get_our_token(url: str) -> None:
    assert may_carry_token(url, META)
    assert not may_carry_token(url, EMULATOR)


@pytest.mark.parametrize(
    "url",
    [
        "http://lookaside.fbsbx.com/a",
        "https://lookaside.fbsbx.com:8443/a",
        "https://evilfbcdn.net/a",
        "https://fbcdn.net.evil.com/a",
        "https://facebook.com@evil.com/a",
        "https://evil.com\\@facebook.com/a",
        "https://evil.com#facebook.com",
        "https://other.fbsbx.com/a",
        "ftp://facebook.com/a",
        "//facebook.com/a",
        "https://[::1]/",
        "https://facebook.com:99999/",
        "http://127.0.0.1:8025/a",
        "",
    ],
)
def test_nobody_else_does(url: str) -> None:
    assert not may_carry_token(url, META)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("http://127.0.0.1:8025/media/1", True),
        ("http://127.0.0.1:8026/media/1", False),
        ("http://localhost:8025/media/1", False),
        ("https://127.0.0.1:8025/media/1", False),
        ("https://graph.facebook.com/media/1", False),
    ],
)
def test_an_emulators_token_stays_at_its_origin(url: str, may: bool) -> None:
    assert may_carry_token(url, EMULATOR) is may


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2001:db8::1",
        "100::1",
        "not an address",
        "",
    ],
)
def test_addresses_inside_a_house_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_stays_what_it_is_inside_an_ipv6_one(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert not (address.is_private and is_public(str(address)))


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://shop.example.com/a.jpg", True),
        ("http://93.184.216.34/a.jpg", True),
        ("http://127.0.0.1:8090/a.jpg", False),
        ("http://localhost/a.jpg", False),
        ("https://photos.internal/a.jpg", False),
        ("https://nas/a.jpg", False),
        ("http://192.168.1.4/a.jpg", False),
        ("http://[::1]/a.jpg", False),
        ("javascript:alert(1)", False),
        ("https://user:secret@shop.example.com/a.jpg", False),
    ],
)
def test_only_a_link_that_leads_somewhere_is_shown_to_a_person(link: str, shown: bool) -> None:
    assert is_showable(link) is shown


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    parts = split(f"https://{text}")
    assert parts is None or parts.hostname

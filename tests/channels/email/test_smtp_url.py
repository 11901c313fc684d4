"""The address of a mail server in a setting: what it says, and what is wrong with it."""

import pytest

from channels.email.smtp import Security
from channels.email.smtp_url import BadSmtpUrl, read_smtp_url


@pytest.mark.parametrize(
    ("url", "port", "security", "password"),
    [
        ("smtp://kimia:p%40ss%3A1@mail.example.com", 587, Security.STARTTLS, "p@ss:1"),
        ("smtp://kimia:pass@mail.example.com:2525", 2525, Security.STARTTLS, "pass"),
        ("smtps://kimia:pass@mail.example.com", 465, Security.TLS, "pass"),
        ("smtp://mail.example.com/?encryption=none", 25, Security.NONE, None),
    ],
)
def test_what_an_address_says(url: str, port: int, security: Security, password: str | None) -> None:
    server = read_smtp_url(url)

    assert (server.host, server.port, server.security) == ("mail.example.com", port, security)
    assert server.password == password


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mail.example.com:587", "of the form smtp://"),
        ("https://mail.example.com", "of the form smtp://"),
        ("smtp://mail.example.com:port", "of the form smtp://"),
        ("smtp://kimia@mail.example.com", "without a password"),
        ("smtp://kimia:s3cret@mail.example.com?encryption=none", "unencrypted"),
        ("smtps://mail.example.com?encryption=none", "encryption=none"),
        ("smtp://mail.example.com?tls=no", "encryption=none"),
    ],
)
def test_a_mistake_is_named_and_nothing_quoted(url: str, problem: str) -> None:
    with pytest.raises(BadSmtpUrl, match=problem) as refused:
        read_smtp_url(url)

    assert "s3cret" not in str(refused.value)

"""What a mail program finds in an email: both bodies, styles where it looks for them, and a way to leave."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.message import Mailbox
from channels.email.mime import to_mime
from tests.channels.email.small_emails import GRACE, LEAVE, NOW, email, read

PAGE = """<!doctype html><html><head><title>Kimia</title><style>
p.note { color: #c00 } @media (max-width: 600px) { p { font-size: 18px } }
</style></head><body><p class="note">Bonjour Grâce,</p><p>votre <a href="https://kimia.example/t/abc">colis</a></p>
</body></html>"""


def part(received: EmailMessage, subtype: str) -> str:
    body = received.get_body((subtype,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n").removesuffix("\n")


def test_its_headers_say_who_writes_to_whom_about_what() -> None:
    received = read(email(reply_to=Mailbox(address="equipe@kimia.example")))

    assert received["from"] == "Kimia Livraison <bonjour@kimia.example>"
    assert received["to"].addresses[0].display_name == "Grâce Mabiala"
    assert received["to"].addresses[0].addr_spec == GRACE.address
    assert received["reply-to"] == "equipe@kimia.example"
    assert received["subject"] == "Votre colis est arrivé"
    assert received["date"].datetime == NOW
    assert "list-unsubscribe" not in received


def test_the_message_id_carries_ours_and_is_the_same_each_time() -> None:
    written = email()

    assert read(written)["message-id"] == f"<{written.message_id}@kimia.example>"
    assert read(written)["message-id"] == read(written)["message-id"]


def test_a_page_comes_with_a_text_made_of_it_the_better_one_last() -> None:
    received = read(email(html=PAGE, text=None))

    assert received.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in received.iter_parts()] == ["text/plain", "text/html"]
    assert part(received, "plain") == "Bonjour Grâce,\n\nvotre colis (https://kimia.example/t/abc)"


def test_a_text_that_is_given_is_kept() -> None:
    received = read(email(html=PAGE, text="Bonjour Grâce, votre colis est là."))

    assert part(received, "plain") == "Bonjour Grâce, votre colis est là."


def test_a_text_alone_is_no_multipart() -> None:
    assert read(email()).get_content_type() == "text/plain"


def test_styles_are_written_into_the_elements_and_what_depends_on_the_screen_stays() -> None:
    html = part(read(email(html=PAGE)), "html")

    assert 'style="color: #c00;"' in html
    assert "@media (max-width: 600px)" in html


def test_no_style_sheet_is_fetched_from_anywhere(tmp_path: object) -> None:
    sheet = f"{tmp_path}/house.css"
    with open(sheet, "w", encoding="utf-8") as file:
        file.write("p { color: #123456 }")
    links = "".join(
        f'<link rel="stylesheet" href="{href}">' for href in (sheet, f"file://{sheet}", "http://127.0.0.1/")
    )

    html = part(read(email(html=f"<html><head>{links}</head><body><p>Bonjour</p></body></html>")), "html")

    assert "#123456" not in html


def test_one_tap_leaves_the_list() -> None:
    received = read(email(list_unsubscribe=LEAVE))

    assert received["list-unsubscribe"] == f"<{LEAVE}>"
    assert received["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_the_address_that_leaves_the_list_is_never_cut_or_encoded() -> None:
    leave = "https://kimia.example/u/" + "a" * 800

    lines = to_mime(email(list_unsubscribe=leave), NOW).split(b"\r\n")

    assert f"List-Unsubscribe: <{leave}>".encode() in lines


def test_its_bytes_survive_every_relay() -> None:
    """Seven bits, CRLF alone, and no line beyond what RFC 5322 allows."""
    long = "é" * 5000 + "\n.\n.point\nFrom ici\n" + "x" * 2000
    raw = to_mime(email(text=long, html=f"<p>{long}</p>", subject="é" * 255, list_unsubscribe=LEAVE), NOW)

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert part(read(email(text=long)), "plain") == long


@pytest.mark.parametrize(
    "html", ["é<p>", "<style>p{</style><p>é", "<p style=';;'>é", "</p></div>é", "<style>@x{</style>é"]
)
def test_a_broken_page_is_sent_as_far_as_it_can_be_read(html: str) -> None:
    assert "é" in part(read(email(html=html)), "html")


def test_headers_of_the_callers_own_go_along() -> None:
    assert read(email(headers={"Auto-Submitted": "auto-generated"}))["auto-submitted"] == "auto-generated"


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), page=st.booleans())
def test_any_text_arrives_as_it_was_written(text: str, page: bool) -> None:
    text = f"a{text}b"

    received = part(read(email(text=text, html="<p>é</p>" if page else None)), "plain")

    assert received == text.replace("\r\n", "\n").replace("\r", "\n")

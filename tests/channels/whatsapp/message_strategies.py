"""Hypothesis strategies for every message that can be sent."""

from hypothesis import strategies as st

from channels.whatsapp import limits
from channels.whatsapp.limits import length
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Contact,
    Contacts,
    Image,
    List,
    Location,
    Message,
    Phone,
    Row,
    Section,
    Text,
)


def texts(most: int = 100) -> st.SearchStrategy[str]:
    sendable = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    return st.text(sendable, min_size=1, max_size=min(most, 60)).filter(
        lambda text: bool(text.strip()) and length(text) <= most
    )


def trimmed(most: int = 100) -> st.SearchStrategy[str]:
    return texts(most).map(str.strip)


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | strategy


links = st.builds(
    lambda scheme, path: f"{scheme}://photos.example/{path}",
    st.sampled_from(["http", "https"]),
    st.text("abcéñ/-_.%20?=&", max_size=20),
)
digits = st.text("0123456789", min_size=1, max_size=15)

text_messages = st.builds(Text, body=texts(limits.MAX_TEXT_BODY), preview_url=st.booleans())
images = st.builds(Image, link=links, caption=maybe(texts(limits.MAX_CAPTION)))
buttons_messages = st.builds(
    Buttons,
    body=texts(limits.MAX_INTERACTIVE_BODY),
    header=maybe(texts(limits.MAX_HEADER)) | st.builds(Image, link=links),
    footer=maybe(texts(limits.MAX_FOOTER)),
    buttons=st.lists(
        st.builds(Button, id=trimmed(limits.MAX_BUTTON_ID), title=trimmed(limits.MAX_BUTTON_TITLE)),
        min_size=1,
        max_size=limits.MAX_BUTTONS,
        unique_by=(lambda button: button.id, lambda button: button.title),
    ).map(tuple),
)
rows = st.builds(
    Row,
    id=trimmed(limits.MAX_ROW_ID),
    title=trimmed(limits.MAX_ROW_TITLE),
    description=maybe(texts(limits.MAX_ROW_DESCRIPTION)),
)


@st.composite
def lists(draw: st.DrawFn) -> List:
    every = draw(
        st.lists(rows, min_size=1, max_size=limits.MAX_ROWS, unique_by=(lambda row: row.id, lambda row: row.title))
    )
    cuts = sorted(draw(st.sets(st.integers(1, len(every)), max_size=3)) | {len(every)})
    ranges = list(zip([0, *cuts], cuts, strict=False))
    titles = draw(st.lists(trimmed(limits.MAX_SECTION_TITLE), min_size=len(ranges), max_size=len(ranges), unique=True))
    sections = tuple(
        Section(title=title if len(ranges) > 1 or draw(st.booleans()) else None, rows=tuple(every[start:end]))
        for title, (start, end) in zip(titles, ranges, strict=True)
    )
    return List(
        body=draw(texts(limits.MAX_INTERACTIVE_BODY)),
        button=draw(trimmed(limits.MAX_LIST_BUTTON)),
        header=draw(maybe(texts(limits.MAX_HEADER))),
        footer=draw(maybe(texts(limits.MAX_FOOTER))),
        sections=sections,
    )


contacts = st.builds(
    Contact,
    formatted_name=trimmed(),
    first_name=maybe(texts()),
    last_name=maybe(texts()),
    organization=maybe(texts()),
    phones=st.lists(
        st.builds(Phone, number=trimmed(), wa_id=maybe(digits), type=trimmed()), min_size=1, max_size=3
    ).map(tuple),
)
contacts_messages = st.builds(
    Contacts, contacts=st.lists(contacts, min_size=1, max_size=limits.MAX_CONTACTS).map(tuple)
)
locations = st.builds(
    Location,
    latitude=st.floats(-90, 90) | st.integers(-90, 90),
    longitude=st.floats(-180, 180) | st.integers(-180, 180),
    name=maybe(texts()),
    address=maybe(texts()),
)

messages: st.SearchStrategy[Message] = st.one_of(
    text_messages, images, buttons_messages, lists(), contacts_messages, locations
)

"""Hypothesis strategies for every message that can be sent."""

from hypothesis import strategies as st

from channels.whatsapp import limits
from channels.whatsapp.messages import (
    Audio,
    Contact,
    Contacts,
    Document,
    Email,
    Image,
    Location,
    Message,
    Phone,
    PostalAddress,
    Reaction,
    Sticker,
    Text,
    Url,
    Video,
)
from tests.channels.whatsapp.interactive_strategies import (
    buttons_messages,
    carousels,
    cta_urls,
    flows,
    lists,
    orders,
    product_messages,
    requests,
)
from tests.channels.whatsapp.template_strategies import templates
from tests.channels.whatsapp.text_strategies import digits, links, maybe, texts, trimmed

text_messages = st.builds(Text, body=texts(limits.MAX_TEXT_BODY), preview_url=st.booleans())

captions = maybe(texts(limits.MAX_CAPTION))
files = st.one_of(
    st.builds(Image, link=links, caption=captions),
    st.builds(Image, id=digits, caption=captions),
    st.builds(Video, link=links, caption=captions),
    st.builds(Document, link=links, caption=captions, filename=maybe(texts())),
    st.builds(Audio, id=digits, voice=st.booleans()),
    st.builds(Sticker, link=links),
)

kinds = st.sampled_from(["HOME", "WORK", "CELL"])
contacts = st.builds(
    Contact,
    formatted_name=trimmed(),
    first_name=maybe(texts()),
    middle_name=maybe(texts()),
    last_name=maybe(texts()),
    prefix=maybe(texts()),
    suffix=maybe(texts()),
    organization=maybe(texts()),
    department=maybe(texts()),
    title=maybe(texts()),
    birthday=maybe(st.dates()),
    phones=st.lists(st.builds(Phone, number=trimmed(60), wa_id=maybe(digits), type=kinds), min_size=1, max_size=3).map(
        tuple
    ),
    emails=st.lists(st.builds(Email, address=trimmed(), type=kinds), max_size=2).map(tuple),
    urls=st.lists(st.builds(Url, url=links, type=kinds), max_size=2).map(tuple),
    addresses=st.lists(
        st.builds(PostalAddress, street=maybe(texts()), city=texts(), country_code=maybe(texts()), type=kinds),
        max_size=2,
    ).map(tuple),
)
contacts_messages = st.builds(Contacts, contacts=st.lists(contacts, min_size=1, max_size=2).map(tuple))
locations = st.builds(
    Location,
    latitude=st.floats(-90, 90) | st.integers(-90, 90),
    longitude=st.floats(-180, 180) | st.integers(-180, 180),
    name=maybe(texts()),
    address=maybe(texts()),
)
reactions = st.builds(Reaction, message_id=trimmed(), emoji=st.sampled_from(["", "👍🏾", "❤️", "🇨🇬", "👨‍👩‍👧", "1️⃣"]))

messages: st.SearchStrategy[Message] = st.one_of(
    text_messages,
    files,
    contacts_messages,
    locations,
    reactions,
    buttons_messages,
    lists(),
    cta_urls,
    requests,
    flows(),
    product_messages,
    carousels(),
    orders,
    templates(),
)

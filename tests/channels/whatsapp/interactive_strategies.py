"""Hypothesis strategies for messages with something to tap."""

from hypothesis import strategies as st

from channels.whatsapp import limits
from channels.whatsapp.messages import (
    Button,
    Buttons,
    Card,
    CardLink,
    Carousel,
    Catalog,
    ContactRequest,
    CtaUrl,
    Document,
    Flow,
    Header,
    Image,
    List,
    LocationRequest,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
    Row,
    Section,
    Video,
)
from tests.channels.whatsapp.text_strategies import digits, json_objects, links, maybe, texts, trimmed, words

bodies = texts(limits.MAX_INTERACTIVE_BODY)
footers = maybe(texts(limits.MAX_FOOTER))
text_headers = texts(limits.MAX_HEADER)
headers: st.SearchStrategy[Header | None] = (
    st.none()
    | text_headers
    | st.builds(Image, link=links)
    | st.builds(Image, id=digits)
    | st.builds(Video, link=links)
    | st.builds(Document, id=digits, filename=maybe(texts()))
)
buttons = st.builds(Button, id=trimmed(limits.MAX_BUTTON_ID), title=trimmed(limits.MAX_BUTTON_TITLE))


def several_buttons(fewest: int, most: int) -> st.SearchStrategy[list[Button]]:
    unlike = (lambda button: button.id, lambda button: button.title)
    return st.lists(buttons, min_size=fewest, max_size=most, unique_by=unlike)


buttons_messages = st.builds(
    Buttons,
    body=bodies,
    header=headers,
    footer=footers,
    buttons=several_buttons(1, limits.MAX_BUTTONS).map(tuple),
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
        body=draw(bodies),
        button=draw(trimmed(limits.MAX_LIST_BUTTON)),
        header=draw(maybe(text_headers)),
        footer=draw(footers),
        sections=sections,
    )


link_titles = trimmed(limits.MAX_CTA_TITLE)
cta_urls = st.builds(CtaUrl, body=bodies, title=link_titles, url=links, header=headers, footer=footers)
requests = st.builds(LocationRequest, body=bodies) | st.builds(ContactRequest, body=bodies)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    by_id, navigates = draw(st.booleans()), draw(st.booleans())
    return Flow(
        body=draw(bodies),
        header=draw(headers),
        footer=draw(footers),
        id=draw(digits) if by_id else None,
        name=None if by_id else draw(texts()),
        token=draw(trimmed()),
        title=draw(words),
        mode=draw(st.sampled_from(["published", "draft"])),
        action="navigate" if navigates else "data_exchange",
        screen=draw(texts()) if navigates else None,
        data=draw(maybe(json_objects)) if navigates else None,
    )


def product_sections(most: int) -> st.SearchStrategy[tuple[ProductSection, ...]]:
    products = st.lists(words, min_size=1, max_size=3).map(tuple)
    several = st.lists(
        st.builds(ProductSection, title=trimmed(limits.MAX_SECTION_TITLE), product_retailer_ids=products),
        min_size=1,
        max_size=most,
        unique_by=lambda section: section.title,
    ).map(tuple)
    return several | st.tuples(st.builds(ProductSection, title=st.none(), product_retailer_ids=products))


product_messages = st.one_of(
    st.builds(Product, catalog_id=digits, product_retailer_id=words, body=maybe(bodies), footer=footers),
    st.builds(
        ProductList,
        header=text_headers,
        body=bodies,
        catalog_id=digits,
        sections=product_sections(limits.MAX_SECTIONS),
        footer=footers,
    ),
    st.builds(Catalog, body=bodies, thumbnail_product_retailer_id=maybe(words), footer=footers),
)


@st.composite
def carousels(draw: st.DrawFn) -> Carousel:
    count = draw(st.integers(limits.MIN_CARDS, limits.MAX_CARDS))
    pictures: st.SearchStrategy[Image | Video] = draw(
        st.sampled_from([st.builds(Image, link=links), st.builds(Video, link=links)])
    )
    per_card = draw(st.integers(0, limits.MAX_BUTTONS))
    taps = draw(several_buttons(per_card * count, per_card * count))
    return Carousel(
        body=draw(bodies),
        cards=tuple(
            Card(
                header=draw(pictures),
                body=draw(maybe(card_bodies)),
                buttons=tuple(taps[index * per_card : (index + 1) * per_card]),
                link=None if per_card else draw(card_links),
            )
            for index in range(count)
        ),
    )


card_bodies = texts(limits.MAX_CARD_BODY).filter(lambda body: body.count("\n") <= limits.MAX_CARD_LINE_BREAKS)
card_links = st.builds(CardLink, title=link_titles, url=links)

orders = st.one_of(
    st.builds(
        OrderDetails,
        body=bodies,
        reference_id=trimmed(),
        payment=json_objects.filter(lambda payment: "reference_id" not in payment),
        header=headers,
        footer=footers,
    ),
    st.builds(
        OrderStatus,
        body=bodies,
        reference_id=trimmed(),
        status=trimmed(),
        description=maybe(texts()),
        footer=footers,
    ),
)

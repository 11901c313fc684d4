"""Hypothesis strategies for templates with what fills them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from channels.whatsapp import limits
from channels.whatsapp.messages import (
    CatalogButton,
    CopyCodeButton,
    CurrencyValue,
    DateTimeValue,
    Document,
    FlowButton,
    Gif,
    Image,
    Location,
    ProductHeader,
    ProductsButton,
    QuickReplyButton,
    Template,
    TemplateButton,
    TemplateCard,
    TemplateHeader,
    TextValue,
    UrlButton,
    Value,
    Video,
    VoiceCallButton,
)
from tests.channels.whatsapp.interactive_strategies import product_sections
from tests.channels.whatsapp.text_strategies import digits, json_objects, links, maybe, trimmed, words


def one_line(most: int = 60) -> st.SearchStrategy[str]:
    """As the values of a template must be."""
    return trimmed(most).map(lambda text: " ".join(text.split())).filter(bool)


def values(names: st.SearchStrategy[str | None]) -> st.SearchStrategy[Value]:
    return st.one_of(
        st.builds(TextValue, text=one_line(), name=names),
        st.builds(
            CurrencyValue,
            fallback=one_line(),
            code=st.sampled_from(["XAF", "EUR"]),
            amount_1000=st.integers(0, 10**12),
            name=names,
        ),
        st.builds(
            DateTimeValue,
            fallback=one_line(),
            year=maybe(st.integers(1, 9999)),
            month=maybe(st.integers(1, 12)),
            day_of_month=maybe(st.integers(1, 31)),
            day_of_week=maybe(st.integers(1, 7)),
            hour=maybe(st.integers(0, 23)),
            minute=maybe(st.integers(0, 59)),
            calendar=maybe(st.just("GREGORIAN")),
            name=names,
        ),
    )


bodies = st.lists(values(st.none()), max_size=3).map(tuple) | st.lists(
    values(words), max_size=3, unique_by=lambda value: value.name
).map(tuple)
headers: st.SearchStrategy[TemplateHeader | None] = st.one_of(
    st.none(),
    st.builds(TextValue, text=one_line(limits.MAX_HEADER), name=maybe(words)),
    st.builds(Image, link=links),
    st.builds(Video, id=digits),
    st.builds(Document, link=links, filename=maybe(one_line())),
    st.builds(Gif, link=links),
    st.builds(Location, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180), name=maybe(one_line())),
    st.builds(ProductHeader, catalog_id=digits, product_retailer_id=words),
)


pictures = st.one_of(
    st.builds(Image, link=links),
    st.builds(Video, id=digits),
    st.builds(ProductHeader, catalog_id=digits, product_retailer_id=words),
)
offer_ends = st.integers(0, 2**47).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))


def button(index: int) -> st.SearchStrategy[TemplateButton]:
    at = st.just(index)
    return st.one_of(
        st.builds(QuickReplyButton, index=at, payload=trimmed(limits.MAX_BUTTON_ID)),
        st.builds(FlowButton, index=at, token=trimmed(), data=maybe(json_objects)),
        st.builds(CatalogButton, index=at, thumbnail_product_retailer_id=words),
        st.builds(ProductsButton, index=at, thumbnail_product_retailer_id=words, sections=product_sections(3)),
        st.builds(
            VoiceCallButton,
            index=at,
            ttl_minutes=st.integers(1, limits.MAX_CALL_TTL_MINUTES),
            payload=maybe(trimmed(limits.MAX_BUTTON_ID)),
        ),
    )


cards = st.builds(
    TemplateCard, header=pictures, body=st.tuples(values(st.none())), buttons=st.just(()) | st.tuples(button(0))
)


@st.composite
def templates(draw: st.DrawFn) -> Template:
    places = draw(st.lists(st.integers(2, limits.MAX_TEMPLATE_BUTTONS - 1), max_size=3, unique=True))
    buttons = [draw(button(place)) for place in places]
    if draw(st.booleans()):
        buttons.append(UrlButton(index=0, suffix=draw(one_line())))
    if draw(st.booleans()):
        buttons.append(CopyCodeButton(index=1, code=draw(trimmed(limits.MAX_COPY_CODE))))
    return Template(
        name=draw(words),
        language=draw(st.sampled_from(["fr", "en_US", "fil", "zh-CN"])),
        header=draw(headers),
        body=draw(bodies),
        offer_ends_at=draw(maybe(offer_ends)),
        buttons=tuple(buttons),
        cards=draw(st.just(()) | st.lists(cards, min_size=limits.MIN_CARDS, max_size=limits.MIN_CARDS).map(tuple)),
    )

"""A template is filled with what Meta takes, and with nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.whatsapp import limits
from channels.whatsapp.messages import (
    CatalogButton,
    CopyCodeButton,
    CurrencyValue,
    DateTimeValue,
    FlowButton,
    Image,
    InvalidMessage,
    ProductHeader,
    ProductsButton,
    ProductSection,
    QuickReplyButton,
    Template,
    TemplateCard,
    TextValue,
    UrlButton,
    VoiceCallButton,
    from_payload,
)

PHOTO = Image(link="https://photos.example/colis.jpg")
CARD = TemplateCard(header=PHOTO)


def a_template(**changed: Any) -> Template:
    return Template(**{"name": "rappel", "language": "fr", **changed})


def a_payload(*components: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "template",
        "template": {"name": "rappel", "language": {"code": "fr"}, "components": list(components)},
    }


def button(sub_type: str, *parameters: dict[str, Any], index: Any = "0") -> dict[str, Any]:
    return {"type": "button", "sub_type": sub_type, "index": index, "parameters": list(parameters)}


SUFFIX = {"type": "text", "text": "s/7"}
BODY = {"type": "body", "parameters": [SUFFIX]}

OFFER: dict[str, Any] = {
    "type": "limited_time_offer",
    "parameters": [{"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1783087500000}}],
}

REFUSED: dict[str, tuple[str, Callable[[], Any]]] = {
    "a name in capitals": ("Template.name", lambda: a_template(name="Rappel")),
    "a name with a hyphen": ("Template.name", lambda: a_template(name="rap-pel")),
    "a name in Arabic digits": ("Template.name", lambda: a_template(name="٢")),
    "a language in words": ("Template.language", lambda: a_template(language="french")),
    "a language with a line": ("Template.language", lambda: a_template(language="fr\n")),
    "a captioned header": ("Template.header", lambda: a_template(header=Image(id="3", caption="a"))),
    "one name and one place": (
        "Template.body",
        lambda: a_template(body=(TextValue(text="a", name="b"), TextValue(text="c"))),
    ),
    "one name twice": (
        "Template.body.name",
        lambda: a_template(body=(TextValue(text="a", name="b"), TextValue(text="c", name="b"))),
    ),
    "a name that is none": ("TextValue.name", lambda: TextValue(text="a", name="Prénom")),
    "one card": ("Template.cards", lambda: a_template(cards=(CARD,))),
    "eleven cards": ("Template.cards", lambda: a_template(cards=(CARD,) * 11)),
    "a card with a captioned picture": (
        "TemplateCard.header",
        lambda: TemplateCard(header=Image(id="3", caption="a")),
    ),
    "a card with two pages in one place": (
        "TemplateCard.buttons.index",
        lambda: TemplateCard(header=PHOTO, buttons=(UrlButton(index=0, suffix="a"),) * 2),
    ),
    "a long body over cards": (
        "Template.body",
        lambda: a_template(body=(TextValue(text="a" * (limits.MAX_TEMPLATE_BODY + 1)),), cards=(CARD, CARD)),
    ),
    "an offer in no time zone": (
        "Template.offer_ends_at",
        lambda: a_template(offer_ends_at=datetime.fromisoformat("2026-07-03T14:05")),
    ),
    "an offer to the microsecond": (
        "Template.offer_ends_at",
        lambda: a_template(offer_ends_at=datetime(2026, 7, 3, microsecond=1, tzinfo=UTC)),
    ),
    "an offer before there were any": (
        "Template.offer_ends_at",
        lambda: a_template(offer_ends_at=datetime(1969, 7, 3, tzinfo=UTC)),
    ),
    "a product of no catalogue": (
        "ProductHeader.catalog_id",
        lambda: ProductHeader(catalog_id="", product_retailer_id="sac-12"),
    ),
    "two buttons in one place": (
        "Template.buttons.index",
        lambda: a_template(buttons=(UrlButton(index=0, suffix="a"), QuickReplyButton(index=0, payload="b"))),
    ),
    "three pages": (
        "Template.buttons",
        lambda: a_template(buttons=tuple(UrlButton(index=number, suffix="a") for number in range(3))),
    ),
    "two codes": (
        "Template.buttons",
        lambda: a_template(buttons=tuple(CopyCodeButton(index=number, code="a") for number in range(2))),
    ),
    "an eleventh button": ("UrlButton.index", lambda: UrlButton(index=10, suffix="a")),
    "a button before the first": ("QuickReplyButton.index", lambda: QuickReplyButton(index=-1, payload="a")),
    "a button in a place that is true": ("CopyCodeButton.index", lambda: CopyCodeButton(index=True, code="a")),
    "a flow without a token": ("FlowButton.token", lambda: FlowButton(index=0, token="")),
    "a flow with empty data": ("FlowButton.data", lambda: FlowButton(index=0, token="f-1", data={})),
    "a catalogue without a thumbnail": (
        "CatalogButton.thumbnail_product_retailer_id",
        lambda: CatalogButton(index=0, thumbnail_product_retailer_id=""),
    ),
    "products without a thumbnail": (
        "ProductsButton.thumbnail_product_retailer_id",
        lambda: ProductsButton(
            index=0,
            thumbnail_product_retailer_id="",
            sections=(ProductSection(product_retailer_ids=("sac-12",)),),
        ),
    ),
    "no products": (
        "ProductsButton.sections",
        lambda: ProductsButton(index=0, thumbnail_product_retailer_id="sac-12", sections=()),
    ),
    "a call that never ends": (
        "VoiceCallButton.ttl_minutes",
        lambda: VoiceCallButton(index=0, ttl_minutes=43_201),
    ),
    "a call that is over": ("VoiceCallButton.ttl_minutes", lambda: VoiceCallButton(index=0, ttl_minutes=0)),
    "a sum in no currency": (
        "CurrencyValue.code",
        lambda: CurrencyValue(fallback="2 000", code="cfa", amount_1000=1),
    ),
    "a sum below nothing": (
        "CurrencyValue.amount_1000",
        lambda: CurrencyValue(fallback="2 000", code="XAF", amount_1000=-1),
    ),
    "half a thousandth": (
        "CurrencyValue.amount_1000",
        lambda: CurrencyValue(fallback="2 000", code="XAF", amount_1000=0.5),  # type: ignore[arg-type]
    ),
    "a thirteenth month": ("DateTimeValue.month", lambda: DateTimeValue(fallback="demain", month=13)),
    "a day nought": ("DateTimeValue.day_of_week", lambda: DateTimeValue(fallback="demain", day_of_week=0)),
    "an hour too many": ("DateTimeValue.hour", lambda: DateTimeValue(fallback="demain", hour=24)),
    "a blank calendar": ("DateTimeValue.calendar", lambda: DateTimeValue(fallback="demain", calendar="")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_field_named(name: str) -> None:
    field, make = REFUSED[name]

    with pytest.raises(InvalidMessage) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.problem


@pytest.mark.parametrize("unfit", ["a\nb", "a\rb", "a\tb", "a    b", "a\u2028b"], ids=repr)
@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("TextValue.text", lambda text: TextValue(text=text)),
        ("CurrencyValue.fallback", lambda text: CurrencyValue(fallback=text, code="XAF", amount_1000=1)),
        ("DateTimeValue.fallback", lambda text: DateTimeValue(fallback=text)),
        ("UrlButton.suffix", lambda text: UrlButton(index=0, suffix=text)),
    ],
)
def test_a_value_is_one_line_without_tabs_or_rows_of_spaces(field: str, make: Callable[[str], Any], unfit: str) -> None:
    with pytest.raises(InvalidMessage, match="line break, a tab or four spaces") as refused:
        make(unfit)
    assert refused.value.field == field


def test_three_spaces_are_allowed() -> None:
    assert TextValue(text="a   b").text == "a   b"


@pytest.mark.parametrize("language", ["fr", "en_US", "pt_BR", "zh_CN", "fil", "en-US", "sr_Latn"])
def test_languages_are_written_as_meta_writes_them(language: str) -> None:
    assert a_template(language=language).language == language


def test_a_template_is_read_in_the_spellings_that_meta_takes() -> None:
    loose = a_payload(
        {"type": "BODY", "parameters": [{"type": "TEXT", "text": "Grâce"}]},
        button("QUICK_REPLY", {"type": "text", "text": "t-1"}, index=3),
        button("URL", SUFFIX, index="0"),
    )
    loose["template"]["language"]["policy"] = "deterministic"

    assert from_payload(loose) == a_template(
        body=(TextValue(text="Grâce"),),
        buttons=(QuickReplyButton(index=3, payload="t-1"), UrlButton(index=0, suffix="s/7")),
    )


UNREADABLE: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "a component not known": ("template.components[0].type", [{"type": "ticker"}]),
    "two bodies": ("template.components[1].type", [BODY, BODY]),
    "a header of two": (
        "template.components[0].parameters",
        [{"type": "header", "parameters": [SUFFIX, SUFFIX]}],
    ),
    "a header not known": (
        "template.components[0].parameters[0].type",
        [{"type": "header", "parameters": [{"type": "hologram"}]}],
    ),
    "a value not known": (
        "template.components[0].parameters[0].type",
        [{"type": "body", "parameters": [{"type": "hologram"}]}],
    ),
    "a button not known": ("template.components[0].sub_type", [button("hologram", SUFFIX)]),
    "a button of nothing": ("template.components[0].parameters", [button("url")]),
    "a button of two": ("template.components[0].parameters[1].type", [button("url", SUFFIX, SUFFIX)]),
    "a button with what is another's": (
        "template.components[0].parameters[0].type",
        [button("url", {"type": "payload", "payload": "a"})],
    ),
    "a button in no place": ("template.components[0].index", [button("url", SUFFIX, index="first")]),
    "a card in another's place": (
        "template.components[0].cards[0].card_index",
        [{"type": "carousel", "cards": [{"card_index": 1, "components": []}]}],
    ),
    "a card without a picture": (
        "template.components[0].cards[0].components",
        [{"type": "carousel", "cards": [{"card_index": 0, "components": [BODY]}]}],
    ),
    "two offers": ("template.components[1].type", [OFFER, OFFER]),
    "an offer of two": (
        "template.components[0].parameters",
        [{"type": "limited_time_offer", "parameters": OFFER["parameters"] * 2}],
    ),
    "an offer of another kind": (
        "template.components[0].parameters[0].type",
        [{"type": "limited_time_offer", "parameters": [SUFFIX]}],
    ),
    "an offer beyond all time": (
        "template.components[0].parameters[0].limited_time_offer.expiration_time_ms",
        [
            {
                "type": "limited_time_offer",
                "parameters": [{"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 10**19}}],
            }
        ],
    ),
    "a member that would be lost": (
        "template.components[0].parameters[0].colour",
        [{"type": "body", "parameters": [{**SUFFIX, "colour": "red"}]}],
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_component_that_cannot_be_kept_whole_is_refused_with_its_path(name: str) -> None:
    field, components = UNREADABLE[name]

    with pytest.raises(InvalidMessage) as refused:
        from_payload(a_payload(*components))
    assert refused.value.field == field

"""Products of a catalogue that Meta keeps: one of them, several in sections, or the whole catalogue."""

from dataclasses import dataclass, field
from typing import Any, Final, Self

from channels.whatsapp import limits
from channels.whatsapp.json_object import JsonObject
from channels.whatsapp.messages.checks import (
    check_count,
    check_optional,
    check_section_titles,
    check_text,
    check_trimmed,
)
from channels.whatsapp.messages.frame import (
    check_frame,
    framed,
    read_body,
    read_footer,
    read_optional_body,
    read_text_header,
)

CATALOG: Final = "catalog_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    catalog_id: str
    product_retailer_id: str  # our own number of it, as in the catalogue
    body: str | None = field(default=None, repr=False)
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_trimmed("Product.catalog_id", self.catalog_id)
        check_trimmed("Product.product_retailer_id", self.product_retailer_id)
        check_optional("Product.body", self.body, limits.MAX_INTERACTIVE_BODY)
        check_optional("Product.footer", self.footer, limits.MAX_FOOTER)

    def content(self) -> dict[str, Any]:
        action = {"catalog_id": self.catalog_id, "product_retailer_id": self.product_retailer_id}
        return framed("product", action, self.body, footer=self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        return cls(
            body=read_optional_body(content),
            footer=read_footer(content),
            catalog_id=action.string("catalog_id"),
            product_retailer_id=action.string("product_retailer_id"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSection:
    title: str | None = field(default=None, repr=False)
    product_retailer_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.title is not None:
            check_trimmed("ProductSection.title", self.title, limits.MAX_SECTION_TITLE)
        check_count("ProductSection.product_retailer_ids", self.product_retailer_ids, limits.MAX_PRODUCTS)
        for product in self.product_retailer_ids:
            check_trimmed("ProductSection.product_retailer_ids", product)

    def content(self) -> dict[str, Any]:
        titled = {} if self.title is None else {"title": self.title}
        return {**titled, "product_items": [{"product_retailer_id": product} for product in self.product_retailer_ids]}

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        return cls(
            title=content.optional_string("title"),
            product_retailer_ids=tuple(item.string("product_retailer_id") for item in content.each("product_items")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductList:
    """Products in sections; here Meta wants a header."""

    header: str = field(repr=False)
    body: str = field(repr=False)
    catalog_id: str
    sections: tuple[ProductSection, ...]
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_text("ProductList.header", self.header, limits.MAX_HEADER)
        check_frame("ProductList", self.body, footer=self.footer)
        check_trimmed("ProductList.catalog_id", self.catalog_id)
        check_product_sections("ProductList.sections", self.sections)

    def content(self) -> dict[str, Any]:
        action = {"catalog_id": self.catalog_id, "sections": [section.content() for section in self.sections]}
        return framed("product_list", action, self.body, self.header, self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        return cls(
            header=read_text_header(content) or "",
            body=read_body(content),
            footer=read_footer(content),
            catalog_id=action.string("catalog_id"),
            sections=tuple(ProductSection.read(section) for section in action.each("sections")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """A button to the whole catalogue, with the picture of one product, or of the first."""

    body: str = field(repr=False)
    thumbnail_product_retailer_id: str | None = None
    footer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_frame("Catalog", self.body, footer=self.footer)
        check_optional("Catalog.thumbnail_product_retailer_id", self.thumbnail_product_retailer_id)

    def content(self) -> dict[str, Any]:
        thumbnail = self.thumbnail_product_retailer_id
        shown = {} if thumbnail is None else {"parameters": {"thumbnail_product_retailer_id": thumbnail}}
        return framed("catalog_message", {"name": CATALOG, **shown}, self.body, footer=self.footer)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        action = content.nested("action")
        action.constant("name", CATALOG)
        shown = action.optional_nested("parameters") or JsonObject({})
        return cls(
            body=read_body(content),
            footer=read_footer(content),
            thumbnail_product_retailer_id=shown.optional_string("thumbnail_product_retailer_id"),
        )


def check_product_sections(field: str, sections: tuple[ProductSection, ...]) -> None:
    check_count(field, sections, limits.MAX_SECTIONS)
    products = [product for section in sections for product in section.product_retailer_ids]
    check_count(f"{field}.product_retailer_ids", products, limits.MAX_PRODUCTS)
    check_section_titles(f"{field}.title", [section.title for section in sections])

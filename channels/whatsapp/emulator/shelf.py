"""The goods of the businesses' catalogues, as the phone page shows them: a small file of names, prices and pictures.

Meta keeps catalogues; messages name products by their retailer id alone. A product the file does not know is shown
by that id and costs nothing, so that any catalogue can be tried.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from channels.whatsapp.emulator.problems import DirectoryProblem

CATALOGUE_FILE = Path(__file__).with_name("catalogue.yml")
UNKNOWN_CURRENCY = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    retailer_id: str
    name: str
    price: float = 0.0  # in units of the currency, as webhooks carry it
    currency: str = UNKNOWN_CURRENCY
    picture: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    id: str
    phone_number_id: str | None  # the number it belongs to
    products: Mapping[str, Product]  # by retailer id


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a message offers to order from."""

    catalog_id: str
    sections: tuple[Section, ...]
    cover: Product

    @property
    def count(self) -> int:
        return sum(len(section.products) for section in self.sections)

    @property
    def currency(self) -> str:
        return self.cover.currency


class Shelf:
    def __init__(self, catalogues: Iterable[Catalogue]) -> None:
        self._catalogues = {catalogue.id: catalogue for catalogue in catalogues}

    def product(self, catalog_id: str | None, retailer_id: str) -> Product:
        catalogue = self._catalogues.get(catalog_id or "")
        known = catalogue.products.get(retailer_id) if catalogue else None
        return known or Product(retailer_id=retailer_id, name=retailer_id)

    def of_number(self, phone_number_id: str) -> Catalogue:
        """The number's catalogue; an empty one when it has none."""
        owned = (each for each in self._catalogues.values() if each.phone_number_id == phone_number_id)
        return next(owned, Catalogue(id="0", phone_number_id=phone_number_id, products={}))

    def offer(self, message: Mapping[str, Any], phone_number_id: str) -> Offer | None:
        """What one can order from this message of the business; None when it offers nothing."""
        if message.get("type") == "template":
            return self._templates_offer(message, phone_number_id)
        interactive = message.get("interactive", {})
        action = interactive.get("action", {})
        match interactive.get("type"):
            case "product":
                return self._chosen(action["catalog_id"], [("", [action["product_retailer_id"]])])
            case "product_list":
                return self._chosen(action["catalog_id"], _ids(action["sections"]))
            case "catalog_message":
                return self._whole(phone_number_id, action.get("parameters", {}).get("thumbnail_product_retailer_id"))
        return None

    def _templates_offer(self, message: Mapping[str, Any], phone_number_id: str) -> Offer | None:
        for button in message.get("rendered", {}).get("buttons", ()):
            action = button.get("action") or {}
            match button["type"].lower():
                case "mpm" if action.get("sections"):
                    return self._chosen(self.of_number(phone_number_id).id, _ids(action["sections"]))
                case "catalog" | "mpm" | "spm":
                    return self._whole(phone_number_id, action.get("thumbnail_product_retailer_id"))
        return None

    def _chosen(self, catalog_id: str, sections: Iterable[tuple[str, Iterable[str]]]) -> Offer:
        shown = tuple(
            Section(title=title, products=tuple(self.product(catalog_id, retailer_id) for retailer_id in ids))
            for title, ids in sections
        )
        return Offer(catalog_id=catalog_id, sections=shown, cover=shown[0].products[0])

    def _whole(self, phone_number_id: str, thumbnail: str | None) -> Offer:
        catalogue = self.of_number(phone_number_id)
        products = tuple(catalogue.products.values())
        first = products[0] if products else Product(retailer_id="", name="")
        cover = self.product(catalogue.id, thumbnail) if thumbnail else first
        # Whoever has no file for this catalogue can at least order what the message shows.
        shown = products or ((cover,) if thumbnail else ())
        return Offer(catalog_id=catalogue.id, sections=(Section(title="", products=shown),), cover=cover)


def read_shelf(file: Path | None) -> Shelf:
    """The catalogues of a file; without one, those of the demonstration."""
    return _demonstration() if file is None else _read(file)


@cache
def _demonstration() -> Shelf:
    return _read(CATALOGUE_FILE)


def _read(source: Path) -> Shelf:
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
        return Shelf([_catalogue(entry) for entry in content["catalogues"]])
    except FileNotFoundError:
        raise DirectoryProblem(f"{source} does not exist: EMULATOR_CATALOGUE names the file of products.") from None
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise DirectoryProblem(f"{source} cannot be used as a catalogue: {error!r}.") from error


def _catalogue(entry: Mapping[str, Any]) -> Catalogue:
    currency = str(entry.get("currency", UNKNOWN_CURRENCY))
    pictures = entry.get("pictures")
    products = (_product(product, currency, pictures) for product in entry["products"])
    owner = entry.get("phone_number_id")
    return Catalogue(
        id=str(entry["id"]),
        phone_number_id=None if owner is None else str(owner),
        products={product.retailer_id: product for product in products},
    )


def _product(entry: Mapping[str, Any], currency: str, pictures: str | None) -> Product:
    retailer_id = str(entry["id"])
    return Product(
        retailer_id=retailer_id,
        name=str(entry["name"]),
        price=float(entry.get("price", 0)),
        currency=str(entry.get("currency", currency)),
        picture=entry.get("picture") or (pictures.replace("{id}", retailer_id) if pictures else None),
        description=entry.get("description"),
    )


def _ids(sections: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    return [
        (section.get("title", ""), [item["product_retailer_id"] for item in section["product_items"]])
        for section in sections
    ]

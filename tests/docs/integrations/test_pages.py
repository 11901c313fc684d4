"""Each page of docs/integrations works as it stands there: its files are taken out, run, and tell Relais once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.docs.integrations.workshop import PAGES, Workshop, interpreter, workshop
from tests.house import House

pytestmark = pytest.mark.slow

SINCE = "2099-01-27T14:30:00+01:00"


@pytest.fixture
async def shop(small_house: House, tmp_path: Path) -> AsyncIterator[Workshop]:
    folder = tmp_path / "shop"
    folder.mkdir()
    async with workshop(small_house, folder) as opened:
        yield opened


def test_the_index_names_every_page() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert [
        page.name for page in PAGES.glob("*.md") if page.name != "README.md" and f"({page.name})" not in index
    ] == []


DJANGO = """
import os, django
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

settings.configure(
    RELAIS_URL=os.environ["RELAIS_URL"], RELAIS_KEY=os.environ["RELAIS_KEY"], USE_TZ=True,
    INSTALLED_APPS=["shop.apps.ShopConfig"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}},
)
django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)

from django.db import transaction
from shop.models import Delivery

delivery = Delivery.objects.create(
    code="COUR-1", status="accepted", status_since=timezone.now(), customer_name="Grâce Mabiala",
    customer_phone="+242061234567", courier_name="Jean Malonga", pickup_address="Mpila", dropoff_address="Bacongo",
)
delivery.save()
try:
    with transaction.atomic():
        delivery.status, delivery.status_since = "cancelled", timezone.now()
        delivery.save()
        raise InterruptedError
except InterruptedError:
    delivery.refresh_from_db()
delivery.status, delivery.status_since = "delivered", timezone.now()
delivery.save()
call_command("tell_relais")
"""


async def test_django_tells_of_what_was_committed(shop: Workshop) -> None:
    shop.take("django.md")
    for package in ("shop", "shop/management", "shop/management/commands"):
        shop.write(f"{package}/__init__.py", "")

    said = await shop.python(DJANGO)

    assert "Traceback" not in said
    assert await shop.told() == ["mission.accepted", "mission.delivered"]


WEBHOOK = """
from datetime import datetime, timezone
from standardwebhooks import Webhook

at, body = datetime.now(timezone.utc), (
    '{"type": "message.failed", "timestamp": "2026-01-27T13:30:02Z", "data": {"subscriber_external_id": "customer-7"}}'
)
headers = {
    "webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())),
    "webhook-signature": Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign("msg_1", at, body),
}
"""
FLASK = """
from app import app, failed

shop = app.test_client()
for _ in range(2):
    assert shop.post("/deliveries/COUR-1/accepted").status_code == 200
assert shop.post("/deliveries/COUR-2/accepted").status_code == 404
assert shop.post("/relais", data=body, headers=headers).status_code == 204
assert shop.post("/relais", data=body.replace("failed", "read"), headers=headers).status_code == 401
assert failed == {"customer-7"}
"""
FASTAPI = FLASK.replace("shop = app.test_client()", "from fastapi.testclient import TestClient").replace(
    "for _", "shop = TestClient(app).__enter__()\nfor _"
).replace("data=body", "content=body")  # fmt: skip


@pytest.mark.parametrize(("page", "code"), [("flask.md", FLASK), ("fastapi.md", FASTAPI)])
async def test_flask_and_fastapi_tell_and_are_told(shop: Workshop, page: str, code: str) -> None:
    assert shop.take(page) == ["app.py"]

    said = await shop.python(WEBHOOK + code)

    assert "Traceback" not in said
    assert await shop.told() == ["mission.accepted"]


async def test_node_tells_once_and_says_what_is_wrong(shop: Workshop) -> None:
    node = interpreter("node")
    assert shop.take("node.md") == ["relais.mjs", "example.mjs"]

    assert (await shop.run(node, "example.mjs", SINCE)).startswith("told")
    assert (await shop.run(node, "example.mjs", SINCE)).startswith("known already")
    refused = await shop.run(node, "example.mjs", "today", ends=1)

    assert "422" in refused
    assert "occurred_at" in refused
    assert await shop.told() == ["mission.accepted"]


async def test_php_tells_once_and_says_what_is_wrong(shop: Workshop) -> None:
    php = interpreter("php")
    assert shop.take("php.md") == ["Relais.php", "example.php", "DeliveryObserver.php"]

    assert (await shop.run(php, "example.php", SINCE)).startswith("told")
    assert (await shop.run(php, "example.php", SINCE)).startswith("known already")
    assert "422" in await shop.run(php, "example.php", "today", ends=255)

    assert await shop.told() == ["mission.accepted"]


LARAVEL = """<?php
namespace Illuminate\\Contracts\\Events { interface ShouldHandleEventsAfterCommit {} }
namespace App\\Models {
    class Delivery {
        public string $code = 'COUR-1', $status = 'accepted', $customer_name = 'Grâce Mabiala';
        public string $customer_phone = '+242061234567';
        public string $courier_name = 'Jean Malonga', $courier_phone = '+242069876543';
        public \\DateTimeImmutable $status_since;
        public array $changed = ['status'];
        public function wasChanged(string $field): bool { return in_array($field, $this->changed); }
    }
}
namespace {
    require __DIR__ . '/Relais.php';
    require __DIR__ . '/DeliveryObserver.php';
    $observer = new App\\Observers\\DeliveryObserver(new App\\Relais(getenv('RELAIS_URL'), getenv('RELAIS_KEY')));
    $delivery = new App\\Models\\Delivery();
    $delivery->status_since = new DateTimeImmutable();
    $observer->saved($delivery);
    [$delivery->status, $delivery->changed] = ['cancelled', ['courier_name']];
    $observer->saved($delivery);
}
"""


async def test_laravels_observer_tells_of_a_new_status_alone(shop: Workshop) -> None:
    php = interpreter("php")
    shop.take("php.md")
    shop.write("laravel.php", LARAVEL)

    assert await shop.run(php, "laravel.php") == ""

    assert await shop.told() == ["mission.accepted"]


async def test_cron_tells_what_stands_in_the_spool_in_order_and_loses_nothing(shop: Workshop) -> None:
    sh = interpreter("sh")
    interpreter("curl")
    spool = shop.folder / "spool"
    spool.mkdir()
    shop.take("cron.md")
    shop.write("key", f"Authorization: Bearer {shop.environment['RELAIS_KEY']}\n")
    shop.environment |= {"RELAIS_SPOOL": str(spool), "RELAIS_KEY_FILE": str(shop.folder / "key")}
    await shop.run(sh, "write-event.sh")
    (spool / "2.json").write_text('{"id": "2", "type": "mission.delivered", "data": {"code": "COUR-1"}}')

    there = shop.environment["RELAIS_URL"]
    shop.environment["RELAIS_URL"] = "http://127.0.0.1:9"
    assert "takes nothing now (000)" in await shop.run(sh, "tell-relais.sh", ends=1)
    assert len(list(spool.glob("*.json"))) == 2

    shop.environment["RELAIS_URL"] = there
    assert "2.json (422)" in await shop.run(sh, "tell-relais.sh")

    assert await shop.told() == ["mission.accepted"]
    assert list(spool.glob("*.json*")) == []
    assert "data.customer" in (spool / "refused/2.json.answer").read_text()
    assert await shop.run(sh, "tell-relais.sh") == ""

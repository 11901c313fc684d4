"""Files reach WhatsApp whole, also when the line breaks on the way."""

import pytest
from aiohttp import web

from channels.whatsapp.errors import Rejected, UnknownOutcome
from channels.whatsapp.media.upload import upload, upload_handle
from channels.whatsapp.messages import InvalidMessage
from tests.channels.whatsapp.media.small_meta import JPEG, NUMBER, TOKEN, SmallMeta, Upload

APP = "300000000000001"


async def test_a_file_is_uploaded_under_its_type_and_named_by_the_id_meta_gave(meta: SmallMeta) -> None:
    assert await upload(meta.graph, NUMBER, JPEG, "image/jpeg", "panier.jpg") == "7001"

    assert meta.uploads == [Upload(number=NUMBER, kind="image/jpeg", name="panier.jpg", content=JPEG)]
    assert [authorization for *_, authorization in meta.asked] == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize("name", ['a".jpg', "a\r\nX: y.jpg", "../../etc/passwd", "", "é" * 300])
async def test_no_file_name_leaves_its_place(meta: SmallMeta, name: str) -> None:
    await upload(meta.graph, NUMBER, JPEG, "image/jpeg", name)

    (uploaded,) = meta.uploads
    assert uploaded.content == JPEG
    assert not set(uploaded.name) & set('"\r\n/\\')
    assert 0 < len(uploaded.name) <= 100


@pytest.mark.parametrize("mime_type", ["", "jpeg", "image/jpeg\r\nX: y", "image/"])
async def test_a_type_that_is_none_is_refused_before_anything_leaves(meta: SmallMeta, mime_type: str) -> None:
    with pytest.raises(InvalidMessage, match="mime_type"):
        await upload(meta.graph, NUMBER, JPEG, mime_type, "a.jpg")
    assert meta.asked == []


async def test_an_answer_without_an_id_is_asked_for_once_more(meta: SmallMeta) -> None:
    meta.refusal = web.Response(text="{}")

    with pytest.raises(UnknownOutcome):
        await upload(meta.graph, NUMBER, JPEG, "image/jpeg", "a.jpg")
    assert len(meta.asked) == 2


async def test_metas_no_is_raised_at_once(meta: SmallMeta) -> None:
    meta.refusal = web.json_response({"error": {"message": "Invalid parameter", "code": 100}}, status=400)

    with pytest.raises(Rejected):
        await upload(meta.graph, NUMBER, JPEG, "image/jpeg", "a.jpg")
    assert len(meta.asked) == 1


async def test_an_example_for_a_template_becomes_a_handle(meta: SmallMeta) -> None:
    handle = await upload_handle(meta.graph, APP, NUMBER, JPEG, "image/jpeg", "example.jpg")

    assert handle == "4::aW1hZ2UvanBlZw==:handle"
    assert bytes(meta.session) == JPEG


@pytest.mark.parametrize("arrived", [0, 10, len(JPEG)])
async def test_a_broken_upload_goes_on_where_it_broke(meta: SmallMeta, arrived: int) -> None:
    meta.break_after = arrived

    assert await upload_handle(meta.graph, APP, NUMBER, JPEG, "image/jpeg", "example.jpg")

    assert bytes(meta.session) == JPEG
    assert [method for method, *_ in meta.asked] == ["POST", "POST", "GET", "POST"]

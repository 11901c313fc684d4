"""Files are there whole or not at all, in a folder and in a bucket."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from storage.files import BadFilesUrl, Bucket, Files, FilesError, NoSuchFile, open_files

CONTENT = os.urandom(700_000)


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """An S3 in this process, with one bucket named "kept"."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    there = Bucket(endpoint=f"http://{host}:{port}", region="us-east-1", key_id="test", secret="test")
    httpx.put(f"{there.endpoint}/kept").raise_for_status()
    yield there
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return open_files("", tmp_path / "media", Bucket())
    return open_files("s3://kept/some/prefix", tmp_path, request.getfixturevalue("bucket"))


async def test_what_was_written_is_read_whole_and_in_parts(files: Files) -> None:
    await files.write("a/1", pieces(CONTENT))

    assert await files.size("a/1") == len(CONTENT)
    assert await read(files, "a/1") == CONTENT
    assert await read(files, "a/1", 10, 20) == CONTENT[10:20]
    assert await read(files, "a/1", len(CONTENT) - 5) == CONTENT[-5:]


async def test_a_file_of_several_parts_is_kept_whole(files: Files) -> None:
    large = os.urandom(6 * 1024 * 1024)

    await files.write("a/2", pieces(large))

    assert await read(files, "a/2") == large


async def test_what_breaks_on_the_way_in_leaves_nothing(files: Files) -> None:
    class Broken(Exception):
        pass

    async def breaking() -> AsyncIterator[bytes]:
        yield CONTENT
        raise Broken

    with pytest.raises(Broken):
        await files.write("a/3", breaking())
    with pytest.raises(NoSuchFile):
        await files.size("a/3")
    with pytest.raises(NoSuchFile):
        await read(files, "a/3")


async def test_a_second_writing_takes_the_place_of_the_first(files: Files) -> None:
    await files.write("a/4", pieces(b"old"))
    await files.write("a/4", pieces(b"new!"))

    assert await read(files, "a/4") == b"new!"


async def test_a_deleted_file_is_gone_and_deleting_again_changes_nothing(files: Files) -> None:
    await files.write("a/5", pieces(b"x"))
    await files.delete("a/5")
    await files.delete("a/5")

    with pytest.raises(NoSuchFile):
        await files.size("a/5")


async def test_no_key_leads_out_of_the_folder(tmp_path: Path) -> None:
    files = open_files("", tmp_path / "media", Bucket())

    with pytest.raises(ValueError):
        await files.write("../outside", pieces(b"x"))
    assert list(tmp_path.iterdir()) == [tmp_path / "media"]


async def test_a_full_or_forbidden_place_is_said_without_what_was_kept(tmp_path: Path) -> None:
    files = open_files("", tmp_path / "media", Bucket())
    (tmp_path / "media" / "a").write_text("a file where a folder must be")

    with pytest.raises(FilesError, match="could not be written"):
        await files.write("a/6", pieces(CONTENT))


@pytest.mark.parametrize("url", ["/var/media", "https://bucket", "s3://", "s3://key:secret@bucket", "s3://b?x=1"])
def test_an_address_of_something_else_is_refused_by_name(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadFilesUrl, match="MEDIA_URL"):
        open_files(url, tmp_path, Bucket())


def test_no_secret_shows() -> None:
    assert "hidden" not in repr(Bucket(key_id="hidden", secret="hidden"))


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 200_000):
        yield content[start : start + 200_000]


async def read(files: Files, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in files.read(key, start, end)])

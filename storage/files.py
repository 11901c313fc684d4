"""Files beside the database, in a folder or an S3-compatible bucket: each is there whole or not at all.

    FilesError              the folder or the bucket does not do what was asked, now
    └── NoSuchFile          there is nothing under this key
    BadFilesUrl             an address that names neither a folder nor a bucket

Keys are ours: the business's id, a slash, and an id that nobody guesses. Nothing of a person stands in them.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

if TYPE_CHECKING:
    from obstore import OffsetRange

PART_BYTES: Final = 5 * 1024 * 1024
"""Of an upload in parts; S3 takes none that is smaller, but for the last."""

PARTS_AT_ONCE: Final = 2
"""So that a film of 16 MB does not stand in memory whole."""

CHUNK_BYTES: Final = 256 * 1024
"""How much is read at once."""

REQUEST_SECONDS: Final = 30
"""For one request to a bucket; it carries one part at most. Our choice."""

RETRIES: Final = 2
RETRY_SECONDS: Final = 60


class FilesError(Exception):
    """The storage of files could not do what was asked; what was there before is still there."""


class NoSuchFile(FilesError):
    """Nothing is kept under this key."""


class BadFilesUrl(Exception):
    """MEDIA_URL names something that files cannot be kept in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How an S3-compatible service is reached; what is empty is left to the AWS_* variables of the environment."""

    endpoint: str = ""  # of a service that is not Amazon's, such as MinIO
    region: str = ""
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


class Files:
    """Writes, reads and deletes whole files by key."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def write(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep what the chunks bring, in place of what was there; once they end, and not before, it can be read.

        What the chunks raise is raised here, and nothing is kept: whoever streams may check a hash at the end.
        """
        try:
            await obstore.put_async(self._store, key, chunks, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)
            if self._folder is not None:
                await asyncio.to_thread(_force_to_disk, self._folder / key)
        except (BaseError, OSError) as error:
            raise FilesError(f"a file could not be written ({type(error).__name__})") from error

    async def size(self, key: str) -> int:
        """In bytes. Raises NoSuchFile."""
        try:
            return (await obstore.head_async(self._store, key))["size"]
        except (BaseError, OSError) as error:
            raise _reading(error) from error

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, piece by piece. Raises NoSuchFile at the first piece."""
        span: OffsetRange | tuple[int, int] = {"offset": start} if end is None else (start, end)
        try:
            found = await obstore.get_async(self._store, key, options={"range": span})
            async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)
        except (BaseError, OSError) as error:
            raise _reading(error) from error

    async def delete(self, key: str) -> None:
        """Forget a file; one that is not there changes nothing."""
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise FilesError(f"a file could not be deleted ({type(error).__name__})") from error


def open_files(url: str, folder: Path, bucket: Bucket) -> Files:
    """The files behind MEDIA_URL; without one, those of the folder. Connects to nothing yet. Raises BadFilesUrl."""
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return Files(LocalStore(folder), folder)
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname or parts.query or parts.username:
        raise BadFilesUrl("MEDIA_URL is not an address of files; write it as s3://bucket/prefix, or leave it empty.")
    if bucket.endpoint and urlsplit(bucket.endpoint).scheme not in ("http", "https"):
        raise BadFilesUrl("MEDIA_S3_ENDPOINT is no web address; write it as https://storage.example.com.")
    return Files(_s3(parts.hostname, parts.path.strip("/"), bucket))


def _s3(name: str, prefix: str, bucket: Bucket) -> S3Store:
    given = {
        "endpoint": bucket.endpoint,
        "region": bucket.region,
        "access_key_id": bucket.key_id,
        "secret_access_key": bucket.secret,
    }
    return S3Store(
        name,
        prefix=prefix or None,
        config={key: value for key, value in given.items() if value},  # type: ignore[arg-type]
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "timeout": f"{REQUEST_SECONDS}s",
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
    )


def _reading(error: Exception) -> FilesError:
    if isinstance(error, NotFoundError | FileNotFoundError):
        return NoSuchFile("there is no such file")
    return FilesError(f"a file could not be read ({type(error).__name__})")


def _force_to_disk(file: Path) -> None:
    """A row that says "stored" survives a power cut; so must what it speaks of."""
    for path in (file, file.parent):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)

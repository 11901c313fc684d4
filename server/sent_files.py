"""Brings files that agents send from the desk to whoever uploads files to WhatsApp, beside those of the web."""

from channels.whatsapp.media.errors import MediaPrivate, MediaUnavailable
from channels.whatsapp.media.fetch import FETCH_SECONDS, Fetched, Fetcher, Version
from conversations import sent_files
from storage.database import Database
from storage.files import Files, FilesError, NoSuchFile


class WithSentFiles:
    """Fetches from our own storage what `sent_files.link_of` names, and all else from the web."""

    def __init__(self, fetcher: Fetcher, database: Database, files: Files) -> None:
        self._fetcher = fetcher
        self._database = database
        self._files = files

    async def fetch(
        self, kind: str, link: str, known: Version | None = None, seconds: float = FETCH_SECONDS
    ) -> Fetched | None:
        """As `Fetcher.fetch`; a file of ours never changes. Raises MediaError."""
        file_id = sent_files.id_of(link)
        if file_id is None:
            return await self._fetcher.fetch(kind, link, known, seconds)
        if known is not None and known.etag == file_id:
            return None
        file = await self._database.read(sent_files.find, file_id)
        if file is None:
            raise MediaPrivate("the file was deleted")
        try:
            content = b"".join([chunk async for chunk in self._files.read(file.storage_key)])
        except NoSuchFile:
            raise MediaPrivate("the file is no longer in the storage of files") from None
        except FilesError as error:
            raise MediaUnavailable("the storage of files does not answer") from error
        return Fetched(content=content, mime_type=file.mime_type, version=Version(etag=file_id))

    async def aclose(self) -> None:
        """Close every connection to the web."""
        await self._fetcher.aclose()

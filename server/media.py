"""Builds what deals with files: where they are kept, what fetches and uploads them, and who listens to voice notes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from channels.whatsapp.graph import Graph, Tokens
from channels.whatsapp.media.download import Downloads
from channels.whatsapp.media.fetch import Fetcher
from conversations.media_runner import MediaRunner
from conversations.ports import Transcriber
from notifications.uploads import MediaUploads
from server.sent_files import WithSentFiles
from server.settings import BadSettings, Settings
from server.transcriber import BadTranscriber, load_transcriber
from storage.database import Database
from storage.files import BadFilesUrl, Bucket, Files, open_files
from storage.wakeup import Wakeup


@dataclass(frozen=True, slots=True)
class MediaParts:
    """What the server does about files. Make it inside the event loop, close it there."""

    files: Files
    uploads: MediaUploads
    runner: MediaRunner
    downloads: Downloads
    hears_voice: bool

    async def close(self) -> None:
        """Let go of every connection."""
        await self.uploads.aclose()
        await self.downloads.aclose()


def build_media(
    settings: Settings,
    *,
    database: Database,
    wakeup: Wakeup,
    graph: Graph,
    tokens: Tokens,
    clock: Callable[[], datetime],
) -> MediaParts:
    """Wire it. Connects to nothing yet. Raises BadSettings."""
    files, transcriber = _files(settings), _transcriber(settings)
    downloads = Downloads(graph, tokens, settings.whatsapp_base_url)
    # Beside an emulator everything is on this machine, also the shop whose pictures are shown.
    fetcher = WithSentFiles(Fetcher(allows_loopback=settings.uses_emulator), database, files)
    return MediaParts(
        files=files,
        uploads=MediaUploads(database=database, graph=graph, fetcher=fetcher, clock=clock),
        runner=MediaRunner(
            database=database, wakeup=wakeup, downloads=downloads, files=files, transcriber=transcriber, clock=clock
        ),
        downloads=downloads,
        hears_voice=transcriber is not None,
    )


def _files(settings: Settings) -> Files:
    bucket = Bucket(
        endpoint=settings.media_s3_endpoint,
        region=settings.media_s3_region,
        key_id=settings.media_s3_key_id.get_secret_value(),
        secret=settings.media_s3_secret.get_secret_value(),
    )
    try:
        return open_files(settings.media_url, settings.var_dir / "media", bucket)
    except BadFilesUrl as error:
        raise BadSettings(str(error)) from None


def _transcriber(settings: Settings) -> Transcriber | None:
    try:
        return load_transcriber(settings.transcriber)
    except BadTranscriber as error:
        raise BadSettings(str(error)) from error

"""Finds the model that is asked for: on this machine, else on the server's private port.

Two more ways lead a new model here without being asked for: somebody points `models/current.tar.gz` elsewhere, as
`make train` does, and `models:` in endpoints.yml, which is Rasa's own way to pull one by HTTP with an ETag.
"""

import asyncio
import contextlib
import hashlib
import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from relais_bot.model_files import CANDIDATES, CURRENT, NAME, digest_of, find_model
from relais_bot.model_swap import ModelSwap, SwapRefused
from relais_bot.refusals import Refused

logger = logging.getLogger(__name__)

#: A model is a few megabytes, or hundreds with a network in it.
FETCH_SECONDS = 120.0
#: Between two looks at the name of the current model.
LOOK_SECONDS = 1.0
#: Rasa's own, where `models:` says nothing else.
PULL_SECONDS = 100.0
_PIECE_BYTES = 1 << 16


class ModelSource:
    """Where models come from."""

    def __init__(self, models: Path, server_url: str, secret: str) -> None:
        self._models = models
        self._server_url = server_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def find(self, name: str, sha256: str) -> Path:
        """The file with this name and content. Raises `SwapRefused`."""
        found = find_model(self._models, name)
        if found is not None and await _digest(found) == sha256:
            return found
        if found is not None:
            raise SwapRefused(f"{name} is another file here than on the server: remove one of them.")
        url = f"{self._server_url}/models/{name}"
        async with aiohttp.ClientSession(headers=self._headers, timeout=_patience()) as session:
            got = await _fetched(session, url, {}, self._models / CANDIDATES, name)
        if got is None:
            raise SwapRefused(f"The server has no model {name}.")
        if await _digest(got) != sha256:
            got.unlink()
            raise SwapRefused(f"{name} did not come whole from the server.")
        return got


async def follow_the_name(swap: ModelSwap) -> None:
    """Takes whatever model `models/current.tar.gz` comes to mean; runs until it is cancelled."""
    current = swap.models / CURRENT
    known = current.resolve()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        wanted = current.resolve()
        if wanted == known or not wanted.is_file():
            continue
        known = wanted
        if wanted.name != swap.model:
            with contextlib.suppress(Refused):  # it is told where it is refused
                await swap.take(wanted)


async def pull(swap: ModelSwap, endpoint: Any) -> None:
    """Asks the address under `models:` again and again, as Rasa does; runs until it is cancelled."""
    etag = f'"{await _digest(swap.path)}"'
    wait = float(endpoint.kwargs.get("wait_time_between_pulls") or PULL_SECONDS)
    while True:
        try:
            async with endpoint.session() as session:
                headers, folder = {"If-None-Match": etag}, swap.models / CANDIDATES
                found = await _fetched(session, endpoint.url, headers, folder, None, endpoint.combine_parameters())
            if found is not None:
                # Also of one that is refused: it would be no better the next time.
                etag = f'"{await _digest(found)}"'
                await swap.take(found)
        except Refused as error:
            logger.warning(f"No new model was pulled: {error}")
        await asyncio.sleep(wait)


async def _fetched(
    session: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    folder: Path,
    name: "str | None",
    parameters: "Mapping[str, str] | None" = None,
) -> "Path | None":
    """The file behind an address, whole or not at all; None when there is none, or no other. Raises `SwapRefused`."""
    part = _part_in(folder)
    try:
        async with session.get(url, headers=headers, params=parameters) as answer:
            if answer.status in (204, 304, 404):
                return None
            if answer.status != 200:
                raise SwapRefused(f"{url} answered {answer.status} when it was asked for a model.")
            name = name or answer.headers.get("filename", "")
            digest = hashlib.sha256()
            with part.open("wb") as file:
                async for piece in answer.content.iter_chunked(_PIECE_BYTES):
                    digest.update(piece)
                    file.write(piece)
        if not NAME.fullmatch(name) or name == CURRENT:
            name = f"{digest.hexdigest()[:16]}.tar.gz"
        part.replace(folder / name)
        return folder / name
    except (aiohttp.ClientError, asyncio.TimeoutError) as error:
        raise SwapRefused(f"{url} could not be asked for a model ({type(error).__name__}).") from error
    finally:
        part.unlink(missing_ok=True)


def _part_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f".{secrets.token_hex(8)}.part"


async def _digest(model: Path) -> str:
    return await asyncio.get_running_loop().run_in_executor(None, digest_of, model)


def _patience() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=FETCH_SECONDS)

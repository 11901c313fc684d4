"""A Graph API that takes every message and writes down which came when: nginx for speed, our own for exact moments.

Each is a process of its own whose CPU is nobody's. What came is read from a file once it has ended.

    fast_provider      nginx if there is one: the answer comes at once
    exact_provider     Python: arrivals to the microsecond, answers after a given time
"""

import asyncio
import getpass
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.children import Child
from benchmarks.sides import RunInvalid
from tests.free_ports import free_ports
from tests.stack import PYTHON

PATH: Final = "/v24.0/100000000000001/messages"
START_SECONDS: Final = 10.0

# nginx reads a request's body only for somebody: the mirror. Its answer is that of the file which is not there.
NGINX: Final = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 2048; }}
http {{
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 100000000;
  keepalive_timeout 600s;
  client_body_buffer_size 32k;
  client_body_in_single_buffer on;
  map $request_body $message_id {{ "~\\"biz_opaque_callback_data\\": ?\\"(?<id>[^\\"]+)\\"" $id; }}
  map $request_body $recipient {{ "~\\"to\\": ?\\"(?<to>[0-9]+)\\"" $to; }}
  log_format arrivals "$msec $content_length $message_id";
  open_file_cache max=10 inactive=600s;
  open_file_cache_errors on;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    root {folder}/nothing;
    log_not_found off;
    access_log {folder}/arrivals arrivals buffer=256k;
    location / {{ mirror /read; error_page 404 405 =200 @accepted; }}
    location = /read {{ internal; return 204; }}
    location @accepted {{
      default_type application/json;
      return 200 '{answer}';
    }}
  }}
}}
"""
ANSWER: Final = (
    '{"messaging_product":"whatsapp","contacts":[{"input":"$recipient","wa_id":"$recipient"}],'
    '"messages":[{"id":"wamid.HBgM$request_id"}]}'
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One POST."""

    at: float  # seconds since 1970
    size: int  # bytes of its body
    message_id: str


@dataclass(slots=True, kw_only=True)
class FakeProvider:
    """A running one; `arrivals` is filled when it has ended."""

    url: str  # where messages are posted to
    arrivals: list[Arrival]


@asynccontextmanager
async def fast_provider(folder: Path) -> AsyncIterator[FakeProvider]:
    """Answers at once; its clock ticks in milliseconds."""
    program = shutil.which("nginx")
    if program is None:
        async with exact_provider(folder, 0.0) as provider:
            yield provider
        return
    port = free_ports(1)[0]
    settings = _settings(folder, port)
    process = await asyncio.create_subprocess_exec(program, "-c", settings, stderr=asyncio.subprocess.DEVNULL)
    provider = FakeProvider(url=f"http://127.0.0.1:{port}{PATH}", arrivals=[])
    try:
        await _listening(port, process)
        yield provider
    finally:
        process.send_signal(signal.SIGQUIT)  # it ends its requests and writes what it has buffered
        await process.wait()
    provider.arrivals = _read(folder / "arrivals")


@asynccontextmanager
async def exact_provider(folder: Path, answer_seconds: float) -> AsyncIterator[FakeProvider]:
    """Answers each message after so long."""
    folder.mkdir()  # noqa: ASYNC240
    port = free_ports(1)[0]
    work = {"port": port, "answer_seconds": answer_seconds, "file": str(folder / "arrivals")}
    child = await Child.start("provider", [PYTHON, "-m", "benchmarks.exact_provider"], work, folder)
    provider = FakeProvider(url=f"http://127.0.0.1:{port}{PATH}", arrivals=[])
    try:
        yield provider
    finally:
        await child.end()
    provider.arrivals = _read(folder / "arrivals")


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    ends = asyncio.get_running_loop().time() + START_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if process.returncode is not None or asyncio.get_running_loop().time() > ends:
                raise RunInvalid("nginx does not start: is it 1.13.4 or newer, with its mirror module?") from None
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


def _settings(folder: Path, port: int) -> str:
    folder.mkdir()
    file = folder.resolve() / "nginx.conf"
    file.write_text(NGINX.format(folder=file.parent, port=port, answer=ANSWER, user=getpass.getuser()))
    return str(file)


def _read(file: Path) -> list[Arrival]:
    lines = (line.split(" ") for line in file.read_text().splitlines())
    return [Arrival(float(at), int(size), message_id) for at, size, message_id in lines]

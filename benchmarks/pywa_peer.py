"""The peer of benchmarks/webhook.py: pywa's own webhook server, as its documentation builds it, on FastAPI and uvicorn.

It verifies the signature, skips bodies it has seen, reads the message and hands it to one handler that counts; nothing
is kept beyond the memory of the process. `GET /handled` tells the count.
"""

import logging
import sys

import uvicorn
from fastapi import FastAPI
from pywa_async import WhatsApp  # type: ignore[attr-defined]
from pywa_async.types import Message  # type: ignore[attr-defined]


def main() -> None:
    """`python -m benchmarks.pywa_peer PORT APP_SECRET PHONE_NUMBER_ID`."""
    port, secret, phone_number_id = sys.argv[1:]
    logging.disable(logging.INFO)
    app = FastAPI()
    client = WhatsApp(
        phone_id=phone_number_id,
        token="never-used",  # noqa: S106 - nothing is sent
        server=app,
        webhook_endpoint="/webhooks/whatsapp",
        verify_token="never-asked",  # noqa: S106
        app_secret=secret,
    )
    handled = 0

    @client.on_message  # type: ignore[misc]
    async def count(_: WhatsApp, message: Message) -> None:
        nonlocal handled
        handled += 1 if message.text else 0

    @app.get("/handled")
    async def tell() -> int:
        return handled

    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()

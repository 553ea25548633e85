"""pymap on loopback: the practice desk's IMAP server, as one more kind of server to be heard.

What is peculiar: it lives in memory and knows one user; no CONDSTORE, ESEARCH or keywords; IDLE
tells at once. The practice desk adds the special uses and mends its ENVELOPE.
"""

import asyncio
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from supportdesk.practice.mail_server import INBOX, PracticeMailServer
from tests.lab.background import Lab
from tests.lab.mail import PASSWORD

T = TypeVar("T")
USER = "support"


class PymapLab(Lab):
    """One mailbox, filled from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="pymap", daemon=True)
        self._server: PracticeMailServer | None = None
        self.imap_port = 0

    @property
    def _running(self) -> PracticeMailServer:
        if self._server is None:
            raise RuntimeError("pymap is not running")
        return self._server

    def start(self) -> None:
        self._thread.start()
        self._server = self._do(_new_server())
        self.imap_port = self._server.port

    def stop(self) -> None:
        if self._server is not None:
            self._do(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def summary(self) -> dict[str, str]:
        return {"imap": str(self.imap_port), "user": USER, "password": PASSWORD}

    def new_address(self) -> str:
        return USER

    def deliver(self, *messages: bytes, to: str) -> None:
        if to != USER:
            raise ValueError(f"pymap has no user {to}")
        for message in messages:
            self._do(self._running.deliver(INBOX, message, arrived=datetime.now(UTC)))

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


async def _new_server() -> PracticeMailServer:
    server = PracticeMailServer(user=USER, password=PASSWORD)
    await server.start()
    return server

"""Hands one message to a chat's incoming hook: one request, within a deadline, nowhere else.

http.client, for it follows no redirect and keeps no cookies: what the founder saw goes to the
address that they pasted, or nowhere.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from supportdesk.domain.errors import CertificateRejected, ConnectionLost, PeerProtocolError
from supportdesk.services.chat_message import ChatMessage, refusal_words

_SECONDS = 20.0
_LOOKED_AT = 2_000
_KEPT = "The page is as it was."


def post(
    message: ChatMessage,
    *,
    seconds: float = _SECONDS,
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> None:
    """Send it and hear that it was taken; blocks until the deadline at most.

    Raises ConnectionLost, CertificateRejected or PeerProtocolError.
    """
    host = message.host
    is_sent = False
    connection = _connection(message.url, seconds, tls)
    try:
        connection.connect()
        with _ended_after(seconds, connection.sock):
            connection.request("POST", _path(message.url), message.body, _head(message))
            is_sent = True
            with connection.getresponse() as answer:
                status = answer.status
                said = answer.read(_LOOKED_AT).decode("utf-8", "replace")
    except ssl.SSLCertVerificationError as error:
        raise CertificateRejected(
            f"{host} cannot prove who it is",
            f"{error.verify_message}. Nothing was sent. {_KEPT}",
        ) from error
    except (OSError, http.client.HTTPException) as error:
        if is_sent:
            raise ConnectionLost(
                f"{host} did not say whether it took the page",
                f"It may be in the chat: look there before you send it again. {_KEPT}",
            ) from error
        raise ConnectionLost(
            f"{host} cannot be reached",
            f"{_why(error)} Nothing was sent. {_KEPT}",
        ) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PeerProtocolError(
            f"{host} did not take the page ({status})",
            f"{refusal_words(status, said)} {_KEPT}",
        )


def _connection(
    url: str, seconds: float, tls: Callable[[], ssl.SSLContext]
) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=tls())
    return http.client.HTTPConnection(host, parts.port, timeout=seconds)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _head(message: ChatMessage) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "supportdesk",
        "Connection": "close",
        "Content-Length": str(len(message.body)),
    }


@contextmanager
def _ended_after(seconds: float, peer: socket.socket) -> Iterator[None]:
    """An answer that comes letter by letter ends at the deadline too."""
    timer = threading.Timer(seconds, _shut, (peer,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(peer: socket.socket) -> None:
    with suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "It does not answer."
    if isinstance(error, socket.gaierror):
        return "Nobody knows its name: see whether the network is there, and the address right."
    return f"{error}."

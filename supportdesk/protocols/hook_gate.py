"""Who may hand events over by HTTP: decided by the head of a request, before its body is read.

The endpoint listens on loopback alone. Every web page that the founder opens can send requests
there too, and so can a foreign name that resolves to 127.0.0.1. Browsers name the page they send
for (Origin, Fetch Metadata) and always say Host: that, and the token, keeps them out.
"""

import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from supportdesk.protocols import hook_answers as answers
from supportdesk.protocols.hook_answers import BIGGEST_BODY, HookAnswer

PATH: Final = b"/v1/calls"

_BURST: Final = 2_000
_EVENTS_A_SECOND: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHead:
    """Request line and headers; the names of headers in lower case."""

    method: bytes
    target: bytes
    headers: Sequence[tuple[bytes, bytes]]

    def values(self, name: bytes) -> list[bytes]:
        return [value.strip() for known, value in self.headers if known == name]


def refusal(head: RequestHead, token: str) -> HookAnswer | None:
    """Why this request is not taken; None when its body may be read."""
    return _wrong_sender(head) or _wrong_place(head) or _wrong_token(head, token) or _no_json(head)


def _wrong_sender(head: RequestHead) -> HookAnswer | None:
    if any(name == b"origin" or name.startswith(b"sec-fetch-") for name, _ in head.headers):
        return answers.FROM_A_BROWSER
    if not all(_is_loopback(host) for host in head.values(b"host") or [b""]):
        return answers.NOT_THIS_HOST
    return None


def _is_loopback(host: bytes) -> bool:
    """Of a Host header: a name or an address, perhaps with a port (RFC 9110 7.2)."""
    text = host.decode("latin-1").lower()
    name, _, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not name:
        name, port = text, ""
    if port and not (port.isascii() and port.isdigit()):
        return False
    if name == "localhost":
        return True
    is_in_brackets = name.startswith("[") and name.endswith("]")
    try:
        address = ipaddress.ip_address(name[1:-1] if is_in_brackets else name)
    except ValueError:
        return False
    return address.is_loopback and is_in_brackets == (address.version == 6)


def _wrong_place(head: RequestHead) -> HookAnswer | None:
    if head.target.partition(b"?")[0] != PATH:
        return answers.NO_SUCH_PATH
    return None if head.method == b"POST" else answers.NOT_POST


def _wrong_token(head: RequestHead, token: str) -> HookAnswer | None:
    said = head.values(b"authorization")
    scheme, _, value = said[0].partition(b" ") if said else (b"", b"", b"")
    if scheme.lower() != b"bearer" or not value.strip():
        return answers.NO_TOKEN
    is_right = hmac.compare_digest(value.strip(), token.encode())
    return None if is_right and len(said) == 1 else answers.WRONG_TOKEN


def _no_json(head: RequestHead) -> HookAnswer | None:
    kind = b"".join(head.values(b"content-type")).partition(b";")[0].strip().lower()
    is_json = kind == b"application/json" or (
        kind.startswith(b"application/") and kind.endswith(b"+json")
    )
    encodings = {value.lower() for value in head.values(b"content-encoding")}
    if not is_json or not encodings <= {b"identity"}:
        return answers.NOT_JSON
    # The parser has seen to it that this is one number, of at most twenty digits.
    sizes = head.values(b"content-length")
    return answers.TOO_LARGE if any(int(size) > BIGGEST_BODY for size in sizes) else None


class EventRate:
    """Lets a burst through, and in the long run so many events a second: desk.db must not drown."""

    def __init__(self, burst: int = _BURST, events_a_second: float = _EVENTS_A_SECOND) -> None:
        self._burst = burst
        self._events_a_second = events_a_second
        self._left = float(burst)
        self._seen_at: float | None = None

    def wait_seconds(self, now_seconds: float) -> int:
        """0 when an event may come in now, which counts it; else after how long one may."""
        since = 0.0 if self._seen_at is None else now_seconds - self._seen_at
        self._seen_at = now_seconds
        self._left = min(self._burst, self._left + since * self._events_a_second)
        if self._left >= 1:
            self._left -= 1
            return 0
        return ceil((1 - self._left) / self._events_a_second)

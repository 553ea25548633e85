"""The images that a mail refers to on the network, fetched when the founder asks for them.

It says as little as can be: no cookies, no referrer, no credentials, a user agent that names
nobody. A mail must not reach into the office: what leads to a private, loopback or link-local
address is refused, at each redirect anew, and the connection goes to the very address that was
looked at, so that a name server which changes its mind gains nothing. Own sockets through
http.client, since neither QNetworkAccessManager nor urllib lets us choose the address. Where this
computer has a proxy, `image_proxy` says what goes through it.
"""

import contextlib
import http.client
import ipaddress
import logging
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from supportdesk.adapters.mail.image_proxy import (
    ImageRefused,
    Proxy,
    may_be_public,
    open_tunnel,
    sealed,
    system_proxy,
)

MAX_IMAGES = 150
_FETCHERS = 4
_TRIED = 4
_USER_AGENT = "Mozilla/5.0"
_REDIRECTS = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_log = logging.getLogger(__name__)


def is_public(address: str) -> bool:
    """May a mail make us connect there? Nothing of the office, nor of this computer."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one image, and all of a message together, may cost.

    Attributes:
        may_connect: Whether an address may be connected to; tests let their own server in.
        any_port: Any port may be asked; else only the usual ones of the web.
        tls: Which certificates are trusted.
        proxy_for: The proxy that an address has to be asked through, if any.
    """

    image_bytes: int = 8_000_000
    total_bytes: int = 40_000_000
    seconds: float = 15.0
    redirects: int = 5
    may_connect: Callable[[str], bool] = is_public
    any_port: bool = False
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    proxy_for: Callable[[str], Proxy | None] = system_proxy


class RemoteImages:
    """Fetches the images of one message; `stop` ends it at once."""

    def __init__(self, limits: FetchLimits, came: Callable[[int, bytes | None, str], None]) -> None:
        """`came` is called on a thread of ours: the place in the list, the bytes or why none."""
        self._limits = limits
        self._came = came
        self._is_stopped = threading.Event()
        self._lock = threading.Lock()
        self._left_bytes = limits.total_bytes
        self._open: set[socket.socket] = set()

    def start(self, urls: Sequence[str]) -> None:
        """Begin; an empty address stands for one that is not to be loaded."""
        work: queue.SimpleQueue[tuple[int, str]] = queue.SimpleQueue()
        wanted = [(place, url) for place, url in enumerate(urls) if url]
        for one in wanted[:MAX_IMAGES]:
            work.put(one)
        for place, _ in wanted[MAX_IMAGES:]:
            self._came(place, None, "This message has too many images.")
        for _ in range(min(_FETCHERS, len(wanted))):
            threading.Thread(target=self._run, args=(work,), name="images", daemon=True).start()

    def stop(self) -> None:
        self._is_stopped.set()
        with self._lock:
            for connection in self._open:
                _shut(connection)

    def _run(self, work: queue.SimpleQueue[tuple[int, str]]) -> None:
        while not self._is_stopped.is_set():
            try:
                place, url = work.get_nowait()
            except queue.Empty:
                return
            data, why = self._image(url)
            if not self._is_stopped.is_set():
                self._came(place, data, why)

    def _image(self, url: str) -> tuple[bytes | None, str]:
        try:
            return self._fetch(url), ""
        except ImageRefused as refused:
            return None, str(refused)
        except (OSError, http.client.HTTPException, ValueError) as error:
            _log.info("A remote image could not be loaded: %s", type(error).__name__)
            return None, "Its server does not answer."

    def _fetch(self, url: str) -> bytes:
        ends_at = time.monotonic() + self._limits.seconds
        for _ in range(self._limits.redirects + 1):
            named = _checked(url, any_port=self._limits.any_port)
            proxy = self._limits.proxy_for(named.geturl())
            target = named if proxy is None else sealed(named)
            with self._connected(target, proxy, ends_at) as connection:
                found = self._ask(connection, target, ends_at)
            if isinstance(found, bytes):
                return found
            url = urljoin(target.geturl(), found)
            if named.scheme == "https" and not url.lower().startswith("https:"):
                raise ImageRefused("It leads from a sealed connection to an open one.")
        raise ImageRefused("It leads on and on.")

    @contextlib.contextmanager
    def _connected(
        self, target: SplitResult, proxy: Proxy | None, ends_at: float
    ) -> Iterator[http.client.HTTPConnection]:
        host = target.hostname or ""
        port = target.port or (443 if target.scheme == "https" else 80)
        connection = http.client.HTTPConnection(host, port)
        with self._socket_to(host, port, proxy, ends_at) as plain:
            if proxy is not None:
                with self._cut_at(plain, ends_at):
                    open_tunnel(plain, proxy, host, port)
            if target.scheme != "https":
                connection.sock = plain
                with self._cut_at(plain, ends_at):
                    yield connection
                return
            context = self._limits.tls()
            with context.wrap_socket(
                plain, server_hostname=host, do_handshake_on_connect=False
            ) as secured:
                connection.sock = secured
                with self._cut_at(secured, ends_at):
                    secured.do_handshake()
                    yield connection

    @contextlib.contextmanager
    def _cut_at(self, used: socket.socket, ends_at: float) -> Iterator[None]:
        """Cut it at its deadline, however slowly the other side talks, and when all is stopped."""
        with self._lock:
            self._open.add(used)
        deadline = threading.Timer(max(0.0, ends_at - time.monotonic()), _shut, (used,))
        deadline.daemon = True
        deadline.start()
        try:
            # Whoever stopped us meanwhile could not know of this one.
            self._refuse_if_late(ends_at)
            yield
        finally:
            deadline.cancel()
            with self._lock:
                self._open.discard(used)

    def _socket_to(
        self, host: str, port: int, proxy: Proxy | None, ends_at: float
    ) -> socket.socket:
        addresses = self._checked_addresses(host, port, is_proxied=proxy is not None)
        if self._is_stopped.is_set():
            raise ImageRefused("It is not wanted any more.")
        if proxy is not None:
            return _connected_to([proxy.host], proxy.port, ends_at)
        return _connected_to(addresses[:_TRIED], port, ends_at)

    def _checked_addresses(self, host: str, port: int, *, is_proxied: bool) -> list[str]:
        """Where a name leads; only a proxy may know one that this computer does not."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror:
            if not is_proxied:
                raise
            if not may_be_public(host):
                raise ImageRefused("It leads into a private network.") from None
            return []
        addresses = [str(sockaddr[0]) for _, _, _, _, sockaddr in found]
        if not addresses or not all(self._limits.may_connect(one) for one in addresses):
            raise ImageRefused("It leads into a private network.")
        return addresses

    def _ask(
        self, connection: http.client.HTTPConnection, target: SplitResult, ends_at: float
    ) -> bytes | str:
        """Return the image, or where it has gone."""
        path = quote(target.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(target.query, safe='/%:@!$&()*+,;=~-._?')}" if target.query else ""
        connection.putrequest("GET", path + query, skip_accept_encoding=True, skip_host=True)
        for name, value in (
            ("Host", _host_header(target)),
            ("User-Agent", _USER_AGENT),
            ("Accept", "image/webp,image/png,image/jpeg,image/gif,*/*;q=0.1"),
            ("Connection", "close"),
        ):
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        if answer.status in _REDIRECTS:
            return answer.getheader("Location") or ""
        if answer.status != http.client.OK:
            raise ImageRefused(f"Its server says {answer.status}.")
        kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if not kind.startswith("image/") or "svg" in kind:
            raise ImageRefused("It is no image that can be shown.")
        return self._body(answer, ends_at)

    def _body(self, answer: http.client.HTTPResponse, ends_at: float) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read1(65_536):
            size += len(piece)
            with self._lock:
                self._left_bytes -= len(piece)
                is_too_much = self._left_bytes < 0
            if is_too_much or size > self._limits.image_bytes:
                raise ImageRefused("It is too large.")
            pieces.append(piece)
            self._refuse_if_late(ends_at)
        # Without a length the end may be ours: the connection was cut at its deadline.
        self._refuse_if_late(ends_at)
        if answer.length:
            raise ImageRefused("It came incomplete.")
        return b"".join(pieces)

    def _refuse_if_late(self, ends_at: float) -> None:
        if time.monotonic() >= ends_at or self._is_stopped.is_set():
            raise ImageRefused("It takes too long.")


def _connected_to(addresses: Sequence[str], port: int, ends_at: float) -> socket.socket:
    """The first that answers: where IPv6 leads nowhere, IPv4 is next."""
    problem: OSError = OSError("no address")
    for number, address in enumerate(addresses):
        left = max(0.1, ends_at - time.monotonic())
        try:
            return socket.create_connection((address, port), left / (len(addresses) - number))
        except OSError as error:
            problem = error
    raise problem


def _checked(url: str, *, any_port: bool) -> SplitResult:
    target = urlsplit(url)
    if target.scheme not in ("http", "https") or not target.hostname:
        raise ImageRefused("It is not on the web.")
    if "@" in target.netloc or "\\" in url:
        raise ImageRefused("Its address hides where it leads.")
    if not (any_port or target.port in (None, 80, 443, 8080, 8443)):
        raise ImageRefused("It is at an unusual port.")
    host = target.hostname
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise ImageRefused("Its address cannot be read.") from error
        port = f":{target.port}" if target.port else ""
        return target._replace(netloc=f"{host}{port}")
    return target


def _host_header(target: SplitResult) -> str:
    host = target.hostname or ""
    named = f"[{host}]" if ":" in host else host
    return f"{named}:{target.port}" if target.port else named


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)

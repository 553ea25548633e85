"""The way to images of the network where a company lets nobody out but through its proxy.

There the proxy looks names up, and what it finds we cannot see: it might be a machine of the
office. Therefore only sealed connections go through it (CONNECT, RFC 9110, 9.3.6): before anything
is asked for, the other side has to prove that it is who the mail names. What is known here to be
private is refused as without a proxy.
"""

import base64
import http.client
import ipaddress
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

# Names that are never of the whole world (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`), and
# those that offices like to use.
_OF_AN_OFFICE = (
    *("arpa", "internal", "local", "localhost", "test"),
    *("corp", "domain", "home", "host", "intra", "intranet", "lan", "localdomain", "mail"),
    *("private", "workgroup"),
)
# The last label of a name begins with a letter: what ends in a number is an address in one of its
# odd ways of writing (127.1, 0x7f.0.0.1).
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+([a-z][a-z0-9-]{0,62})\.?", re.IGNORECASE)


class ImageRefused(Exception):
    """This image is not loaded, for a reason in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One that takes CONNECT; `secret` is what follows `Basic`, empty without a password."""

    host: str
    port: int
    secret: str = field(default="", repr=False)


def system_proxy(url: str) -> Proxy | None:
    """The proxy of this computer for an address: of the environment, else of the desktop."""
    target = urlsplit(url)
    named = getproxies_environment()
    if wanted := named.get(target.scheme) or named.get("all"):
        return None if proxy_bypass(target.netloc) else _of_words(wanted)
    return of_desktop(QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))))


def _of_words(words: str) -> Proxy:
    named = urlsplit(words if "://" in words else f"http://{words}")
    if named.scheme != "http" or not named.hostname:
        raise _unknown_kind()
    secret = _secret(unquote(named.username or ""), unquote(named.password or ""))
    return Proxy(host=named.hostname, port=named.port or 80, secret=secret)


def of_desktop(found: list[QNetworkProxy]) -> Proxy | None:
    """The first that is of use; a list may end in "no proxy"."""
    kinds = QNetworkProxy.ProxyType
    for one in found:
        if one.type() in (kinds.NoProxy, kinds.DefaultProxy):
            return None
        if one.type() in (kinds.HttpProxy, kinds.HttpCachingProxy):
            secret = _secret(one.user(), one.password())
            return Proxy(host=one.hostName(), port=one.port(), secret=secret)
    if found:
        raise _unknown_kind()
    return None


def _unknown_kind() -> ImageRefused:
    return ImageRefused("It would have to come through a kind of proxy that is not known here.")


def _secret(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode("ascii") if user else ""


def sealed(target: SplitResult) -> SplitResult:
    """The same image by https: nothing else goes through a proxy."""
    if target.scheme == "https":
        return target
    if target.port not in (None, 80):
        raise ImageRefused("Through a proxy it could only come unsealed.")
    host = target.hostname or ""
    return target._replace(scheme="https", netloc=f"[{host}]" if ":" in host else host)


def may_be_public(host: str) -> bool:
    """Tell whether a name that cannot be looked up here may be left to a proxy."""
    found = _NAME.fullmatch(host)
    return found is not None and found[1].lower() not in _OF_AN_OFFICE


def open_tunnel(connection: socket.socket, proxy: Proxy, host: str, port: int) -> None:
    """Ask the proxy to pass on all that follows; raises if it does not."""
    address = _address(host)
    if address is None and not _NAME.fullmatch(host):
        # What may go into the line below, and mean something else there.
        raise ImageRefused("Its address cannot be read.")
    is_v6 = address is not None and address.version == 6
    place = f"[{host}]:{port}" if is_v6 else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if proxy.secret:
        lines.append(f"Proxy-Authorization: Basic {proxy.secret}")
    connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii"))
    answer = http.client.HTTPResponse(connection, method="CONNECT")
    try:
        answer.begin()
        status = answer.status
    finally:
        answer.close()
    if status == http.client.PROXY_AUTHENTICATION_REQUIRED:
        raise ImageRefused("The proxy of this network wants a password.")
    if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
        raise ImageRefused(f"The proxy of this network says {status}.")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

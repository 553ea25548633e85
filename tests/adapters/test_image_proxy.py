"""Images through a company's proxy: a real one on loopback, which looks names up by itself."""

import base64
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtNetwork import QNetworkProxy

from supportdesk.adapters.mail import image_proxy
from supportdesk.adapters.mail.image_proxy import ImageRefused, Proxy, system_proxy
from supportdesk.adapters.mail.remote_images import FetchLimits, RemoteImages
from tests.adapters.image_fetches import Got, fetch
from tests.fakes.web_server import LoopbackServer, WebServer, head_from, image, says
from tests.lab.certificates import LabAuthority

SHOP = "shop.invalid"
PRIVATE = "It leads into a private network."


class ProxyServer(LoopbackServer):
    """Passes on to one server whatever it is asked for, or says no; keeps what it was asked."""

    def __init__(self, web_port: int) -> None:
        self._web_port = web_port
        self.refusal = b""
        self.heads: list[str] = []
        self.first_bytes: list[bytes] = []
        super().__init__()

    def talk(self, peer: socket.socket) -> None:
        with peer:
            head = head_from(peer)
            if not head:
                return
            self.heads.append(head.decode())
            if self.refusal or not head.startswith(b"CONNECT "):
                peer.sendall(b"HTTP/1.1 " + (self.refusal or b"400 Bad") + b"\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self._web_port)) as web:
                peer.sendall(b"HTTP/1.1 200 Connection established\r\nVia: us\r\n\r\n")
                back = threading.Thread(target=_pass_on, args=(web, peer), daemon=True)
                back.start()
                _pass_on(peer, web, self.first_bytes.append)
                back.join()


def _pass_on(
    source: socket.socket, target: socket.socket, began_with: Callable[[bytes], None] | None = None
) -> None:
    """Until one of them ends. The first byte is told before anybody can answer to it."""
    with contextlib.suppress(OSError):
        while piece := source.recv(65_536):
            if began_with is not None:
                began_with(piece[:1])
                began_with = None
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


class Office:
    """A network with a proxy, and beyond it a shop that has a certificate."""

    def __init__(self, folder: Path) -> None:
        authority = LabAuthority(folder)
        ours = authority.issue("web", names=[SHOP])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ours.certificate, ours.key)
        self.web = WebServer(context)
        self.proxy = ProxyServer(self.web.port)
        self.limits = FetchLimits(
            tls=lambda: ssl.create_default_context(cafile=str(authority.ca_file)),
            proxy_for=lambda _: Proxy(host="127.0.0.1", port=self.proxy.port),
        )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.proxy.close()
    made.web.close()


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_image_comes_through_the_proxy_and_always_sealed(office: Office, scheme: str) -> None:
    office.web.answers["/a.png"] = image(b"picture")
    assert fetch(f"{scheme}://{SHOP}/a.png", limits=office.limits).images == {0: b"picture"}
    assert office.proxy.heads == [f"CONNECT {SHOP}:443 HTTP/1.1\r\nHost: {SHOP}:443\r\n\r\n"]
    # A TLS handshake, and not a word of what is asked for.
    assert office.proxy.first_bytes == [b"\x16"]
    assert f"Host: {SHOP}\r\n" in office.web.asked[0]


def test_a_password_for_the_proxy_is_for_nobody_else(office: Office) -> None:
    secret = base64.b64encode(b"anna:se cret").decode()
    named = Proxy(host="127.0.0.1", port=office.proxy.port, secret=secret)
    office.web.answers["/"] = image(b"picture")
    limits = replace(office.limits, proxy_for=lambda _: named)
    assert fetch(f"https://{SHOP}/", limits=limits).images == {0: b"picture"}
    assert f"Proxy-Authorization: Basic {secret}\r\n" in office.proxy.heads[0]
    assert "uthorization" not in office.web.asked[0]
    assert secret not in repr(named)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/", PRIVATE),
        ("http://10.0.0.1/", PRIVATE),
        ("https://[::1]/", PRIVATE),
        ("https://169.254.169.254/latest/", PRIVATE),
        ("https://2130706433/", PRIVATE),
        ("https://0x7f.1/", PRIVATE),
        ("https://localhost/", PRIVATE),
        ("https://wiki/", PRIVATE),
        ("https://wiki.corp/", PRIVATE),
        ("https://printer.local./", PRIVATE),
        ("https://10.0.0.1 shop.invalid/", "Its server does not answer."),
        (f"http://{SHOP}:8080/", "Through a proxy it could only come unsealed."),
        (f"https://another.{SHOP}/", "Its server does not answer."),
    ],
)
def test_what_is_private_or_not_who_it_says_is_refused(office: Office, url: str, why: str) -> None:
    """A name of the office has no certificate for the name that the mail gives."""
    assert fetch(url, limits=office.limits).reasons == {0: why}
    assert office.web.asked == []
    assert all("another" in head for head in office.proxy.heads)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("http://192.168.0.1/", "It leads from a sealed connection to an open one."),
        ("https://192.168.0.1/", PRIVATE),
        ("https://wiki/", PRIVATE),
    ],
)
def test_each_redirect_is_looked_at_anew(office: Office, place: str, why: str) -> None:
    office.web.answers["/"] = says("302 Found", f"Location: {place}", "Content-Length: 0")
    assert fetch(f"https://{SHOP}/", limits=office.limits).reasons == {0: why}
    assert len(office.proxy.heads) == 1


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (b"407 Proxy Authentication Required", "The proxy of this network wants a password."),
        (b"403 Forbidden", "The proxy of this network says 403."),
        (b"x", "Its server does not answer."),
    ],
)
def test_a_proxy_that_says_no_is_named(office: Office, refusal: bytes, why: str) -> None:
    office.proxy.refusal = refusal
    assert fetch(f"https://{SHOP}/", limits=office.limits).reasons == {0: why}


def test_a_proxy_that_says_nothing_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = Proxy(host="127.0.0.1", port=silent.getsockname()[1])
        limits = FetchLimits(proxy_for=lambda _: proxy, seconds=0.5)
        assert fetch(f"https://{SHOP}/", limits=limits).reasons[0]
        got = Got()
        images = RemoteImages(replace(limits, seconds=60.0), got.came)
        images.start([f"https://{SHOP}/"])
        silent.accept()[0].close()
        peer = silent.accept()[0]
        assert peer.recv(8) == b"CONNECT "
        images.stop()
        while peer.recv(4096):
            pass
        peer.close()
        assert (got.images, got.reasons) == ({}, {})


NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_the_proxy_of_the_environment(environment: pytest.MonkeyPatch) -> None:
    assert system_proxy("https://shop.example/") is None
    environment.setenv("HTTPS_PROXY", "http://anna:a%40b@proxy.corp:3128/")
    environment.setenv("no_proxy", "intra.example")
    secret = base64.b64encode(b"anna:a@b").decode()
    assert system_proxy("https://shop.example/") == Proxy(
        host="proxy.corp", port=3128, secret=secret
    )
    assert system_proxy("https://a.intra.example:443/") is None
    environment.setenv("all_proxy", "proxy.corp")
    assert system_proxy("http://shop.example/") == Proxy(host="proxy.corp", port=80)
    environment.setenv("http_proxy", "socks5://proxy.corp")
    with pytest.raises(ImageRefused, match="a kind of proxy"):
        system_proxy("http://shop.example/")


def test_the_proxy_of_the_desktop() -> None:
    kinds = QNetworkProxy.ProxyType
    http = QNetworkProxy(kinds.HttpProxy, "proxy.corp", 3128, "anna", "b")
    none, socks = QNetworkProxy(kinds.NoProxy), QNetworkProxy(kinds.Socks5Proxy, "s", 1)
    secret = base64.b64encode(b"anna:b").decode()
    wanted = Proxy(host="proxy.corp", port=3128, secret=secret)
    assert image_proxy.of_desktop([socks, http, none]) == wanted
    assert image_proxy.of_desktop([none, http]) is None
    assert image_proxy.of_desktop([]) is None
    with pytest.raises(ImageRefused, match="a kind of proxy"):
        image_proxy.of_desktop([socks])

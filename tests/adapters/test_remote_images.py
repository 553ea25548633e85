"""Images of the network: fetched by hand, tell nothing about the reader, reach nothing private."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail.remote_images import (
    MAX_IMAGES,
    FetchLimits,
    RemoteImages,
    is_public,
)
from supportdesk.picture_loader import PictureLoader
from tests.adapters.image_fetches import LOOPBACK, PATIENCE, Got, fetch
from tests.fakes.pictures import encoded
from tests.fakes.web_server import Answer, WebServer, image, says
from tests.lab.certificates import LabAuthority


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


def test_an_image_comes_and_the_request_names_nobody(web: WebServer) -> None:
    web.answers["/a%20b.png?x=1&y=%20z"] = image(b"picture")
    got = fetch(web.url("/a b.png?x=1&y=%20z"))
    assert got.images == {0: b"picture"}
    assert web.asked[0].split("\r\n") == [
        "GET /a%20b.png?x=1&y=%20z HTTP/1.1",
        f"Host: 127.0.0.1:{web.port}",
        "User-Agent: Mozilla/5.0",
        "Accept: image/webp,image/png,image/jpeg,image/gif,*/*;q=0.1",
        "Connection: close",
        "",
        "",
    ]


def test_the_next_address_is_tried(web: WebServer) -> None:
    """`localhost` has two addresses on many machines, and the server listens on one."""
    web.answers["/"] = image(b"picture")
    both = replace(LOOPBACK, may_connect=lambda address: address in ("127.0.0.1", "::1"))
    assert fetch(web.url("/", "localhost"), limits=both).images == {0: b"picture"}


def test_no_cookie_comes_back(web: WebServer) -> None:
    web.answers["/a"] = says(
        "302 Found", "Location: /b", "Set-Cookie: who=anna", "Content-Length: 0"
    )
    web.answers["/b"] = image(b"picture")
    assert fetch(web.url("/a")).images == {0: b"picture"}
    assert "who" not in "".join(web.asked)
    assert "eferer" not in "".join(web.asked)


def test_empty_addresses_are_not_asked_for(web: WebServer) -> None:
    web.answers["/a"] = image(b"one")
    got = fetch("", web.url("/a"), "")
    assert got.images == {1: b"one"}
    assert got.reasons == {}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says("404 Not Found"), "Its server says 404."),
        (says("204 No Content"), "Its server says 204."),
        (image(b"<html>", "text/html"), "It is no image that can be shown."),
        (image(b"<svg/>", "image/svg+xml"), "It is no image that can be shown."),
        (says("200 OK", "Content-Length: 1", body=b"x"), "It is no image that can be shown."),
        (image(b"x" * 2000), "It is too large."),
        (says("200 OK", "Content-Type: image/png", body=b"x" * 500_000), "It is too large."),
        (
            says("200 OK", "Content-Type: image/png", "Content-Length: 99", body=b"x"),
            "It came incomplete.",
        ),
        (says("302 Found", "Location: /"), "It leads on and on."),
        (says("302 Found", "Location: file:///etc/passwd"), "It is not on the web."),
        (says("302 Found", "Location: ftp://127.0.0.1/"), "It is not on the web."),
        (says("302 Found"), "It leads on and on."),
        (says("302 Found", "Location: http://127.0.0.2/"), "It leads into a private network."),
        (says("302 Found", "Location: http://[::1]/"), "It leads into a private network."),
        (
            says("302 Found", "Location: http://anna:secret@127.0.0.1/"),
            "Its address hides where it leads.",
        ),
        (lambda peer: peer.sendall(b"SSH-2.0-x\r\n"), "Its server does not answer."),
        (lambda peer: None, "Its server does not answer."),
    ],
)
def test_what_is_no_image_is_said(web: WebServer, answer: Answer, why: str) -> None:
    web.answers["/"] = answer
    got = fetch(web.url("/"), limits=replace(LOOPBACK, image_bytes=1000))
    assert got.reasons == {0: why}
    assert len(web.asked) <= LOOPBACK.redirects + 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "It is not on the web."),
        ("ftp://shop.example/a.png", "It is not on the web."),
        ("http:///a.png", "It is not on the web."),
        ("https://anna:secret@shop.example/a.png", "Its address hides where it leads."),
        ("https://shop.example\\@bank.example/", "Its address hides where it leads."),
        ("http://shop.example:25/", "It is at an unusual port."),
        (f"http://{'ü' * 70}.example/", "Its address cannot be read."),
        ("http://[::1", "Its server does not answer."),
        ("http://127.0.0.1/", "It leads into a private network."),
        ("http://localhost/", "It leads into a private network."),
        ("http://2130706433/", "It leads into a private network."),
        ("http://169.254.169.254/latest/meta-data/", "It leads into a private network."),
        ("http://10.0.0.1:8080/", "It leads into a private network."),
        ("https://[fe80::1]/", "It leads into a private network."),
        ("http://[::ffff:127.0.0.1]/", "It leads into a private network."),
        ("http://0.0.0.0/", "It leads into a private network."),
    ],
)
def test_addresses_that_are_refused(url: str, why: str) -> None:
    assert fetch(url, limits=FetchLimits(proxy_for=lambda _: None)).reasons == {0: why}


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:192.168.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("not an address", False),
    ],
)
def test_which_addresses_are_public(address: str, is_allowed: bool) -> None:
    assert is_public(address) == is_allowed


def trickle(begin: bytes, piece: bytes) -> Callable[[WebServer], Answer]:
    def made(web: WebServer) -> Answer:
        def answer(peer: socket.socket) -> None:
            peer.sendall(begin)
            while not web.is_over.wait(0.02):
                peer.sendall(piece)

        return answer

    return made


@pytest.mark.parametrize(
    "kind",
    [
        trickle(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", b"x"),
        trickle(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        trickle(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        trickle(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        trickle(b"", b""),
    ],
    ids=["body", "fields", "field", "continue", "nothing"],
)
def test_a_slow_server_is_left(web: WebServer, kind: Callable[[WebServer], Answer]) -> None:
    web.answers["/"] = kind(web)
    got = fetch(web.url("/"), limits=replace(LOOPBACK, seconds=0.5))
    assert got.reasons[0]


def test_all_of_a_message_together_are_limited(web: WebServer) -> None:
    web.answers["/"] = image(b"x" * 1000)
    got = fetch(*[web.url("/")] * 10, limits=replace(LOOPBACK, total_bytes=3500))
    assert len(got.images) == 3
    assert set(got.reasons.values()) == {"It is too large."}


def test_hundreds_of_images_are_not_all_fetched(web: WebServer) -> None:
    web.answers["/"] = image(b"x")
    got = fetch(*[web.url("/")] * (MAX_IMAGES + 5))
    assert len(got.images) == MAX_IMAGES
    assert set(got.reasons.values()) == {"This message has too many images."}


def test_stopping_ends_what_is_on_its_way(web: WebServer) -> None:
    has_asked = threading.Event()

    def hold(peer: socket.socket) -> None:
        has_asked.set()
        # Until the client hangs up.
        assert peer.recv(1) == b""
        web.is_over.set()

    web.answers["/"] = hold
    got = Got()
    images = RemoteImages(replace(LOOPBACK, seconds=60.0), got.came)
    images.start([web.url("/")] * 20)
    assert has_asked.wait(PATIENCE)
    images.stop()
    assert web.is_over.wait(PATIENCE)
    assert (got.images, got.reasons) == ({}, {})


def test_certificates_are_verified(tmp_path: Path) -> None:
    authority = LabAuthority(tmp_path)
    good = authority.issue("web")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(good.certificate, good.key)
    server = WebServer(context)
    server.answers["/"] = image(b"sealed")
    server.answers["/out"] = says("302 Found", "Location: http://127.0.0.1/", "Content-Length: 0")
    url = f"https://127.0.0.1:{server.port}/"
    trusting = replace(
        LOOPBACK, tls=lambda: ssl.create_default_context(cafile=str(authority.ca_file))
    )
    try:
        assert fetch(url, limits=trusting).images == {0: b"sealed"}
        assert fetch(url).reasons == {0: "Its server does not answer."}
        out = fetch(f"{url}out", limits=trusting)
    finally:
        server.close()
    assert out.reasons == {0: "It leads from a sealed connection to an open one."}


def test_the_loader_decodes_and_answers_on_the_gui_thread(
    web: WebServer, qtbot: QtBot, qapp: QObject
) -> None:
    web.answers["/a.png"] = image(encoded("png", 30, 20))
    web.answers["/b.png"] = image(b"no picture")
    loader = PictureLoader(qapp, LOOPBACK)
    came: dict[str, tuple[int, str, str]] = {}

    def done(name: str, picture: QImage | None, why: str) -> None:
        width = picture.width() if picture is not None else 0
        came[name] = (width, why, threading.current_thread().name)

    loader.load_remote([web.url("/a.png"), "", web.url("/b.png")], done)
    qtbot.waitUntil(lambda: len(came) == 2, timeout=30_000)
    assert came == {
        "remote:0": (30, "", "MainThread"),
        "remote:2": (0, "It is no image that can be shown.", "MainThread"),
    }

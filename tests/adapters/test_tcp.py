"""Hosts as our links look them up."""

import pytest

from supportdesk.adapters.tcp import is_loopback, is_numeric, wire_name


@pytest.mark.parametrize(
    ("host", "wired"),
    [
        ("mail.example.com", b"mail.example.com"),
        ("192.0.2.7", b"192.0.2.7"),
        ("post.bücher.example", b"post.xn--bcher-kva.example"),
    ],
)
def test_a_host_is_looked_up_in_ascii(host: str, wired: bytes) -> None:
    assert wire_name(host) == wired


@pytest.mark.parametrize(
    ("host", "stays_here", "is_address"),
    [
        ("localhost", True, False),
        ("LOCALHOST.", True, False),
        ("127.0.0.2", True, True),
        ("::1", True, True),
        ("192.0.2.7", False, True),
        ("localhost.example", False, False),
        ("", False, False),
    ],
)
def test_what_stays_on_this_computer(host: str, stays_here: bool, is_address: bool) -> None:
    assert is_loopback(host) is stays_here
    assert is_numeric(host) is is_address

"""Names as the transport looks them up; its waits are tested with the worker that uses it."""

import pytest

from supportdesk.adapters.mail.transport import wire_name


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

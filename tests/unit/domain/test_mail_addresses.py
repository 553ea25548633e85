import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.mail_addresses import (
    MAX_ADDRESS,
    address_key,
    domain_of,
    is_same_address,
    wire_address,
)


@pytest.mark.parametrize(
    ("typed", "wired"),
    [
        ("ann@example.com", "ann@example.com"),
        (" ann@example.com ", "ann@example.com"),
        ("Ann.O'Hara+desk@Example.com", "Ann.O'Hara+desk@Example.com"),
        ("ann@localhost", "ann@localhost"),
        ("ann@example.com.", "ann@example.com"),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
        ("ann@[IPv6:2001:db8::1]", "ann@[IPv6:2001:db8::1]"),
        ('"a b"@example.com', '"a b"@example.com'),
        ("a b@example.com", '"a b"@example.com'),
        ('"ann"@example.com', "ann@example.com"),
        ('"a\\"b\\\\"@example.com', '"a\\"b\\\\"@example.com'),
        ('a"b@example.com', '"a\\"b"@example.com'),
        ("a@b@example.com", '"a@b"@example.com'),
        ("ann..x@example.com", '"ann..x"@example.com'),
        ("info@müller.de", "info@xn--mller-kva.de"),
        ("info@MÜLLER.de", "info@xn--mller-kva.de"),
        ("info@faß.de", "info@xn--fa-hia.de"),
        ("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_address_in_ascii(typed: str, wired: str) -> None:
    assert wire_address(typed) == wired
    assert wire_address(wired) == wired


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.com",
        "ann@",
        "ann@-example.com",
        "ann@example..com",
        "ann@exam ple.com",
        "jörg@example.com",
        "ann\r\nRCPT TO:<eve@example.com>@example.com",
        "ann@example.com\r\nDATA",
        "ann\x00@example.com",
        "ann@ex\x00ample.com",
        "ann@[192.0.2.1\r\n]",
        "ann@ex\udc80ample.com",
        "ann@faß\u2028.de",
        "ann@" + "ü" * 70 + ".de",
        "a" * MAX_ADDRESS + "@example.com",
    ],
)
def test_what_no_server_could_be_told(typed: str) -> None:
    assert wire_address(typed) is None


@given(st.text(max_size=60), st.text(max_size=40))
def test_nothing_in_it_can_end_a_command(local: str, domain: str) -> None:
    wired = wire_address(f"{local}@{domain}")
    if wired is not None:
        assert wired.isascii()
        assert wired.isprintable()
        assert wire_address(wired) == wired
        assert not set(wired.rpartition("@")[2]) - set(
            string.ascii_letters + string.digits + "-._[]:"
        )


def test_the_domain_for_an_id_of_ours() -> None:
    assert domain_of("info@müller.de") == "xn--mller-kva.de"
    assert domain_of("nobody") == "nobody"
    assert domain_of("ann@exam ple") == "localhost"


def test_case_tells_nobody_apart() -> None:
    assert is_same_address("Ann@Example.com", "ann@example.COM ")
    assert is_same_address("info@müller.de", "info@xn--mller-kva.de")
    assert not is_same_address("ann@example.com", "anne@example.com")
    assert address_key("Jörg@example.com") == "jörg@example.com"

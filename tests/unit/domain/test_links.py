"""Where links really lead, and which of them imitate another place."""

import pytest

from supportdesk.domain.links import UNREADABLE_HOST, Doubt, doubt_about, host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Shop.Example/x?y", "shop.example"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://evil.example\\@bank.example/", "evil.example"),
        ("https://ev\til.example/", "evil.example"),
        ("https://müller.example/", "xn--mller-kva.example"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://[::1", UNREADABLE_HOST),
        (f"http://{'ü' * 70}.example/", UNREADABLE_HOST),
        ("mailto:ann@Shop.example?subject=x@y", "shop.example"),
        ("mailto:", ""),
        ("tel:+420123", ""),
        ("", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "shown", "doubt"),
    [
        ("http://evil.example/login", "www.bank.example", Doubt.OTHER_HOST),
        ("http://evil.example/login", "Sign in at bank.example.", Doubt.OTHER_HOST),
        ("http://evil.example/login", "https://bank.zz/login", Doubt.OTHER_HOST),
        ("http://evil.example/", "ann@bank.example", Doubt.OTHER_HOST),
        ("http://evil.example/", "b\u200bank\u3002example", Doubt.OTHER_HOST),
        ("http://evil.example/", "\uff42ank\uff0eexample", Doubt.OTHER_HOST),
        ("https://bank.example.evil.example/", "bank.example", Doubt.OTHER_HOST),
        ("https://evilbank.example/", "bank.example", Doubt.OTHER_HOST),
        ("https://3232235777/", "bank.example", Doubt.OTHER_HOST),
        ("https://evil.example/", "http://192.168.1.1/", Doubt.OTHER_HOST),
        ("https://evil.example/", "http://192.168.1.1", Doubt.OTHER_HOST),
        ("https://evil.example/", "192.168.1.1", Doubt.OTHER_HOST),
        ("https://evil.example/", " 192.168.1.1:8080/login", Doubt.OTHER_HOST),
        ("https://evil.example/", "Router: https://me@10.0.0.1:443/x", Doubt.OTHER_HOST),
        ("https://evil.example/", "http://3232235777/", Doubt.OTHER_HOST),
        ("https://evil.example/", "http://[2001:db8::1]/", Doubt.OTHER_HOST),
        ("https://evil.example/", "[2001:DB8::1]:8080", Doubt.OTHER_HOST),
        ("https://10.0.0.1/", "http://10.0.0.11/", Doubt.OTHER_HOST),
        ("http://[2001:db8::2]/", "http://[2001:db8::1]/", Doubt.OTHER_HOST),
        ("http://192.168.1.1/x", "http://192.168.1.1/", None),
        ("http://3232235777/x", "192.168.1.1", None),
        ("http://[2001:db8:0::1]/", "http://[2001:DB8::1]/", None),
        ("https://shop.example/notes", "Release 4.2.1.0", None),
        ("https://shop.example/notes", "[12:30] the call", None),
        ("https://shop.example/notes", "[1] and [2]", None),
        ("https://www.bank.example/x", "bank.example", None),
        ("https://bank.example/x", "https://www.bank.example/y", None),
        ("https://bank.example/x", "help.bank.example", None),
        ("https://click.bank.example/x", "bank.example and shop.example", None),
        ("https://bank.example/x", "click here", None),
        ("https://files.example/x", "offer.pdf", None),
        ("https://files.example/x", "Mr.Smith", None),
        ("https://files.example/x", "main.js", None),
        ("https://files.example/x", "larder.cz", Doubt.OTHER_HOST),
        ("https://bank.example@evil.example/", "click", Doubt.USER_NAME),
        ("https://me:secret@shop.example/", "click", Doubt.USER_NAME),
        ("http://[::1", "click", Doubt.USER_NAME),
        ("https://evil.example\\@bank.example/", "click", Doubt.USER_NAME),
        ("https://xn--80ak6aa92e.com/", "click", Doubt.LOOKALIKE),
        ("https://аррӏе.com/", "click", Doubt.LOOKALIKE),
        ("https://gооgle.com/", "click", Doubt.LOOKALIKE),
        ("https://xn--0.example/", "click", Doubt.LOOKALIKE),
        ("https://xn--a-ecp.ru/", "click", None),
        ("https://müller.example/", "click", None),
        ("https://пример.example/", "click", None),
        ("https://日本語.example/", "click", None),
        ("https://xn--99zt52a.example/", "click", None),
        ("mailto:ann@shop.example", "help@bank.example", Doubt.OTHER_HOST),
        ("mailto:ann@shop.example", "ann@shop.example", None),
        ("mailto:ann@shop.example", "write to us", None),
        ("tel:+420123", "bank.example", None),
    ],
)
def test_doubts(url: str, shown: str, doubt: Doubt | None) -> None:
    assert doubt_about(url, shown) is doubt


def test_long_words_take_no_time() -> None:
    assert doubt_about("https://shop.example/", "a." * 500_000) is None
    assert doubt_about("https://shop.example/", "a" * 500_000) is None

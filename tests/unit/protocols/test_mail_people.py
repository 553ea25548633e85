"""People in address fields, by the book and against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.mail import Mailer
from supportdesk.protocols.mail_people import mailer, parse_mailers


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        (
            b'"B, Ann" <ann@x.org>, bob@y.org (Bob), team: a@b, c@d;',
            [("B, Ann", "ann@x.org"), ("Bob", "bob@y.org"), ("", "a@b"), ("", "c@d")],
        ),
        (b"=?utf-8?q?J=C3=B6rg?= <j@x>", [("Jörg", "j@x")]),
        (b"undisclosed-recipients:;", []),
        (b"<@relay,@other:user@host>", [("", "user@host")]),
        (b"Ann Other", [("Ann Other", "")]),
        (b'"a \\"b\\"" <c@d>', [('a "b', "c@d")]),
        (b"(only a comment)", []),
        (b"<>", [("", "")]),
        (b"\x00\x01<a@b", [("", "a@b")]),
        (b"M\xc3\xbcller, Hans <h@x>, b@y", [("Müller, Hans", "h@x"), ("", "b@y")]),
        (b"M\xfcller, <h@x>", [("Müller", "h@x")]),
        (b"Ann, Bob", [("Ann", ""), ("Bob", "")]),
        (b"Ann, b@y", [("Ann", ""), ("", "b@y")]),
        (b"<h@x> Hans", [("Hans", "h@x")]),
        (b"Hans h@x", [("Hans", "h@x")]),
        (b"Hans h @ x", [("Hans", "h@x")]),
        (b"Hans [mailto:h@x]", [("Hans", "h@x")]),
        (b"h@[10.0.0.1]", [("", "h@[10.0.0.1]")]),
        (b"<h@x,i@y>", [("", "h@x")]),
        (b"<a@b> <c@d>", [("", "a@b")]),
        (b"Hans <>, <hans> x@y", [("Hans", ""), ("", "x@y")]),
        (b"=?utf-8?Q?M=C3=BCller,_Hans?= <h@x>", [("Müller, Hans", "h@x")]),
        (b"=?utf-8?Q?Hans_=3Ch=40x=3E,_b=40y?=", [("Hans", "h@x"), ("", "b@y")]),
        (b"=?utf-8?Q?Hans?=", [("Hans", "")]),
        (b"Ann, =?utf-8?Q?Hans_=3Ch=40x=3E?=", [("Ann", ""), ("Hans", "h@x")]),
        (b"<=?utf-8?Q?h=40x?=>", [("", "h@x")]),
        (b"h@x (Hans (home) M)", [("Hans (home) M", "h@x")]),
        (b'"Ann <a@b>', [("Ann", "a@b")]),
        (b"a@b; c@d", [("", "a@b"), ("", "c@d")]),
        ("山田 太郎".encode("iso-2022-jp") + b" <t@x>", [("山田 太郎", "t@x")]),
        (b"<'h@x'>", [("", "h@x")]),
        (b'"a b"@x.org', [("", '"a b"@x.org')]),
        (b'Ann <"a, b"@x.org>, "c:d"@y.org', [("Ann", '"a, b"@x.org'), ("", '"c:d"@y.org')]),
        (b'"Ann"@home <ann@x.org>', [("", "ann@x.org")]),
        (b'"Ann" <ann @ x.org>', [("Ann", "ann@x.org")]),
        (b") x@y", [("", "x@y")]),
        (b"", []),
    ],
)
def test_people(raw: bytes, people: list[tuple[str, str]]) -> None:
    assert parse_mailers(raw) == tuple(Mailer(name=name, email=email) for name, email in people)


def test_people_are_bounded() -> None:
    crowd = b", ".join(b"p%d@x.org" % number for number in range(300))
    assert len(parse_mailers(crowd, limit=5)) == 5


@given(raw=st.binary(max_size=300))
def test_people_never_raise(raw: bytes) -> None:
    assert isinstance(parse_mailers(raw), tuple)


def test_names_cannot_deceive() -> None:
    person = mailer("'Sup\u202eport'\r\n".encode(), b"a b", b"x\r\ny")
    assert person == Mailer(name="Support", email="ab@xy")
    assert mailer(None, b"local", None) == Mailer(name="", email="local")
    assert mailer(None, None, b"host") == Mailer(name="", email="@host")


def test_a_group_of_thousands_stops_at_the_limit() -> None:
    whole = b"=?utf-8?Q?" + b"a=40b,_" * 200 + b"?="
    assert len(parse_mailers(whole, limit=7)) == 7
    assert len(parse_mailers(b'"\\' * 50_000)) <= 100

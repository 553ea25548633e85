"""Dates as strangers write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols import mail_dates
from supportdesk.protocols.mail_dates import date_sent, is_believable, parse_date


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Sat, 21 Nov 2026 10:00:00 +0000", (2026, 11, 21, 10, 0)),
        (b"21-Nov-2026 10:00:00 +0130", (2026, 11, 21, 8, 30)),
        (b" 1-Nov-2026 10:00:00 -0500", (2026, 11, 1, 15, 0)),
        (b"Mon, 1 Jan 99 10:00 EST", (1999, 1, 1, 15, 0)),
        (b"1 January 26 10:00 GMT", (2026, 1, 1, 10, 0)),
        (b"1 Jan 126 10:00 Z", (2026, 1, 1, 10, 0)),
        (b"Fri, 21 Nov 97 09:55:06 -0600 (comment)", (1997, 11, 21, 15, 55)),
        (b"Fri, 21 Nov 2025 09.55.60 +02:00", (2025, 11, 21, 7, 55)),
        (b"2026-11-21T10:00:00Z", (2026, 11, 21, 10, 0)),
        (b"2026-11-21 10:00:00.123 +0100", (2026, 11, 21, 9, 0)),
        (b"Sat Nov 21 10:00:00 2026", (2026, 11, 21, 10, 0)),
        (b"Sat Nov 21 10:00:00 CET 2026", (2026, 11, 21, 9, 0)),
        (b"Sat, 21 Nov 2026 10:00:00 PM +0000", (2026, 11, 21, 22, 0)),
        (b"Sat, 21 Nov 2026 12:05 am GMT", (2026, 11, 21, 0, 5)),
        (b"Sat, 21 Nov 2026 24:00:00 +0000", (2026, 11, 22, 0, 0)),
        (b"Sat, 21 Nov 2026 10:00:00 GMT+1", (2026, 11, 21, 9, 0)),
        (b"Sat, 21 Nov 2026 10:00:00 UTC+02:30", (2026, 11, 21, 7, 30)),
        (b"Sat, 21 Nov 2026 10:00:00 --0500", (2026, 11, 21, 15, 0)),
        (b"Sat, 21 Nov 2026 10:00:00 (CET (winter))", (2026, 11, 21, 9, 0)),
        (b"Sat, 21 Nov 2026 10:00:00 (no zone here)", (2026, 11, 21, 10, 0)),
        (b"Sat, 21st Nov 2026", (2026, 11, 21, 0, 0)),
        (b"Nov 21, 2026 3:05 PM EST", (2026, 11, 21, 20, 5)),
        (b"Saturday, November 21, 2026 at 10:00 AM", (2026, 11, 21, 10, 0)),
        (b"Sat Nov 21 10:00:00 2026 +0100", (2026, 11, 21, 9, 0)),
        (b"Foo 21, 2026 3:05 PM", None),
        (b"Nov 21 10:00:00", None),
        (b"2026/11/21 10:00:00", (2026, 11, 21, 10, 0)),
        (b"21.11.2026 10:00:00", (2026, 11, 21, 10, 0)),
        (b"21/11/2026 10:00", (2026, 11, 21, 10, 0)),
        (b"11/21/2026 10:00 PM", (2026, 11, 21, 22, 0)),
        (b"11/11/26 10:00", (2026, 11, 11, 10, 0)),
        (b"03/04/2026 10:00", None),
        (b"1795255200", (2026, 11, 21, 10, 0)),
        (b"So, 21 Mai 2026 10:00:00 +0200", (2026, 5, 21, 8, 0)),
        ("Mo, 2 Mär 2026 10:00:00 +0100".encode(), (2026, 3, 2, 9, 0)),
        ("lun. 2 févr. 2026 10:00:00 +0100".encode(), (2026, 2, 2, 9, 0)),
        ("2 août 2026 10:00 +0200".encode(), (2026, 8, 2, 8, 0)),
        (b"2 juillet 2026 10:00", (2026, 7, 2, 10, 0)),
        (b"2 juin 2026 10:00", (2026, 6, 2, 10, 0)),
        ("2. července 2026 10:00".encode(), (2026, 7, 2, 10, 0)),
        ("2. května 2026 10:00".encode(), (2026, 5, 2, 10, 0)),
        (b"2 de dezembro de 2026 10:00", (2026, 12, 2, 10, 0)),
        ("21 мая 2026 10:00".encode(), (2026, 5, 21, 10, 0)),
        ("2026. márc. 2. 10:00".encode(), (2026, 3, 2, 10, 0)),
        ("2026. nem hónap 2.".encode(), None),
        (b"2 foobar 2026", None),
        (b"12 34 56", None),
        (b"31 Feb 2026 10:00:00 +0000", None),
        (b"1 Foo 2026 10:00:00 +0000", None),
        (b"1 Jan 0001 00:00:00 +1400", None),
        (b"1 Jan 2026 10:00:00 +9999", None),
        (b"2026-13-21T10:00:00Z", None),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_dates(raw: bytes, expected: tuple[int, int, int, int, int] | None) -> None:
    found = parse_date(raw)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.replace(second=0) == datetime(*expected, tzinfo=UTC)
        assert found.utcoffset() == UTC.utcoffset(None)


@given(raw=st.one_of(st.binary(max_size=60), st.from_regex(mail_dates._DATE, fullmatch=True)))
def test_dates_never_raise(raw: bytes) -> None:
    found = parse_date(raw)
    assert found is None or found.tzinfo is UTC


def test_a_date_nobody_believes_gives_way_to_what_servers_saw() -> None:
    arrived = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    received = [
        b"from a by b; nonsense",
        b"from c by d; Sat, 21 Nov 2026 09:59:58 +0000",
        b"from e by f; Sat, 21 Nov 2026 09:00:00 +0000",
    ]
    seen = datetime(2026, 11, 21, 9, 59, 58, tzinfo=UTC)
    for absurd in (b"", b"x", b"Mon, 01 Jan 1900 00:00:00 GMT", b"1 Jan 2036 00:00:00 +0000"):
        assert date_sent(absurd, received, arrived) == seen
        assert date_sent(absurd, [], arrived) == arrived
    sent = arrived - timedelta(minutes=5)
    assert date_sent(b"Sat, 21 Nov 2026 09:55:00 +0000", received, arrived) == sent
    assert not is_believable(None, arrived)
    assert not is_believable(arrived + timedelta(days=2), arrived)

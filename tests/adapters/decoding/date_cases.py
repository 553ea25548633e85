"""Dates as senders write them, and what counts when they do not."""

from collections.abc import Iterator
from datetime import UTC, datetime

from tests.adapters.decoding.case import ARRIVED, SENT, Case, header, mail

_MORNING = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_RECEIVED = SENT


def cases() -> Iterator[Case]:
    for raw in (
        "Sat, 21 Nov 2026 10:00:00 +0100",
        "21 Nov 2026 10:00 +0100",
        "Sat, 21 Nov 26 10:00:00 +0100",
        "Sat,21 Nov 2026 10:00:00 +0100",
        "Sat, 21 Nov 2026 10:00:00 +01:00",
        "Sat, 21 Nov 2026 10:00:00 +0100 (CET)",
        "Sat, 21 Nov 2026 10:00:00 +0100 (Mitteleuropäische Zeit)",
        "Sat, 21 Nov 2026 10:00:00 (CET)",
        "(a comment) Sat, 21 Nov 2026 (another (inside)) 10:00:00 +0100",
        "Sat, 21 Nov 2026 10:00:00 CET",
        "Sat, 21 Nov 2026 10:00:00 MEZ",
        "Sat, 21 Nov 2026 04:00:00 EST",
        "Sat, 21 Nov 2026 01:00:00 PST",
        "Sat, 21 Nov 2026 09:00:00 UT",
        "Sat, 21 Nov 2026 09:00:00 GMT",
        "Sat, 21 Nov 2026 09:00:00 Z",
        "Sat, 21 Nov 2026 09:00:00 -0000",
        "Sat, 21 Nov 2026 09:00:00",
        "Sat, 21 Nov 2026 09:00:00 X",
        "Sat, 21 Nov 2026 10:00:00 GMT+1",
        "Sat, 21 Nov 2026 10:00:00 GMT+0100",
        "Sat, 21 Nov 2026 10:00:00 UTC+01:00",
        "Sat, 21 Nov 2026 10.00.00 +0100",
        "Sat, 21 Nov 2026 10:00:00.123 +0100",
        "Sat, 21 November 2026 10:00:00 +0100",
        "Saturday, 21-Nov-26 10:00:00 CET",
        "Sat, 21 Nov 126 10:00:00 +0100",
        "Sat, 21 NOV 2026 10:00:00 +0100",
        "Sat, 21 Nov 2026 10:00:00 AM +0100",
        "Sat Nov 21 10:00:00 2026 +0100",
        "Sat Nov 21 10:00:00 CET 2026",
        "Nov 21, 2026 10:00:00 AM CET",
        "Saturday, November 21, 2026 10:00 AM CET",
        "2026-11-21T10:00:00+01:00",
        "2026-11-21 09:00:00",
        "21.11.2026 09:00:00",
        "11/21/2026 09:00:00 AM",
        "So, 21 listopadu 2026 10:00:00 +0100",
        "Sa, 21 Nov. 2026 10:00:00 +0100",
        "sam. 21 nov. 2026 10:00:00 +0100",
        "\r\n Sat, 21 Nov 2026\r\n 10:00:00 +0100",
        "1795251600",
    ):
        yield Case(name=f"date: {raw.strip()}", raw=mail(date=raw), date=_MORNING)
    absurd: tuple[tuple[str, str | None], ...] = (
        ("missing", None),
        ("empty", ""),
        ("nonsense", "yesterday"),
        ("of 1900", "Mon, 01 Jan 1900 00:00:00 +0000"),
        ("of 1970", "Thu, 01 Jan 1970 00:00:00 +0000"),
        ("in ten years", "Sat, 21 Nov 2036 10:00:00 +0000"),
        ("31 February", "Sat, 31 Feb 2026 10:00:00 +0000"),
        ("that reads in two ways", "11/10/2026 09:00:00"),
        ("with an impossible zone", "Sat, 21 Nov 2026 10:00:00 +9900"),
    )
    for name, written in absurd:
        received = mail(date=written)
        yield Case(name=f"date {name}: Received counts", raw=received, date=_RECEIVED)
        line = received.split(b"\r\n", 1)[0] + b"\r\n"
        assert line.startswith(b"Received")
        bare = received.replace(line, header("X-Relay", "none"))
        yield Case(name=f"date {name}: the arrival counts", raw=bare, date=ARRIVED)

"""Messages that take a naive decoder for ever, or all the memory."""

import base64
import struct
from collections.abc import Callable, Mapping

from tests.adapters.decoding import tnef_writer as tnef
from tests.adapters.decoding.case import entity, mail, multipart, plain

MEGABYTE = 1_000_000


def _nested_messages() -> bytes:
    return b"Content-Type: message/rfc822\n\n" * 1000 + b"Subject: x\n\ninner"


def _nested_multiparts() -> bytes:
    raw = b"Content-Type: text/plain\n\ninner"
    for level in range(1000):
        raw = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (
            level,
            level,
            raw,
            level,
        )
    return raw


def _calendar(rule: str) -> bytes:
    event = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261121T100000Z\n{rule}\n"
    return mail(entity("text/calendar", f"{event}END:VEVENT\nEND:VCALENDAR"))


def _zones() -> bytes:
    zone = "BEGIN:VTIMEZONE\nTZID:Z\n" + (
        "BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYMONTH=99999999999;BYDAY=9MO\nEND:STANDARD\n" * 3000
    )
    start = "END:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Z:99991231T235959\n"
    return mail(entity("text/calendar", f"BEGIN:VCALENDAR\n{zone}{start}END:VEVENT\nEND:VCALENDAR"))


def _winmail(raw: bytes) -> bytes:
    coded = base64.encodebytes(raw)
    return mail(
        multipart("mixed", plain(), entity("application/ms-tnef", coded, encoding="base64"))
    )


def _nested_winmail() -> bytes:
    raw = tnef.winmail(tnef.body((tnef.UNICODE, 0x1000, tnef.wide("x"))))
    for _ in range(30):
        raw = tnef.winmail(tnef.message("x", raw))
    return _winmail(raw)


def _exploding_rtf() -> bytes:
    """Tokens that each copy 17 letters of the window."""
    token = struct.pack(">H", (200 << 4) | 15)
    packed = (b"\xff" + token * 8) * 60_000
    rtf = struct.pack("<II4sI", len(packed) + 12, 0xFFFFFFF0, b"LZFu", 0) + packed
    return _winmail(tnef.winmail(tnef.body((tnef.BINARY, 0x1009, rtf))))


def _lying_winmail() -> bytes:
    counts = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0x101F, 0x1000, 0xFFFFFFFF) * 9000
    return _winmail(tnef.winmail(tnef.attribute(1, 0x00069003, counts)))


def _deep_ber() -> bytes:
    raw = b"\x30\x80" * 200_000
    return mail(entity("application/pkcs7-mime", base64.encodebytes(raw), encoding="base64"))


def _parts(count: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n"
    return head + b"--b\nContent-Type: image/png\n\nx\n" * count + b"--b--\n"


POISON: Mapping[str, Callable[[], bytes]] = {
    "1,000 nested messages": _nested_messages,
    "1,000 nested multiparts": _nested_multiparts,
    "20,000 parts": lambda: _parts(20_000),
    "20,000 empty parts": lambda: (
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 20_000
    ),
    "boundaries that nearly fit": lambda: (
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\n--bx" * 400_000
    ),
    "an attachment of 50 MB": lambda: mail(
        multipart(
            "mixed", plain(), entity("application/zip", b"QUJD" * 12_500_000, encoding="base64")
        )
    ),
    "a text of 50 MB": lambda: mail(plain(b"word " * 10 * MEGABYTE)),
    "a text of 50 MB in base64": lambda: mail(
        entity("text/plain", b"QUJD" * 12_500_000, encoding="base64")
    ),
    "an unbroken word of 1 MB": lambda: mail(plain(b"x" * MEGABYTE)),
    "an unbroken word of 1 MB in HTML": lambda: mail(entity("text/html", b"x" * MEGABYTE)),
    "NULs": lambda: b"\0" * MEGABYTE,
    "NULs in the body": lambda: mail(plain(b"\0" * MEGABYTE)),
    "broken base64": lambda: mail(entity("text/plain", b"=A=" * 700_000, encoding="base64")),
    "broken quoted-printable": lambda: mail(
        entity("text/plain", b"=Z=\n=" * 300_000, encoding="quoted-printable")
    ),
    "broken uuencode": lambda: mail(entity("text/plain", b"M\n~" * 500_000, encoding="uuencode")),
    "an unknown charset": lambda: mail(plain(b"\xe4\xff" * 500_000, "; charset=x-nobody")),
    "letters of no charset": lambda: mail(plain(bytes(range(128, 256)) * 8000, "")),
    "100,000 header fields": lambda: b"X-A: y\n" * 100_000 + b"Subject: x\n\nbody",
    "100,000 header lines that are none": lambda: b"nonsense\nX-A: y\n" * 50_000 + b"\nbody",
    "a header line of 10 MB": lambda: b"Subject: " + b"x " * 5 * MEGABYTE + b"\n\nbody",
    "a header of 10 MB without an end": lambda: b"X: " + b"\n y" * 3 * MEGABYTE,
    "100,000 recipients": lambda: mail(to=b"a@example.org, " * 100_000),
    "100,000 groups": lambda: mail(to=b"a:" * 100_000),
    "quotes that never end": lambda: mail(to=b'"\\"' * 50_000),
    "comments in comments": lambda: mail(to=b"(" * 100_000, date=b"(" * 100_000),
    "angle brackets": lambda: mail(to=b"<" * 100_000 + b"@" * 100_000),
    "50,000 encoded words": lambda: mail(subject=b"=?utf-8?Q?x?= " * 50_000),
    "encoded words without an end": lambda: mail(subject=b"=?utf-8?Q?" * 50_000),
    "50,000 parameters": lambda: mail(entity(b"text/plain" + b"; x*0*=y" * 50_000, "x")),
    "quotes in parameters": lambda: mail(entity(b'text/plain; name="' + b'" ' * 9000, "x")),
    "100,000 references": lambda: mail(extra=[b"References: " + b"<a@b> " * 100_000]),
    "tables in tables": lambda: mail(entity("text/html", b"<table><tr><td>" * 50_000)),
    "5 MB of quotes": lambda: mail(plain(b"> quoted\n" * 560_000)),
    "quotes by turns": lambda: mail(plain(b"> a\nb\n" * 100_000)),
    "attributions without an end": lambda: mail(
        plain(b"On Monday 1 2026 a b c d e f g\n" * 50_000)
    ),
    "attributions nearly": lambda: mail(
        plain(b"On " + b"1 wrote " * 60 + b"\n" + b"On 1\n" * 4000)
    ),
    "spaces in parameters": lambda: mail(
        entity(b"text/plain; x=" + b" " * 19_000 + b"y; z" + b" " * 9000, "x")
    ),
    "spaces in rules": lambda: mail(plain((b"-" + b" " * 490 + b"x\n") * 600)),
    "boundaries that end nowhere": lambda: (
        b"Content-Type: multipart/mixed\n\n"
        + b"".join(b"--abcd%d\nContent-X: y\n" % number for number in range(700))
        + b"word " * 800_000
    ),
    "digits and a colon": lambda: mail(plain((b"1" * 490 + b":\n") * 600)),
    "verbs and a colon": lambda: mail(plain((b"on 1 wrote " * 44 + b":\n") * 600)),
    "addresses and a colon": lambda: mail(plain((b"2026 1:11 <a@b" * 35 + b">:\n") * 600)),
    "names of headers": lambda: mail(plain((b"From: " * 80 + b"\n") * 600)),
    "a line of devices": lambda: mail(plain(b"sent from my " * 22_000)),
    "header blocks without an end": lambda: mail(plain(b"From: a\nFrom: b\n\n" * 1500)),
    "rules without an end": lambda: mail(plain(b"-" * MEGABYTE)),
    "flowed lines": lambda: mail(plain(b"x \n" * 200_000, "; format=flowed")),
    "blank lines": lambda: mail(plain(b"x" + b"\n \t\n" * 200_000 + b"y")),
    "a monstrous rule": lambda: _calendar("RRULE:FREQ=DAILY;BYDAY=" + "MO," * 200_000),
    "a rule that repeats itself": lambda: _calendar("RRULE:" + "FREQ=DAILY;" * 80_000),
    "a calendar of 5,000 events": lambda: mail(
        entity("text/calendar", b"BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 5000)
    ),
    "calendars in calendars": lambda: mail(entity("text/calendar", b"BEGIN:VEVENT\n" * 100_000)),
    "parameters of a calendar": lambda: _calendar("DTSTART" + ";A=b,c" * 50_000),
    "zones without an end": _zones,
    "a winmail in a winmail, 30 deep": _nested_winmail,
    "an RTF that explodes": _exploding_rtf,
    "a winmail that lies": _lying_winmail,
    "a winmail of 50,000 attributes": lambda: _winmail(
        tnef.winmail(*[tnef.attribute(2, 0x00069002, b"")] * 50_000)
    ),
    "RTF of nothing but groups": lambda: _winmail(
        tnef.winmail(
            tnef.body((tnef.BINARY, 0x1009, tnef.stored_rtf(b"{\\rtf1" + b"{\\b" * 500_000)))
        )
    ),
    "a signature that nests": _deep_ber,
    "PGP armour without an end": lambda: mail(
        plain(
            b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 10_000
            + b"-----BEGIN PGP SIGNATURE-----\n" * 9000
        )
    ),
    "200 calendars": lambda: mail(
        multipart("mixed", *[entity("text/calendar", b"BEGIN:VEVENT\nSUMMARY:x\n" * 9000)] * 200)
    ),
    "20 nested messages of HTML": lambda: mail(
        multipart(
            "mixed",
            *[entity("message/rfc822", mail(entity("text/html", b"<p>a<b>b</b>" * 40_000)))] * 20,
        )
    ),
    "files that begin and never end": lambda: mail(
        plain(b"begin 644 x\n" + (b"M" + b"!" * 60 + b"\n") * 30_000 + b"\nend" * 3)
    ),
    "many beginnings of files": lambda: mail(plain(b"begin 644 x\n" * 60_000 + b"\nend")),
    "a preamble of boundaries": lambda: (
        b"Content-Type: multipart/mixed\n\n"
        + b"".join(b"--boundary%d\n" % number for number in range(2000))
    ),
}

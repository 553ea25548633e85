"""winmail.dat, invitations, and what is signed or encrypted."""
# ruff: noqa: E501 - what senders write is shown on one line, as it comes

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from supportdesk.domain.cards import Invitation, InvitationMethod, NestedMessage, Seal, SealedPart
from tests.adapters.decoding import tnef_writer as tnef
from tests.adapters.decoding.case import Case, attachment, entity, html, mail, multipart, plain


def cases() -> Iterator[Case]:
    yield from _tnef()
    yield from _invitations()
    yield from _seals()


def _winmail(raw: bytes, kind: str = "application/ms-tnef") -> bytes:
    coded = base64.encodebytes(raw)
    return entity(f'{kind}; name="winmail.dat"', coded, encoding="base64")


def _tnef() -> Iterator[Case]:
    files = tnef.winmail(tnef.file("Angebot für Müller.pdf", b"%PDF"), tnef.file("b.txt", b"bbb"))
    yield Case(
        name="winmail: files",
        raw=mail(multipart("mixed", plain(), _winmail(files))),
        attachments=("winmail.dat", "Angebot für Müller.pdf", "b.txt"),
    )
    yield Case(
        name="winmail: as octets",
        raw=mail(multipart("mixed", plain(), _winmail(files, "application/octet-stream"))),
        attachments=("winmail.dat", "Angebot für Müller.pdf", "b.txt"),
    )
    yield Case(
        name="winmail: cut off",
        raw=mail(multipart("mixed", plain(), _winmail(files[:-30]))),
        attachments=("winmail.dat", "Angebot für Müller.pdf", "SHORT~1.DAT"),
    )
    body = tnef.winmail(tnef.body((tnef.UNICODE, 0x1000, tnef.wide("Grüße\r\nvon Ann"))))
    yield Case(
        name="winmail: the text is inside",
        raw=mail(_winmail(body)),
        text="Grüße\nvon Ann",
        attachments=("winmail.dat",),
        is_plain=False,
    )
    narrow = tnef.winmail(
        tnef.body((tnef.STRING8, 0x1000, "Žluťoučký".encode("cp1250") + b"\0")), code_page=1250
    )
    yield Case(
        name="winmail: text in a code page",
        raw=mail(_winmail(narrow)),
        text="Žluťoučký",
        attachments=("winmail.dat",),
        is_plain=False,
    )
    page = tnef.body(
        (tnef.LONG, 0x3FDE, b"\xe9\xfd\0\0"), (tnef.BINARY, 0x1013, "<p>Grüße</p>".encode() + b"\0")
    )
    yield Case(
        name="winmail: HTML inside",
        raw=mail(_winmail(tnef.winmail(page))),
        text="Grüße",
        html="Grüße",
        attachments=("winmail.dat",),
        is_plain=False,
    )
    rtf = rb"{\rtf1\ansi\ansicpg1250\deff0{\fonttbl{\f0\fcharset238 Arial;}}\f0 Dobr\'fd den\par\u381?lut\'fd}"
    for name, packed in (("stored", tnef.stored_rtf(rtf)), ("packed", tnef.packed_rtf(rtf))):
        yield Case(
            name=f"winmail: {name} RTF inside",
            raw=mail(_winmail(tnef.winmail(tnef.body((tnef.BINARY, 0x1009, packed))))),
            text="Dobrý den\nŽlutý",
            attachments=("winmail.dat",),
            is_plain=False,
        )
    hidden = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}"
        rb"{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Gr\'fc\'dfe {\*\htmltag84 <b>}\htmlrtf {\b "
        rb"\htmlrtf0 you{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}}"
    )
    yield Case(
        name="winmail: HTML inside of RTF",
        raw=mail(_winmail(tnef.winmail(tnef.body((tnef.BINARY, 0x1009, tnef.stored_rtf(hidden)))))),
        text="Grüße you",
        html="Grüße you",
        attachments=("winmail.dat",),
        is_plain=False,
    )
    inner = tnef.winmail(
        tnef.body(
            (tnef.UNICODE, 0x0037, tnef.wide("Inner")),
            (tnef.UNICODE, 0x0C1A, tnef.wide("Bob")),
            (tnef.UNICODE, 0x0C1F, tnef.wide("bob@example.net")),
            (tnef.UNICODE, 0x1000, tnef.wide("Inner words")),
            named=[("x-custom", b"abc")],
        )
    )
    yield Case(
        name="winmail: a message inside",
        raw=mail(multipart("mixed", plain(), _winmail(tnef.winmail(tnef.message("Inner", inner))))),
        attachments=("winmail.dat",),
        cards=(NestedMessage(sender="Bob <bob@example.net>", subject="Inner", text="Inner words"),),
    )
    yield Case(
        name="winmail: none",
        raw=mail(multipart("mixed", plain(), _winmail(b"nothing of the kind"))),
        attachments=("winmail.dat",),
        notices=("winmail.dat could not be opened; only Outlook can read it.",),
    )


_CET = timezone(timedelta(hours=1))
_CEST = timezone(timedelta(hours=2))
_VTIMEZONE = """BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def _calendar(event: str, method: str = "REQUEST", zone: str = "") -> str:
    return (
        f"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{method}\n{zone}BEGIN:VEVENT\nUID:1@x\n"
        f"SUMMARY:Review\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def _invitations() -> Iterator[Case]:
    request = InvitationMethod.REQUEST
    ten, eleven = (datetime(2026, 11, 24, hour, tzinfo=_CET) for hour in (10, 11))
    utc = "DTSTART:20261124T090000Z\nDTEND:20261124T100000Z"
    at_nine, at_ten = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (9, 10))
    plain_card = Invitation(method=request, summary="Review", starts_at=at_nine, ends_at=at_ten)
    for name, calendar, card in (
        ("in UTC", _calendar(utc), plain_card),
        (
            "with the zone of Outlook",
            _calendar(
                "DTSTART;TZID=W. Europe Standard Time:20261124T100000\nDTEND;TZID=W. Europe Standard Time:20261124T110000",
                zone=_VTIMEZONE,
            ),
            Invitation(method=request, summary="Review", starts_at=ten, ends_at=eleven),
        ),
        (
            "in summer",
            _calendar("DTSTART;TZID=W. Europe Standard Time:20260721T100000", zone=_VTIMEZONE),
            Invitation(
                method=request, summary="Review", starts_at=datetime(2026, 7, 21, 10, tzinfo=_CEST)
            ),
        ),
        (
            "with a zone by its name",
            _calendar('DTSTART;TZID="Europe/Prague":20261124T100000\nDURATION:PT1H'),
            Invitation(method=request, summary="Review", starts_at=ten, ends_at=eleven),
        ),
        (
            "with a zone of Windows by its name",
            _calendar("DTSTART;TZID=Central Europe Standard Time:20261124T100000\nDURATION:PT60M"),
            Invitation(method=request, summary="Review", starts_at=ten, ends_at=eleven),
        ),
        (
            "all day",
            _calendar(
                "DTSTART;VALUE=DATE;TZID=Europe/Prague:20261124\nDTEND;VALUE=DATE;TZID=Europe/Prague:20261126"
            ),
            Invitation(
                method=request,
                summary="Review",
                starts_at=datetime(2026, 11, 24, tzinfo=_CET),
                ends_at=datetime(2026, 11, 26, tzinfo=_CET),
                is_all_day=True,
            ),
        ),
        (
            "each week",
            _calendar(f"{utc}\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261222T090000Z"),
            Invitation(
                method=request,
                summary="Review",
                starts_at=at_nine,
                ends_at=at_ten,
                repeats="Every week on Tuesday, until 22 December 2026",
            ),
        ),
        (
            "each other month",
            _calendar(f"{utc}\nRRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;COUNT=6"),
            Invitation(
                method=request,
                summary="Review",
                starts_at=at_nine,
                ends_at=at_ten,
                repeats="Every 2 months on the last Friday, 6 times",
            ),
        ),
        (
            "by a rule that takes too many words",
            _calendar(
                f"{utc}\nRRULE:FREQ=DAILY;BYSETPOS=1,2;BYHOUR=" + ",".join("123456789" * 500)
            ),
            Invitation(
                method=request,
                summary="Review",
                starts_at=at_nine,
                ends_at=at_ten,
                repeats="Repeats by a rule of its own, every day at most",
            ),
        ),
        (
            "with a place and an organizer",
            _calendar(
                f'{utc}\nLOCATION:Room 5\\, first floor\nORGANIZER;CN="Müller, Hans":MAILTO:hans@example.org'
            ),
            Invitation(
                method=request,
                summary="Review",
                starts_at=at_nine,
                ends_at=at_ten,
                place="Room 5, first floor",
                organizer="Müller, Hans",
            ),
        ),
        (
            "by an organizer without a name",
            _calendar(f"{utc}\nORGANIZER:mailto:hans@example.org"),
            Invitation(
                method=request,
                summary="Review",
                starts_at=at_nine,
                ends_at=at_ten,
                organizer="hans@example.org",
            ),
        ),
        (
            "called off",
            _calendar(utc, method="CANCEL"),
            Invitation(
                method=InvitationMethod.CANCEL, summary="Review", starts_at=at_nine, ends_at=at_ten
            ),
        ),
        (
            "answered",
            _calendar(utc, method="REPLY"),
            Invitation(
                method=InvitationMethod.REPLY, summary="Review", starts_at=at_nine, ends_at=at_ten
            ),
        ),
        (
            "without a time that can be read",
            _calendar("DTSTART:tomorrow"),
            Invitation(method=request, summary="Review"),
        ),
    ):
        raw = mail(
            multipart(
                "alternative",
                plain(),
                entity("text/calendar; charset=utf-8; method=REQUEST", calendar),
            )
        )
        yield Case(
            name=f"invitation: {name}", raw=raw, attachments=("invitation.ics",), cards=(card,)
        )
    folded = _calendar(utc).replace("SUMMARY:Review", "SUMMARY:Re\n view")
    yield Case(
        name="invitation: as a part and as a file",
        raw=mail(
            multipart(
                "mixed",
                multipart(
                    "alternative",
                    plain(),
                    html(),
                    entity("text/calendar; method=REQUEST", folded),
                    boundary="in",
                ),
                entity(
                    "application/ics",
                    base64.encodebytes(folded.encode()),
                    encoding="base64",
                    disposition='attachment; filename="invite.ics"',
                ),
            )
        ),
        html="Hello",
        attachments=("invitation.ics", "invite.ics"),
        cards=(plain_card,),
    )
    yield Case(
        name="invitation: nothing else, and a broken calendar",
        raw=mail(
            entity("text/calendar; charset=utf-8", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Rev")
        ),
        text="",
        attachments=("invitation.ics",),
        cards=(Invitation(method=InvitationMethod.OTHER, summary="Rev"),),
    )


def _der(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes(3)
    return bytes((tag, 0x83)) + size + body


def _oid(text: str) -> bytes:
    return _der(6, bytes.fromhex(text))


def opaque(inner: bytes) -> bytes:
    """SignedData around a message, with no signer: enough for whoever only wants to read."""
    content = _der(0x30, _oid("2a864886f70d010701"), _der(0xA0, _der(4, inner)))
    data = _der(0x30, _der(2, b"\1"), _der(0x31), content, _der(0x31))
    return _der(0x30, _oid("2a864886f70d010702"), _der(0xA0, data))


def opaque_in_pieces(inner: bytes) -> bytes:
    """The same with indefinite lengths and the message in pieces, as OpenSSL streams it."""

    def open_ended(tag: int, *content: bytes) -> bytes:
        return bytes((tag, 0x80)) + b"".join(content) + b"\0\0"

    pieces = [_der(4, inner[at : at + 40]) for at in range(0, len(inner), 40)]
    content = open_ended(
        0x30, _oid("2a864886f70d010701"), open_ended(0xA0, open_ended(0x24, *pieces))
    )
    data = open_ended(0x30, _der(2, b"\1"), _der(0x31), content, _der(0x31))
    return open_ended(0x30, _oid("2a864886f70d010702"), open_ended(0xA0, data))


def _seals() -> Iterator[Case]:
    pgp_signed, pgp_encrypted = (
        SealedPart(seal=Seal.PGP_SIGNED),
        SealedPart(seal=Seal.PGP_ENCRYPTED),
    )
    smime_signed = SealedPart(seal=Seal.SMIME_SIGNED)
    smime_encrypted = SealedPart(seal=Seal.SMIME_ENCRYPTED)
    yield Case(
        name="seal: PGP signed",
        raw=mail(
            multipart(
                "signed",
                plain(),
                entity("application/pgp-signature", "-----BEGIN PGP SIGNATURE-----"),
                parameters='; protocol="application/pgp-signature"; boundary="=_b1"',
            )
        ),
        attachments=("signature.asc",),
        cards=(pgp_signed,),
    )
    yield Case(
        name="seal: PGP encrypted",
        raw=mail(
            multipart(
                "encrypted",
                entity("application/pgp-encrypted", "Version: 1"),
                entity(
                    "application/octet-stream",
                    "-----BEGIN PGP MESSAGE-----",
                    disposition='inline; filename="encrypted.asc"',
                ),
            )
        ),
        text="",
        attachments=("encrypted.asc", "encrypted.asc"),
        cards=(pgp_encrypted,),
    )
    yield Case(
        name="seal: PGP signed in the text",
        raw=mail(
            plain(
                "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- a dash\n"
                "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
            )
        ),
        text="Hello\n-- a dash",
        cards=(pgp_signed,),
    )
    armour = "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"
    yield Case(
        name="seal: PGP encrypted in the text",
        raw=mail(plain(armour)),
        text=armour,
        cards=(pgp_encrypted,),
    )
    yield Case(
        name="seal: S/MIME signed",
        raw=mail(
            multipart(
                "signed",
                plain(),
                entity('application/pkcs7-signature; name="smime.p7s"', "xx"),
                parameters='; protocol="application/pkcs7-signature"; boundary="=_b1"',
            )
        ),
        attachments=("smime.p7s",),
        cards=(smime_signed,),
    )
    inner = multipart("mixed", plain("Signed words"), attachment("in.pdf"))
    for name, wrapped in (("whole", opaque(inner)), ("in pieces", opaque_in_pieces(inner))):
        yield Case(
            name=f"seal: S/MIME signed around the message, {name}",
            raw=mail(
                entity(
                    'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
                    base64.encodebytes(wrapped),
                    encoding="base64",
                )
            ),
            text="Signed words",
            attachments=("smime.p7m", "in.pdf"),
            cards=(smime_signed,),
            is_plain=False,
        )
    locked = _der(0x30, _oid("2a864886f70d010703"), _der(0xA0, _der(0x30, _der(2, b"\0"))))
    for name, kind in (
        ("named", "application/pkcs7-mime; smime-type=enveloped-data"),
        ("not named", "application/x-pkcs7-mime"),
    ):
        yield Case(
            name=f"seal: S/MIME encrypted, {name}",
            raw=mail(entity(kind, base64.encodebytes(locked), encoding="base64")),
            text="",
            attachments=("smime.p7m",),
            cards=(smime_encrypted,),
        )

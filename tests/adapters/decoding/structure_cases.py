"""Multiparts that are whole, broken or odd; nested messages; delivery reports."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

from supportdesk.domain.cards import NestedMessage
from tests.adapters.decoding.case import (
    Case,
    attachment,
    entity,
    header,
    html,
    mail,
    multipart,
    plain,
)

_INNER = mail(plain("Inner words"), subject="Inner", sender="Bob <bob@example.net>")
_SENT = datetime(2026, 11, 21, 9, 55, tzinfo=UTC)


def _card(section: str, text: str = "Inner words", subject: str = "Inner") -> NestedMessage:
    return NestedMessage(
        sender="Bob <bob@example.net>", subject=subject, sent_at=_SENT, text=text, section=section
    )


def cases() -> Iterator[Case]:
    yield from _multiparts()
    yield from _nested()
    yield from _reports()


def _multiparts() -> Iterator[Case]:
    pdf = attachment()
    for name, content in (
        ("by the book", multipart("mixed", plain(), pdf)),
        ("without an end", multipart("mixed", plain(), pdf, ending="")),
        (
            "boundary without quotes",
            multipart("mixed", plain(), pdf, boundary="b1", parameters="; boundary=b1"),
        ),
        (
            "boundary without an end quote",
            multipart("mixed", plain(), pdf, boundary="b1", parameters='; boundary="b1'),
        ),
        (
            "boundary after a line fold",
            multipart("mixed", plain(), pdf, parameters='; charset=x;\r\n\tboundary="=_b1"'),
        ),
        ("boundary with odd signs", multipart("mixed", plain(), pdf, boundary="--=(a)+_,-./:=?'b")),
        (
            "spaces after the boundary",
            multipart("mixed", plain(), pdf).replace(b"--=_b1\r\n", b"--=_b1  \r\n"),
        ),
        (
            "a preamble and an epilogue",
            multipart(
                "mixed",
                plain(),
                pdf,
                preamble="This is a multi-part message.\r\n",
                ending="--=_b1--\r\nEpilogue\r\n",
            ),
        ),
        ("a type in capitals", multipart("MIXED", plain(), pdf)),
        ("no boundary named", multipart("mixed", plain(), pdf, parameters="")),
        ("no Content-Type on the text", multipart("mixed", entity(None, "Hello"), pdf)),
        ("no header on the text", multipart("mixed", b"\r\nHello", pdf)),
        ("no empty line on the text", multipart("mixed", b"Hello", pdf)),
        ("only LF", multipart("mixed", plain(), pdf).replace(b"\r\n", b"\n")),
        ("an empty part", multipart("mixed", b"", plain(), pdf)),
        (
            "an inner one without an end",
            multipart("mixed", multipart("alternative", plain(), boundary="in", ending=""), pdf),
        ),
        (
            "a boundary that begins another",
            multipart("mixed", multipart("alternative", plain(), boundary="=_b1x"), pdf),
        ),
        (
            "a boundary that another begins",
            multipart("mixed", multipart("alternative", plain(), boundary="=_"), pdf),
        ),
        (
            "three levels",
            multipart(
                "mixed",
                multipart("related", multipart("alternative", plain(), boundary="c"), boundary="b"),
                pdf,
                boundary="a",
            ),
        ),
        ("an unknown kind", multipart("x-nobody", plain(), pdf)),
        (
            "base64 on the multipart",
            header("Content-Transfer-Encoding", "base64") + multipart("mixed", plain(), pdf),
        ),
    ):
        yield Case(name=f"multipart: {name}", raw=mail(content), attachments=("a.pdf",))
    wrong = multipart("mixed", plain(), pdf, parameters='; boundary="=_b1_"')
    yield Case(
        name="multipart: another boundary than the one named",
        raw=mail(wrong),
        attachments=("a.pdf",),
    )
    yield Case(
        name="multipart: words that look like a boundary",
        raw=mail(multipart("mixed", plain("One\n--=_b1 is no boundary\nTwo"))),
        text="One\n--=_b1 is no boundary\nTwo",
    )
    yield Case(
        name="multipart: two texts around a file",
        raw=mail(multipart("mixed", plain("Before"), attachment(), plain("After"))),
        text="Before\n\nAfter",
        attachments=("a.pdf",),
    )
    yield Case(
        name="multipart: nothing but a preamble",
        raw=mail(multipart("mixed", preamble="Hello", ending="")),
    )
    yield Case(
        name="multipart: a boundary that never comes",
        raw=mail(header("Content-Type", 'multipart/mixed; boundary="none"') + b"\r\nHello"),
    )
    yield Case(
        name="multipart: HTML with its pictures",
        raw=mail(
            multipart(
                "related",
                html('<p>Hello <img src="cid:pic@x"></p>'),
                entity("image/png; name=pic.png", "xx", extra=["Content-ID: <pic@x>"]),
            )
        ),
        html="Hello",
        attachments=("pic.png",),
        is_plain=False,
    )
    yield Case(
        name="multipart: Apple's two forks",
        raw=mail(
            multipart(
                "mixed",
                plain(),
                multipart(
                    "appledouble",
                    entity('application/applefile; name="a.pages"', "xx"),
                    entity('application/octet-stream; name="a.pages"', "xx"),
                    boundary="apple",
                ),
            )
        ),
        attachments=("a.pages", "a.pages"),
    )


def _nested() -> Iterator[Case]:
    forwarded = entity("message/rfc822", _INNER)
    yield Case(
        name="nested: forwarded as a file",
        raw=mail(multipart("mixed", plain(), forwarded)),
        attachments=("Inner.eml",),
        cards=(_card("2"),),
    )
    yield Case(
        name="nested: the words never mix, whatever the order",
        raw=mail(multipart("mixed", forwarded, plain())),
        attachments=("Inner.eml",),
        cards=(_card("1"),),
    )
    inner = mail(
        multipart("mixed", plain("Inner words"), attachment("in.pdf"), boundary="in"),
        subject="Inner",
        sender="Bob <bob@example.net>",
    )
    yield Case(
        name="nested: its files are listed as well",
        raw=mail(multipart("mixed", plain(), entity("message/rfc822", inner))),
        attachments=("Inner.eml", "in.pdf"),
        cards=(_card("2"),),
    )
    middle = mail(
        multipart("mixed", plain("Middle"), forwarded, boundary="m"),
        subject="Mid",
        sender="Bob <bob@example.net>",
    )
    yield Case(
        name="nested: one in another",
        raw=mail(multipart("mixed", plain(), entity("message/rfc822", middle))),
        attachments=("Mid.eml", "Inner.eml"),
        cards=(_card("2", "Middle", "Mid"), _card("2.2")),
    )
    yield Case(
        name="nested: a message and nothing else",
        raw=mail(forwarded),
        text="",
        attachments=("Inner.eml",),
        cards=(_card("1"),),
    )
    yield Case(
        name="nested: a digest",
        raw=mail(multipart("mixed", plain(), multipart("digest", b"\r\n" + _INNER, boundary="d"))),
        attachments=("Inner.eml",),
        cards=(_card("2.1"),),
    )
    coded = base64.encodebytes(_INNER)
    yield Case(
        name="nested: encoded against the rules",
        raw=mail(multipart("mixed", plain(), entity("message/rfc822", coded, encoding="base64"))),
        attachments=("Inner.eml",),
        cards=(_card("2"),),
    )
    yield Case(
        name="nested: with a name of its own",
        raw=mail(multipart("mixed", plain(), entity('message/rfc822; name="old.eml"', _INNER))),
        attachments=("old.eml",),
        cards=(_card("2"),),
    )


def _reports() -> Iterator[Case]:
    status = (
        "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; bob@example.net\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    )
    yield Case(
        name="report: not delivered",
        raw=mail(
            multipart(
                "report",
                plain("It did not arrive."),
                entity("message/delivery-status", status),
                entity("message/rfc822", _INNER),
            )
        ),
        text="It did not arrive.\n\nNot delivered to bob@example.net: 550 5.1.1 User unknown",
        attachments=("Inner.eml",),
        cards=(_card("3"),),
    )
    yield Case(
        name="report: only the header is returned",
        raw=mail(
            multipart(
                "report",
                plain("It did not arrive."),
                entity("message/delivery-status", status.replace("failed", "delayed")),
                entity("text/rfc822-headers", _INNER.split(b"\r\n\r\n", 1)[0]),
            )
        ),
        text=(
            "It did not arrive.\n\nNot yet delivered to bob@example.net; the server goes on trying:"
            " 550 5.1.1 User unknown"
        ),
        attachments=("headers.txt",),
        cards=(_card("3", ""),),
    )
    yield Case(
        name="report: opened",
        raw=mail(
            multipart(
                "report",
                plain("Your message was read."),
                entity(
                    "message/disposition-notification",
                    "Final-Recipient: rfc822; bob@example.net\n"
                    "Disposition: manual-action/MDN-sent-manually; displayed\n",
                ),
            )
        ),
        text="Your message was read.\n\nThe message to bob@example.net was opened.",
    )

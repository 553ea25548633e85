"""Names of attachments in all the ways they are written, and what counts as an attachment."""

import binascii
from collections.abc import Iterator

from tests.adapters.decoding.case import Case, attachment, entity, html, mail, multipart, plain

_LONG = "x" * 300 + ".pdf"


def cases() -> Iterator[Case]:
    yield from _dispositions()
    yield from _names_of_types()
    yield from _kinds()


def _dispositions() -> Iterator[Case]:
    for name, disposition, found in (
        ("in quotes", 'attachment; filename="a b.pdf"', "a b.pdf"),
        ("without quotes", "attachment; filename=a.pdf", "a.pdf"),
        ("with spaces, without quotes", "attachment; filename=a b c.pdf", "a b c.pdf"),
        ("quotes in quotes", 'attachment; filename="a "b" c.pdf"', "a _b_ c.pdf"),
        ("escaped quotes", 'attachment; filename="a \\"b\\".pdf"', "a _b_.pdf"),
        ("no end quote", 'attachment; filename="a.pdf', "a.pdf"),
        ("no semicolon", 'attachment filename="a.pdf"', "a.pdf"),
        ("no type", 'filename="a.pdf"', "a.pdf"),
        ("semicolon in quotes", 'attachment; filename="a;b.pdf"', "a;b.pdf"),
        ("in capitals", 'ATTACHMENT; FILENAME="a.pdf"', "a.pdf"),
        ("size after it", 'attachment; filename="a.pdf"; size=12', "a.pdf"),
        ("folded", 'attachment;\r\n\tfilename="a.pdf"', "a.pdf"),
        ("inline", 'inline; filename="a.pdf"', "a.pdf"),
        ("RFC 2231", "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        (
            "RFC 2231 with a language",
            "attachment; filename*=utf-8'de'Gr%C3%BC%C3%9Fe.pdf",
            "Grüße.pdf",
        ),
        ("RFC 2231 in Latin-1", "attachment; filename*=iso-8859-1''Gr%FC%DFe.pdf", "Grüße.pdf"),
        ("RFC 2231 in quotes", "attachment; filename*=\"UTF-8''Gr%C3%BC%C3%9Fe.pdf\"", "Grüße.pdf"),
        ("RFC 2231 without a charset", "attachment; filename*=Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        (
            "RFC 2231 in pieces",
            "attachment; filename*0*=UTF-8''Gr%C3%BC; filename*1*=%C3%9F; filename*2=e.pdf",
            "Grüße.pdf",
        ),
        (
            "RFC 2231 in plain pieces",
            'attachment; filename*0="aaa"; filename*1="bbb.pdf"',
            "aaabbb.pdf",
        ),
        ("RFC 2231 out of order", 'attachment; filename*1="b.pdf"; filename*0="a"', "ab.pdf"),
        (
            "RFC 2231 cut inside of a letter",
            "attachment; filename*0*=UTF-8''Gr%C3; filename*1*=%BC.pdf",
            "Grü.pdf",
        ),
        (
            "both forms",
            "attachment; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf",
            "Grüße.pdf",
        ),
        (
            "both forms, the other way round",
            "attachment; filename*=UTF-8''Gr%C3%BC.pdf; filename=\"Gr_.pdf\"",
            "Grü.pdf",
        ),
        ("an encoded word", 'attachment; filename="=?utf-8?B?R3LDvMOfZS5wZGY=?="', "Grüße.pdf"),
        (
            "encoded words without quotes",
            "attachment; filename==?utf-8?Q?Gr=C3=BC.pdf?=",
            "Grü.pdf",
        ),
        (
            "two encoded words",
            'attachment; filename="=?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe.pdf?="',
            "Grüße.pdf",
        ),
        (
            "encoded words in pieces",
            'attachment; filename*0="=?utf-8?B?R3LDvM"; filename*1="OfZS5wZGY=?="',
            "Grüße.pdf",
        ),
        (
            "an encoded word inside of RFC 2231",
            'attachment; filename*="=?utf-8?Q?Gr=C3=BC.pdf?="',
            "Grü.pdf",
        ),
        ("percents without RFC 2231", 'attachment; filename="Gr%C3%BC%C3%9Fe.pdf"', "Grüße.pdf"),
        (
            "percents that mean percents",
            'attachment; filename="100%25%20off.pdf"',
            "100%25%20off.pdf",
        ),
        ("raw UTF-8", 'attachment; filename="Grüße.pdf"', "Grüße.pdf"),
        (
            "Japanese of seven bits",
            b'attachment; filename="' + "請求書.pdf".encode("iso-2022-jp") + b'"',
            "請求書.pdf",
        ),
        ("a path", 'attachment; filename="../../etc/passwd"', "passwd"),
        ("a path of Windows", 'attachment; filename="C:\\Users\\ann\\a.pdf"', "a.pdf"),
        ("an absolute path", 'attachment; filename="/etc/passwd"', "passwd"),
        ("an encoded path", "attachment; filename*=UTF-8''..%2F..%2Fpasswd", "passwd"),
        ("an override", "attachment; filename*=UTF-8''a%E2%80%AEfdp.exe", "afdp.exe"),
        ("a hidden file", 'attachment; filename=".bashrc"', "bashrc"),
        ("a device", 'attachment; filename="con.txt"', "_con.txt"),
        ("another device", 'attachment; filename="LPT1"', "_LPT1"),
        ("signs no file may have", 'attachment; filename="a<b>:c|d?.pdf"', "a_b__c_d_.pdf"),
        ("dots at the end", 'attachment; filename="a.pdf. . "', "a.pdf"),
        ("only dots", 'attachment; filename=".."', "document.pdf"),
        ("empty", 'attachment; filename=""', "document.pdf"),
        ("a line end", "attachment; filename*=UTF-8''a%0D%0Ab.pdf", "a b.pdf"),
        ("too long", f'attachment; filename="{_LONG}"', "x" * 193 + "….pdf"),
    ):
        part = entity("application/pdf", "xx", disposition=disposition)
        yield Case(
            name=f"name: {name}", raw=mail(multipart("mixed", plain(), part)), attachments=(found,)
        )
    letters = "Žádost.pdf".encode("iso-8859-2")
    raw = entity("application/pdf", "xx", disposition=b'attachment; filename="' + letters + b'"')
    body = plain("Dobrý den, žádost".encode("iso-8859-2"), "; charset=iso-8859-2")
    yield Case(
        name="name: raw letters in the charset of the body",
        raw=mail(multipart("mixed", body, raw)),
        text="Dobrý den, žádost",
        attachments=("Žádost.pdf",),
    )


def _names_of_types() -> Iterator[Case]:
    for name, content_type, found in (
        ("on the type", 'application/pdf; name="a.pdf"', "a.pdf"),
        ("on the type, without quotes", "application/pdf; name=a.pdf", "a.pdf"),
        ("on the type, no semicolon", 'application/pdf name="a.pdf"', "a.pdf"),
        ("on the type, encoded", 'application/pdf; name="=?utf-8?Q?Gr=C3=BC.pdf?="', "Grü.pdf"),
        ("on the type, RFC 2231", "application/pdf; name*=utf-8''Gr%C3%BC.pdf", "Grü.pdf"),
        ("none: a PDF", "application/pdf", "document.pdf"),
        ("none: a picture", "image/png", "image.png"),
        ("none: a photo", "image/jpeg", "image.jpg"),
        ("none: a contact", "text/vcard", "contact.vcf"),
        ("none: a table", "text/csv", "table.csv"),
        ("none: a sound", "audio/mpeg", "audio.mp3"),
        ("none: no known type", "application/x-something", "application"),
        ("none: octets", "application/octet-stream", "attachment.bin"),
    ):
        raw = mail(multipart("mixed", plain(), entity(content_type, "xx")))
        yield Case(name=f"name: {name}", raw=raw, attachments=(found,))


def _kinds() -> Iterator[Case]:
    yield Case(
        name="attachment: text as a file",
        raw=mail(
            multipart(
                "mixed",
                plain(),
                entity("text/plain", "log", disposition='attachment; filename="a.log"'),
            )
        ),
        attachments=("a.log",),
    )
    yield Case(
        name="attachment: text inline with a name",
        raw=mail(
            multipart(
                "mixed", plain(), entity('text/plain; name="a.log"', "log", disposition="inline")
            )
        ),
        attachments=("a.log",),
    )
    yield Case(
        name="attachment: the body itself has a name",
        raw=mail(
            entity('text/plain; charset=utf-8; name="body.txt"', "Hello", disposition="inline")
        ),
    )
    yield Case(
        name="attachment: an HTML page as a file",
        raw=mail(
            multipart(
                "mixed",
                plain(),
                entity("text/html", "<p>x</p>", disposition='attachment; filename="a.html"'),
            )
        ),
        attachments=("a.html",),
    )
    yield Case(
        name="attachment: a picture in the text, unnamed",
        raw=mail(
            multipart(
                "related",
                html('<p>Hello</p><img src="cid:a%40b">'),
                entity("image/gif", "xx", disposition="inline", extra=["Content-ID: <a@b>"]),
            )
        ),
        html="Hello",
        attachments=("image.gif",),
        is_plain=False,
    )
    yield Case(
        name="attachment: nothing but a file",
        raw=mail(attachment("scan.pdf")),
        text="",
        attachments=("scan.pdf",),
    )
    yield Case(
        name="attachment: a file without a text, unnamed, as scanners send",
        raw=mail(entity("application/pdf", "xx")),
        text="",
        attachments=("document.pdf",),
    )
    yield Case(
        name="attachment: named by its place",
        raw=mail(
            multipart(
                "mixed",
                plain(),
                entity(
                    "image/jpeg", "xx", extra=["Content-Location: http://x.org/a/Photo25.jpg?s=1"]
                ),
            )
        ),
        attachments=("Photo25.jpg",),
    )
    coded = binascii.b2a_uu(b"x" * 45).decode() * 3 + binascii.b2a_uu(b"abc").decode() + "`\nend\n"
    yield Case(
        name="attachment: uuencoded in the text",
        raw=mail(plain(f"Hello\n\nbegin 644 a.doc\n{coded}Bye\n")),
        text="Hello\n\nBye",
        attachments=("a.doc",),
        is_plain=False,
    )
    yield Case(
        name="attachment: words that begin and end",
        raw=mail(plain("begin 644 words\nas if they were a file\nend")),
        text="begin 644 words\nas if they were a file\nend",
    )
    yield Case(
        name="attachment: described",
        raw=mail(
            multipart(
                "mixed",
                plain(),
                entity("application/x-thing", "xx", extra=["Content-Description: thing.bin"]),
            )
        ),
        attachments=("thing.bin",),
    )
    yield Case(
        name="attachment: several",
        raw=mail(
            multipart(
                "mixed", plain(), attachment("a.pdf"), attachment("b.pdf"), attachment("a.pdf")
            )
        ),
        attachments=("a.pdf", "b.pdf", "a.pdf"),
    )

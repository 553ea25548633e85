"""Messages as strangers send them, decoded field by field, in bounded time."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.adapters.mail import message_reader
from supportdesk.adapters.mail.flowed_text import unflow
from supportdesk.adapters.mail.message_reader import (
    MessageContent,
    preview_of,
    read_message,
)
from supportdesk.adapters.mail.mime_values import parse_header_value, safe_file_name
from supportdesk.adapters.mail.quoted_history import split_quoted, split_text
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import (
    SIGNATURE_BREAK,
    Mailer,
    MessageAddress,
    MessageId,
    MessagePart,
    MessageSummary,
)
from tests.conftest import ExpectLog

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def read(raw: bytes | str, *, size_bytes: int = 0) -> MessageContent:
    data = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw
    known = MessageSummary(
        account=SourceName("Support"),
        message_id=MessageId("<1@x>"),
        address=MessageAddress(mailbox="INBOX", uidvalidity=1, uid=1),
        sender=Mailer(name="", email="ann@example.org"),
        sent_at=NOW,
        arrived_at=NOW,
        size_bytes=size_bytes or len(data),
    )
    return read_message(data, known, is_whole=not size_bytes)


def text_of(raw: bytes | str) -> str:
    return read(raw).text.text


def parts_of(raw: bytes | str) -> list[tuple[str, str, int]]:
    return [(one.name, one.media_type, one.size_bytes) for one in read(raw).text.parts]


def multipart(*parts: str, kind: str = "mixed") -> str:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n\npreamble\n{body}--b--\nepilogue\n"


def test_plain_text() -> None:
    content = read("From: Ann <ann@example.org>\nSubject: Hi\n\nHello there,\r\nwhere is it?\n")
    assert content.text.text == "Hello there,\nwhere is it?"
    assert content.text.html is None
    assert content.text.words == 5
    assert content.text.notices == ()
    assert content.summary.preview == "Hello there, where is it?"
    assert content.summary.sender.name == "Ann"
    assert content.summary.subject == "Hi"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("Content-Type: text/plain; charset=utf-8", "Grüße".encode(), "Grüße"),
        ("Content-Type: text/plain; charset=iso-8859-2", "č".encode("iso-8859-2"), "č"),
        ('Content-Type: text/plain; charset="x-nobody"', "Grüße".encode(), "Grüße"),
        ("Content-Type: text/plain; charset=us-ascii", "Grüße".encode("latin-1"), "Grüße"),
        ("Content-Type: text/plain; charset=utf-8", b"a\xffb", "a\ufffdb"),
        ("Content-Type: text/plain; charset=gb2312", "你好".encode("gb18030"), "你好"),
        ("Content-Type: text/plain; charset=utf-16", "ä".encode("utf-16"), "ä"),
        ("Content-Transfer-Encoding: quoted-printable", b"Gr=C3=BC=\n=C3=9Fe=ZZ", "Grüße=ZZ"),
        ("Content-Transfer-Encoding: BASE64", base64.b64encode("Grüße".encode()), "Grüße"),
        ("Content-Transfer-Encoding: base64", b"SGk=\nSGk", "Hi"),
        ("Content-Transfer-Encoding: x-nobody", b"Hi", "Hi"),
        ("Content-Type: nonsense", b"Hi", "Hi"),
        ("Content-Type: multipart/mixed", b"Hi", "Hi"),
        ("Content-Type: multipart/mixed; boundary=none", b"Hi", "Hi"),
        ("Content-Type: text/plain; charset=utf-7", b"a+2AA-b", "ab"),
        ("Content-Type: text/html; charset=utf-7", b"a+2AA-b", "ab"),
        ("X: y", b"a\x00b\x1b[31m\xe2\x80\xaec", "ab[31mc"),
    ],
)
def test_encodings(head: str, body: bytes, expected: str) -> None:
    assert text_of(head.encode() + b"\n\n" + body).startswith(expected)


def test_raw_letters_in_headers_follow_the_body() -> None:
    raw = (
        "Subject: Dotaz č. 1\nFrom: Jiří <ann@example.org>\n"
        "Content-Type: text/plain; charset=iso-8859-2\n\nx"
    ).encode("iso-8859-2")
    content = read(raw)
    assert content.summary.subject == "Dotaz č. 1"
    assert content.summary.sender.name == "Jiří"


def test_alternative_takes_both_forms() -> None:
    content = read(
        multipart(
            "Content-Type: text/plain\n\nplain words",
            "Content-Type: text/html\n\n<p>html <b>words</b><script>x</script></p>",
            kind="alternative",
        )
    )
    assert content.text.text == "plain words"
    assert content.text.html == "<p>html <b>words</b></p>"
    assert content.text.parts == ()


@pytest.mark.parametrize("plain", ["", "Content-Type: text/plain\n\n  \n"])
def test_html_alone_becomes_text(plain: str) -> None:
    parts = [part for part in (plain, "Content-Type: text/html\n\n<p>one</p><p>two</p>") if part]
    assert text_of(multipart(*parts, kind="alternative")) == "one\n\ntwo"


def test_html_and_text_one_after_the_other() -> None:
    content = read(
        multipart("Content-Type: text/html\n\n<p>body</p>", "Content-Type: text/plain\n\n<footer>")
    )
    assert content.text.text == "body\n\n<footer>"
    assert content.text.html == "<p>body</p>\f<p>&lt;footer&gt;</p>"


def test_attachments_by_name_and_size() -> None:
    raw = multipart(
        "Content-Type: text/plain\n\nhello",
        'Content-Type: application/pdf; name="a.pdf"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(b"x" * 100).decode(),
        "Content-Disposition: attachment; filename=notes.txt\n\nattached text",
        "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR",
        "Content-Type: message/rfc822\n\nSubject: inner\n\ninner words",
        "Content-Type: image/png\nContent-ID: <c>\n\nxxx",
        "Content-Type: application/x-thing\n\nxxx",
        "Content-Type: application/pgp-signature\n\nxxx",
    )
    content = read(raw)
    assert content.text.text == "hello"
    assert parts_of(raw) == [
        ("a.pdf", "application/pdf", 100),
        ("notes.txt", "text/plain", 13),
        ("invitation.ics", "text/calendar", 15),
        ("inner.eml", "message/rfc822", 27),
        ("image.png", "image/png", 3),
        ("application", "application/x-thing", 3),
        ("signature.asc", "application/pgp-signature", 3),
    ]
    assert content.text.images == 1
    assert [part.section for part in content.text.parts] == [str(n) for n in range(2, 9)]
    assert content.summary.has_attachments


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="..\\\\..\\\\boot.ini"', "boot.ini"),
        ('attachment; filename="a\u202excod.exe"', "axcod.exe"),
        ("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        ("attachment; filename*0*=utf-8''Gr%C3%BC; filename*1=\"x.pdf\"", "Grüx.pdf"),
        ('attachment; filename="=?utf-8?B?R3LDvMOfZS5wZGY=?="', "Grüße.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ('attachment; filename="con:<x>|?*.txt"', "con__x____.txt"),
        ('attachment; filename=".hidden"', "hidden"),
        ("attachment; filename*0=a; filename*2=c; filename*1=b", "abc"),
    ],
)
def test_file_names_are_safe(header: str, name: str) -> None:
    found = parse_header_value(header.encode())
    assert safe_file_name(found.parameter("filename")) == name


def test_a_winmail_that_cannot_be_opened_is_said() -> None:
    content = read("Content-Type: application/ms-tnef\n\nno TNEF")
    assert "winmail.dat could not be opened; only Outlook can read it." in content.text.notices
    assert parts_of("Content-Type: application/ms-tnef\n\nno TNEF")[0][0] == "winmail.dat"


def test_a_message_that_was_cut_says_so() -> None:
    parts = "--b\n\nhello\n--b\nContent-Type: image/png\n\nAA"
    raw = f"Content-Type: multipart/mixed; boundary=b\n\n{parts}"
    content = read(raw, size_bytes=12_345_678)
    assert content.text.text == "hello"
    assert content.text.notices == ("This message is 12.3 MB; only its beginning was read.",)
    assert [part.media_type for part in content.text.parts] == ["image/png"]


def test_a_delivery_report_is_readable() -> None:
    content = read(
        multipart(
            "Content-Type: text/plain\n\nIt did not arrive.",
            "Content-Type: message/delivery-status\n\nStatus: 5.1.1",
            kind="report; report-type=delivery-status",
        )
    )
    assert content.text.text == "It did not arrive.\n\nStatus: 5.1.1"


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "List-Id: <x>", "Precedence: bulk"],
)
def test_robots_are_recognised(header: str) -> None:
    assert read(f"{header}\n\nx").summary.is_robot
    assert not read("Subject: x\n\nx").summary.is_robot


def test_an_empty_message() -> None:
    for raw in ("", "\n", "\r\n\r\n", "Subject: x", "Subject: x\n\n"):
        content = read(raw)
        assert content.text.text == ""
        assert content.summary.preview == ""


def test_flowed_text_is_joined() -> None:
    text = "one \ntwo\n> a \n> b\n>> c \n d\n-- \nme \n"
    assert unflow(text, is_space_deleted=False) == "one two\n> a b\n>> c \nd\n-- \nme "
    assert unflow("ab \ncd", is_space_deleted=True) == "abcd"
    raw = "Content-Type: text/plain; format=flowed; delsp=yes\n\nlong \nword"
    assert text_of(raw) == "longword"


QUOTED = [
    ("Thanks!\n\nOn Mon, 2 Mar 2026 Ann wrote:\n> old\n> older\n", "Thanks!", "On Mon"),
    ("Danke\n\nAm 02.03.2026 um 10:00 schrieb Ann:\n\n> alt", "Danke", "Am 02"),
    ("Merci\n\nLe lun. 2 mars 2026 à 10:00, Ann <a@b.org> a écrit :\n> vieux", "Merci", "Le lun"),
    ("Ok\n\nOn Mon, 2 Mar 2026,\nAnn Other <ann@example.org>\nwrote:\n> old", "Ok", "On Mon"),
    ("Ok\n\n2026-03-02 10:00 GMT+01:00 Ann <a@b.org>:\n> old", "Ok", "2026"),
    ("Ok\n\n-----Original Message-----\nFrom: Ann\nold", "Ok", "-----Orig"),
    ("Ok\n\n-----Ursprüngliche Nachricht-----\nalt", "Ok", "-----Urs"),
    (
        "Ok\n\n________________________________\nFrom: A\nSent: x\nTo: b\nSubject: c\n\nold",
        "Ok",
        "____",
    ),
    ("Ok\n\nFrom: A\nSent: x\nTo: b\nSubject: c\n\nold", "Ok", "From"),
    ("Ok\n\nVon: A\nGesendet: x\nAn: b\nBetreff: c\n\nalt", "Ok", "Von"),
    ("Ok\n\n> old\n> older", "Ok", "> old"),
    ("On Mon Ann wrote:\n> old\n\nMy answer below", "My answer below", "On Mon"),
    ("Ok\n\nOn Mon, 2 Mar 2026 Ann wrote:\n\nunmarked old text", "Ok", "On Mon"),
]


@pytest.mark.parametrize(("text", "new", "quoted"), QUOTED)
def test_quoted_history_is_split_off(text: str, new: str, quoted: str) -> None:
    found = split_quoted(text)
    assert found.new == new
    assert found.quoted.startswith(quoted)


@pytest.mark.parametrize(
    "text",
    [
        "just words",
        "> question one\nanswer one\n> question two\nanswer two",
        "On Mon Ann wrote:\n> one\nmy answer\n> two\nother answer",
        "> all of it\n> is quoted",
        "-----Original Message-----\nFrom: a forward without a word",
        "From: my house\nTo: the shop\nit is far",
        "Today she wrote:\nand wrote",
        "The total is:\n- 5\n- 6",
        "",
    ],
)
def test_what_is_not_provably_quoted_stays(text: str) -> None:
    assert split_quoted(text).new == text
    assert split_quoted(text).quoted == ""


@given(
    lines=st.lists(
        st.sampled_from(
            [
                *["", "> a", ">> b", "words", "On Mon, 2 Mar 2026 Ann wrote:", "From: a", "To: b"],
                *["Sent: c", "Subject: d", "-----Original Message-----", "_" * 32, "-- ", " > c"],
            ]
        ),
        max_size=25,
    )
)
def test_no_line_is_ever_lost(lines: list[str]) -> None:
    found = split_quoted("\n".join(lines))
    kept = sorted(line for line in f"{found.new}\n{found.quoted}".split("\n") if line)
    assert kept == sorted(line for line in lines if line)


def test_preview_leaves_the_signature_out() -> None:
    assert preview_of("Hello\n-- \nAnn") == "Hello"
    assert preview_of("-- \nAnn") == "-- Ann"
    assert len(preview_of("word " * 500)) <= 200


@given(raw=st.binary(max_size=400))
def test_any_bytes_give_a_text(raw: bytes) -> None:
    content = read(raw)
    content.text.text.encode("utf-8")
    content.summary.subject.encode("utf-8")


@given(
    pieces=st.lists(
        st.sampled_from(
            [
                *[b"\n", b"\r\n", b"--b", b"--b--", b"Content-Type: ", b"multipart/mixed"],
                *[b"; boundary=b", b"; charset=", b"utf-7", b"text/html", b"text/plain", b"\xff"],
                *[
                    b"Content-Transfer-Encoding: base64\n",
                    b"quoted-printable",
                    b"=?",
                    b"?=",
                    b"<b>",
                ],
                *[
                    b"Content-Disposition: attachment; filename*0*=",
                    b"''%",
                    b'"',
                    b"message/rfc822",
                ],
                *[b"format=flowed", b"; delsp=yes", b"hz", b"idna", b"punycode", b"\n\n", b"> "],
            ]
        ),
        max_size=40,
    )
)
def test_any_mixture_gives_a_text(pieces: list[bytes]) -> None:
    content = read(b"".join(pieces))
    content.text.text.encode("utf-8")
    (content.text.html or "").encode("utf-8")
    assert "\r" not in content.text.text
    assert "\n" not in content.summary.preview


def test_a_mistake_of_ours_shows_the_message_raw(
    monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    def fail(raw: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(message_reader, "parse_mime", fail)
    expect_log("Mistake while decoding")
    content = read(b"Subject: x\n\nbody\x00")
    assert content.text.text == "Subject: x\n\nbody"
    assert content.text.notices == ("This message could not be decoded. It is shown as it came.",)
    assert content.summary.preview == ""


def test_a_message_of_which_nothing_is_left_is_shown_raw() -> None:
    hollow = read(
        b"Subject: Order\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\n--x--\n"
    )
    assert "--x" in hollow.text.text
    assert hollow.summary.subject == "Order"
    assert hollow.text.notices == ("This message could not be decoded. It is shown as it came.",)
    for empty in (b"Subject: Order\n\n", b"Subject: Order\n\n \r\n", b"Subject: Order\n"):
        assert read(empty).text.notices == ()


def test_letters_that_could_not_be_decoded_are_mentioned() -> None:
    content = read(b"Content-Type: text/plain; charset=utf-8\n\nPlease \xff\xfe\xfd reply")
    assert "\ufffd" in content.text.text
    assert content.text.notices == (
        "Some letters of this message could not be decoded; they are shown as \ufffd.",
    )


def test_what_the_standard_library_writes_is_read_back() -> None:
    message = EmailMessage()
    message["Subject"] = "Grüße – schöne"
    message["From"] = "Jörg Müller <ann@example.org>"
    message.set_content("Plain – wörds\n" * 3)
    message.add_alternative("<p>Html – wörds</p>", subtype="html")
    message.add_attachment(b"x" * 1000, maintype="application", subtype="zip", filename="Äpfel.zip")
    content = read(bytes(message))
    assert content.summary.subject == "Grüße – schöne"
    assert content.summary.sender.name == "Jörg Müller"
    assert content.text.text == "Plain – wörds\nPlain – wörds\nPlain – wörds"
    assert content.text.html == "<p>Html – wörds</p>"
    assert [part.name for part in content.text.parts] == ["Äpfel.zip"]
    assert isinstance(content.text.parts[0], MessagePart)
    assert abs(content.text.parts[0].size_bytes - 1000) < 4


def test_a_signature_in_html_is_divided_off_but_stays_in_the_text() -> None:
    signed = '<div>Hi</div><div class=3D"gmail_signature">Pavel</div>'
    html = f"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n{signed}"
    text = read(html).text
    assert text.html == f"<div>Hi</div>{SIGNATURE_BREAK}<div>Pavel</div>"
    assert text.text.split() == ["Hi", "Pavel"]


def test_above_another_text_it_is_no_signature() -> None:
    part = "--b\nContent-Type: text/html\n\n<div>Hi</div><div id='Signature'>Pavel</div>\n"
    more = "--b\nContent-Type: text/plain\n\nOne more thing\n--b--\n"
    text = read(f"Content-Type: multipart/mixed; boundary=b\n\n{part}{more}").text
    assert text.html is not None
    assert SIGNATURE_BREAK not in text.html
    assert "One more thing" in text.html


def test_what_is_forwarded_below_a_signature_is_not_folded() -> None:
    text = "Look\n-- \nPavel\n\n---------- Forwarded message ---------\nFrom: Ann\n\nflour"
    assert split_text(text).new == text
    assert split_text("Look\n-- \nPavel").signature == "-- \nPavel"

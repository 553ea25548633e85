"""An answer written in the real app: at the customer, in Sent once, and under its question.

The server is a real Dovecot, with a sink behind its submission that keeps what it got; that the
answer belongs to the question is said by mutt.
"""

import random
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.answered_mail import read, text_of
from tests.e2e.answering_office import Office, open_office
from tests.lab.mail import DovecotLab
from tests.lab.mutt import list_in_mutt

pytestmark = pytest.mark.dovecot

ANSWER = "Dobrý den Žofie,\n\nvaše medovníky odešly. Grüße, 谢谢, شكرا 🍯"
ASKED = "Kde jsou moje medovníky? 🐻"


@pytest.fixture(scope="module")
def office(dovecot_lab: DovecotLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(dovecot_lab, tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.mark.mutt
def test_a_reply_arrives_once_and_stands_under_its_question(office: Office) -> None:
    app, mailbox = office.app, office.mailbox
    message_id = "<objednavka-1@xn--mnchen-3ya.example>"
    key = office.asked(
        message_id,
        sender="Žofie Černá 北京 <zofie@xn--mnchen-3ya.example>",
        to=f"Podpora <help+{office.user}>",
        subject=ASKED,
        text="Dobrý den,\npořád nic nepřišlo. 🐻",
    )
    app.begin_answer(key)
    app.type(ANSWER)
    app.send()
    copy = office.wait_until_done(f"Re: {ASKED}")

    (mail,) = office.sent_with(f"Re: {ASKED}")
    arrived = read(mail.content)
    assert mail.sender == f"help+{office.user}"
    assert mail.recipients == ("zofie@xn--mnchen-3ya.example",)
    assert arrived["From"].addresses[0].addr_spec == f"help+{office.user}"
    assert arrived["To"].addresses[0].display_name == "Žofie Černá 北京"
    assert arrived["In-Reply-To"] == message_id
    assert arrived["References"] == message_id
    assert text_of(arrived).startswith(ANSWER)
    assert "\n> pořád nic nepřišlo. 🐻" in text_of(arrived)
    assert copy["Message-ID"] == arrived["Message-ID"]
    assert text_of(copy) == text_of(arrived)

    mailbox.wait_for_flag("\\Answered", message_id)
    assert "\\Seen" not in mailbox.flags("INBOX", message_id)
    mailbox.wait_until_unmarked(message_id)
    is_under(office, copy, message_id)
    assert len(office.sent_with(f"Re: {ASKED}")) == 1
    assert len(mailbox.copies(f"Re: {ASKED}")) == 1


@pytest.mark.mutt
def test_a_reply_to_all_goes_to_all_but_ourselves(office: Office) -> None:
    app = office.app
    message_id = f"<{'x' * 180}@outlook.example>"
    key = office.asked(
        message_id,
        sender="Müller, Jörg <joerg@example.org>",
        to=f'Podpora <{office.user}>, "Quoted, name" <two@example.org>',
        cc=f"Boss <boss@example.org>, Us <help+{office.user}>",
        subject="Äpfel & Birnen",
        text="Wer antwortet?",
    )
    app.open(key)
    app.type("R")
    app.wait_for_composer()
    app.type("Wir alle.")
    app.send()
    copy = office.wait_until_done("Re: Äpfel & Birnen")

    (mail,) = office.sent_with("Re: Äpfel & Birnen")
    arrived = read(mail.content)
    assert mail.recipients == ("joerg@example.org", "two@example.org", "boss@example.org")
    assert arrived["To"].addresses[0].addr_spec == "joerg@example.org"
    assert arrived["In-Reply-To"] == message_id
    assert copy["Message-ID"] == arrived["Message-ID"]
    office.mailbox.wait_for_flag("\\Answered", message_id)
    is_under(office, copy, message_id)


def test_bold_by_a_key_goes_as_text_and_as_html(office: Office) -> None:
    app = office.app
    key = office.asked("<bold@example.org>", sender="Ann <ann@bold.example>", subject="Bold")
    app.begin_answer(key)
    app.press("Ctrl+B")
    app.type("Tučně")
    app.press("Ctrl+B")
    app.type(" a ne.")
    app.send()
    copy = office.wait_until_done("Re: Bold")
    (mail,) = office.sent_with("Re: Bold")
    for message in (read(mail.content), copy):
        assert text_of(message).startswith("*Tučně* a ne.\n")
        html = message.get_body(("html",))
        assert html is not None
        assert "<b>Tučně</b> a ne." in html.get_content()


HOSTILE = b"""\
From: =?utf-8?q?Ann=0D=0ABcc:_evil@x.example?= <ann@hostile.example>
To: us@lab.test
Subject: =?utf-8?q?Hostile=0D=0ABcc:_evil@x.example=0D=0A=0D=0AText=00?=
Message-ID: <hostile@example.org>
Date: Sun, 22 Nov 2026 10:00:00 +0000

Hello
.
"""


def test_line_ends_in_names_and_subjects_add_nobody_and_nothing(office: Office) -> None:
    app = office.app
    before = len(office.lab.sink.messages())
    key = office.asked_raw("<hostile@example.org>", HOSTILE.replace(b"\n", b"\r\n"))
    app.begin_answer(key)
    app.type(".\nFrom here on")
    app.send()
    app.wait_for_people(0)
    (mail,) = office.lab.sink.wait_for(before + 1)[before:]
    arrived = read(mail.content)
    assert mail.recipients == ("ann@hostile.example",)
    assert arrived["Bcc"] is None
    assert arrived["Subject"].startswith("Re: Hostile")
    # A space before "From" is how format=flowed protects it (RFC 3676, 4.4).
    assert text_of(arrived).startswith(".\n From here on\n")
    assert office.wait_until_done(arrived["Subject"])["Message-ID"] == arrived["Message-ID"]


def test_files_arrive_to_the_byte(office: Office, tmp_path: Path) -> None:
    app = office.app
    contents = {
        "Přílohy – 見積.pdf": random.Random(7).randbytes(1_500_000),
        "dots.txt": b".\r\n..\nFrom me\r\n\r.\n" + "ž".encode() * 1200,
        "empty.png": b"",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    key = office.asked("<files@example.org>", sender="Ann <ann@files.example>", subject="Files")
    app.begin_answer(key)
    app.type("Zde jsou.")
    office.attach(*(tmp_path / name for name in contents))
    app.send()
    copy = office.wait_until_done("Re: Files")
    (mail,) = office.sent_with("Re: Files")
    for message in (read(mail.content), copy):
        parts = message.iter_attachments()
        assert {one.get_filename(): one.get_payload(decode=True) for one in parts} == contents
    assert text_of(copy).startswith("Zde jsou.")


def is_under(office: Office, answer: EmailMessage, question_id: str) -> None:
    """mutt draws the answer as a branch below its question, and below nothing else."""
    office.mailbox.put_together("Both")
    rows = list_in_mutt(office.lab, office.user, "Both")
    ids = [row.message_id for row in rows]
    place = ids.index(question_id)
    assert (rows[place].tree, rows[place + 1].tree) == ("", "└─>")
    assert ids[place + 1] == answer["Message-ID"]

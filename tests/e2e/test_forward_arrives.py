"""A forward written in the real app: the files of the original, and the original, are there whole.

The server is a real Dovecot, with a sink behind its submission that keeps what it got.
"""

import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answered_mail import read, text_of
from tests.e2e.answering_office import NAME, Office, open_office
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

ID = "<burnt-1@out.example>"
SUBJECT = "Spálené medovníky"
PHOTO_NAME = "Přehled „leden“ 北京.bin"
PHOTO = hashlib.sha256(b"photo").digest() * 40_000


@pytest.fixture(scope="module")
def office(dovecot_lab: DovecotLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(dovecot_lab, tmp_path_factory.mktemp("office")) as office:
        yield office


def with_files(user: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Jana Nováková <jana@out.example>"
    mail["To"] = user
    mail["Subject"] = SUBJECT
    mail["Message-ID"] = ID
    mail["Date"] = "Sun, 22 Nov 2026 09:05:07 +0100"
    mail.set_content("Podívejte se na to.\n", cte="quoted-printable")
    mail.add_attachment(PHOTO, maintype="application", subtype="octet-stream", filename=PHOTO_NAME)
    mail.add_attachment("k zaplacení: 0\n", filename="účet.txt", cte="base64")
    return mail


def test_a_forward_arrives_with_all_files_and_the_original(office: Office) -> None:
    app, mailbox = office.app, office.mailbox
    original = with_files(office.user).as_bytes()
    office.lab.deliver(original, to=office.user)
    app.wait_for_people(1)
    app.open(mail_key(NAME, MessageId(ID)))
    app.wait_to_read("účet.txt")
    app.type("f")
    wait_until(lambda: app.hands("focus", name="To")["ok"], seconds=30, what="a composer")
    app.type("baker@example.org,")
    app.wait_to_read("Do not send účet.txt")
    app.wait_to_read(f"Do not send {PHOTO_NAME}")
    app.click("Attach the original as it came")
    app.wait_to_read(f"Do not send {SUBJECT}.eml")
    app.send()
    (copy,) = mailbox.wait_for_copies(f"Fwd: {SUBJECT}")
    app.wait_for_unsent(0)

    (mail,) = office.sent_with(f"Fwd: {SUBJECT}")
    assert mail.recipients == ("baker@example.org",)
    arrived = read(mail.content)
    files = {str(part.get_filename()): part for part in arrived.iter_attachments()}
    assert files[PHOTO_NAME].get_content() == PHOTO
    assert files["účet.txt"].get_content_type() == "text/plain"
    assert "k zaplacení: 0" in str(files["účet.txt"].get_content())
    nested = files[f"{SUBJECT}.eml"]
    assert nested.get_content_type() == "message/rfc822"
    inner = nested.get_content()
    assert inner["Message-ID"] == ID
    assert [part.get_filename() for part in inner.iter_attachments()] == [PHOTO_NAME, "účet.txt"]
    assert "Podívejte se na to." in text_of(arrived)
    assert "From: Jana Nováková <jana@out.example>" in text_of(arrived)
    assert copy["Message-ID"] == arrived["Message-ID"]
    # Who forwards has answered nobody: the customer waits as before.
    assert arrived["In-Reply-To"] is None
    assert "\\Answered" not in mailbox.flags("INBOX", ID)
    app.wait_for_people(1)

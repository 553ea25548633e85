"""The source of a kept quote opens, wherever its mail lies by now: real Dovecot, whole app."""

import imaplib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.mailbox_names import quoted
from supportdesk.adapters.mail.source_search import find_mail
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.app_links import link_to
from supportdesk.domain.mail import Mailer, MessageId, mail_key
from supportdesk.domain.voices import Quote
from supportdesk.protocols.imap_envelope import fingerprint, id_among_same
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.mail_account import NAME, client, letter, renumber, settings_for
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

_ID = MessageId("<friday@customer.example>")
_KEY = mail_key(NAME, _ID)
_SUBJECT = "It saved my Friday"
_FILED = quoted("Ablage/Größe & Co")
_GONE = "This mail is in no mailbox any more"


@pytest.fixture
def user(dovecot_lab: DovecotLab) -> str:
    """A mailbox with the mail of which words are kept, and another."""
    address = dovecot_lab.new_address()
    mail = EmailMessage()
    mail["From"] = "Čarla Kundin <carla@customer.example>"
    mail["To"] = address
    mail["Subject"] = _SUBJECT
    mail["Message-ID"] = _ID
    mail.set_content("Der Export hat mir den Freitag gerettet.\n")
    dovecot_lab.deliver(mail.as_bytes(), letter(2), to=address)
    return address


@pytest.fixture
def colleague(dovecot_lab: DovecotLab, user: str) -> Iterator[imaplib.IMAP4_SSL]:
    link = client(dovecot_lab, user)
    yield link
    link.logout()


@pytest.fixture
def home(dovecot_lab: DovecotLab, user: str, tmp_path: Path) -> Path:
    return answering_home(tmp_path, dovecot_lab, user, also={"mailboxes": ["Done"]})


def move(link: imaplib.IMAP4_SSL, source: str, target: str) -> None:
    link.create(target)
    link.select(source)
    _, found = link.uid("SEARCH", "HEADER", "Message-ID", _ID)
    uid = found[0].decode()
    assert uid
    assert link.uid("MOVE", uid, target)[0] == "OK"
    link.close()


def kept(home: Path) -> list[Quote]:
    with closing(SqliteDeskStore(home / "desk.db")) as store:
        return VoiceTables(store.connection, store.path).quotes()


def shows_it(app: AnsweringApp) -> None:
    app.wait_to_read(_SUBJECT)
    app.wait_for_text("den Freitag gerettet")


def keeps_words(app: AnsweringApp, home: Path) -> None:
    """The first sentence of the mail, by the keyboard alone."""
    app.open(_KEY)
    shows_it(app)
    app.press("q", "q")
    wait_until(lambda: kept(home), seconds=30, what="the words to be kept")


def opens(app: AnsweringApp) -> None:
    """The source of the only quote on the Voices page shows the mail."""
    app.press("Ctrl+3", "j", "o")
    shows_it(app)


def turns_to_the_other(app: AnsweringApp) -> None:
    app.open(mail_key(NAME, MessageId("<2@example.org>")))
    app.wait_for_text("Where is my order?")


def test_it_opens_after_two_moves_a_new_uidvalidity_and_without_its_cache(
    dovecot_lab: DovecotLab, home: Path, colleague: imaplib.IMAP4_SSL
) -> None:
    with AnsweringApp(home) as app:
        app.wait_until_listening("Support")
        keeps_words(app, home)
        # To where we look, and from there to where we do not.
        move(colleague, "INBOX", "Done")
        turns_to_the_other(app)
        opens(app)
        move(colleague, "Done", _FILED)
        app.wait_for_people(1)
        turns_to_the_other(app)
        opens(app)
        # What it shows outside of the mailboxes that are listened to can be looked at again.
        turns_to_the_other(app)
        opens(app)
        renumber(colleague, _FILED)
        turns_to_the_other(app)
        opens(app)
    for file in home.glob("mail.db*"):
        file.unlink()
    with AnsweringApp(home) as app:
        app.wait_until_listening("Support")
        opens(app)
        # Gone for good: the words stay, and that is said.
        turns_to_the_other(app)
        colleague.select(_FILED)
        colleague.store("1:*", "+FLAGS", "(\\Deleted)")
        colleague.expunge()
        app.open(_KEY)
        app.wait_to_read(_GONE)
    (quote,) = kept(home)
    assert quote.words == "Der Export hat mir den Freitag gerettet."
    assert (quote.item, quote.who, quote.contact) == (
        _KEY,
        "Čarla Kundin",
        "carla@customer.example",
    )


def test_a_mid_link_opens_the_mail(home: Path) -> None:
    with AnsweringApp(home) as app:
        app.wait_until_listening("Support")
        app.follow("mid:friday@customer.example")
        app.wait_to_read(_SUBJECT)
        assert link_to(_KEY) == "supportdesk:mail/Support/%3Cfriday%40customer.example%3E"


# --- the search by itself ----------------------------------------------------------------


def test_it_leaves_no_trace_and_takes_no_other_mail_for_it(
    dovecot_lab: DovecotLab, user: str, colleague: imaplib.IMAP4_SSL
) -> None:
    settings, clock = settings_for(dovecot_lab, user), SystemClock()
    longer = letter(3, message_id=f"<x{_ID[1:]}")
    dovecot_lab.deliver(longer, letter(4, headers=f"In-Reply-To: {_ID}\r\n"), to=user)
    found = find_mail(settings, PASSWORD, _ID, clock)
    assert found is not None
    assert (found.message.message_id, found.message.address.mailbox) == (_ID, "INBOX")
    assert found.message.sender.name == "Čarla Kundin"
    assert found.text.text.strip() == "Der Export hat mir den Freitag gerettet."
    colleague.select("INBOX", readonly=True)
    _, flags = colleague.fetch("1:*", "(FLAGS)")
    assert not any(b"Seen" in one for one in flags if isinstance(one, bytes))
    for nowhere in ("<no@such.example>", "<friday@customer.exampl>", "<é@x>", '<"q\\"@x>'):
        assert find_mail(settings, PASSWORD, MessageId(nowhere), clock) is None


def test_of_several_mails_with_one_message_id_it_is_the_one_that_is_meant(
    dovecot_lab: DovecotLab, user: str
) -> None:
    same = MessageId("<1@shop.example>")
    for sender in ("ann@out.example", "bob@out.example", "cyd@out.example"):
        mail = letter(5, sender=sender, message_id=same, body=f"I am {sender}.")
        dovecot_lab.deliver(mail, to=user)
    written_at = datetime(2026, 11, 21, 10, tzinfo=UTC)
    bobs = id_among_same(same, fingerprint(Mailer(name="", email="bob@out.example"), written_at))
    found = find_mail(settings_for(dovecot_lab, user), PASSWORD, bobs, SystemClock())
    assert found is not None
    assert found.text.text.strip() == "I am bob@out.example."
    assert found.message.message_id == found.text.message_id == bobs


def test_a_large_mail_and_one_in_the_trash_are_read_too(
    dovecot_lab: DovecotLab, user: str, colleague: imaplib.IMAP4_SSL
) -> None:
    settings, clock = settings_for(dovecot_lab, user), SystemClock()
    large = EmailMessage()
    large["From"] = "Eva <eva@out.example>"
    large["To"] = user
    large["Subject"] = "Plans"
    large["Message-ID"] = "<large@out.example>"
    large.set_content("The plans are too big.\n")
    large.add_attachment(b"x" * 3_000_000, maintype="image", subtype="png", filename="plan.png")
    dovecot_lab.deliver(large.as_bytes(), to=user)
    found = find_mail(settings, PASSWORD, MessageId("<large@out.example>"), clock)
    assert found is not None
    assert found.text.text.strip() == "The plans are too big."
    assert [part.name for part in found.text.parts] == ["plan.png"]
    move(colleague, "INBOX", "Trash")
    thrown = find_mail(settings, PASSWORD, _ID, clock)
    assert thrown is not None
    assert thrown.message.address.mailbox == "Trash"

"""A colleague answers, moves and deletes the mail from another program while the founder writes.

The text stays, the keyboard stays, and what happened is said above it. And until something is
sent, writing leaves no trace at all in the mailbox.
"""

import imaplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.mail_account import client, letter
from tests.lab.faulty_smtp import FaultySmtp, SmtpFault, SmtpMoment
from tests.lab.faulty_wire import Deed
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

QUESTION = MessageId("<1@example.org>")
KEY = mail_key(SourceName("Support"), QUESTION)
_TEXT = "We look into it, and write tomorrow. "
_READING = (
    "CAPABILITY",
    "ENABLE",
    "EXAMINE",
    "FETCH",
    "UID FETCH",
    "UID SEARCH",
    "STATUS",
    "LIST",
    "NOOP",
    "IDLE",
)


@pytest.fixture
def lab() -> Iterator[DovecotLab]:
    """One of its own: what is said to it is looked at as a whole."""
    with DovecotLab() as made:
        yield made


@pytest.fixture
def user(lab: DovecotLab) -> str:
    user = lab.new_address()
    lab.deliver(letter(1), letter(2), to=user)
    return user


@pytest.fixture
def app(lab: DovecotLab, user: str, tmp_path: Path) -> Iterator[AnsweringApp]:
    with AnsweringApp(answering_home(tmp_path, lab, user)) as app:
        app.wait_until_listening("Support")
        app.wait_for_people(2)
        yield app


@pytest.fixture
def colleague(lab: DovecotLab, user: str) -> Iterator[imaplib.IMAP4_SSL]:
    link = client(lab, user)
    yield link
    link.logout()


def test_what_a_colleague_does_is_said_above_the_text(
    app: AnsweringApp, lab: DovecotLab, user: str, colleague: imaplib.IMAP4_SSL
) -> None:
    app.begin_answer(KEY)
    app.type(_TEXT)
    _answer(colleague, user)
    app.wait_to_read("answered")
    _still_writes(app, "One. ")
    _move(colleague)
    app.wait_to_read("answered")
    _still_writes(app, "Two. ")
    _delete(colleague)
    app.wait_to_read("answered")
    _still_writes(app, "Three.")
    assert lab.sink.messages() == []
    app.send()
    app.wait_for_state("HELD")
    app.wait_to_read("Not sent:")
    assert f"{_TEXT}One. Two. Three." in "".join(app.drafts().values())
    assert lab.sink.messages() == []


def test_a_mail_that_is_moved_away_is_told(
    app: AnsweringApp, lab: DovecotLab, colleague: imaplib.IMAP4_SSL
) -> None:
    app.begin_answer(KEY)
    app.type(_TEXT)
    _move(colleague)
    app.wait_to_read("moved or deleted")
    _still_writes(app, "And on.")
    app.send()
    app.wait_for_state("HELD")
    app.click("Send your text as it is")
    lab.sink.wait_for(1)
    app.wait_for_state("DONE")
    # It has left the mailbox that is watched, and nothing of it is touched elsewhere.
    colleague.select("Archive", readonly=True)
    assert colleague.fetch("1", "(FLAGS)")[1] == [b"1 (FLAGS (\\Recent))"]


def test_a_mail_that_is_deleted_is_told(
    app: AnsweringApp, lab: DovecotLab, colleague: imaplib.IMAP4_SSL
) -> None:
    app.begin_answer(KEY)
    app.type(_TEXT)
    colleague.select("INBOX")
    colleague.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
    colleague.expunge()
    app.wait_to_read("moved or deleted")
    _still_writes(app, "And on.")


def test_writing_leaves_no_trace_and_sending_a_small_one(
    app: AnsweringApp, lab: DovecotLab, colleague: imaplib.IMAP4_SSL
) -> None:
    app.begin_answer(KEY)
    app.type(_TEXT)
    wait_until(lambda: _TEXT in "".join(app.drafts().values()), seconds=30, what="the journal")
    app.press("Escape")
    wait_until(lambda: not app.hands("text")["ok"], seconds=30, what="the composer to close")
    said = [one for one in _commands(lab) if not one.startswith(_READING)]
    assert said == []
    assert lab.session_count() == 2  # the app's one, and the colleague's
    app.begin_answer(KEY)
    app.send()
    app.wait_for_state("DONE")
    verbs = {one for one in _commands(lab) if not one.startswith(_READING)}
    assert all(one.startswith(("SELECT", "UID STORE 1 ", "APPEND", "OK")) for one in verbs), verbs
    assert not [one for one in verbs if "EXPUNGE" in one or "Deleted" in one]
    colleague.select("INBOX", readonly=True)
    flags = colleague.fetch("1:2", "(FLAGS)")[1]
    assert flags[0] == b"1 (FLAGS (\\Answered))"


def _commands(lab: DovecotLab) -> list[str]:
    """What the app has said after its logins; its tags are S1, S2 …"""
    lines = [line.split(" ", 1) for line in lab.imap_commands()]
    return [one[1] for one in lines if len(one) > 1 and one[0][:1] == "S" and one[0][1:].isdigit()]


def _answer(link: imaplib.IMAP4_SSL, user: str) -> None:
    headers = f"In-Reply-To: {QUESTION}\r\n"
    link.append("Sent", r"(\Seen)", "", letter("mine", sender=user, headers=headers, body="Done."))
    link.select("INBOX")
    link.uid("STORE", "1", "+FLAGS", r"(\Answered)")


def _move(link: imaplib.IMAP4_SSL) -> None:
    link.select("INBOX")
    link.uid("MOVE", "1", "Archive")


def _delete(link: imaplib.IMAP4_SSL) -> None:
    link.select("Archive")
    link.store("1:*", "+FLAGS", r"(\Deleted)")
    link.expunge()


def _still_writes(app: AnsweringApp, words: str) -> None:
    """What was written is there, and the keyboard is where it was."""
    before = app.composed()
    assert before["has_keyboard"]
    assert _TEXT in before["text"]
    app.type(words)
    after = app.composed()
    cursor = before["cursor"]
    assert after["text"] == before["text"][:cursor] + words + before["text"][cursor:]


def test_a_mark_left_by_a_kill_is_taken_back_by_the_next_start(
    lab: DovecotLab, user: str, tmp_path: Path, colleague: imaplib.IMAP4_SSL
) -> None:
    """Killed while the server hears the message: it goes out once, and no mark stays."""
    slow = SmtpFault(moment=SmtpMoment.RCPT, deed=Deed.HOLE)
    with FaultySmtp(lab.submission_port, lab.certificate, [slow]) as wire:
        home = answering_home(tmp_path, lab, user, smtp={"port": wire.port, "security": "tls"})
        app = AnsweringApp(home)
        app.start()
        app.wait_for_people(2)
        app.begin_answer(KEY)
        app.type(_TEXT)
        app.send()
        wait_until(lambda: wire.done, seconds=30, what="the server to fall silent")
        wait_until(lambda: "$sd-sending-" in _flags(colleague), seconds=30, what="the mark")
        app.kill()
        assert "$sd-sending-" in _flags(colleague)
        with app:
            app.wait_for_state("DONE")
            wait_until(lambda: "$sd-" not in _flags(colleague), seconds=30, what="no mark")
    assert len(lab.sink.messages()) == 1
    assert "\\\\answered" in _flags(colleague)


def _flags(link: imaplib.IMAP4_SSL) -> str:
    link.select("INBOX", readonly=True)
    return str(link.uid("FETCH", "1", "(FLAGS)")[1]).lower()

"""Answers through the whole program: r, words, Ctrl+Return, and what is left of each way to end it.

On a real Dovecot, with its own submission server; the app is the one that founders start.
"""

import imaplib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.domain.mail import mail_key
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.mail_account import NAME, client
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

_LONG_SECONDS = 120
_ID = "<order@customer.example>"
_KEY = mail_key(NAME, _ID)  # type: ignore[arg-type]  # a Message-ID
_WORDS = "Guten Morgen Carla,\n\ndie Brötchen sind unterwegs."


@pytest.fixture
def user(dovecot_lab: DovecotLab) -> str:
    """A mailbox with one question in it."""
    address = dovecot_lab.new_address()
    question = EmailMessage()
    question["From"] = "Čarla Kundin <carla@customer.example>"
    question["To"] = address
    question["Subject"] = "Brötchen?"
    question["Message-ID"] = _ID
    question.set_content("Wo bleiben die Brötchen?\n")
    dovecot_lab.deliver(question.as_bytes(), to=address)
    return address


def _sent_by(lab: DovecotLab, user: str) -> list[EmailMessage]:
    """What the sink got from this user."""
    mails = [one for one in lab.sink.messages() if one.sender == user]
    return [_read(one.content) for one in mails]


def _read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _in_sent(link: imaplib.IMAP4_SSL) -> list[EmailMessage]:
    link.select("Sent", readonly=True)
    _, numbers = link.uid("SEARCH", "ALL")
    found = []
    for uid in numbers[0].split():
        _, answer = link.uid("FETCH", uid, "(BODY.PEEK[])")
        found.append(_read(answer[0][1]))
    return found


def _flags_of_the_question(link: imaplib.IMAP4_SSL) -> str:
    link.select("INBOX", readonly=True)
    _, answer = link.uid("FETCH", "1:*", "(FLAGS)")
    return str(answer[0])


def _opened(app: AnsweringApp) -> None:
    app.wait_until_listening("Support")
    app.wait_for_people(1)
    app.begin_answer(_KEY)


def _ask_to_quit(app: AnsweringApp, question: str) -> None:
    """The key is lost while no window is in front, as when a card of an alert has just gone."""

    def is_asked() -> bool:
        app.press("Ctrl+Q")
        return any(question in name for name in app.names())

    wait_until(is_asked, seconds=30, what=f"{question!r} to be asked")


def test_an_answer_is_sent_once_filed_once_and_the_question_waits_no_more(
    dovecot_lab: DovecotLab, user: str, tmp_path: Path
) -> None:
    home = answering_home(tmp_path, dovecot_lab, user)
    with AnsweringApp(home) as app:
        _opened(app)
        app.type(_WORDS)
        app.send()
        app.wait_for_state("DONE")
        app.wait_for_people(0)
        app.wait_for_unsent(0)
        assert app.drafts() == {}
        assert app.outbox()["messages"] == []

    (sent,) = _sent_by(dovecot_lab, user)
    assert sent["In-Reply-To"] == _ID
    assert sent["References"].split() == [_ID]
    assert sent["Subject"] == "Re: Brötchen?"
    assert sent["To"].addresses[0].addr_spec == "carla@customer.example"
    text = sent.get_content().replace("\r\n", "\n")
    assert text.startswith(_WORDS)
    assert "> Wo bleiben die Brötchen?" in text
    link = client(dovecot_lab, user)
    (copy,) = _in_sent(link)
    assert copy["Message-ID"] == sent["Message-ID"]
    flags = _flags_of_the_question(link)
    assert "\\Answered" in flags
    assert "$SD-" not in flags
    link.logout()


def test_a_kill_while_writing_loses_neither_words_nor_place(
    dovecot_lab: DovecotLab, user: str, tmp_path: Path
) -> None:
    with AnsweringApp(answering_home(tmp_path, dovecot_lab, user)) as app:
        _opened(app)
        app.type(_WORDS)
        app.press(*["Left"] * 9)
        wait_until(
            lambda: list(app.drafts().values()) == [_WORDS],
            seconds=10,
            what="the words to be on disk",
        )
        place = app.composed()["cursor"]
        # The cursor is told with the words; a key more, and both are there.
        app.type(",")
        wait_until(
            lambda: "," in next(iter(app.drafts().values())).removeprefix("Guten Morgen Carla,"),
            seconds=10,
            what="the last key to be on disk",
        )
        app.kill()
        app.start()
        app.open(_KEY)
        wait_until(lambda: app.hands("text")["ok"], seconds=30, what="the composer to be back")
        written = app.composed()
        assert written["text"] == f"{_WORDS[:place]},{_WORDS[place:]}"
        assert written["cursor"] == place + 1
    assert _sent_by(dovecot_lab, user) == []


def test_undo_gives_the_text_back_and_a_kill_while_it_counts_sends_nothing(
    dovecot_lab: DovecotLab, user: str, tmp_path: Path
) -> None:
    home = answering_home(tmp_path, dovecot_lab, user, undo_seconds=_LONG_SECONDS)
    with AnsweringApp(home) as app:
        _opened(app)
        app.type(_WORDS)
        app.send()
        app.wait_to_read("Sending to Čarla Kundin")
        app.press("U")
        app.wait_for_composer()
        assert app.composed()["text"] == _WORDS

        app.send()
        app.wait_for_state("COUNTING")
        app.kill()
        app.start()
        app.open(_KEY)
        app.wait_to_read("Not sent: supportdesk ended within the time to undo")
        assert app.composed()["text"] == _WORDS
        assert app.status()["unsent"] == 1
    assert _sent_by(dovecot_lab, user) == []


def test_quitting_asks_and_each_answer_does_what_it_says(
    dovecot_lab: DovecotLab, user: str, tmp_path: Path
) -> None:
    home = answering_home(tmp_path, dovecot_lab, user, undo_seconds=_LONG_SECONDS)
    with AnsweringApp(home) as app:
        _opened(app)
        app.type(_WORDS)
        _ask_to_quit(app, "You are writing to Čarla Kundin")
        app.click("Stay")
        assert app.composed()["text"] == _WORDS
        _ask_to_quit(app, "You are writing to Čarla Kundin")
        app.click("Keep as draft and quit")
        app.wait_for_end()

        app.start()
        app.wait_until_listening("Support")
        app.begin_answer(_KEY)
        assert app.composed()["text"] == _WORDS
        app.send()
        app.wait_for_state("COUNTING")
        _ask_to_quit(app, "1 message is not sent yet")
        app.click("Send now and quit")
        app.wait_for_end()
        assert len(_sent_by(dovecot_lab, user)) == 1
        # What it had still to file is filed by the next run, and sent by none.
        app.start()
        app.wait_for_state("DONE")
    assert len(_sent_by(dovecot_lab, user)) == 1
    link = client(dovecot_lab, user)
    assert len(_in_sent(link)) == 1
    link.logout()


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[tuple[DovecotLab, str]]:
    """A server of its own, to be stopped, and a mailbox with one question."""
    with DovecotLab() as lab:
        user = lab.new_address()
        question = EmailMessage()
        question["From"] = "Carla <carla@customer.example>"
        question["To"] = user
        question["Subject"] = "Order"
        question["Message-ID"] = _ID
        question.set_content("Where is it?\n")
        lab.deliver(question.as_bytes(), to=user)
        yield lab, user


def test_without_a_server_it_waits_says_so_and_goes_out_when_there_is_one(
    frail: tuple[DovecotLab, str], tmp_path: Path
) -> None:
    lab, user = frail
    with AnsweringApp(answering_home(tmp_path, lab, user)) as app:
        _opened(app)
        app.type("It leaves today.")
        lab.stop_server()
        app.send()
        app.wait_to_read("1 not sent yet")
        app.wait_for_unsent(1)
        app.kill()
        app.start()
        assert app.status()["unsent"] == 1
        lab.start_server()
        app.wait_until_listening("Support")
        app.open(_KEY)
        app.click("Try now: to Carla")
        app.wait_for_state("DONE")
        app.wait_for_unsent(0)
    assert len(_sent_by(lab, user)) == 1


def test_sending_before_quitting_says_when_it_does_not_go_and_keeps_it(
    frail: tuple[DovecotLab, str], tmp_path: Path
) -> None:
    lab, user = frail
    home = answering_home(tmp_path, lab, user, undo_seconds=_LONG_SECONDS)
    with AnsweringApp(home) as app:
        _opened(app)
        app.type("It leaves today.")
        app.send()
        app.wait_for_state("COUNTING")
        lab.stop_server()
        _ask_to_quit(app, "1 message is not sent yet")
        app.click("Send now and quit")
        app.wait_to_read("It has not gone out")
        app.click("Quit")
        app.wait_for_end()
        assert set(app.sending_states().values()) == {"WAITING"}
        lab.start_server()
        app.start()
        app.wait_until_listening("Support")
        # As the network does when it comes back: else it waits for its next try.
        app.asked({"verb": "check"})
        app.wait_for_state("DONE")
    assert len(_sent_by(lab, user)) == 1

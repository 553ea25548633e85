"""What colleagues do to the mailbox: answers, moves, deletions, a server that starts over."""

import imaplib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.mail.connection_test import test_connection as try_connection
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.errors import AuthRejected, CertificateRejected, SettingsError
from supportdesk.domain.events import (
    MailboxOpened,
    MessageChanged,
    MessageGone,
    MessageTextFetched,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.settings import MailAuth, Security
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.e2e.mail_account import NAME, Worker, client, letter, renumber, settings_for
from tests.lab.mail import PASSWORD, DovecotLab

pytestmark = pytest.mark.dovecot
OFTEN = ListeningRules(look_around_seconds=0.3)


@pytest.fixture
def address(dovecot_lab: DovecotLab) -> str:
    return dovecot_lab.new_address()


@pytest.fixture
def colleague(dovecot_lab: DovecotLab, address: str) -> Iterator[imaplib.IMAP4_SSL]:
    link = client(dovecot_lab, address)
    yield link
    link.logout()


def changed(account: Worker, what: Callable[[MessageSummary], bool]) -> bool:
    return any(what(event.message) for event in account.log.of(MessageChanged))


def test_an_answer_is_seen_at_once(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    dovecot_lab.deliver(letter(1), letter(2), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(2)
        colleague.select("INBOX")
        colleague.store("2", "+FLAGS", "(\\Seen \\Answered)")
        account.log.wait_for(
            lambda: changed(account, lambda one: one.is_answered and one.is_seen), "the answer"
        )
    answered = [event.message for event in account.log.of(MessageChanged) if event.message.is_seen]
    assert answered[-1].subject == "Question 2"
    cache = MailCacheReader(account.cache_path)
    assert [one.is_answered for one in cache.newest(NAME, 9)] == [True, False]
    cache.close()


def test_flags_that_changed_while_we_were_away(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    settings = settings_for(dovecot_lab, address)
    dovecot_lab.deliver(*(letter(number) for number in range(1, 6)), to=address)
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(5)
        account.wait_until_listening()
    colleague.select("INBOX")
    colleague.store("3", "+FLAGS", "(\\Answered)")
    colleague.store("1", "+FLAGS", "(\\Deleted)")
    colleague.expunge()
    dovecot_lab.deliver(letter(6), to=address)
    with Worker(settings, tmp_path) as account:
        account.wait_until_listening()
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the deletion")
        account.log.wait_for(lambda: changed(account, lambda one: one.is_answered), "the answer")
        account.wait_for_messages(1)
    assert account.subjects == ["Question 6"]
    assert [event.message_id for event in account.log.of(MessageGone)] == ["<1@example.org>"]
    answered = [e.message for e in account.log.of(MessageChanged) if e.message.is_answered]
    assert {one.subject for one in answered} == {"Question 3"}
    assert any("QRESYNC (" in line for line in dovecot_lab.imap_commands())


def test_deleted_messages_are_gone(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    dovecot_lab.deliver(*(letter(number) for number in range(1, 6)), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(5)
        colleague.select("INBOX")
        colleague.store("2,4", "+FLAGS", "(\\Deleted)")
        colleague.expunge()
        account.log.wait_for(lambda: len(account.log.of(MessageGone)) == 2, "two deletions")
        dovecot_lab.deliver(letter(6), to=address)
        account.wait_for_messages(6)
    gone = {event.message_id for event in account.log.of(MessageGone)}
    assert gone == {"<2@example.org>", "<4@example.org>"}


def test_moved_where_we_look_is_moved_and_elsewhere_is_gone(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    colleague.create("Lifted")
    colleague.create("Elsewhere")
    dovecot_lab.deliver(letter(1), letter(2), to=address)
    settings = settings_for(dovecot_lab, address, also_watch=("Lifted",))
    with Worker(settings, tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(2)
        account.log.wait_for(
            lambda: any(e.mailbox == "Lifted" for e in account.log.of(MailboxOpened)), "Lifted"
        )
        colleague.select("INBOX")
        colleague.uid("MOVE", "1", "Lifted")
        colleague.uid("MOVE", "2", "Elsewhere")
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the one that left")
        account.log.wait_for(
            lambda: changed(account, lambda one: one.address.mailbox == "Lifted"), "the move"
        )
    assert [event.message_id for event in account.log.of(MessageGone)] == ["<2@example.org>"]
    assert len(account.subjects) == 2


def test_a_message_lifted_to_us_arrives(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    colleague.create("Lifted")
    settings = settings_for(dovecot_lab, address, also_watch=("Lifted",))
    with Worker(settings, tmp_path, rules=OFTEN) as account:
        account.wait_until_listening()
        colleague.append("Lifted", "", "", letter("for you"))
        account.wait_for_messages(1)
    assert account.log.arrived[0].address.mailbox == "Lifted"


def test_answers_of_colleagues_are_known(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    dovecot_lab.deliver(letter(1), to=address)
    settings = settings_for(dovecot_lab, address, aliases=("Help@lab.test",))
    with Worker(settings, tmp_path, rules=OFTEN) as account:
        account.wait_until_listening()
        answer = letter(
            "1 answered", sender="Anna <help@lab.test>", headers="In-Reply-To: <1@example.org>\r\n"
        )
        colleague.append("Sent", "(\\Seen)", "", answer)
        account.wait_for_messages(2)
        # And the inbox is heard as before.
        dovecot_lab.deliver(letter(2), to=address)
        account.wait_for_messages(3)
    sent = account.log.arrived[1]
    assert sent.is_sent_copy
    assert sent.is_ours
    assert sent.references == ("<1@example.org>",)
    assert not account.log.arrived[2].is_sent_copy


def test_sent_by_name_of_the_settings_and_a_missing_one(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    colleague.create("Übrig & gesendet".encode("utf-7").decode().replace("+", "&") + "x")
    colleague.create('"&ANw-brig"')
    colleague.append('"&ANw-brig"', "", "", letter("sent"))
    with Worker(settings_for(dovecot_lab, address, sent="Übrig"), tmp_path) as account:
        account.wait_for_messages(1)
    assert account.log.arrived[0].is_sent_copy
    with Worker(settings_for(dovecot_lab, address, sent="None"), tmp_path / "b") as account:
        account.log.wait_for(lambda: "“None”" in account.log.problem, "the missing mailbox")
        assert account.log.health is not None
        assert account.log.health.hearing is Hearing.LISTENING


def test_a_new_uidvalidity_alerts_nobody_again(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    colleague.create("Queue")
    for number in range(80):
        message_id = "" if number % 2 else None
        colleague.append("Queue", "", "", letter(number, message_id=message_id))
    settings = settings_for(dovecot_lab, address, mailbox="Queue")
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(80)
        account.wait_until_listening()
        account.log.wait_for(lambda: len(account.log.of(MessageChanged)) >= 80, "the previews", 30)
    first = {one.message_id: one.address for one in account.log.arrived}
    renumber(colleague, "Queue")
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(1)
        account.log.wait_for(lambda: len(account.log.of(MessageChanged)) >= 80, "new addresses")
        account.wait_until_listening()
        assert account.subjects == ["Question shifts the uids"]
        moved = {
            event.message.message_id: event.message for event in account.log.of(MessageChanged)
        }
        assert set(first) <= set(moved)
        assert all(moved[one].address.uidvalidity != first[one].uidvalidity for one in first)
        assert account.log.of(MessageGone) == []
        account.worker.fetch_text(MessageId("<2@example.org>"))
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "a text")
    text = account.log.of(MessageTextFetched)[0].text
    assert text is not None
    assert text.text == "Where is my order?"


def test_messages_lost_with_the_old_uidvalidity_are_gone(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    colleague.create("Queue")
    colleague.append("Queue", "", "", letter(1))
    settings = settings_for(dovecot_lab, address, mailbox="Queue")
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(1)
    colleague.delete("Queue")
    colleague.create("Queue")
    with Worker(settings, tmp_path) as account:
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the loss")
        account.wait_until_listening()
    assert account.subjects == []


def test_texts_large_and_small(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    attachment = "QUJD" * 500_000
    large = letter(
        "large",
        headers="Content-Type: multipart/mixed; boundary=b\r\n",
        body=(
            "--b\r\n\r\nThe words.\r\n--b\r\nContent-Type: image/png; name=a.png\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{attachment}\r\n--b--"
        ),
    )
    colleague.append("INBOX", "", "", large)
    colleague.append("Sent", "", "", letter("sent"))
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(2)
        account.wait_until_listening()
        account.log.wait_for(
            lambda: changed(account, lambda one: one.preview == "The words."), "a preview"
        )
        for name in ("<large@example.org>", "<sent@example.org>", "<none@example.org>"):
            account.worker.fetch_text(MessageId(name))
        account.log.wait_for(lambda: len(account.log.of(MessageTextFetched)) == 3, "three answers")
    found, sent, none = account.log.of(MessageTextFetched)
    assert found.text is not None
    assert found.text.text == "The words."
    (part,) = found.text.parts
    # Encoded it is known exactly; decoded it is reckoned with lines of the usual length.
    assert part.name == "a.png"
    assert part.size_bytes == pytest.approx(1_500_000, rel=0.03)
    assert found.text.notices == ()
    assert sent.text is not None
    assert none.problem == "The message is not in the mailbox any more."
    cache = MailCacheReader(account.cache_path)
    assert cache.text(NAME, MessageId("<large@example.org>")) == found.text
    cache.close()


def test_ways_to_log_in(dovecot_lab: DovecotLab, address: str) -> None:
    dovecot_lab.deliver(letter(1), to=address)
    told = f"Connected to localhost as {address}: 1 message in INBOX"
    assert try_connection(settings_for(dovecot_lab, address), PASSWORD) == told
    plain_port = {"port": dovecot_lab.imap_port}
    starttls = settings_for(dovecot_lab, address, security=Security.STARTTLS, **plain_port)
    assert try_connection(starttls, PASSWORD) == told
    plain = settings_for(dovecot_lab, address, security=Security.NONE, **plain_port)
    assert try_connection(plain, PASSWORD) == told
    token = dovecot_lab.token(address)
    oauth = settings_for(dovecot_lab, address, auth=MailAuth.XOAUTH2)
    assert try_connection(oauth, token) == told
    with pytest.raises(AuthRejected, match="sign-in token"):
        try_connection(oauth, f"{token[:-4]}xxxx")
    with pytest.raises(AuthRejected, match="refused user or password"):
        try_connection(settings_for(dovecot_lab, address), "fälsch")
    with pytest.raises(SettingsError, match="There is no mailbox “Nowhere”"):
        try_connection(settings_for(dovecot_lab, address, mailbox="Nowhere"), PASSWORD)
    with pytest.raises(CertificateRejected, match="does not know"):
        try_connection(settings_for(dovecot_lab, address, ca_file=""), PASSWORD)


def test_a_shared_mailbox_of_the_team(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    other = client(dovecot_lab, dovecot_lab.new_address())
    settings = settings_for(dovecot_lab, address, mailbox="Team/Support")
    with Worker(settings, tmp_path) as account:
        account.wait_until_listening()
        other.append("Team/Support", "", "", letter("for the team"))
        account.wait_for_messages(1)
    other.logout()
    assert account.subjects == ["Question for the team"]

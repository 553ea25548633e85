"""The same mailbox life on Dovecot, Cyrus, Courier and pymap: what is told is the same."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk.domain.events import MailboxOpened, MessageChanged, MessageGone
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageSummary
from tests.e2e.mail_account import Worker, letter
from tests.e2e.mail_servers import Office
from tests.e2e.running import Watch, make_home
from tests.lab.courier import CourierLab
from tests.lab.mail import PASSWORD
from tests.lab.wire import RecordingProxy

LONG = 60.0


def test_each_mail_once_and_no_trace(office: Office) -> None:
    """First synchronisation, news in IDLE, lost connections, a server that is away for a while."""
    office.deliver(letter(1), letter(2), letter(3))
    with office.worker() as account:
        account.wait_until_listening()
        account.wait_for_messages(3, LONG)
        for number in range(4, 7):
            office.deliver(letter(number))
            account.wait_for_messages(number, LONG)
        office.proxy.cut()
        office.deliver(letter(7), letter(8))
        account.wait_for_messages(8, LONG)
        office.go_away()
        account.log.wait_until(Hearing.DEAF, LONG)
        office.deliver(letter(9))
        office.come_back()
        account.wait_for_messages(9, LONG)
        account.log.wait_until(Hearing.LISTENING, LONG)
        office.deliver(letter(10))
        account.wait_for_messages(10, LONG)
    assert Counter(account.subjects) == Counter(f"Question {number}" for number in range(1, 11))
    _no_trace(office)


def _no_trace(office: Office) -> None:
    commands = [line.upper() for line in office.proxy.client_lines()]
    assert any(" EXAMINE " in line for line in commands)
    assert any("BODY.PEEK[" in line for line in commands)
    written = ("SELECT ", "STORE ", "BODY[", "APPEND ", "EXPUNGE", "CLOSE", "COPY ", "MOVE ")
    assert not [line for line in commands if any(f" {word}" in line for word in written)]
    with office.colleague() as client:
        client.select("INBOX", readonly=True)
        _, found = client.search(None, "SEEN")
    assert found == [b""]


def _until_changed(account: Worker, what: Callable[[MessageSummary], bool], why: str) -> None:
    def is_so() -> bool:
        return any(what(event.message) for event in account.log.of(MessageChanged))

    account.log.wait_for(is_so, why, LONG)


def test_what_others_do_is_seen(office: Office) -> None:
    """Flags, a message moved to where we look, one deleted, an answer in Sent."""
    lifted = office.mailbox("Lifted")
    with office.colleague() as client:
        client.create(lifted)
    office.deliver(letter(1), letter(2), letter(3))
    with office.worker(office.settings(also_watch=(lifted,))) as account:
        account.wait_until_listening()
        account.wait_for_messages(3, LONG)
        office.flag("2", r"(\Seen \Answered)")
        _until_changed(account, lambda one: one.is_answered and one.is_seen, "the answer")
        office.move("1", lifted)
        _until_changed(account, lambda one: one.address.mailbox == lifted, "the move")
        office.expunge("2")
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the deletion", LONG)
        office.put(office.mailbox("Sent"), _answer_to(2))
        account.wait_for_messages(4, LONG)
    answered = [event.message for event in account.log.of(MessageChanged) if event.message.is_seen]
    assert answered[0].subject == "Question 2"
    assert [event.message_id for event in account.log.of(MessageGone)] == ["<3@example.org>"]
    sent = account.log.arrived[3]
    assert (sent.subject, sent.is_sent_copy) == ("Question answer", True)
    assert Counter(account.subjects).most_common(1)[0][1] == 1


def _answer_to(number: int) -> bytes:
    return letter(
        "answer",
        sender="Support <support@lab.test>",
        headers=f"In-Reply-To: <{number}@example.org>\r\n",
    )


def test_a_mailbox_made_anew_tells_nothing_twice(office: Office) -> None:
    """A new UIDVALIDITY: what was known is recognised, what is new is told."""
    desk = office.mailbox("Desk")
    with office.colleague() as client:
        client.create(desk)
    office.put(desk, *(letter(number) for number in range(1, 6)))
    with office.worker(office.settings(mailbox=desk)) as account:
        account.wait_until_listening()
        account.wait_for_messages(5, LONG)
    with office.colleague() as client:
        client.rename(desk, office.mailbox("Aside"))
        client.create(desk)
    office.put(desk, *(letter(number) for number in range(5, 0, -1)), letter(6))
    with office.worker(office.settings(mailbox=desk)) as again:
        again.wait_until_listening()
        again.wait_for_messages(1, LONG)
        office.put(desk, letter(7))
        again.wait_for_messages(2, LONG)
    assert again.subjects == ["Question 6", "Question 7"]
    before, after = account.log.of(MailboxOpened)[0], again.log.of(MailboxOpened)[0]
    assert before.uidvalidity != after.uidvalidity


def test_a_mailbox_that_is_deleted_under_us_and_comes_back(office: Office) -> None:
    """Some servers tell it as EXPUNGE, some end the session, some notice it when it is opened."""
    desk = office.mailbox("Desk")
    with office.colleague() as client:
        client.create(desk)
    office.put(desk, letter(1))
    with office.worker(office.settings(mailbox=desk)) as account:
        account.wait_until_listening()
        account.wait_for_messages(1, LONG)
        with office.colleague() as client:
            client.delete(desk)
        account.worker.check_now()
        account.log.wait_until(Hearing.DEAF, LONG)
        with office.colleague() as client:
            client.create(desk)
        office.put(desk, letter(1), letter(2))
        account.log.wait_for(lambda: "Question 2" in account.subjects, "the new one", LONG)
        account.log.wait_until(Hearing.LISTENING, LONG)


def test_an_answer_takes_the_alert_back(office: Office, tmp_path: Path) -> None:
    """The whole program: told once, withdrawn when a colleague answers elsewhere."""
    home = make_home(tmp_path, office.settings_toml(), {"mail/Support": PASSWORD})
    with Watch(home) as watch:
        watch.wait_until_listening("Support", seconds=LONG)
        office.deliver(letter(1))
        alert = watch.wait_for(lambda line: line["what"] == "alert", seconds=LONG, what="an alert")
        office.flag("1", r"(\Answered)")
        gone = watch.wait_for(
            lambda line: line["what"] == "withdrawn", seconds=LONG, what="its withdrawal"
        )
        assert gone["key"] == alert["key"]
        assert len(watch.told("happened", "mail")) == 1
        assert watch.stop() == 0


@pytest.mark.courier
def test_idle_that_never_tells_is_made_up_for_by_looking(tmp_path: Path) -> None:
    """Courier without its file watcher: it offers IDLE, warns of it and tells nothing in it."""
    with CourierLab(has_gamin=False) as lab, RecordingProxy(lab.imap_port) as proxy:
        office = Office(lab, proxy, tmp_path)
        with office.worker() as account:
            account.wait_until_listening()
            for number in range(1, 4):
                office.deliver(letter(number))
                account.wait_for_messages(number, LONG)
    assert account.subjects == ["Question 1", "Question 2", "Question 3"]

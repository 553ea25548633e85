"""Mail that arrives in a real Dovecot is heard exactly once, and hearing it leaves no trace."""

import re
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.events import (
    MailboxOpened,
    MessageChanged,
    MessagesArrived,
    MessageTextFetched,
    SourceHeard,
    SyncProgressed,
)
from supportdesk.domain.mail import MessageId
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.e2e.mail_account import NAME, Worker, client, letter, settings_for
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.dovecot


def test_whoever_asks_is_told_when_all_mail_is(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    """After a sleep that is what a digest waits for."""
    address = dovecot_lab.new_address()
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        dovecot_lab.deliver(letter(1), to=address)
        account.worker.check_now()
        account.log.wait_for(
            lambda: any(one.is_caught_up for one in account.log.of(SourceHeard)), "an answer"
        )
        assert account.subjects == ["Question 1"]


def test_fifty_messages_while_the_link_is_killed(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    """Some 5 ms apart, some while the session is killed or the link cut: each exactly once."""
    address = dovecot_lab.new_address()
    with RecordingProxy(dovecot_lab.imaps_port) as proxy:
        settings = settings_for(dovecot_lab, address, port=proxy.port)
        with Worker(settings, tmp_path) as account:
            account.wait_until_listening()
            pause = threading.Event()
            for number in range(50):
                dovecot_lab.deliver(letter(number), to=address)
                if number in (12, 35):
                    proxy.cut()
                elif number in (20, 27, 44):
                    dovecot_lab.kill_connections()
                pause.wait(0.005 if number % 10 else 0.3)
            account.wait_for_messages(50, seconds=60)
            account.log.wait_for(
                lambda: len(account.log.of(MessageChanged)) >= 50, "the previews", 30
            )
        assert Counter(account.subjects) == Counter(f"Question {n}" for n in range(50))
        cache = MailCacheReader(account.cache_path)
        assert len(cache.newest(NAME, 100)) == 50
        assert {one.preview for one in cache.newest(NAME, 100)} == {"Where is my order?"}
        cache.close()
        with Worker(settings, tmp_path) as again:
            again.wait_until_listening()
            dovecot_lab.deliver(letter("after"), to=address)
            again.wait_for_messages(1)
        assert again.subjects == ["Question after"]


def test_reading_leaves_no_trace(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(*(letter(number) for number in range(50)), to=address)
    before = len(dovecot_lab.imap_commands())
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(50)
        for number in range(50):
            account.worker.fetch_text(MessageId(f"<{number}@example.org>"))
        account.log.wait_for(
            lambda: len(account.log.of(MessageTextFetched)) == 50, "fifty texts", 20
        )
        assert all(answer.text for answer in account.log.of(MessageTextFetched))
    commands = [
        re.sub(r"^S\d+ ", "", line)
        for line in dovecot_lab.imap_commands()[before:]
        if re.match(r"S\d+ ", line)
    ]
    kinds = {" ".join(line.split()[: 2 if line.startswith("UID") else 1]) for line in commands}
    assert kinds <= {
        *("CAPABILITY", "ENABLE", "EXAMINE", "IDLE", "LIST", "STATUS", "NOOP"),
        *("FETCH", "UID FETCH", "UID SEARCH"),
    }
    assert "EXAMINE" in kinds
    fetches = [line for line in commands if "FETCH" in line and "BODY" in line]
    assert fetches
    assert all("BODY.PEEK[" in line and "BODY[" not in line for line in fetches)
    link = client(dovecot_lab, address)
    link.select(readonly=True)
    _, unseen = link.uid("SEARCH", "UNSEEN")
    assert len(unseen[0].split()) == 50
    link.logout()


def test_the_newest_come_first_and_all_in_the_end(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(*(letter(number) for number in range(1100)), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(1100, seconds=60)
        account.log.wait_for(
            lambda: account.log.of(SyncProgressed)[-1].done == 1100, "the end of the sync"
        )
        opened = account.log.of(MailboxOpened)[0]
        assert (opened.mailbox, opened.uidnext) == ("INBOX", 1101)
        batches = [[one.address.uid for one in b.messages] for b in account.log.of(MessagesArrived)]
        assert batches[0] == list(range(1051, 1101))
        assert all(batch == sorted(batch) for batch in batches)
        assert sorted(uid for batch in batches for uid in batch) == list(range(1, 1101))
        progress = [(one.done, one.total) for one in account.log.of(SyncProgressed)]
        assert progress[0] == (50, 1100)
        assert progress == sorted(progress)
        assert progress[-1] == (1100, 1100)
        # New mail is not delayed by what is still being synchronised.
        assert account.log.events.index(opened) < 3


def test_a_long_absence_and_a_short_one(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    settings = settings_for(dovecot_lab, address)
    dovecot_lab.deliver(letter("first"), to=address)
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(1)
        account.wait_until_listening()
    dovecot_lab.deliver(*(letter(number) for number in range(400)), to=address)
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(400)
        assert len(account.log.of(MessagesArrived)[0].messages) == 50
        account.wait_until_listening()
    with Worker(settings, tmp_path) as account:
        account.wait_until_listening()
        assert account.subjects == []


def test_without_message_id(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    settings = settings_for(dovecot_lab, address)
    dovecot_lab.deliver(letter(1, message_id=""), letter(2, message_id=""), to=address)
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(2)
    ids = {one.message_id for one in account.log.arrived}
    assert len(ids) == 2
    with Worker(settings, tmp_path / "other") as fresh:
        fresh.wait_for_messages(2)
    assert {one.message_id for one in fresh.log.arrived} == ids


def test_strange_messages_arrive_like_others(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    strange = [
        b"no header at all\r\n",
        b"\r\n",
        b'Subject: \xff\xfe\x00 (unclosed " {5}\r\nFrom: "<((\r\nMessage-ID: <a b>\r\n\r\nx\r\n',
        b"From: =?utf-8?B?" + b"QUJD" * 2000 + b"?= <" + b"x" * 3000 + b"@y>\r\n\r\nx\r\n",
        b"Subject: " + b"long " * 20_000 + b"\r\n\r\nx\r\n",
        b"To: " + b", ".join(b"p%d@x.org" % n for n in range(3000)) + b"\r\n\r\nx\r\n",
        b"References: " + b" ".join(b"<%d@x>" % n for n in range(3000)) + b"\r\n\r\nx\r\n",
        b"Content-Type: message/rfc822\r\n\r\n" * 300 + b"Subject: inner\r\n\r\nx\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 3000,
        b"Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\nx\r\n",
        b"Date: never\r\nSubject: =?nonsense?Q?=FF?=\r\n\r\nx\r\n",
        "Subject: Grüße\r\nFrom: Jörg <j@x.org>\r\n\r\nä\r\n".encode("latin-1"),
    ]
    dovecot_lab.deliver(*strange, letter("last"), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(len(strange) + 1, seconds=30)
        account.worker.fetch_text(account.log.arrived[7].message_id)
        account.log.wait_for(lambda: bool(account.log.of(MessageTextFetched)), "a text")
        dovecot_lab.deliver(letter("live"), to=address)
        account.wait_for_messages(len(strange) + 2)
    assert account.subjects[-1] == "Question live"
    subjects = [one.message.subject for one in account.log.of(MessageChanged)]
    assert "Grüße" in subjects


def test_a_burst_while_the_mailbox_is_being_synchronised(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(*(letter(number) for number in range(800)), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(50)
        dovecot_lab.deliver(*(letter(f"live {number}") for number in range(100)), to=address)
        account.wait_for_messages(900, seconds=60)
        account.wait_until_listening()
    assert Counter(account.subjects).most_common(1)[0][1] == 1
    assert len(account.subjects) == 900


def test_killed_at_any_moment_nothing_is_lost(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    """What was not published before the kill is in the cache, where the next start finds it."""
    address = dovecot_lab.new_address()
    cache_path = tmp_path / "mail.db"
    command = [sys.executable, "-m", "tests.e2e.mail_process", address]
    command += [str(dovecot_lab.imaps_port), str(dovecot_lab.ca_file), PASSWORD, str(cache_path)]
    told: list[str] = []
    sent = 0
    for lines in (1, 20, 45, 70, 200, 300):
        dovecot_lab.deliver(*(letter(number) for number in range(sent, sent + 100)), to=address)
        sent += 100
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            known = len(told)
            while len(told) - known < min(lines, sent - len(stored_ids(cache_path))):
                told.append(process.stdout.readline().strip())
            process.kill()
            rest = process.stdout.read()
            told += rest[: rest.rfind("\n") + 1].split()
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        wait_until(lambda: len(stored_ids(cache_path)) == sent, seconds=20, what="all messages")
    stored = stored_ids(cache_path)
    assert stored == Counter(f"<{number}@example.org>" for number in range(sent))
    told += [one.message_id for one in account.log.arrived]
    assert set(told) <= set(stored)
    assert Counter(told).most_common(1)[0][1] == 1
    connection = sqlite3.connect(cache_path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def stored_ids(path: Path) -> Counter[str]:
    reader = MailCacheReader(path)
    found = Counter(str(one.message_id) for one in reader.newest(NAME, 10_000))
    reader.close()
    return found


def test_a_black_hole_is_noticed_and_left(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    rules = ListeningRules(look_around_seconds=1, answer_seconds=1, hasty_answer_seconds=0.5)
    with RecordingProxy(dovecot_lab.imaps_port) as proxy:
        settings = settings_for(dovecot_lab, address, port=proxy.port)
        with Worker(settings, tmp_path, rules=rules) as account:
            account.wait_until_listening()
            proxy.hold()
            dovecot_lab.deliver(letter("in the hole"), to=address)
            account.log.wait_for(
                lambda: "does not answer" in account.log.problem, "the black hole", 10
            )
            proxy.release()
            account.wait_for_messages(1)
            account.wait_until_listening()
    assert account.subjects == ["Question in the hole"]

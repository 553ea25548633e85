"""Large mailboxes on servers of three kinds: what is in mail.db is what the server has, and only
what matters is told one by one."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.mail_session import PREVIEWS
from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.events import HistoryStored, MessageChanged, MessageGone, SyncProgressed
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.protocols.imap_bulk import ANSWERED, SEEN
from supportdesk.services.ports import Baseline
from tests.bench.mail_sync_box import make_maildir
from tests.e2e.mail_account import NAME, Worker, client, letter, renumber, settings_for
from tests.e2e.running import Watch, make_home
from tests.fakes.hand_clock import HandClock
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

MANY = 2_600
BASIC = "IMAP4rev1 SASL-IR IDLE UIDPLUS LIST-EXTENDED CHILDREN NAMESPACE SPECIAL-USE LITERAL+"
SERVERS = {
    "qresync": ("", "QRESYNC ("),
    "condstore": (f"{BASIC} ESEARCH ENABLE CONDSTORE", "(CHANGEDSINCE "),
    "esearch": (f"{BASIC} ESEARCH", "UID SEARCH RETURN (ALL) ANSWERED"),
    "plain": (BASIC, "UID SEARCH ANSWERED"),
}


@pytest.fixture(params=list(SERVERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def lab(kind: str) -> Iterator[DovecotLab]:
    with DovecotLab() as made:
        if SERVERS[kind][0]:
            made.offer(SERVERS[kind][0])
        yield made


def on_server(lab: DovecotLab, address: str) -> dict[int, int]:
    """Flags by uid, as another client is told."""
    link = client(lab, address)
    link.select("INBOX", readonly=True)
    _, lines = link.fetch("1:*", "(UID FLAGS)")
    link.logout()
    found = {}
    for line in lines:
        assert isinstance(line, bytes)
        numbers = re.search(rb"UID (\d+)", line)
        assert numbers is not None
        found[int(numbers[1])] = SEEN * (b"\\Seen" in line) + ANSWERED * (b"\\Answered" in line)
    return found


def in_cache(path: Path) -> dict[int, int]:
    select = f"SELECT uid, flags & {SEEN | ANSWERED} FROM places WHERE mailbox = 'INBOX'"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            return dict(connection.execute(select))
        except sqlite3.OperationalError:
            return {}  # its tables are being made


def wait_for_agreement(lab: DovecotLab, address: str, path: Path) -> None:
    truth = on_server(lab, address)
    wait_until(lambda: in_cache(path) == truth, seconds=30, what="mail.db to be as the mailbox")


def change_much(lab: DovecotLab, address: str) -> None:
    """Old and new messages are answered, read no more, deleted; three arrive."""
    link = client(lab, address)
    link.select("INBOX")
    link.uid("STORE", "7,300:320,2590", "+FLAGS", "(\\Answered)")
    link.uid("STORE", "9,400:420", "-FLAGS", "(\\Seen \\Answered)")
    link.uid("STORE", "11,500:520,2580", "+FLAGS", "(\\Deleted)")
    link.expunge()
    link.logout()
    lab.deliver(letter("new 1"), letter("new 2"), letter("new 3"), to=address)


def test_whatever_the_server_offers_the_cache_is_as_the_mailbox(
    lab: DovecotLab, kind: str, tmp_path: Path
) -> None:
    address = lab.new_address()
    make_maildir(tmp_path / "maildir", MANY)
    lab.give_mailbox(tmp_path / "maildir", address)
    settings = settings_for(lab, address, prefetch_days=0)
    with Worker(settings, tmp_path) as account:
        wait_for_agreement(lab, address, account.cache_path)
        account.log.wait_for(lambda: account.log.of(SyncProgressed)[-1].done >= MANY, "the end")
        told = len(account.log.arrived)
    assert 2_000 <= told < MANY
    assert account.log.of(HistoryStored)
    assert all(one.done <= one.total for one in account.log.of(SyncProgressed))
    change_much(lab, address)
    with Worker(settings, tmp_path) as account:
        wait_for_agreement(lab, address, account.cache_path)
        account.wait_for_messages(3)
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "the loss of a new one")
    assert sorted(account.subjects) == ["Question new 1", "Question new 2", "Question new 3"]
    assert len(account.log.of(MessageGone)) == 1
    assert any(SERVERS[kind][1] in line for line in lab.imap_commands())


def test_changes_while_it_listens(lab: DovecotLab, tmp_path: Path) -> None:
    address = lab.new_address()
    lab.deliver(*(letter(number) for number in range(30)), to=address)
    with Worker(settings_for(lab, address), tmp_path) as account:
        account.wait_for_messages(30)
        link = client(lab, address)
        link.select("INBOX")
        link.uid("STORE", "3,5:9", "+FLAGS", "(\\Answered)")
        link.uid("STORE", "1,20:22", "+FLAGS", "(\\Deleted)")
        link.expunge()
        link.logout()
        lab.deliver(letter("new"), to=address)
        account.wait_for_messages(31)
        wait_for_agreement(lab, address, account.cache_path)


def test_while_a_list_is_scrolled_new_mail_is_told_and_old_texts_wait(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    today = f"Date: {SystemClock().now():%a, %d %b %Y %H:%M:%S +0000}\r\n"
    dovecot_lab.deliver(*(letter(number, headers=today) for number in range(130)), to=address)
    clock = HandClock()
    way = RightOfWay(clock)
    way.take()
    with Worker(settings_for(dovecot_lab, address), tmp_path, right_of_way=way) as account:
        account.wait_for_messages(130)
        account.log.wait_for(lambda: _previewed(account) >= PREVIEWS, "the newest texts")
        dovecot_lab.deliver(letter("new", headers=today), to=address)
        account.wait_for_messages(131)
        account.log.wait_for(lambda: _previewed(account) > PREVIEWS, "the text of the new one")
        assert _previewed(account) == PREVIEWS + 1
        clock.seconds += 2
        account.log.wait_for(lambda: _previewed(account) == 131, "all texts")


def _previewed(account: Worker) -> int:
    """How many have a first line to show."""
    return len({one.message.key for one in account.log.of(MessageChanged) if one.message.preview})


def test_after_an_absence_all_that_came_is_told_though_the_cache_is_lost(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    make_maildir(tmp_path / "maildir", MANY)
    dovecot_lab.give_mailbox(tmp_path / "maildir", address)
    link = client(dovecot_lab, address)
    _, data = link.status("INBOX", "(UIDVALIDITY)")
    link.logout()
    assert isinstance(data[0], bytes)
    found = re.search(rb"UIDVALIDITY (\d+)", data[0])
    assert found is not None
    baseline = Baseline(
        account=NAME,
        mailbox="INBOX",
        uidvalidity=int(found[1]),
        uidnext=101,
        at=SystemClock().now(),
        user=address,
    )
    settings = settings_for(dovecot_lab, address, prefetch_days=0)
    with Worker(settings, tmp_path, baselines=[baseline]) as account:
        account.wait_for_messages(MANY - 100, seconds=60)
        wait_for_agreement(dovecot_lab, address, account.cache_path)
    assert len({one.message_id for one in account.log.arrived}) == MANY - 100
    # A run that dies may have told none of it to the desk: the next tells all of it again.
    with Worker(settings, tmp_path, baselines=[baseline]) as account:
        account.wait_for_messages(MANY - 100, seconds=60)


def test_a_new_uidvalidity_of_500_messages_alerts_nobody_and_loses_no_mark(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    link = client(dovecot_lab, address)
    link.create("Queue")
    home = make_home(tmp_path, _queue(dovecot_lab, address), {"mail/Support": PASSWORD})
    letters = [letter(number) for number in range(499)]
    # As web forms do: one Message-ID for all; they come in different batches.
    letters.append(letter(499, sender="Bob <bob@example.org>", message_id="<0@example.org>"))
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        for one in letters:
            link.append("Queue", "", "", one)
        watch.wait_for(lambda _: len(_told(watch)) == 500, seconds=60, what="500 messages")
        keys = _told(watch)
    pair = {key for key in keys if key.endswith(("<0@example.org>", ".0@example.org>"))}
    assert len(pair) == 2
    _mark_read(home, sorted(pair | set(sorted(keys)[:200])))
    before = _marks(home)
    assert before.read_here <= before.messages.keys()
    assert len(before.messages) == 500
    renumber(link, "Queue", keeps_new=False)
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        watch.wait_for(
            lambda _: len(_addresses(home)) == 1 and _addresses(home) != before.addresses,
            seconds=60,
            what="the new uidvalidity alone",
        )
        link.append("Queue", "", "", letter("last"))
        last = "mail/Support/<last@example.org>"
        watch.wait_for(lambda _: last in _told(watch), seconds=60, what="the last one")
        assert _told(watch) == {last}
        assert watch.covered() <= {last}
    link.logout()
    after = _marks(home)
    assert after.read_here == before.read_here
    assert after.spans == before.spans
    assert after.messages == {**before.messages, last: ("ann@example.org", "Question last")}
    assert after.addresses != before.addresses


def _queue(lab: DovecotLab, address: str) -> str:
    return (
        f'[[mail]]\nname = "Support"\naddress = "{address}"\nhost = "localhost"\n'
        f'port = {lab.imaps_port}\nuser = "{address}"\nca_file = "{lab.ca_file}"\n'
        'mailbox = "Queue"\n'
    )


def _told(watch: Watch) -> set[str]:
    return {line["key"] for line in watch.told("happened", "mail")}


def _mark_read(home: Path, keys: list[str]) -> None:
    store = SqliteDeskStore(home / "desk.db")
    now = SystemClock().now()
    for number, key in enumerate(keys):
        store.mark_read(key, now)
        began = now - timedelta(minutes=2 * number + 2)
        store.append_span(
            Span(
                span_id=f"s{number}",
                kind=SpanKind.READ,
                item=key,
                label="Question",
                started_at=began,
                utc_offset=timedelta(0),
                counted_seconds=60.0,
            )
        )
    store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the desk keeps of messages, and which message each key means."""

    read_here: set[str]
    spans: list[Span]
    messages: dict[str, tuple[str, str]]
    addresses: set[int]


def _marks(home: Path) -> Marks:
    store, cache = SqliteDeskStore(home / "desk.db"), MailCacheReader(home / "mail.db")
    now = SystemClock().now()
    newest = cache.newest(SourceName("Support"), 2_000)
    marks = Marks(
        read_here=store.read_keys(),
        spans=store.spans_between(now - timedelta(days=2), now),
        messages={one.key: (one.sender.email, one.subject) for one in newest},
        addresses={one.address.uidvalidity for one in newest},
    )
    cache.close()
    store.close()
    return marks


def _addresses(home: Path) -> set[int]:
    with contextlib.closing(sqlite3.connect(home / "mail.db")) as connection:
        found = connection.execute("SELECT DISTINCT uidvalidity FROM places WHERE mailbox='Queue'")
        return {uidvalidity for (uidvalidity,) in found}

"""Mail of somebody who was forgotten, on a real server that still has it."""

import imaplib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.home_erasure import HomeErasure
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.events import MessageChanged, MessageGone
from supportdesk.domain.settings import Settings
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.adapters.forgotten_home import bytes_found
from tests.e2e.mail_account import NAME, Worker, client, letter, settings_for
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot
OFTEN = ListeningRules(look_around_seconds=0.3)
EMAIL = "greta.garbo@kunde.example"
SECRETS = (EMAIL, "Greta Garbo", "periwinkle")


@pytest.fixture
def address(dovecot_lab: DovecotLab) -> str:
    return dovecot_lab.new_address()


@pytest.fixture
def colleague(dovecot_lab: DovecotLab, address: str) -> Iterator[imaplib.IMAP4_SSL]:
    link = client(dovecot_lab, address)
    yield link
    link.logout()


def hers(number: int) -> bytes:
    return letter(number, sender=f"Greta Garbo <{EMAIL}>", body=f"periwinkle {number}")


def forget(folder: Path) -> str:
    places = Places.under(folder)
    places.create_folders()
    with closing(SqliteDeskStore(places.desk_db)):
        erasure = HomeErasure(places, places.desk_db, Settings(), SystemClock())
        return erasure.erase(erasure.meant(EMAIL), lambda _who: None)


def subjects(account: Worker) -> list[str]:
    with closing(MailCacheReader(account.cache_path)) as cache:
        return [one.subject for one in cache.newest(NAME, 99)]


def test_it_is_not_fetched_again_and_what_comes_later_is_told(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    settings = settings_for(dovecot_lab, address)
    dovecot_lab.deliver(hers(1), letter(2), hers(3), letter(4), to=address)
    with Worker(settings, tmp_path, rules=OFTEN) as account:
        account.wait_until_listening()
        account.wait_for_messages(4)
        wait_until(lambda: bytes_found(tmp_path, "periwinkle"), seconds=60, what="the texts")
        assert "2 mails with their texts" in forget(tmp_path)
        assert bytes_found(tmp_path, *SECRETS) == []
        # While the worker goes on: a colleague reads, answers and deletes what was hers.
        colleague.select("INBOX")
        colleague.store("1,2", "+FLAGS", "(\\Seen \\Answered)")
        colleague.store("3", "+FLAGS", "(\\Deleted)")
        colleague.expunge()
        account.log.wait_for(lambda: bool(account.log.of(MessageChanged)), "an answer to another")
        dovecot_lab.deliver(letter(5), to=address)
        account.wait_for_messages(5)
    assert subjects(account) == ["Question 5", "Question 4", "Question 2"]
    assert account.log.of(MessageGone) == []
    with Worker(settings, tmp_path, rules=OFTEN) as again:
        again.wait_until_listening()
        dovecot_lab.deliver(hers(6), to=address)
        again.log.wait_for(lambda: "Question 6" in again.subjects, "her new mail")
    assert subjects(again) == ["Question 6", "Question 5", "Question 4", "Question 2"]
    colleague.select("INBOX", readonly=True)
    assert colleague.search(None, "FROM", EMAIL)[1] == [b"1 5"]

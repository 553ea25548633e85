"""Questions from the GUI thread: answered there, the last one first, the others given up."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from supportdesk.adapters.right_of_way import RightOfWay
from supportdesk.adapters.storage import mail_index, mail_indexing
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.adapters.storage.mail_history import Held
from supportdesk.adapters.storage.mail_indexing import MailIndexing
from supportdesk.adapters.storage.mail_pruning import Pruning
from supportdesk.adapters.storage.mail_queries import MailQueries
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.domain.health import SourceName
from supportdesk.domain.search import OldMail, SearchAnswer
from tests.adapters.mail_examples import NOW, SENT, SUPPORT, keep_text, mail, store, text_of
from tests.fakes.hand_clock import HandClock

WAIT = 30_000


def full_disk() -> sqlite3.Error:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


class AskedWay(RightOfWay):
    """Knows that somebody has looked."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.was_asked = threading.Event()

    @property
    def seconds_left(self) -> float:
        self.was_asked.set()
        return super().seconds_left


class Rig:
    """A mail.db with somebody who writes it, and both threads around it."""

    def __init__(self, folder: Path) -> None:
        self.paths = SearchPaths.beside(folder / "mail.db")
        self.writer = MailCacheWriter(self.paths.mail_db)
        self.asked_for_room = 0
        self.limit = 10**12
        self.clock = HandClock()
        self.way = AskedWay(self.clock)
        self.indexing = MailIndexing(self.paths, self._pruning, self.way)
        self.queries = MailQueries(self.paths, self.indexing.what_is_missing)
        self.indexing.grew.connect(self.queries.search_again)
        self.answers: list[SearchAnswer] = []

    def _pruning(self) -> Pruning:
        self.asked_for_room += 1
        return Pruning(limit_bytes=self.limit, waiting=frozenset(), now=NOW)

    def search(self, words: str) -> None:
        self.queries.search(words, 50, self.answers.append)

    def history(self, held: Held) -> "Answer":
        answer = Answer()
        self.queries.list_history(held, answer)
        return answer

    def stop(self) -> None:
        self.queries.stop(30)
        self.indexing.stop(30)
        self.writer.close()


class Answer:
    """What came back, and on which thread."""

    def __init__(self) -> None:
        self.old: OldMail | None = None
        self.thread = ""

    def is_there(self) -> bool:
        return self.old is not None

    def __call__(self, old: OldMail) -> None:
        self.old = old
        self.thread = threading.current_thread().name


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.stop()


def complete(rig: Rig) -> Callable[[], bool]:
    return lambda: not rig.indexing.what_is_missing()


def test_an_answer_comes_on_the_gui_thread(rig: Rig, qtbot: QtBot) -> None:
    store(rig.writer, mail(1, subject="refund"))
    rig.indexing.begin()
    qtbot.waitUntil(complete(rig), timeout=WAIT)
    rig.search("refund")
    assert rig.answers == []
    qtbot.waitUntil(lambda: bool(rig.answers), timeout=WAIT)
    assert len(rig.answers[0].hits) == 1
    assert rig.answers[0].notes == ()


def test_it_is_said_how_many_messages_cannot_be_found_yet(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 5)
    monkeypatch.setattr(mail_indexing, "BATCH", 5)
    store(rig.writer, *(mail(uid) for uid in range(1, 1508)))
    assert rig.indexing.what_is_missing().startswith("Mail cannot be found yet")
    rig.indexing._index.work()
    assert rig.indexing.what_is_missing() == (
        "1,502 older messages cannot be found yet: search is being made ready."
    )


def test_the_index_is_not_made_while_a_list_is_scrolled(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 5)
    monkeypatch.setattr(mail_indexing, "BATCH", 5)
    store(rig.writer, *(mail(uid) for uid in range(1, 31)))
    rig.way.take()
    rig.indexing.begin()
    qtbot.waitUntil(rig.way.was_asked.is_set, timeout=WAIT)
    assert rig.indexing.what_is_missing().startswith("25 older messages")
    rig.clock.seconds += 2
    qtbot.waitUntil(complete(rig), timeout=WAIT)


def test_an_index_that_cannot_be_kept_is_said_until_it_can(rig: Rig, qtbot: QtBot) -> None:
    """A file that is none stands for all that a disk may refuse; root may write anywhere."""
    store(rig.writer, mail(1, subject="refund"))
    rig.paths.search_db.mkdir()
    rig.indexing.begin()
    said = "Search cannot be kept on this disk (search.db cannot be opened); not all mail is found."
    qtbot.waitUntil(lambda: rig.indexing.what_is_missing() == said, timeout=WAIT)
    rig.search("refund")
    qtbot.waitUntil(lambda: bool(rig.answers), timeout=WAIT)
    assert rig.answers[0].hits == ()
    assert said in rig.answers[0].notes
    rig.paths.search_db.rmdir()
    rig.indexing.begin()
    qtbot.waitUntil(complete(rig), timeout=WAIT)
    qtbot.waitUntil(lambda: rig.answers[-1].notes == (), timeout=WAIT)
    assert len(rig.answers[-1].hits) == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (full_disk(), "the disk is full, so search.db cannot be written"),
        (sqlite3.DatabaseError("odd"), "odd"),
        (sqlite3.InterfaceError("odder"), "odder"),
    ],
)
def test_the_reason_is_in_words(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, error: Exception, words: str
) -> None:
    def fail(_index: mail_index.MailIndex) -> bool:
        raise error

    monkeypatch.setattr(mail_index.MailIndex, "work", fail)
    rig.indexing.begin()
    qtbot.waitUntil(lambda: f"({words})" in rig.indexing.what_is_missing(), timeout=WAIT)


def test_only_the_last_search_is_answered(rig: Rig, qtbot: QtBot) -> None:
    rig.indexing.begin()
    qtbot.waitUntil(complete(rig), timeout=WAIT)
    for words in ("r", "re", "ref", "refu", "refund"):
        rig.search(words)
    qtbot.waitUntil(lambda: bool(rig.answers), timeout=WAIT)
    rig.search("parcel")
    rig.search("")
    done = rig.history(Held(accounts=[], messages=[]))
    qtbot.waitUntil(done.is_there, timeout=WAIT)
    assert [answer.words for answer in rig.answers] == ["refund"]


def test_while_the_index_is_made_the_search_on_show_is_answered_again(
    rig: Rig, qtbot: QtBot
) -> None:
    store(rig.writer, mail(1, subject="refund"))
    rig.search("refund")
    qtbot.waitUntil(lambda: bool(rig.answers), timeout=WAIT)
    assert rig.answers[0].hits == ()
    assert rig.answers[0].notes == ("Mail cannot be found yet: search is being made ready.",)
    rig.indexing.begin()
    rig.indexing.begin()
    qtbot.waitUntil(lambda: len(rig.answers) > 1, timeout=WAIT)
    assert len(rig.answers[-1].hits) == 1
    assert rig.answers[-1].notes == ()


def test_new_mail_is_found_once_the_index_is_woken(rig: Rig, qtbot: QtBot) -> None:
    rig.indexing.begin()
    qtbot.waitUntil(complete(rig), timeout=WAIT)
    store(rig.writer, mail(1, subject="refund"))
    rig.indexing.wake()

    def is_found() -> bool:
        rig.search("refund")
        qtbot.waitUntil(lambda: rig.answers[-1:] != [], timeout=WAIT)
        return bool(rig.answers.pop().hits)

    qtbot.waitUntil(is_found, timeout=WAIT)


def test_while_mail_pours_in_a_large_index_still_gets_ready(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_index, "BATCH", 5)
    monkeypatch.setattr(mail_indexing, "BATCH", 5)
    monkeypatch.setattr(mail_indexing, "_POLITE_SECONDS", 0.01)
    store(rig.writer, *(mail(uid) for uid in range(1, 60)))
    rig.search("order")
    rig.indexing.begin()

    def is_complete() -> bool:
        rig.indexing.wake()
        return not rig.indexing.what_is_missing()

    qtbot.waitUntil(is_complete, timeout=WAIT)
    qtbot.waitUntil(lambda: bool(rig.answers) and rig.answers[-1].notes == (), timeout=WAIT)
    assert len(rig.answers[-1].hits) == 50


def test_old_mail_is_all_that_the_inbox_does_not_hold(rig: Rig, qtbot: QtBot) -> None:
    """None twice, none missing, ours and copies in Sent left out, newest first."""
    other = SourceName("Sales")
    store(rig.writer, *(mail(uid) for uid in range(1, 8)), mail(8, is_ours=True))
    store(rig.writer, mail(1, key=SENT, message_id="<sent@x>"))
    held = [mail(uid) for uid in (7, 5)]
    answer = rig.history(
        Held(accounts=[SUPPORT, other], messages=[(one.account, one.message_id) for one in held])
    )
    qtbot.waitUntil(answer.is_there, timeout=WAIT)
    assert answer.old is not None
    assert list(answer.old.times) == [
        int(mail(uid).arrived_at.timestamp()) for uid in (6, 4, 3, 2, 1)
    ]
    assert answer.thread == threading.current_thread().name
    none = rig.history(Held(accounts=[other], messages=[]))
    qtbot.waitUntil(none.is_there, timeout=WAIT)
    assert none.old is not None
    assert len(none.old.ids) == 0


def test_without_a_cache_there_is_no_old_mail(tmp_path: Path, qtbot: QtBot) -> None:
    queries = MailQueries(SearchPaths.beside(tmp_path / "mail.db"), lambda: "")
    answers: list[OldMail] = []
    queries.list_history(Held(accounts=[SUPPORT], messages=[]), answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    assert len(answers[0].ids) == 0
    queries.stop(30)


def test_nothing_is_answered_after_the_stop(rig: Rig, qtbot: QtBot) -> None:
    store(rig.writer, mail(1))
    answer = rig.history(Held(accounts=[SUPPORT], messages=[]))
    rig.search("order")
    rig.stop()
    rig.indexing.begin()
    qtbot.wait(1)
    assert answer.old is None
    assert rig.answers == []
    assert not [one for one in threading.enumerate() if one.name.startswith("search")]


def test_what_is_over_the_limit_goes(
    rig: Rig, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for uid in range(1, 120):
        store(rig.writer, mail(uid))
        keep_text(rig.writer, text_of(mail(uid), f"word{uid} " * 4000))
    rig.indexing.begin()
    qtbot.waitUntil(complete(rig), timeout=WAIT)
    assert rig.asked_for_room == 0
    rig.limit = 2_000_000
    rig.indexing.limit(rig.limit)
    qtbot.waitUntil(lambda: "Room was made" in caplog.text, timeout=WAIT)
    assert rig.writer.text(SUPPORT, mail(1).message_id) is None
    assert rig.writer.text(SUPPORT, mail(119).message_id) is not None
    assert rig.writer.summary(SUPPORT, mail(1).message_id) == mail(1)


def test_room_that_is_about_to_be_made_is_not_asked_for_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread looks between the answer and its work: twice the room would be made."""
    monkeypatch.setattr(rig.indexing._index, "bytes_in_all", lambda: 10)
    rig.indexing._limit_bytes = 1
    rig.indexing._look_at_size()
    QCoreApplication.processEvents()
    assert rig.asked_for_room == 1
    rig.indexing._look_at_size()
    QCoreApplication.processEvents()
    assert rig.asked_for_room == 1


def test_a_limit_below_the_envelopes_is_asked_about_once(rig: Rig, qtbot: QtBot) -> None:
    store(rig.writer, *(mail(uid) for uid in range(1, 50)))
    rig.limit = 1
    rig.indexing.limit(1)
    rig.indexing.begin()
    qtbot.waitUntil(lambda: rig.asked_for_room > 0, timeout=WAIT)
    for _ in range(5):
        rig.indexing.wake()
        done = rig.history(Held(accounts=[], messages=[]))
        qtbot.waitUntil(done.is_there, timeout=WAIT)
    assert rig.asked_for_room <= 2


def test_a_disk_that_fails_is_tried_again_with_the_next_mail(
    rig: Rig, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    store(rig.writer, mail(1))
    rig.paths.search_db.mkdir()
    rig.indexing.begin()
    qtbot.waitUntil(lambda: "could not be written" in caplog.text, timeout=WAIT)
    rig.paths.search_db.rmdir()
    store(rig.writer, mail(2))
    rig.indexing.wake()
    qtbot.waitUntil(rig.paths.search_db.is_file, timeout=WAIT)

"""What the window asks of the mail: search, old mail, pages and conversations, on a whole core."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk import core as core_module
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.app_acts import AppActs
from supportdesk.core import Core
from supportdesk.domain.events import MessagesArrived, SyncProgressed
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.search import OldMail, SearchAnswer
from tests.adapters.mail_examples import NOW, SUPPORT, keep_text, mail, store, text_of
from tests.lab.waiting import free_port

WAIT = 30_000
SETTINGS = f"""
[[mail]]
name = "Support"
address = "support@lab.test"
host = "127.0.0.1"
port = {free_port()}
security = "none"
[cache]
max_megabytes = 50
"""


class Desk:
    """A home with mail in its cache, and what the window would ask it by."""

    def __init__(self, home: Path, messages: list[MessageSummary]) -> None:
        (home / "settings.toml").write_text(SETTINGS)
        places = Places.under(home)
        self.writer = MailCacheWriter(places.mail_db)
        store(self.writer, *messages)
        secrets = KeyringSecrets()
        self.core = Core(places, secrets=secrets)
        self.acts = AppActs(
            self.core, secrets, change_desk=_nothing, is_practice=False, quit_app=_nothing
        )
        self.old: list[OldMail] = []
        self.answers: list[SearchAnswer] = []

    def start(self) -> None:
        """As `Core.start`, without listening: there is no server."""
        newest = self.core.cache.newest(SUPPORT, core_module.NEWEST_MESSAGES)
        self.core.runner.perform(lambda now: self.core.desk.restore(newest, now))

    def stop(self) -> None:
        self.core.stop()
        self.writer.close()


def _nothing() -> None: ...


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Desk]:
    monkeypatch.setattr(core_module, "NEWEST_MESSAGES", 10)
    home = tmp_path / "home"
    home.mkdir()
    messages = [mail(uid, arrived_at=NOW - timedelta(days=100 - uid)) for uid in range(1, 31)]
    made = Desk(home, messages)
    made.start()
    yield made
    made.stop()


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("search")]


def test_a_quiet_tray_pays_nothing(desk: Desk) -> None:
    assert threads() == []
    assert not desk.core.places.mail_db.with_name("search.db").exists()


def test_list_and_old_mail_together_are_all_there_is(desk: Desk, qtbot: QtBot) -> None:
    desk.acts.list_history(desk.old.append)
    qtbot.waitUntil(lambda: bool(desk.old), timeout=WAIT)
    shown = {
        message.address.uid
        for conversation in desk.core.desk.inbox.conversations()
        for message in conversation.messages
    }
    page = desk.acts.cached_messages(desk.old[0].ids)
    old = [message.address.uid for message in page if message is not None]
    assert old == sorted(set(range(1, 31)) - shown, reverse=True)
    assert len(shown) == 10


def test_what_is_typed_is_found_and_new_mail_too(desk: Desk, qtbot: QtBot) -> None:
    desk.acts.search("order", 50, desk.answers.append)
    qtbot.waitUntil(lambda: bool(desk.answers and len(desk.answers[-1].hits) == 30), timeout=WAIT)
    new = mail(40, subject="Order parcel", references=("<30@x>",))
    store(desk.writer, new)
    desk.core.publisher.publish(MessagesArrived(account=SUPPORT, messages=(new,), at=NOW))

    def is_found() -> bool:
        desk.acts.search("parcel", 50, desk.answers.append)
        qtbot.waitUntil(lambda: desk.answers[-1].words == "parcel", timeout=WAIT)
        return bool(desk.answers.pop().hits)

    qtbot.waitUntil(is_found, timeout=WAIT)
    conversation = desk.acts.cached_conversation(SUPPORT, new.message_id)
    assert [one.address.uid for one in conversation] == [30, 40]
    assert desk.acts.cached_message(SUPPORT, new.message_id) == new


def test_the_limit_of_the_settings_is_kept(
    desk: Desk, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    chapters = "".join(f"{number:x} " for number in range(400_000))
    for uid in range(1, 31):
        keep_text(desk.writer, text_of(mail(uid), f"{uid} {chapters}"))
    desk.acts.list_history(desk.old.append)
    qtbot.waitUntil(lambda: "Room was made" in caplog.text, timeout=WAIT)
    assert desk.writer.text(SUPPORT, mail(1).message_id) is None
    assert desk.writer.text(SUPPORT, mail(30).message_id) is not None


def test_the_limit_is_kept_though_nobody_ever_looked(
    desk: Desk, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    def heard(done: int) -> None:
        desk.core.publisher.publish(SyncProgressed(account=SUPPORT, done=done, total=30))

    assert desk.core._library is None
    chapters = "".join(f"{number:x} " for number in range(400_000))
    for uid in range(1, 31):
        keep_text(desk.writer, text_of(mail(uid), f"{uid} {chapters}"))
    heard(15)
    heard(30)
    qtbot.waitUntil(lambda: "Room was made" in caplog.text, timeout=WAIT)
    assert desk.writer.text(SUPPORT, mail(1).message_id) is None
    assert desk.writer.text(SUPPORT, mail(30).message_id) is not None


def test_within_the_limit_a_quiet_tray_makes_no_library(desk: Desk, qtbot: QtBot) -> None:
    seen: list[object] = []
    desk.core.runner.event_seen.connect(seen.append)
    desk.core.publisher.publish(SyncProgressed(account=SUPPORT, done=30, total=30))
    qtbot.waitUntil(lambda: bool(seen), timeout=WAIT)
    qtbot.waitUntil(lambda: desk.core._cache_size._looked_at is not None, timeout=WAIT)
    assert desk.core._library is None

"""A test of silence that cannot be made ends, is told, and leaves no mail behind for good."""

import errno
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail import letter_to_self
from supportdesk.domain.events import MessagesArrived
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.silence import TEST_MAIL, Verdict
from tests.adapters.imap_account import settings_for
from tests.e2e.silent_desk import SilentDesk
from tests.fakes.happenings import a_message
from tests.fakes.imap_server import ImapServer
from tests.lab.waiting import free_port

SUPPORT = SourceName("Support")
SETTINGS = f"""
[[mail]]
name = "Support"
address = "support@example.org"
host = "127.0.0.1"
port = {free_port()}
security = "none"
user = "support"
[mail.smtp]
host = "127.0.0.1"
port = {free_port()}
"""


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[SilentDesk]:
    made = SilentDesk(tmp_path / "home", qtbot, SETTINGS, {f"mail/{SUPPORT}": "secret"})
    made.core.silence_tests.follow(made.core.settings)
    yield made
    made.core.stop()


def full_disk(*_: object, **__: object) -> Never:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_ends_the_test_mail(desk: SilentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    tests = desk.core.silence_tests
    sent = tests.mails.sent
    for _ in range(2):
        # The second one shows that the account is free again.
        with (
            monkeypatch.context() as patch,
            desk.qtbot.waitSignal(sent, timeout=30_000),
        ):
            patch.setattr("tempfile.TemporaryDirectory", full_disk)
            tests.send_test_mail(SUPPORT)
            finding = desk.wait_for("Support", Verdict.NOT_SENT)
    assert finding.found.problem is not None
    assert "No space left on device" in finding.found.problem.advice


def test_a_search_that_cannot_begin_ends_too(
    desk: SilentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_to_self, "Waker", full_disk)
    tests = desk.core.silence_tests
    with desk.qtbot.waitSignal(tests.mails.searched, timeout=30_000) as told:
        tests.mails.search(desk.core.settings.mail[0], "<1@test>")
    assert told.args is not None
    source, message_id, is_there, problem = told.args
    assert (source, message_id, is_there) == ("Support", "<1@test>", False)
    assert "No space left on device" in problem.title


def a_test_mail(desk: SilentDesk, *, hours: float = 0, number: int = 1) -> MessageSummary:
    """Of another run or computer; it came so many hours ago."""
    arrived_at = desk.clock.now() - timedelta(hours=hours)
    message_id = MessageId(f"{TEST_MAIL}{number}@example.org>")
    return replace(a_message(number), message_id=message_id, is_ours=True, arrived_at=arrived_at)


def test_one_that_could_not_be_looked_for_is_looked_for_again(desk: SilentDesk) -> None:
    mails = desk.core.silence_tests.mails
    mails.heard_of(desk.core.settings.mail[0], a_test_mail(desk))
    for _ in range(2):
        # Nobody listens there.
        with desk.qtbot.waitSignal(mails.searched, timeout=30_000) as told:
            desk.time_passes(61)
        assert told.args is not None
        assert told.args[3] is not None
        due = mails.next_due()
        assert due is not None
        assert timedelta(minutes=50) < due - desk.clock.now() <= timedelta(hours=1)
    with desk.qtbot.waitSignal(mails.searched, timeout=30_000):
        desk.time_passes(25 * 60)
    assert mails.next_due() is None, "it is tried for a day"


def test_one_that_was_looked_for_is_done(desk: SilentDesk) -> None:
    mails = desk.core.silence_tests.mails
    with ImapServer() as server:
        mails.heard_of(settings_for(server.port), a_test_mail(desk, hours=2))
        with desk.qtbot.waitSignal(mails.searched, timeout=30_000) as told:
            mails.take_away_old(desk.clock.now())
    assert told.args is not None
    assert told.args[2:] == [False, None]
    assert mails.next_due() is None


def test_what_a_run_before_has_left_is_taken_up_again(desk: SilentDesk) -> None:
    tests = desk.core.silence_tests
    others = [a_message(3), a_test_mail(desk, hours=25, number=4)]
    assert list(tests.look_through(others)) == others
    tests.follow(desk.core.settings)
    assert tests._mails is None, "loaded with the first one"
    fresh = a_test_mail(desk, hours=0.5)
    assert list(tests.look_through([fresh])) == [fresh]
    tests.follow(desk.core.settings)
    assert tests.mails.next_due() == fresh.arrived_at + timedelta(hours=1)
    tests.mails.gone(fresh.message_id)
    tests.follow(desk.core.settings)
    assert tests.mails.next_due() is None


def test_an_old_one_that_comes_anew_proves_nothing(desk: SilentDesk) -> None:
    tests, now = desk.core.silence_tests, desk.clock.now()
    old, new = a_test_mail(desk, hours=30), a_test_mail(desk, number=2)
    tests.event_seen(MessagesArrived(account=SUPPORT, messages=(old,), at=now))
    assert desk.finding(SUPPORT) is None
    tests.event_seen(MessagesArrived(account=SUPPORT, messages=(new,), at=now))
    desk.wait_for(SUPPORT, Verdict.QUIET)

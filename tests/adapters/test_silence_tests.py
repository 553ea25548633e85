"""A test of silence that this computer cannot make ends, and is told."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Never

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.mail import letter_to_self
from supportdesk.domain.health import SourceName
from supportdesk.domain.silence import Verdict
from tests.e2e.silent_desk import SilentDesk
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

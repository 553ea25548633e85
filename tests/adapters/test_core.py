"""The core in-process: settings, databases, sources and the desk, with no window around them."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.commands.requests import RequestDesk
from supportdesk.core import Core
from supportdesk.domain.alerts import (
    Alert,
    AlertKind,
    AlertRaised,
    AlertWithdrawn,
    Happened,
    Notice,
)
from supportdesk.domain.calls import Outcome
from supportdesk.domain.health import Hearing, SourceName
from supportdesk.domain.settings import Settings
from supportdesk.services.desk_state import Turn
from tests.conftest import ExpectLog
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter
from tests.lab.waiting import free_port

PHONE = f"""
[[phone]]
name = "Office"
kind = "asterisk"
host = "127.0.0.1"
port = {free_port()}
user = "supportdesk"
"""
MAIL = f"""
[[mail]]
name = "NAME"
address = "support@example.org"
host = "127.0.0.1"
port = {free_port()}
user = "support"
"""
BROKEN = "[alerts\n"


class Run:
    """One run of the core on a home; what it told is on a list."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.secrets = MemorySecrets()
        self.presenter = RecordingPresenter()
        self.core = Core(Places.under(home), presenter=self.presenter, secrets=self.secrets)
        self.notices: list[Notice] = []
        self.core.runner.noticed.connect(self.notices.append)
        self.requests = RequestDesk(self.core)

    def raised(self) -> list[str]:
        return [one.alert.key for one in self.notices if isinstance(one, AlertRaised)]

    def kinds(self) -> list[AlertKind]:
        return [one.alert.kind for one in self.notices if isinstance(one, AlertRaised)]

    def withdrawn(self) -> list[str]:
        return [one.alert.key for one in self.notices if isinstance(one, AlertWithdrawn)]

    def happened(self) -> list[str | None]:
        return [one.outcome for one in self.notices if isinstance(one, Happened)]

    def call(self, turn: str, event_id: str, call_id: str = "1") -> None:
        request = {"verb": "call", "turn": turn, "number": "+420601234567"}
        answer = self.requests.answer(request | {"call_id": call_id, "event_id": event_id})
        assert answer == {"ok": True}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def run(home: Path, qtbot: QtBot) -> Iterator[Run]:
    made = Run(home, qtbot)
    yield made
    made.core.stop()


@pytest.fixture
def broken(home: Path, qtbot: QtBot) -> Iterator[Run]:
    (home / "settings.toml").write_text(BROKEN)
    made = Run(home, qtbot)
    yield made
    made.core.stop()


def test_a_broken_settings_file_is_told_once_and_comes_right_by_itself(
    broken: Run, home: Path
) -> None:
    core = broken.core
    core.start()
    assert broken.raised() == ["health/settings"]
    assert "line 1" in core.problems["settings"].title
    assert [alert.key for alert in broken.presenter.shown] == ["health/settings"]
    core.reload_settings()
    assert broken.raised() == ["health/settings"]
    with broken.qtbot.waitSignal(core.settings_changed, timeout=5000):
        (home / "settings.toml").write_text("[alerts]\nring_seconds = 9\n")
    assert core.problems == {}
    assert core.settings.alerts.ring_seconds == 9
    assert broken.withdrawn() == ["health/settings"]
    assert broken.presenter.withdrawn == ["health/settings"]


def test_one_that_is_replaced_by_a_broken_one_is_followed_when_that_is_written_into(
    run: Run, home: Path
) -> None:
    path, new = home / "settings.toml", home / "settings.new"
    new.write_text(BROKEN)
    new.replace(path)
    run.qtbot.waitUntil(lambda: "settings" in run.core.problems)
    with run.qtbot.waitSignal(run.core.settings_changed, timeout=5000):
        path.write_text("[alerts]\nring_seconds = 9\n")
    assert run.core.settings.alerts.ring_seconds == 9


def test_broken_or_gone_it_keeps_the_last_good_settings(run: Run, home: Path) -> None:
    path = home / "settings.toml"
    run.core.start()
    with run.qtbot.waitSignal(run.core.settings_changed, timeout=5000):
        path.write_text("[alerts]\nring_seconds = 9\n")
    for wrong in (BROKEN, None):
        with run.qtbot.waitSignal(run.core.problems_changed, timeout=5000):
            path.write_text(wrong) if wrong else path.unlink()
        assert run.core.settings.alerts.ring_seconds == 9
    assert run.core.problems["settings"].title == "settings.toml is gone"
    with run.qtbot.waitSignal(run.core.settings_changed, timeout=5000):
        path.write_text("")
    assert run.core.settings == Settings()
    assert run.core.problems == {}


def test_a_disk_that_fails_stops_no_alert_and_loses_nothing(
    run: Run, home: Path, qtbot: QtBot
) -> None:
    core = run.core
    core.start()
    disk = core.store._store
    assert isinstance(disk, SqliteDeskStore)
    disk._connection.execute("PRAGMA query_only = ON")
    run.call("ringing", "e1")
    run.call("missed", "e2")
    run.call("missed", "e2")
    assert run.happened() == ["waiting", "missed"]
    assert AlertKind.MISSED in run.kinds(), run.notices
    qtbot.waitUntil(lambda: "disk" in core.problems, timeout=5000)
    assert "may not be written" in core.problems["disk"].title
    assert run.raised().count("health/disk") == 1
    disk._connection.execute("PRAGMA query_only = OFF")
    qtbot.waitUntil(lambda: core.problems == {}, timeout=10_000)
    assert "health/disk" in run.withdrawn()
    core.stop()
    again = Run(home, qtbot)
    again.core.start()
    again.call("missed", "e2")
    assert again.happened() == []
    [call] = again.core.store.calls_since(datetime.fromisoformat("2020-01-01T00:00:00+00:00"))
    assert call.outcome is Outcome.MISSED
    again.core.stop()


def test_what_the_disk_did_not_take_is_tried_once_more_at_the_end(
    run: Run, home: Path, qtbot: QtBot
) -> None:
    run.core.start()
    disk = run.core.store._store
    assert isinstance(disk, SqliteDeskStore)
    disk._connection.execute("PRAGMA query_only = ON")
    run.call("missed", "e1")
    disk._connection.execute("PRAGMA query_only = OFF")
    run.core.stop()
    again = Run(home, qtbot)
    again.core.start()
    again.call("missed", "e1")
    assert again.happened() == []
    again.core.stop()


def test_a_bug_in_the_desk_does_not_stop_its_clock(run: Run) -> None:
    run.core.start()
    run.core.runner._timer.stop()

    def fail(_now: datetime) -> Turn:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run.core.runner.perform(fail)
    assert run.core.runner._timer.isActive()
    assert run.core.runner._timer.interval() >= 10_000


def test_a_key_store_that_starts_late_is_asked_again(home: Path, qtbot: QtBot) -> None:
    (home / "settings.toml").write_text(PHONE)
    run = Run(home, qtbot)
    run.secrets.is_there = False
    run.core.start()

    def title() -> str:
        [health] = run.core.desk.health.healths()
        return health.problem.title if health.problem else ""

    qtbot.waitUntil(lambda: title() == "There is no key store", timeout=5000)
    run.secrets.is_there = True
    qtbot.waitUntil(lambda: title().startswith("No password is kept for Office"), timeout=5000)
    run.secrets.kept["phone/Office"] = "secret"
    qtbot.waitUntil(lambda: "refuses the connection" in title(), timeout=10_000)
    [health] = run.core.desk.health.healths()
    assert health.hearing is Hearing.DEAF
    run.secrets.is_there = False
    asked = run.secrets.asked
    assert run.requests.answer({"verb": "check"}) == {"ok": True}
    qtbot.waitUntil(lambda: run.secrets.asked > asked, timeout=5000)
    assert "refuses the connection" in title(), "what it has is used"
    (home / "settings.toml").write_text("")
    qtbot.waitUntil(lambda: run.core.settings.phone == (), timeout=5000)
    assert run.core.desk.health.healths() == ()
    run.core.stop()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float | None]]:
    """The threads that the GUI thread waits for, and how long it would."""
    seen: list[tuple[str, float | None]] = []
    join = threading.Thread.join

    def note(thread: threading.Thread, timeout: float | None = None) -> None:
        if threading.current_thread() is threading.main_thread():
            seen.append((thread.name, timeout))
        join(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", note)
    return seen


def test_a_stuck_mail_account_is_replaced_without_a_wait(
    home: Path, qtbot: QtBot, waits: list[tuple[str, float | None]]
) -> None:
    (home / "settings.toml").write_text(MAIL.replace("NAME", "Support"))
    run = Run(home, qtbot)
    run.secrets.answers.clear()
    run.core.start()
    qtbot.waitUntil(lambda: run.secrets.asked == 1, timeout=5000)
    changed = MAIL.replace("NAME", "Support").replace("127.0.0.1", "127.0.0.2")
    (home / "settings.toml").write_text(changed)
    run.core.reload_settings()
    assert waits == [], "the window waits for no thread"
    assert run.secrets.asked == 1, "not two at once on one account"
    run.secrets.answers.set()
    qtbot.waitUntil(lambda: run.secrets.asked == 2, timeout=5000)
    run.core.stop()


def test_quitting_waits_for_stuck_accounts_together_and_not_for_long(
    home: Path, qtbot: QtBot, waits: list[tuple[str, float | None]]
) -> None:
    names = ("Support", "Sales", "Office")
    (home / "settings.toml").write_text("".join(MAIL.replace("NAME", name) for name in names))
    run = Run(home, qtbot)
    run.secrets.answers.clear()
    run.core.start()
    qtbot.waitUntil(lambda: run.secrets.asked == 3, timeout=5000)
    run.core.stop()
    assert {f"mail {name}" for name in names} <= {one.name for one in threading.enumerate()}
    first, *others = (seconds for thread, seconds in waits if thread.startswith("end of "))
    assert first is not None
    assert first <= 1
    assert len(others) == 2
    assert all(seconds is not None and seconds < 0.5 for seconds in others), "together"
    run.secrets.answers.set()


def test_requests_that_make_no_sense(run: Run) -> None:
    run.core.start()
    for request in ({"verb": "dance"}, {}, {"verb": "call"}, {"verb": "call", "turn": "ringing"}):
        answer = run.requests.answer(request)
        assert answer["ok"] is False
        assert answer["title"]
        assert answer["advice"]
    assert run.happened() == []


def test_a_mistake_is_told_even_when_the_desk_itself_makes_it(
    run: Run, expect_log: ExpectLog
) -> None:
    run.core.start()
    # From here on each turn of the desk fails.
    broken = Alert(
        key="held",
        kind=AlertKind.MISSED,
        title="",
        body="",
        actions=(),
        source=SourceName(""),
        at=run.core.clock.now(),
        covers=(None,),  # type: ignore[arg-type]  # what a bug of ours could leave there
    )
    run.core.desk._book._on_show[broken.key] = broken
    expect_log("The desk could not tell of a mistake")
    run.core.say_fault("AttributeError")
    [told] = [one for one in run.presenter.shown if one.key == "health/supportdesk"]
    assert told.title == "supportdesk has made a mistake (AttributeError)"
    assert run.core.problems["supportdesk"].title == told.title


def test_after_the_stop_nothing_falls_due_and_nothing_is_done(run: Run) -> None:
    run.core.stop()
    run.core.problem_is_over("settings")
    run.core.runner.tell(())
    acts: list[datetime] = []

    def act(now: datetime) -> Turn:
        acts.append(now)
        return Turn()

    run.core.runner.perform(act)
    assert acts == []
    assert not any(timer.isActive() for timer in run.core.runner.findChildren(QTimer))


def test_stopping_twice_does_nothing(run: Run) -> None:
    run.core.start()
    run.core.stop()
    run.core.stop()


def test_a_hook_call_outlives_a_change_of_settings(run: Run, home: Path) -> None:
    run.core.start()
    run.call("ringing", "a", call_id="")
    (home / "settings.toml").write_text("[reading]\ngoal_minutes = 31\n")
    run.core.reload_settings()
    run.call("answered", "b", call_id="")
    assert run.happened() == ["waiting", "answered"]
    assert run.core.desk.state(run.core.clock.now()).waiting == 0


def test_a_hook_call_outlives_a_restart(home: Path, qtbot: QtBot) -> None:
    first = Run(home, qtbot)
    first.core.start()
    first.call("ringing", "a", call_id="")
    first.call("ringing", "b", call_id="two")
    first.call("answered", "c", call_id="two")
    first.core.stop()
    second = Run(home, qtbot)
    second.core.start()
    assert second.core.desk.state(second.core.clock.now()).waiting == 1
    second.call("missed", "d", call_id="")
    second.call("ended", "e", call_id="two")
    assert second.happened() == ["missed"]
    [talk] = [
        call
        for call in second.core.store.calls_since(second.core.clock.now() - timedelta(days=1))
        if call.call_id == "two"
    ]
    assert talk.closed_at is not None
    second.core.stop()

"""A thousand happenings at once: how long they hold the GUI thread, and what is made of them.

The whole app without a window, on an empty home; what happens comes from another thread, as from
the workers. The floor is the same app while nothing happens.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.telling import Telling
from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.alerts import AlertRaised, Happened, Notice
from supportdesk.domain.events import CallerJoined, Event
from supportdesk.domain.health import Hearing
from tests.bench.figures import Figure
from tests.bench.gui_probe import HoldProbe
from tests.e2e.running import make_home
from tests.fakes.event_log import EventLog
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    a_caller,
    a_message,
    a_snapshot,
    arrived,
    health,
    missed,
    opened,
)
from tests.lab.waiting import free_port

_MANY = 1_000
_QUIET_SECONDS = 3.0
_PATIENCE_SECONDS = 120.0
_LOOK_MILLISECONDS = 10
_NOW = SystemClock().now
_SETTINGS = f"""
[[mail]]
name = "{SUPPORT}"
address = "support@desk.example"
host = "127.0.0.1"
port = {free_port()}
user = "support"
[[phone]]
name = "{OFFICE}"
kind = "asterisk"
host = "127.0.0.1"
port = {free_port()}
user = "supportdesk"
[alerts]
ring_seconds = 1
[reading]
nudge = false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flood:
    """What happens, and how many of each there must be in the lists then."""

    what: str
    events: Callable[[], Sequence[Event]]
    before: Callable[[], Sequence[Event]] = tuple
    mails: int = 0
    missed: int = 0
    waiting: int = 0


def _mails() -> list[Event]:
    """As the worker tells them."""
    told = EventLog()
    messages = tuple(a_message(uid, at=_NOW()) for uid in range(1, _MANY + 1))
    Telling(told, SystemClock()).arrived(messages)
    return told.events


def _mails_one_by_one() -> list[Event]:
    at = _NOW()
    return [arrived(a_message(uid, at=at), at=at) for uid in range(1, _MANY + 1)]


def _joined() -> list[Event]:
    at = _NOW() - timedelta(seconds=60)
    callers = [
        a_caller(f"c{number}", at=at, number=f"+4205{number:08}", name=f"Caller {number}")
        for number in range(_MANY)
    ]
    return [CallerJoined(caller=one, at=at) for one in callers]


def _given_up() -> list[Event]:
    at = _NOW()
    return [
        replace(missed(f"c{number}", number=f"+4205{number:08}", name=f"Caller {number}"), at=at)
        for number in range(_MANY)
    ]


def _counted() -> list[Event]:
    at = _NOW()
    return [a_snapshot(at=at, missed_meanwhile=_MANY, deaf_since=at - timedelta(seconds=60))]


_FLOODS = (
    _Flood(what="mails at once", events=_mails, mails=_MANY),
    _Flood(what="mails, one an event", events=_mails_one_by_one, mails=_MANY),
    _Flood(what="callers at once", events=_joined, waiting=_MANY),
    _Flood(what="missed calls", events=_given_up, before=_joined, missed=_MANY),
    _Flood(what="missed calls counted in a gap", events=_counted, missed=_MANY),
)


def run() -> list[Figure]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    # Until the end: a settings file that vanishes would be told, also by an app that has stopped.
    with tempfile.TemporaryDirectory() as folder:
        return [
            figure
            for number, flood in enumerate(_FLOODS)
            for figure in _measure(app, flood, Path(folder) / str(number))
        ]


def _measure(qt: QApplication, flood: _Flood, folder: Path) -> list[Figure]:
    places = Places.under(make_home(folder, _SETTINGS))
    app = TrayApp(qt, places, key_store(), is_practice=False)
    app.start(is_quiet=True)
    notices: list[Notice] = []
    seen: list[Event] = []
    app.core.runner.noticed.connect(notices.append)
    app._hosts.set_status_notifier(True)  # else it makes its window, for want of a tray
    app.core.sources.stop()  # there is nobody to hear: what happens is told by the bench
    _turn(lambda: False, seconds=1)
    app.core.runner.event_seen.connect(seen.append)
    publish = app.core.publisher.publish
    listening = [health(source, Hearing.LISTENING, since=_NOW()) for source in (SUPPORT, OFFICE)]
    before = [*listening, opened(at=_NOW()), a_snapshot(at=_NOW()), *flood.before()]
    for event in before:
        publish(event)
    _turn(lambda: len(seen) == len(before))
    probe = HoldProbe()
    probe.start()
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    floor = probe.stop().longest
    notices.clear()
    seen.clear()
    events = flood.events()
    probe.start()
    worker = threading.Thread(target=lambda: [publish(event) for event in events])
    began = time.perf_counter()
    worker.start()
    _turn(lambda: len(seen) == len(events))
    taken = time.perf_counter() - began
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    held = probe.stop()
    worker.join()
    _judge(app, flood, notices)
    app.stop()
    return [
        Figure(
            what=f"GUI held, at most, by {_MANY:,} {flood.what}",
            unit="ms",
            ours=held.longest,
            floor=floor,
            wanted="under 50 ms",
            floor_is="nothing happens",
        ),
        Figure(what=f"until all {_MANY:,} are folded in", unit="s", ours=taken, floor=None),
    ]


def _judge(app: TrayApp, flood: _Flood, notices: Sequence[Notice]) -> None:
    """Nothing is lost from the lists, each is told once, and the alerts are few."""
    desk = app.core.desk
    told = [one.key for one in notices if isinstance(one, Happened)]
    assert len(set(told)) == len(told), flood.what
    lists = (
        len(desk.inbox.waiting()),
        sum(len(one.calls) for one in desk.calls.missed()),
        desk.calls.waiting_count() or 0,
    )
    assert lists == (flood.mails, flood.missed, flood.waiting), (flood.what, lists)
    raised = [one.alert.title for one in notices if isinstance(one, AlertRaised)]
    assert len(desk.alerts()) <= 4, (flood.what, raised)


def _turn(until: Callable[[], bool], *, seconds: float = _PATIENCE_SECONDS) -> None:
    """Run the event loop until something is so."""
    loop = QEventLoop()
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if until() else None)
    look.start(_LOOK_MILLISECONDS)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()

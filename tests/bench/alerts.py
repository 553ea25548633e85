"""Alerts while the notification daemon hangs, under a flood, and once somebody else has answered.

Against a real dunst on a lab desktop. The floor of what holds the GUI thread is the same while
nothing is told. What is answered elsewhere comes from a real Asterisk and a real Dovecot, and is
measured from their own event or line, under dunst and xfce4-notifyd; of those times the floor is
what the daemon takes from our asking until it says that the alert is gone.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.presenters import desktop_presenters
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.domain.alerts import Action, Alert, AlertKind, Urgency
from supportdesk.domain.health import SourceName
from supportdesk.services.watch_lines import JsonObject
from supportdesk.ui.banner import BannerAlerts
from supportdesk.ui.theme import Theme
from tests.bench.figures import Figure
from tests.bench.gui_probe import HoldProbe
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.handled_elsewhere import TakenBack, handled_elsewhere
from tests.e2e.running import make_home
from tests.e2e.test_alerts_on_desktop import cards
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.mail import DovecotLab
from tests.lab.phone import AsteriskLab
from tests.lab.stopped_notifier import displayed_by_dunst, stopped_notifier
from tests.lab.waiting import is_soon, wait_until

_QUIET_SECONDS = 3.0
_LOOK_MILLISECONDS = 10
_PATIENCE_SECONDS = 60.0
_FLOOD = 1_000
_AT = datetime(2026, 11, 21, 10, tzinfo=UTC)
_TIMES = 5
_SETTINGS = """
[[phone]]
name = "Door"
kind = "hook"
[alerts]
ring_seconds = 1
[reading]
nudge = false
"""


def run() -> list[Figure]:
    settings = DesktopSettings(keyring=Keyring.NONE, notifier=Notifier.DUNST_STOCK)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with DesktopLab(settings) as lab:
        return [*_hung(app, lab), *_hung_under_the_app(lab), *_answered_elsewhere(lab)]


def _hung(app: QApplication, lab: DesktopLab) -> list[Figure]:
    link = BusConnection(lab.env["DBUS_SESSION_BUS_ADDRESS"])
    banner = BannerAlerts(Theme(app), lambda _: None)
    chain = desktop_presenters(link, lambda _: None, banner=banner)
    probe = HoldProbe()
    link.open()
    _turn(lambda: "dunst" in chain.name)
    probe.start()
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    floor = probe.stop().longest
    with stopped_notifier(lab):
        probe.start()
        chain.show(_alert("waits"))
        to_next = _turn(lambda: bool(banner.cards))
        for number in range(5):
            chain.show(_alert(f"later/{number}"))
        chain.withdraw("later/0")
        _turn(lambda: len(banner.cards) == 4)
    back = _turn(lambda: not banner.cards)
    hung = probe.stop().longest
    _turn(lambda: displayed_by_dunst(lab) == 5)
    for key in ("waits", *(f"later/{number}" for number in range(5))):
        chain.withdraw(key)
    _turn(lambda: displayed_by_dunst(lab) == 0)
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    ghosts = displayed_by_dunst(lab)
    flood = _flood(probe, chain)
    chain.close()
    link.close()
    is_soon(lambda: displayed_by_dunst(lab) == 0, seconds=_PATIENCE_SECONDS)
    left = displayed_by_dunst(lab)
    return [
        _held("a daemon that hangs and returns", hung, floor),
        Figure(what="hung: until the card is there", unit="ms", ours=to_next * 1e3, floor=None),
        Figure(what="answers: until all is back with it", unit="ms", ours=back * 1e3, floor=None),
        Figure(what="ghosts after that", unit="alerts", ours=ghosts, floor=None, wanted="0"),
        _held(f"{_FLOOD:,} alerts at once", flood, floor),
        Figure(
            what="left of those by who has gone", unit="alerts", ours=left, floor=None, wanted="0"
        ),
    ]


class _ProbedApp(DesktopApp):
    """The whole app, which tells for how long its GUI thread was held since it was last asked."""

    def held(self) -> tuple[float, float]:
        """By itself, and with what the kernel gave to other programs."""
        answer = self._ask("holds")
        return float(str(answer["longest"])), float(str(answer["raw_longest"]))

    def call(self, turn: str, number: str, name: str = "") -> None:
        at = datetime.now(UTC).isoformat()
        self._ask("call", turn=turn, number=number, name=name, by="Anna", at=at)

    def _ask(self, verb: str, **fields: str) -> JsonObject:
        answer = ask(Places.under(self.home), {"verb": verb, **fields}, _PATIENCE_SECONDS)
        assert answer is not None
        assert answer["ok"], answer
        return answer

    def _command(self, *arguments: str) -> list[str]:
        command = super()._command(*arguments)
        is_app = arguments == ("supportdesk",)
        return [*command[:-1], "tests.bench.alerts_app"] if is_app else command


def _hung_under_the_app(lab: DesktopLab) -> Iterator[Figure]:
    """Three callers wait while dunst hangs, one is answered, and it goes on."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _ProbedApp(lab, make_home(Path(folder), _SETTINGS)) as app,
    ):
        app.held()
        _turn(lambda: False, seconds=_QUIET_SECONDS)
        floor, raw_floor = app.held()
        numbers = [f"+42054122001{number}" for number in range(3)]
        with stopped_notifier(lab):
            for number in numbers:
                app.call("ringing", number, f"Caller {number[-1]}")
            _wait_for_cards(lab, 3)
            app.call("answered", numbers[0])
            _wait_for_cards(lab, 2)
        _wait_for_cards(lab, 0)
        wait_until(lambda: displayed_by_dunst(lab) == 2, seconds=60, what="all to be back")
        held, raw = app.held()
        for number in numbers:
            app.call("answered", number)
        wait_until(lambda: displayed_by_dunst(lab) == 0, seconds=60, what="none to be left")
    yield _held("the same in the whole app", held, floor)
    yield replace(_held("that, with what other programs took", raw, raw_floor), wanted="")


def _wait_for_cards(lab: DesktopLab, count: int) -> None:
    wait_until(lambda: len(cards(lab)) == count, seconds=60, what=f"{count} cards")


def _held(by: str, ours: float, floor: float) -> Figure:
    return Figure(
        what=f"GUI held, at most, by {by}",
        unit="ms",
        ours=ours,
        floor=floor,
        wanted="under 50 ms",
        floor_is="nothing told",
    )


def _flood(probe: HoldProbe, chain: AlertChain) -> float:
    shown = [_alert(f"flood/{number}") for number in range(_FLOOD)]
    probe.start()
    for one in shown:
        chain.show(one)
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    for one in shown:
        chain.withdraw(one.key)
    _turn(lambda: False, seconds=_QUIET_SECONDS)
    return probe.stop().longest


def _answered_elsewhere(lab: DesktopLab) -> Iterator[Figure]:
    with (
        DovecotLab() as dovecot,
        AsteriskLab() as asterisk,
        tempfile.TemporaryDirectory() as folder,
        handled_elsewhere(lab, dovecot, asterisk, Path(folder)) as elsewhere,
    ):
        answer = elsewhere.colleague.answer
        for notifier in (Notifier.DUNST_STOCK, Notifier.XFCE):
            elsewhere.show(notifier)
            calls = [elsewhere.call_answered() for _ in range(_TIMES)]
            mails = [elsewhere.mail_handled(answer) for _ in range(_TIMES)]
            name = notifier.value.split()[0]
            yield from _taken_back(f"{name}, a call", "event of Asterisk", calls)
            yield from _taken_back(f"{name}, a mail", "IDLE line of Dovecot", mails)


def _taken_back(what: str, since: str, taken: Sequence[TakenBack]) -> Iterator[Figure]:
    """The longest of all: from the server's word on."""
    yield Figure(
        what=f"{what}: gone from the daemon after the {since}",
        unit="ms",
        ours=max(one.gone_at - one.told_at for one in taken) * 1e3,
        floor=max(one.gone_at - one.asked_at for one in taken) * 1e3,
        wanted="under 1,000 ms",
        floor_is="the daemon's share",
    )
    yield Figure(
        what=f"{what}: seen gone, by a program that looks",
        unit="ms",
        ours=max(one.seen_gone_at - one.told_at for one in taken) * 1e3,
        floor=None,
    )
    if any(one.idle_lines for one in taken):
        yield Figure(
            what=f"{what}: lines of IDLE until we asked",
            unit="lines",
            ours=max(len(one.idle_lines) for one in taken),
            floor=None,
            wanted="1",
        )


def _alert(key: str) -> Alert:
    return Alert(
        key=key,
        kind=AlertKind.WAITING,
        title=f"{key} is waiting",  # dunst makes one of those that say the same
        body="All 3 are on calls. This one is yours. 2 rings, 0:12.",
        actions=(Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE),
        source=SourceName("Office"),
        at=_AT,
        item=key,
        urgency=Urgency.CRITICAL,
    )


def _turn(until: Callable[[], bool], *, seconds: float = _PATIENCE_SECONDS) -> float:
    """Run the event loop until something is so; return how many seconds that took."""
    loop = QEventLoop()
    look = QTimer()
    look.timeout.connect(lambda: loop.quit() if until() else None)
    look.start(_LOOK_MILLISECONDS)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    began = time.perf_counter()
    loop.exec()
    return time.perf_counter() - began

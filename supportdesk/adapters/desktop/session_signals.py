"""What the desktop session tells: locked, asleep, a tray that appears.

From the session bus the screen savers and the tray, from the system bus logind. Each of them may
be missing; then its part is simply never told.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.bus_messages import (
    LINK_LOST,
    SERVICE_UNKNOWN,
    Body,
    BusSignal,
    Call,
    Reply,
    SignalSpec,
    owner_changes,
    system_bus_address,
)
from supportdesk.domain.reading import DropRule
from supportdesk.services.ports import Clock

_SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)
_TRAY = "org.kde.StatusNotifierWatcher"
_TRAY_PATH = "/StatusNotifierWatcher"
_TRAY_SECONDS = 5.0
_NOBODY = (
    LINK_LOST,
    SERVICE_UNKNOWN,
    "org.freedesktop.DBus.Error.NameHasNoOwner",
)
_LOGIND = "org.freedesktop.login1"
_LOGIND_PATH = "/org/freedesktop/login1"
_LOGIND_MANAGER = "org.freedesktop.login1.Manager"
_LOGIND_SESSION = "org.freedesktop.login1.Session"
_LOCK_ASKED = "Lock"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_GAP_SECONDS = 10.0
# logind waits 5 s for programs, then the computer sleeps, and it tells as soon as that is over.
_AWAKE_BESIDE_SLEEP_MILLISECONDS = 20_000


class SessionWatch(QObject):
    """Watches the session over the app's session bus and a system bus link of its own.

    Signals:
        locked: The screen was locked, or its saver came on.
        unlocked: No screen saver and no lock is there any more.
        sleeping: The computer goes to sleep in a moment.
        woke: It is awake again; since when it slept. Follows `sleeping` in any case.
        tray_host_told: Whether a program that shows StatusNotifier icons is there, at the start
            and whenever that may have changed; never where there is no bus to ask.
    """

    locked = Signal()
    unlocked = Signal()
    sleeping = Signal()
    woke = Signal(object)
    tray_host_told = Signal(bool)

    def __init__(
        self,
        session_bus: BusConnection,
        *,
        system_bus: BusConnection | None = None,
        environ: Mapping[str, str] = os.environ,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session_bus = session_bus
        self._system_bus = system_bus or BusConnection(system_bus_address(environ), self)
        self._session_id = environ.get("XDG_SESSION_ID", "")
        self._session_path = ""
        self._locked_by: set[str] = set()
        self._has_asked_for_trays = False
        self._asleep_since: datetime | None = None
        # It does not run while the computer sleeps.
        self._awake_again = QTimer(self)
        self._awake_again.setSingleShot(True)
        self._awake_again.setInterval(_AWAKE_BESIDE_SLEEP_MILLISECONDS)
        self._awake_again.timeout.connect(self._is_awake)
        self._last_tick: tuple[datetime, float, float] | None = None
        self._clock = SystemClock()

    @property
    def is_locked(self) -> bool:
        return bool(self._locked_by)

    def why_away(self) -> DropRule | None:
        """The one truth whether anybody can be reading; None when somebody can.

        To be asked whenever one of the signals came: who wakes may find the screen locked still.
        """
        if self._asleep_since is not None:
            return DropRule.ASLEEP
        return DropRule.LOCKED if self.is_locked else None

    def used(self) -> None:
        """A key or a click came to our window: a lock that was only asked for is not there.

        `Lock` of logind asks the desktop to lock. Some obey it and tell neither LockedHint nor a
        screen saver, so that nothing but their hands says that the founder is back.
        """
        self._set_locked(_LOCK_ASKED, is_locked=False)

    def start(self) -> None:
        """Listen, and ask for the present state. The owner opens the session bus."""
        self._listen_to_savers()
        self._listen_to_tray()
        self._session_bus.ready.connect(self._session_bus_ready)
        self._session_bus.lost.connect(self._session_bus_lost)
        if self._session_bus.state is LinkState.READY:
            self._session_bus_ready()
        self._system_bus.listen(
            SignalSpec(
                interface=_LOGIND_MANAGER,
                member="PrepareForSleep",
                path=_LOGIND_PATH,
                signature="b",
            ),
            self._prepare_for_sleep,
        )
        self._system_bus.ready.connect(self._system_bus_ready)
        self._system_bus.lost.connect(lambda _reason: self._set_locked(_LOGIND, is_locked=False))
        self._system_bus.open()

    def stop(self) -> None:
        self._system_bus.close()

    def tick(self, clock: Clock, *, interval_seconds: float | None = None) -> None:
        """Find a sleep that nobody told of; called whenever something wakes the program anyway.

        While the computer sleeps time goes on and the monotonic clock does not; that the wall
        clock was set is no sleep. Where it does (Windows), a caller that ticks every
        `interval_seconds` shows the gap.
        """
        last, self._last_tick = (
            self._last_tick,
            (clock.now(), clock.boot_seconds(), clock.monotonic_seconds()),
        )
        if last is None or self._asleep_since is not None:
            return
        _, boot_seconds, monotonic_seconds = self._last_tick
        awake_seconds = monotonic_seconds - last[2]
        if interval_seconds is not None:
            awake_seconds = min(awake_seconds, interval_seconds)
        if boot_seconds - last[1] - awake_seconds > _GAP_SECONDS:
            self.woke.emit(last[0])

    # Screen savers

    def _listen_to_savers(self) -> None:
        for interface, _ in _SAVERS:
            self._session_bus.listen(
                SignalSpec(interface=interface, member="ActiveChanged", signature="b"),
                self._saver_changed,
            )
            self._session_bus.listen(owner_changes(interface), self._saver_owner_changed)

    def _saver_changed(self, signal: BusSignal) -> None:
        self._set_locked(signal.interface, is_locked=bool(signal.body[0]))

    def _saver_owner_changed(self, signal: BusSignal) -> None:
        """A saver that ends while the screen is covered never tells that it is free again."""
        name, _, new_owner = signal.body
        if not new_owner:
            self._set_locked(str(name), is_locked=False)

    def _ask_saver(self, interface: str, path: str) -> None:
        self._session_bus.call(
            Call(
                service=interface,
                path=path,
                interface=interface,
                member="GetActive",
                may_start=False,
                answer="b",
            ),
            lambda reply: self._set_locked(interface, is_locked=bool(reply.body[0])),
        )

    def _session_bus_ready(self) -> None:
        for interface, path in _SAVERS:
            self._ask_saver(interface, path)
        self._has_asked_for_trays = True
        self._ask_tray()

    def _session_bus_lost(self, _reason: str) -> None:
        for saver, _ in _SAVERS:
            self._set_locked(saver, is_locked=False)
        if self._has_asked_for_trays:
            self._has_asked_for_trays = False
            self.tray_host_told.emit(False)

    # The tray

    def _listen_to_tray(self) -> None:
        self._session_bus.listen(owner_changes(_TRAY), self._tray_owner_changed)
        for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
            self._session_bus.listen(
                SignalSpec(interface=_TRAY, member=member), lambda _: self._ask_tray()
            )

    def _tray_owner_changed(self, signal: BusSignal) -> None:
        """One that takes the place of another has to be told of icons, as after a restart."""
        _, old_owner, new_owner = signal.body
        if old_owner:
            self.tray_host_told.emit(False)
        if new_owner:
            self._ask_tray()

    def _ask_tray(self) -> None:
        """A watcher alone shows nothing: kded keeps one where nobody draws a panel.

        One that does not answer, or not to this, is taken to show icons.
        """
        self._session_bus.call(
            Call(
                service=_TRAY,
                path=_TRAY_PATH,
                interface=_PROPERTIES,
                member="Get",
                signature="ss",
                body=(_TRAY, "IsStatusNotifierHostRegistered"),
                may_start=False,
                answer="v",
            ),
            lambda reply: self.tray_host_told.emit(reply.body[0] != ("b", False)),
            lambda failure: self.tray_host_told.emit(failure.name not in _NOBODY),
            deadline_seconds=_TRAY_SECONDS,
        )

    # logind

    def _system_bus_ready(self) -> None:
        def found(reply: Reply) -> None:
            self._watch_session(str(reply.body[0]))

        if self._session_id:
            self._ask_logind("GetSession", "s", (self._session_id,), found)
        else:
            self._ask_logind("GetSessionByPID", "u", (os.getpid(),), found)

    def _watch_session(self, path: str) -> None:
        bus = self._system_bus
        if path != self._session_path:
            self._session_path = path
            bus.listen(
                SignalSpec(interface=_LOGIND_SESSION, member="Lock", path=path),
                lambda _: self._set_locked(_LOCK_ASKED, is_locked=True),
            )
            bus.listen(
                SignalSpec(interface=_LOGIND_SESSION, member="Unlock", path=path),
                lambda _: self._set_locked(_LOGIND, is_locked=False),
            )
            bus.listen(
                SignalSpec(
                    interface=_PROPERTIES,
                    member="PropertiesChanged",
                    path=path,
                    signature="sa{sv}as",
                ),
                self._session_changed,
            )
        bus.call(
            Call(
                service=_LOGIND,
                path=path,
                interface=_PROPERTIES,
                member="Get",
                signature="ss",
                body=(_LOGIND_SESSION, "LockedHint"),
                answer="v",
            ),
            lambda reply: self._set_locked(_LOGIND, is_locked=bool(reply.body[0][1])),
        )

    def _ask_logind(
        self, member: str, signature: str, body: Body, then: Callable[[Reply], None]
    ) -> None:
        self._system_bus.call(
            Call(
                service=_LOGIND,
                path=_LOGIND_PATH,
                interface=_LOGIND_MANAGER,
                member=member,
                signature=signature,
                body=body,
                may_start=False,
                answer="o",
            ),
            then,
        )

    def _session_changed(self, signal: BusSignal) -> None:
        changed = signal.body[1]
        if "LockedHint" in changed:
            self._set_locked(_LOGIND, is_locked=bool(changed["LockedHint"][1]))

    def _prepare_for_sleep(self, signal: BusSignal) -> None:
        if signal.body[0]:
            self._asleep_since = self._clock.now()
            self._awake_again.start()
            self.sleeping.emit()
        else:
            self._is_awake()

    def _is_awake(self) -> None:
        """Told by logind; or it has told of a sleep, and we have been awake for too long since."""
        self._awake_again.stop()
        asleep_since, self._asleep_since = self._asleep_since or self._clock.now(), None
        self._last_tick = None
        self.woke.emit(asleep_since)

    def _set_locked(self, source: str, *, is_locked: bool) -> None:
        was_locked = self.is_locked
        if is_locked:
            self._locked_by.add(source)
        else:
            # Whoever says that the screen is free has answered what logind asked for, too.
            self._locked_by -= {source, _LOCK_ASKED}
        if self.is_locked and not was_locked:
            self.locked.emit()
        elif was_locked and not self.is_locked:
            self.unlocked.emit()

"""Do-not-disturb of the desktop: does the program that shows alerts hold them back (F36)?

Each of these programs tells it in a way of its own, and tells of every change; nothing is asked a
second time. Those that are not known here, or do not answer, are taken to show what they get.
"""

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.bus_messages import (
    LINK_LOST,
    BusSignal,
    Call,
    CallFailure,
    Reply,
    SignalSpec,
    owner_changes,
)

_NOTIFICATIONS = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_DUNST = "org.dunstproject.cmd0"
_XFCONF = "org.xfce.Xfconf"
_XFCONF_PATH = "/org/xfce/Xfconf"
_XFCE_SWITCH = ("xfce4-notifyd", "/do-not-disturb")
_DCONF = "ca.desrt.dconf.Writer"
_GNOME_SWITCH = "/org/gnome/desktop/notifications/show-banners"
_GNOME_QUESTION = ["get", "org.gnome.desktop.notifications", "show-banners"]

_DUNST_PROGRAM = "dunst"
_XFCE_PROGRAM = "Xfce Notify Daemon"
_GNOME_PROGRAM = "gnome-shell"
_GRACE_MS = 10_000
_NAMES = {_XFCE_PROGRAM: "Xfce", _GNOME_PROGRAM: "GNOME"}


class DoNotDisturb(QObject):
    """Watches over the app's session bus, whose owner opens it. Nothing is started by asking.

    Signals:
        changed: It was switched on or off, or there is another program to ask.
    """

    changed = Signal()

    def __init__(
        self, bus: BusConnection, parent: QObject | None = None, *, grace_ms: int = _GRACE_MS
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(grace_ms)
        self._patience.timeout.connect(self._nobody)
        self._program = ""
        self._is_on: bool | None = None
        self._asked_gnome: QProcess | None = None

    @property
    def program(self) -> str:
        """What shows alerts, as people call it; empty while it is not known."""
        return _NAMES.get(self._program, self._program)

    @property
    def is_known(self) -> bool:
        """The program tells whether do-not-disturb is on in it."""
        return self._is_on is not None

    @property
    def is_on(self) -> bool:
        return bool(self._is_on)

    @property
    def holds_everything(self) -> bool:
        """It shows nothing at all, where others still show what is urgent."""
        return self.is_on and self._program == _DUNST_PROGRAM

    def start(self) -> None:
        bus = self._bus
        for spec, heard in (
            (owner_changes(_NOTIFICATIONS), self._owner_changed),
            (_properties_changed(), self._property_changed),
            (_xfconf("PropertyChanged", "ssv"), self._xfce_changed),
            (_xfconf("PropertyRemoved", "ss"), self._xfce_changed),
            (SignalSpec(interface=_DCONF, member="Notify", arg0=_GNOME_SWITCH), self._gnome_told),
        ):
            bus.listen(spec, heard)
        bus.ready.connect(self._ask_who)
        bus.lost.connect(lambda _: self._gone())
        if bus.state is LinkState.READY:
            self._ask_who()

    def stop(self) -> None:
        self._patience.stop()
        self._give_up_asking_gnome()

    # --- who -------------------------------------------------------------------------------

    def _owner_changed(self, signal: BusSignal) -> None:
        if signal.body[2]:
            self._ask_who()
        else:
            self._gone()

    def _gone(self) -> None:
        """One that is started anew is no end of what the founder wanted."""
        if not self.is_on:
            self._nobody()
        elif not self._patience.isActive():
            self._patience.start()

    def _nobody(self) -> None:
        self._program = ""
        self._settle(None)

    def _ask_who(self) -> None:
        self._bus.call(
            Call(
                service=_NOTIFICATIONS,
                path=_PATH,
                interface=_NOTIFICATIONS,
                member="GetServerInformation",
                may_start=False,
                answer="ssss",
            ),
            self._known,
        )

    def _known(self, reply: Reply) -> None:
        self._patience.stop()
        self._program = str(reply.body[0])
        self._ask_whether()

    # --- whether ---------------------------------------------------------------------------

    def _ask_whether(self) -> None:
        if self._program == _XFCE_PROGRAM:
            self._ask_xfce()
        elif self._program == _GNOME_PROGRAM:
            self._ask_gnome()
        else:
            self._bus.call(
                Call(
                    service=_NOTIFICATIONS,
                    path=_PATH,
                    interface=_PROPERTIES,
                    member="Get",
                    signature="ss",
                    body=self._property,
                    may_start=False,
                    answer="v",
                ),
                lambda reply: self._settle(_flag(reply.body[0])),
                lambda _: self._settle(None),
            )

    @property
    def _property(self) -> tuple[str, str]:
        """Inhibited is of the specification's next version; Plasma has had it for years."""
        is_dunst = self._program == _DUNST_PROGRAM
        return (_DUNST, "paused") if is_dunst else (_NOTIFICATIONS, "Inhibited")

    def _property_changed(self, signal: BusSignal) -> None:
        interface, changed, invalidated = signal.body
        asked_of, name = self._property
        if interface != asked_of:
            return
        if name in changed:
            self._settle(_flag(changed[name]))
        elif name in invalidated:
            self._ask_whether()

    def _ask_xfce(self) -> None:
        self._bus.call(
            Call(
                service=_XFCONF,
                path=_XFCONF_PATH,
                interface=_XFCONF,
                member="GetProperty",
                signature="ss",
                body=_XFCE_SWITCH,
                may_start=False,
                answer="v",
            ),
            lambda reply: self._settle(_flag(reply.body[0])),
            self._xfce_refused,
        )

    def _xfce_refused(self, failure: CallFailure) -> None:
        """A switch that was never touched is not in its settings."""
        self._settle(None if failure.name == LINK_LOST else False)

    def _xfce_changed(self, signal: BusSignal) -> None:
        if self._program == _XFCE_PROGRAM and tuple(signal.body[:2]) == _XFCE_SWITCH:
            # A switch that was taken out of the settings is off.
            self._settle(_flag(signal.body[2]) if len(signal.body) > len(_XFCE_SWITCH) else False)

    def _gnome_told(self, _: BusSignal) -> None:
        if self._program == _GNOME_PROGRAM:
            self._ask_gnome()

    def _ask_gnome(self) -> None:
        """By a small program of the desktop: its settings are a file, and the bus tells no value.

        One that is still being asked may have read too early, and is asked again.
        """
        self._give_up_asking_gnome()
        asked = self._asked_gnome = QProcess(self)
        asked.finished.connect(lambda *_: self._gnome_answered(asked))
        asked.errorOccurred.connect(lambda *_: self._gnome_answered(asked))
        asked.start("gsettings", _GNOME_QUESTION)

    def _give_up_asking_gnome(self) -> None:
        asked, self._asked_gnome = self._asked_gnome, None
        if asked is not None:
            asked.kill()
            asked.waitForFinished()
            asked.deleteLater()

    def _gnome_answered(self, asked: QProcess) -> None:
        """With nothing, if there is no such program or it failed."""
        if asked is not self._asked_gnome:
            return  # it was given up
        self._asked_gnome = None
        asked.deleteLater()
        said = bytes(asked.readAllStandardOutput().data()).strip()
        self._settle({b"true": False, b"false": True}.get(said))

    def _settle(self, is_on: bool | None) -> None:
        if is_on is not self._is_on or is_on is None:
            self._is_on = is_on
            self.changed.emit()


def _flag(variant: object) -> bool | None:
    """What lies in a variant, if that is a truth value."""
    return variant[1] if isinstance(variant, tuple) and variant[0] == "b" else None


def _properties_changed() -> SignalSpec:
    return SignalSpec(
        interface=_PROPERTIES, member="PropertiesChanged", path=_PATH, signature="sa{sv}as"
    )


def _xfconf(member: str, signature: str) -> SignalSpec:
    return SignalSpec(
        interface=_XFCONF,
        member=member,
        path=_XFCONF_PATH,
        arg0=_XFCE_SWITCH[0],
        signature=signature,
    )

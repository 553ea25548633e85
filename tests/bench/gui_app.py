"""The real app with its real window, driven and measured from inside; a process of its own.

It tells each figure as a line of JSON, and the word "deliver" when it waits for 100 new mails.
"""

import json
import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, QStringListModel, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QListView, QScrollBar, QWidget

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.events import Event, MessagesArrived, SyncProgressed
from supportdesk.ui.widgets.windowed_list import WindowedList
from tests.bench.gui_probe import HoldProbe, Holds

_PATIENCE_SECONDS = 240.0
# The inbox knows the newest 2,000, several of them in one row.
_HELD_BY_THE_DESK = 2_200
_FLOOR_SECONDS = 5.0
_FRAMES = 600
_FLICK_PIXELS = 2_000
_NOTCH_PIXELS = 120
_OPENED = 100
_FIRST_PAINT_SECONDS = 0.3
_KEY_IS_UP_SECONDS = 1.0


def tell(name: str, holds: Holds) -> None:
    sys.stdout.write(f"{json.dumps({'name': name, **vars(holds)})}\n")
    sys.stdout.flush()


class Bench:
    """Runs one thing after the other inside the event loop of the app."""

    def __init__(self, app: QApplication, mails: int) -> None:
        self._app = app
        self._mails = mails
        self._probe = HoldProbe()
        self._tray: TrayApp | None = None
        self._arrived = 0
        self._is_synced = False

    # --- floors ------------------------------------------------------------------------

    def floors(self) -> None:
        self._probe.start()
        self._wait(lambda: False, seconds=_FLOOR_SECONDS)
        tell("empty loop", self._probe.stop())
        view = QListView()
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setModel(QStringListModel([f"Customer {at}" for at in range(self._mails)], view))
        view.resize(376, 700)
        view.show()
        self._wait(view.isVisible)
        self._probe.start()
        self._frames(lambda _at: _wheel(view.viewport(), _NOTCH_PIXELS), _FRAMES)
        tell("bare list, wheel", self._probe.stop())
        view.close()
        view.deleteLater()

    # --- the app -----------------------------------------------------------------------

    def open_app(self) -> None:
        self._tray = TrayApp(
            self._app, Places.from_environment(os.environ), key_store(), is_practice=False
        )
        self._tray.core.runner.event_seen.connect(self._event_seen)
        self._tray.start()
        self._tray.show_window()
        self._window.resize(1200, 800)
        # Painting a window for the first time is no part of the listing behind it.
        self._wait(lambda: False, seconds=_FIRST_PAINT_SECONDS)

    def sync(self) -> None:
        """The first listing of the whole mailbox, while the window is on show."""
        self._probe.start()
        self._wait(lambda: self._is_synced)
        tell("sync", self._probe.stop())
        # The list of old mail follows within seconds.
        self._wait(lambda: self._list.source.count >= self._mails - _HELD_BY_THE_DESK)

    def scroll(self) -> None:
        """Through all rows: flicks, notches, pages, the bar dragged from end to end."""
        view = self._list
        bar = next(one for one in view.findChildren(QScrollBar) if one.isVisible())
        self._measured("flick through all", lambda: self._flick(view, bar))
        bar.setValue(bar.maximum() // 3)
        self._measured(
            "wheel",
            lambda: self._frames(lambda _at: _wheel(view.viewport(), _NOTCH_PIXELS), _FRAMES),
        )
        step = bar.maximum() // _FRAMES
        self._measured(
            "drag the bar", lambda: self._frames(lambda at: bar.setValue(at * step), _FRAMES)
        )
        bar.setValue(0)
        view.setFocus()
        self._measured("page down, held", lambda: self._frames(lambda _at: _hold(view), _FRAMES))

    def open_one_by_one(self) -> None:
        """Down, again and again: each mail is opened, its text fetched and shown."""
        view = self._list
        self._wait(lambda: False, seconds=_KEY_IS_UP_SECONDS)
        self._measured("open mail", lambda: self._frames(lambda _at: view.step(1), _OPENED))

    def insert(self) -> None:
        """100 new mails while the top of the list is on show."""
        view = self._list
        next(one for one in view.findChildren(QScrollBar) if one.isVisible()).setValue(0)
        self._arrived = 0
        sys.stdout.write("deliver\n")
        sys.stdout.flush()
        self._measured("new mail", lambda: self._wait(lambda: self._arrived >= 100))

    def close(self) -> None:
        if self._tray is not None:
            self._tray.stop()

    # --- inside ------------------------------------------------------------------------

    @property
    def _window(self) -> QWidget:
        return next(w for w in self._app.topLevelWidgets() if w.windowTitle() == "supportdesk")

    @property
    def _list(self) -> WindowedList:
        return next(one for one in self._window.findChildren(WindowedList))

    def _event_seen(self, event: Event) -> None:
        match event:
            case SyncProgressed():
                self._is_synced = event.done >= event.total >= self._mails
            case MessagesArrived():
                self._arrived += len(event.messages)
            case _:
                pass

    def _measured(self, name: str, act: Callable[[], None]) -> None:
        self._probe.start()
        act()
        tell(name, self._probe.stop())

    def _flick(self, view: WindowedList, bar: QScrollBar) -> None:
        inner = view.verticalScrollBar()
        inner.setSingleStep(_FLICK_PIXELS // 3)
        while bar.value() < bar.maximum():
            _wheel(view.viewport(), _NOTCH_PIXELS)
            self._turn()
        inner.setSingleStep(40)

    def _frames(self, act: Callable[[int], None], count: int) -> None:
        for at in range(count):
            act(at)
            self._turn()

    def _turn(
        self, flags: QEventLoop.ProcessEventsFlag = QEventLoop.ProcessEventsFlag.AllEvents
    ) -> None:
        """A turn of the loop; outside of `exec` Qt would keep what was to be deleted later."""
        self._app.processEvents(flags)
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _wait(self, is_done: Callable[[], bool], *, seconds: float = _PATIENCE_SECONDS) -> None:
        end = QTimer()
        end.setSingleShot(True)
        end.start(int(seconds * 1000))
        while not is_done() and end.isActive():
            self._turn(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if seconds == _PATIENCE_SECONDS and not is_done():
            raise TimeoutError


def _wheel(viewport: QWidget, pixels: int) -> None:
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle,
        viewport.mapToGlobal(middle),
        QPoint(0, -pixels),
        QPoint(0, -pixels),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def _hold(view: WindowedList) -> None:
    """PgDn, held down: the keyboard repeats it."""
    event = QKeyEvent(
        QEvent.Type.KeyPress,
        Qt.Key.Key_PageDown,
        Qt.KeyboardModifier.NoModifier,
        "",
        autorep=True,
    )
    QApplication.sendEvent(view, event)


def main() -> None:
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    bench = Bench(app, int(sys.argv[1]))
    bench.floors()
    bench.open_app()
    try:
        bench.sync()
        bench.scroll()
        bench.open_one_by_one()
        bench.insert()
    finally:
        bench.close()


if __name__ == "__main__":
    main()

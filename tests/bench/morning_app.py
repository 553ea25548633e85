"""The real app on its morning scroll, driven by Space and timed to the frame; one process."""

import json
import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.ui.morning.column import MorningColumn
from supportdesk.ui.rows import Page
from tests.bench.figures import percentile
from tests.bench.gui_probe import KeptWaiting

_PATIENCE_SECONDS = 240.0
_READ_SECONDS = 0.3
"""Nobody reads a mail in less; what lies ahead is built meanwhile."""
_HELD_SECONDS = 0.03
_PRESSES = 100
_NO_FRAME_SECONDS = 5.0


class PaintSeen(QObject):
    """Notes when a widget has been painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.is_painted = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.is_painted = True
        return super().eventFilter(watched, event)


class Bench:
    """Presses a key and waits for the frame that it leads to."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        # As in `gui`: a bench on a busy machine would measure its neighbours.
        self._kept_waiting = KeptWaiting()

    def floor(self) -> None:
        view = QTextBrowser()
        view.setPlainText("\n\n".join(["The flour of Friday went out twice again. " * 8] * 400))
        view.resize(1200, 700)
        view.show()
        self.wait(lambda: False, seconds=_READ_SECONDS)
        bar, seen = view.verticalScrollBar(), PaintSeen(view.viewport())

        def page() -> None:
            bar.setValue(0 if bar.value() == bar.maximum() else bar.value() + bar.pageStep())

        tell("bare text, a page", [self._frame(seen, page) for _ in range(_PRESSES)])
        view.close()

    def scroll(self, mails: int) -> None:
        tray = TrayApp(
            self._app, Places.from_environment(os.environ), key_store(), is_practice=False
        )
        tray.start()
        try:
            tray.show_window()
            window = tray._made_window().window
            window.resize(1200, 800)
            inbox = tray.core.desk.inbox
            self.wait(lambda: len(inbox.conversations()) >= mails)
            cache = tray.core.cache
            messages = [one for view in inbox.conversations() for one in view.messages]
            self.wait(lambda: all(cache.text(m.account, m.message_id) for m in messages[-20:]))
            window.show_page(Page.MORNING)
            self.wait(lambda: False, seconds=1.0)
            column = window.findChildren(MorningColumn)[0]
            for name, pause in (("Space, reading", _READ_SECONDS), ("Space, held", _HELD_SECONDS)):
                tell(name, self._presses(column, pause))
        finally:
            tray.stop()

    def wait(self, is_done: Callable[[], object], *, seconds: float = _PATIENCE_SECONDS) -> None:
        end = QTimer()
        end.setSingleShot(True)
        end.start(int(seconds * 1000))
        while not is_done() and end.isActive():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if seconds == _PATIENCE_SECONDS and not is_done():
            raise TimeoutError

    def _presses(self, column: MorningColumn, pause: float) -> list[float]:
        seen = PaintSeen(column.viewport())
        frames = []
        for _ in range(_PRESSES):
            frames.append(self._frame(seen, lambda: _space(column)))
            self.wait(lambda: False, seconds=pause)
        return frames

    def _frame(self, seen: PaintSeen, act: Callable[[], None]) -> float:
        seen.is_painted = False
        self._kept_waiting.news()
        began = time.perf_counter()
        act()
        while not seen.is_painted:
            self._app.processEvents()
            if time.perf_counter() - began > _NO_FRAME_SECONDS:
                raise TimeoutError("Space led to no frame")
        return max(0.0, time.perf_counter() - began - self._kept_waiting.news())


def _space(widget: QWidget) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
        QApplication.sendEvent(widget, event)


def tell(name: str, seconds: list[float]) -> None:
    told = {
        "name": name,
        "p50": percentile(seconds, 0.5) * 1000,
        "p99": percentile(seconds, 0.99) * 1000,
        "longest": max(seconds) * 1000,
    }
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def main() -> None:
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    bench = Bench(app)
    bench.floor()
    bench.scroll(int(sys.argv[1]))


if __name__ == "__main__":
    main()

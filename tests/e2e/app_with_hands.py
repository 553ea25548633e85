"""The tray app as it is, without a screen, and hands that press its keys: for a test to drive.

    python -m tests.e2e.app_with_hands

It reads one JSON object a line from standard input, does on the GUI thread what it says as a person
at the keyboard would, and answers with a line. Nothing of the app is replaced: keys and clicks go
to the widget that has the keyboard, what comes of them is the program's own.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QTextEdit, QWidget

from supportdesk.commands.app import run_app

Fields = dict[str, Any]
_FRONT_MS = 5_000


class Hands(QObject):
    """Does what it is told. Made before there is an application, and heard once that runs."""

    _told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._told.connect(self._do, Qt.ConnectionType.QueuedConnection)
        self._doers: dict[str, Callable[[Fields], object]] = {
            "type": self._type,
            "press": self._press,
            "click": self._click,
            "focus": self._focus,
            "paste": self._paste,
            "text": lambda _asked: _written(_editor()),
            "message": lambda _asked: _message_text(),
            "names": lambda _asked: sorted({name for _, name in _named() if name}),
            "grab": lambda asked: _window().grab().save(asked["file"]),
        }

    def listen(self) -> None:
        threading.Thread(target=self._read, name="hands", daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._told.emit(line)

    @Slot(str)
    def _do(self, line: str) -> None:
        asked: Fields = json.loads(line)
        _bring_to_front()
        try:
            answer = {"ok": True, "is": self._doers[asked["do"]](asked)}
        except LookupError as error:
            answer = {"ok": False, "why": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    def _type(self, asked: Fields) -> None:
        """Letter by letter, each in a turn of its own for whoever saves what is typed."""
        for letter in asked["text"]:
            if letter == "\n":
                QTest.keyClick(_focused(), Qt.Key.Key_Return)
            elif letter.isascii():
                QTest.keyClicks(_focused(), letter)
            else:
                # QTest knows the keys of an American board alone.
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    QApplication.sendEvent(_focused(), event)

    def _press(self, asked: Fields) -> None:
        """A key, alone or with others, where the keyboard is."""
        QTest.keySequence(_focused(), QKeySequence(asked["keys"]))

    def _click(self, asked: Fields) -> None:
        for widget, name in _named():
            if isinstance(widget, QAbstractButton) and name == asked["name"] and widget.isEnabled():
                # Its dialog may have a loop of its own, and would keep the answer back.
                QTimer.singleShot(0, widget, widget.click)
                return
        raise LookupError(f"no button {asked['name']!r} that can be pressed")

    def _paste(self, asked: Fields) -> None:
        """Files, as a file manager copies them."""
        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(path) for path in asked["files"]])
        QApplication.clipboard().setMimeData(files)
        QTest.keySequence(_focused(), QKeySequence(QKeySequence.StandardKey.Paste))

    def _focus(self, asked: Fields) -> None:
        for widget, name in _named():
            if name == asked["name"] and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                return
        raise LookupError(f"nothing called {asked['name']!r} takes the keyboard")


def _bring_to_front() -> None:
    """Without a window manager a card of an alert takes the front along when it goes."""
    if QApplication.activeWindow() is None:
        named = [one for one in _windows() if one.windowTitle()]
        front = QApplication.activeModalWidget() or next(iter(named), None)
        if front is not None:
            front.activateWindow()
            QTest.qWaitForWindowActive(front, _FRONT_MS)


def _window() -> QWidget:
    """The one in front, or the first there is."""
    found = QApplication.activeWindow() or next(_windows(), None)
    if found is None:
        raise LookupError("no window is open")
    return found


def _windows() -> Iterator[QWidget]:
    return (one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow())


def _focused() -> QWidget:
    return QApplication.activePopupWidget() or QApplication.focusWidget() or _window()


def _editor() -> QPlainTextEdit:
    """Where an answer is written: the one with the keyboard, else the one on show."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QPlainTextEdit):
        return focused
    for window in _windows():
        for one in window.findChildren(QPlainTextEdit):
            if one.isVisible():
                return one
    raise LookupError("no composer is open")


def _written(editor: QPlainTextEdit) -> Fields:
    return {
        "text": editor.toPlainText(),
        "cursor": editor.textCursor().position(),
        "has_keyboard": editor.hasFocus(),
    }


def _message_text() -> str:
    """What the open message says."""
    texts = [one for one, name in _named() if name == "Message text"]
    return "\n".join(one.toPlainText() for one in texts if isinstance(one, QTextEdit))


def _named() -> Iterator[tuple[QWidget, str]]:
    """What can be seen, by the name that a screen reader says."""
    for window in _windows():
        for widget in [window, *window.findChildren(QWidget)]:
            if widget.isVisible():
                yield widget, _name_of(widget)


def _name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


if __name__ == "__main__":
    hands = Hands()
    hands.listen()
    sys.exit(run_app())

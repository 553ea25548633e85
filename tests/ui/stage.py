"""A small program for the desktop tests: the window and the tray with make-believe rows.

It reads one command a line from standard input and prints what the founder did, a line each.
"""

import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from supportdesk.ui.calls.live_board import LiveBoard
from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.gallery.make_believe_calls import BOARD, CALLS
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Page, RailView, ReaderState, StripKind, TrayState, TrayView
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.theme import FUSION
from supportdesk.ui.tray import Tray


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - its output is what the test reads


class Stage:
    """Carries out commands: `tray STATE NUMBER`, `show`, `page`, `dark`, `board`, `state`, ..."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._theme = Theme(app)
        self._theme.want_dark(False)
        self._window = MainWindow(self._theme, lambda: b"", lambda _: None)
        self._window.show_strip(scene.STRIPS[StripKind.YOURS])
        self._window.show_rail(RailView(inbox_count="6", calls_count="2"))
        self._window.show_inbox(scene.INBOX)
        self._window.show_message(scene.MESSAGE)
        self._window.show_clock(scene.CLOCK)
        self._window.show_calls(CALLS)
        self._window.reader_state_changed.connect(self._tell)
        self._window.choices.asked.connect(lambda action, key: say("asked", action.value, key))
        self._window.hidden_to_tray.connect(lambda: say("hidden"))
        self._tray = Tray(self._theme)
        self._board = LiveBoard(self._theme)
        self._tray.activated.connect(self._on_tray)
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._input.activated.connect(self._on_line)
        say("host" if self._tray.has_host else "no host")

    def _tell(self, state: ReaderState) -> None:
        say("counting" if state.is_counting_allowed else f"not counting: {state.why_not}")

    def _on_tray(self) -> None:
        say("activated")
        self._window.come_to_front()

    def _on_line(self) -> None:
        words = sys.stdin.readline().split()
        match words:
            case ["tray", state, number]:
                view = TrayView(
                    state=TrayState(state), number=int(number), tooltip=f"supportdesk: {state}"
                )
                self._tray.show_tray(view)
            case ["show"]:
                self._window.come_to_front()
            case ["page", name]:
                self._window.show_page(Page(name))
            case ["hide"]:
                self._window.hide_to_tray()
            case ["board"]:
                self._board.show_board(BOARD)
                self._board.show()
            case ["dark"]:
                self._theme.want_dark(True)
            case ["host"]:
                self._tray.host_arrived()
            case ["state"]:
                self._tell(self._window.reader_state())
            case _:
                self._app.quit()
                return
        say("done", *words)


def main() -> None:
    app = QApplication([*sys.argv[:1], *FUSION])
    app.setQuitOnLastWindowClosed(False)
    stage = Stage(app)
    app.exec()
    del stage


if __name__ == "__main__":
    main()

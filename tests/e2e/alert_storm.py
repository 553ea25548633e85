"""The app, to which fifty alerts of all kinds come one after the other; run as a program.

python -m tests.e2e.alert_storm TOLD           a line there for each alert, and for each response
python -m tests.e2e.alert_storm TOLD WRITTEN   an answer is written in its window, kept in WRITTEN
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.alerts import Action, Alert, AlertKind, Urgency
from supportdesk.domain.health import SourceName
from supportdesk.ui.gallery.make_believe_compose import COMPOSER
from supportdesk.ui.rows import Page

EMPTY = replace(COMPOSER, body="", cursor=0)
ALERTS = 50
_EVERY_MS = 150
_KINDS = tuple(AlertKind)
_ACTIONS = {
    AlertKind.WAITING: (Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE),
    AlertKind.LIFTED: (Action.TAKE_CALL, Action.SNOOZE),
    AlertKind.MISSED: (Action.CALL_BACK, Action.SNOOZE),
    AlertKind.HEALTH: (Action.WHY, Action.TRY_AGAIN),
    AlertKind.WEEKLY: (Action.READ_THEM, Action.NOT_TODAY),
}


class Storm:
    """Tells one alert at a time; of each kind some are updated and some are taken back."""

    def __init__(self, app: TrayApp, told: Path) -> None:
        self._app = app
        self._told = told
        self._count = 0
        self._timer = QTimer(app)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tell)

    def begin(self) -> None:
        self._timer.start()

    def note(self, line: str) -> None:
        with self._told.open("a") as file:
            file.write(line + "\n")

    def _tell(self) -> None:
        number, self._count = self._count, self._count + 1
        kind = _KINDS[number % len(_KINDS)]
        is_urgent = kind in (AlertKind.WAITING, AlertKind.LIFTED)
        alert = Alert(
            key=f"storm/{number}",
            kind=kind,
            title=f"Person {number}",
            body="They ask for you.",
            actions=_ACTIONS.get(kind, (Action.READ, Action.REPLY, Action.SNOOZE)),
            source=SourceName("Hook"),
            at=self._app.core.clock.now(),
            urgency=Urgency.CRITICAL if is_urgent else Urgency.NORMAL,
        )
        self._app._presenters.show(alert)
        self.note(f"alert {kind.value}")
        if number % 5 == 4:
            self._app._presenters.show(alert)
            self._app._presenters.withdraw(f"storm/{number - 3}")
        if self._count == ALERTS:
            self._timer.stop()


class WatchedApp(TrayApp):
    """Says what alerts were answered with."""

    storm: Storm | None = None

    def _responded(self, response: object) -> None:
        if self.storm is not None:
            self.storm.note(f"response {response}")


def _open_composer(app: TrayApp, written: Path) -> None:
    """As `r` does, without a mailbox."""
    app.show_window()
    window = app._made_window().window
    window.choices.draft_changed.connect(lambda _id, edit: written.write_text(edit.body))
    window.show_page(Page.INBOX)
    window.show_composer(EMPTY)
    window.composers.take_keyboard(EMPTY.draft_id)


def main(told: Path, written: Path | None = None) -> None:
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("supportdesk")
    qt.setQuitOnLastWindowClosed(False)
    app = WatchedApp(qt, Places.from_environment(os.environ), key_store(), is_practice=False)
    app.storm = Storm(app, told)
    app.start(is_quiet=True)
    if written is not None:
        _open_composer(app, written)
    app.storm.begin()
    qt.exec()


if __name__ == "__main__":
    main(*(Path(one) for one in sys.argv[1:]))

"""The whole app, used for a day: every message opened, calls, search, corrections, export.

    python -m tests.e2e.day_at_the_desk FOLDER MAILS

It tells each step in a line on standard output and, when the day is over, waits for a line on
standard input: then it loads the images of one message, as by a click, and for another it ends.
Nobody looks at the window and nobody clicks a link.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.desktop.single_instance import SingleInstance
from supportdesk.adapters.places import Places
from supportdesk.adapters.week_locale import to_local
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.requests import RequestDesk
from supportdesk.commands.watch import key_store
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.reading import SpanKind
from supportdesk.domain.settings import Look
from supportdesk.services.log_corrections import LogCorrections
from supportdesk.ui import rows
from tests.e2e.lab_clock import ClockHand, LabClock
from tests.lab.waiting import PATIENCE

IMAGES_OF = "Images to be shown"
"""The subject of the message whose images are loaded in the end."""
_STEP_MILLISECONDS = 10
_LONGEST_STEP_SECONDS = 30 * PATIENCE
_HOURS = 9

Condition = Callable[[], bool]


class MailProgram(QObject):
    """Takes what the app hands to the founder's own mail program."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    @Slot(QUrl)
    def open(self, _url: QUrl) -> None:
        self.taken += 1


class Day:
    """The founder's acts; each `yield` waits until something is true."""

    def __init__(self, app: TrayApp, hand: ClockHand, folder: Path, mails: int) -> None:
        self._app = app
        self._core = app.core
        self._hand = hand
        self._folder = folder
        self._mails = mails
        self._mail_program = MailProgram()
        # PySide takes the name of the slot as a str only; its own types say bytes.
        QDesktopServices.setUrlHandler("mailto", self._mail_program, "open")  # type: ignore[arg-type]
        self._orders: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    def acts(self) -> Iterator[Condition]:
        yield self._hears_all
        say("listening")
        yield lambda: len(self._keys()) >= self._mails
        say("all mail is here")
        yield from self._reads()
        yield from self._searches()
        yield from self._talks()
        yield from self._looks_around()
        yield from self._puts_the_log_right()
        say("the day is over")
        yield self._is_told
        yield from self._shows_images()
        say("images were asked for")
        yield self._is_told

    # --- mail ---------------------------------------------------------------------------

    def _reads(self) -> Iterator[Condition]:
        """Each message, in the clock of a day; robots and history too."""
        core, choices = self._core, self._app._made_window().window.choices
        keys = self._keys()
        for number, key in enumerate(keys):
            message = core.desk.inbox.message(key)
            assert message is not None
            self._app.show_window(key)
            yield self._has_text(message)
            choices.reading_activity.emit()
            if number % (len(keys) // _HOURS) == 0:
                self._an_hour_passes()
        say("every message was opened")
        self._hand.go_on(60)
        yield lambda: self._minutes() > 0
        say("reading was counted")
        for action in (rows.Action.REPLY, rows.Action.COPY_MESSAGE, rows.Action.NO_REPLY):
            self._app._made_window().act(action, keys[0])
        yield lambda: self._mail_program.taken > 0
        say("a reply was handed to the mail program")

    def _searches(self) -> Iterator[Condition]:
        answers: list[object] = []
        window = self._app._made_window().window
        window.choices.search_changed.emit("flour")
        self._app._acts.search("flour", 50, answers.append)
        yield lambda: bool(answers)
        window.choices.search_changed.emit("")
        say("a search was answered")

    def _shows_images(self) -> Iterator[Condition]:
        messages = (self._core.desk.inbox.message(key) for key in self._keys())
        message = next(one for one in messages if one is not None and one.subject == IMAGES_OF)
        self._app.show_window(message.key)
        yield self._a_moment()
        self._app._made_window().act(rows.Action.SHOW_IMAGES, message.key)

    # --- the rest of the day ------------------------------------------------------------

    def _talks(self) -> Iterator[Condition]:
        """With whoever rings first on the phone system; the hook's callers cannot be taken."""
        desk, clock = self._core.desk, self._core.clock

        def callers() -> list[str]:
            now = clock.now()
            return [one.caller.key for one in desk.calls.callers(now) if one.can_take]

        yield lambda: bool(callers())
        say("somebody calls")
        taken = callers()[0]
        self._app._made_window().act(rows.Action.TAKE_CALL, taken)
        yield lambda: desk.calls.is_founder_on_call(clock.now())
        yield lambda: not desk.calls.is_founder_on_call(clock.now())
        say("the call was taken and is over")

    def _looks_around(self) -> Iterator[Condition]:
        core = self._core
        for page in rows.Page:
            self._app._show_page(page)
            yield self._a_moment()
        for look in (Look.DARK, Look.AUTO):
            self._wear(look)
            yield self._a_moment()
        self._app._acts.show_live_board()
        core.runner.perform(lambda now: core.desk.pause(now + timedelta(hours=1), now))
        self._an_hour_passes()
        core.runner.perform(core.desk.resume)
        yield self._a_moment()
        say("every page was looked at")

    def _puts_the_log_right(self) -> Iterator[Condition]:
        core = self._core
        by_hand = LogCorrections(core.log, core.store, to_local)
        now = core.clock.now()
        start = now - timedelta(hours=2)
        added = by_hand.add(SpanKind.TALK, "", "Mr Kiss", start, 240.0, "met him", now)
        by_hand.set_length(added.spans[0], 120.0, "it was shorter", now)
        by_hand.undo(now)
        exported: list[object] = []
        self._app._acts.export_log(str(self._folder), exported.append)
        yield lambda: bool(exported)
        say("the log was corrected and exported")

    def _wear(self, look: Look) -> None:
        changed = replace(self._core.settings.look, theme=look)
        self._core.change_settings_file(lambda file: file.set_look(changed))

    def _an_hour_passes(self) -> None:
        self._hand.skip(3600)
        self._core.runner.perform(self._core.desk.tick)
        self._core.check_now()

    # --- what is true -------------------------------------------------------------------

    def _keys(self) -> list[str]:
        return [
            message.key
            for conversation in self._core.desk.inbox.conversations()
            for message in conversation.messages
        ]

    def _has_text(self, message: MessageSummary) -> Condition:
        cache = self._core.cache
        return lambda: cache.text(message.account, message.message_id) is not None

    def _hears_all(self) -> bool:
        healths = self._core.desk.health.healths()
        return all(one.hearing is Hearing.LISTENING for one in healths)

    def _minutes(self) -> float:
        log = self._core.log
        return log.week(log.week_at(self._core.clock.now())).counted_minutes

    def _a_moment(self) -> Condition:
        """A few turns of the event loop."""
        turns = iter(range(5))
        return lambda: next(turns, None) is None

    def _is_told(self) -> bool:
        try:
            self._orders.get_nowait()
        except queue.Empty:
            return False
        return True

    def _listen(self) -> None:
        for line in sys.stdin:
            self._orders.put(line)


class Steps(QObject):
    """Goes through a day on the event loop, as fast as its conditions come true."""

    def __init__(self, day: Day, app: QApplication) -> None:
        super().__init__()
        self._acts = day.acts()
        self._app = app
        self._condition: Condition = lambda: True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self._timer.start(_STEP_MILLISECONDS)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._give_up)

    def _step(self) -> None:
        if not self._condition():
            return
        self._patience.start(int(_LONGEST_STEP_SECONDS * 1000))
        following = next(self._acts, None)
        if following is None:
            self._timer.stop()
            self._app.quit()
        else:
            self._condition = following

    def _give_up(self) -> None:
        say("waited in vain")
        self._app.exit(1)


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  # what the test reads


def main(folder: Path, mails: int) -> int:
    """The app as `supportdesk` starts it, with a day instead of a founder."""
    places = Places.from_environment(os.environ)
    places.create_folders()
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    instance = SingleInstance(places)
    assert instance.try_become_first()
    hand = ClockHand(folder)
    tray_app = TrayApp(app, places, key_store(), is_practice=False, clock=LabClock(folder))
    hand.stop()
    instance.serve(RequestDesk(tray_app.core, tray_app).answer)
    tray_app.start()
    steps = Steps(Day(tray_app, hand, folder, mails), app)
    try:
        return app.exec()
    finally:
        steps.deleteLater()
        tray_app.stop()
        instance.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))

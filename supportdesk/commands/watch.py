"""`supportdesk watch`: what the desk would tell, a line an event. Needs no display."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.desktop.single_instance import SingleInstance
from supportdesk.adapters.desktop.unix_signals import UnixSignals
from supportdesk.adapters.log_file import LogFile, on_fault
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.commands.requests import RequestDesk, state_of
from supportdesk.core import Core
from supportdesk.domain.alerts import Notice
from supportdesk.domain.errors import AlreadyRunning
from supportdesk.services.desk_state import DeskState
from supportdesk.services.ports import SecretStore
from supportdesk.services.watch_lines import (
    as_line,
    notice_as_json,
    notice_as_text,
    state_as_text,
    state_digest,
    state_title,
)

if TYPE_CHECKING:
    from supportdesk.services.outbox_lines import SendingLines


def run_watch(*, as_json: bool, is_practice: bool) -> int:
    """Watch until a signal, a closed pipe or Ctrl+C."""
    app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    if is_practice:
        # pymap and aiosmtpd cost 200 ms and 13 MB that an ordinary start does not need.
        from supportdesk.practice_home import PracticeHome

        with PracticeHome() as home:
            return _watch(app, home.places, home.secrets, as_json=as_json)
    places = Places.from_environment(os.environ)
    return _watch(app, places, key_store(), as_json=as_json)


def key_store() -> KeyringSecrets:
    """The key store of this user, or the credentials that systemd hands over."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return KeyringSecrets(Path(folder) if folder else None)


def _watch(app: QCoreApplication, places: Places, secrets: SecretStore, *, as_json: bool) -> int:
    places.create_folders()
    instance = SingleInstance(places)
    if not instance.try_become_first():
        raise AlreadyRunning(
            "supportdesk already runs on this home",
            "Quit it, or ask it with `supportdesk status`.",
        )
    log_file = LogFile(places.log_dir)
    core = Core(places, secrets=secrets)
    on_fault(core.say_fault, log_file)
    printer = _Printer(core, app.quit, as_json=as_json)
    requests = RequestDesk(core)
    instance.serve(requests.answer)
    signals = UnixSignals()
    signals.arrived.connect(lambda _number: app.quit())
    try:
        core.start()
        requests.take_spool()
        printer.print_state()
        app.exec()
    finally:
        core.stop()
        instance.close()
        signals.close()
        log_file.close()
    return 0


class _Printer:
    """Prints notices at once, and the state whenever it says something new."""

    def __init__(self, core: Core, quit_app: Callable[[], None], *, as_json: bool) -> None:
        self._core = core
        self._quit = quit_app
        self._as_json = as_json
        self._last = ""
        core.runner.noticed.connect(self._notice)
        core.runner.changed.connect(lambda _areas: self.print_state())
        core.problems_changed.connect(self.print_state)
        core.answering.unsent_changed.connect(self._print_sending)
        self._sending: SendingLines | None = None

    def print_state(self) -> None:
        state = self._core.desk.state(self._core.clock.now())
        unsent = [(one.outgoing.draft_id, one.since) for one in self._core.answering.unsent()]
        digest = f"{state_digest(state)} {sorted(self._core.problems)} {unsent}"
        if not self._as_json:
            digest = state_title(state)  # a person sees no more than this
        if digest != self._last:
            self._last = digest
            self._print(self._state_line(state))

    def _print_sending(self) -> None:
        """What has gone out, and what will not by itself: no notice of the desk tells of it."""
        # The tray app imports this module and has no use for these lines.
        from supportdesk.services.outbox_lines import SendingLines, happened_as_text

        self._sending = self._sending or SendingLines()
        answering = self._core.answering
        now = self._core.clock.now()
        for line in self._sending.news(answering.unsent(), answering.outgoing, now):
            self._print(as_line(line) if self._as_json else happened_as_text(line))
        self.print_state()

    def _state_line(self, state: DeskState) -> str:
        return as_line(state_of(self._core)) if self._as_json else state_as_text(state)

    def _notice(self, notice: Notice) -> None:
        line = as_line(notice_as_json(notice)) if self._as_json else notice_as_text(notice)
        self._print(line)

    def _print(self, line: str) -> None:
        try:
            print(line, flush=True)
        except BrokenPipeError:
            # The reader has gone: nobody is left to tell.
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
            self._quit()

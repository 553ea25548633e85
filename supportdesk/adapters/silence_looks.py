"""Looks into the silence of a source, without a trace: its server first, then our own link (F95).

The server is asked over a link of its own, for a mailbox whether it has what we have not heard of.
Our own link is asked after that, since asking may mend it; what answers over it is well, whatever
had stopped the look. Each look ends: once our own link is known to be lost, by a deadline at last.
"""

import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from supportdesk.adapters.sources import Sources
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem, SecretsUnavailable, SupportDeskError
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import MailSettings, PhoneSettings
from supportdesk.domain.silence import Look
from supportdesk.services.ports import Clock, SecretStore

if TYPE_CHECKING:
    from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest

LOOK_SECONDS = 90.0
OWN_LINK_SECONDS = 45.0
_NO_ANSWER = Problem(
    title="It did not answer in time", advice="Look at the network and the server."
)


class SilenceLooks(QObject):
    """At most one look at each source. Lives on the GUI thread.

    Signals:
        looked: A source and its `Look`.
    """

    looked = Signal(str, object)

    _server_said = Signal(str, object)
    _secret_ready = Signal(object, str)

    def __init__(
        self,
        *,
        sources: Sources,
        secrets: SecretStore,
        mail_db: Path,
        clock: Clock,
        is_heard: Callable[[SourceName], bool],
        parent: QObject,
    ) -> None:
        """`is_heard`: what a source says of itself; one that is deaf is told of by that."""
        super().__init__(parent)
        self._sources = sources
        self._secrets = secrets
        self._mail_db = mail_db
        self._clock = clock
        self._is_heard = is_heard
        self._deadlines: dict[SourceName, QTimer] = {}
        # Our own links that are asked, and what it means when they are silent.
        self._silent: dict[SourceName, Look] = {}
        self._phone_tests: dict[SourceName, AsteriskConnectionTest] = {}
        self._server_said.connect(self._server_answered)
        self._secret_ready.connect(self._try_asterisk)

    def begin(self, source: MailSettings | PhoneSettings) -> None:
        late = Look(problem=_NO_ANSWER)
        self._wait(source.name, LOOK_SECONDS, lambda: self._server_answered(source.name, late))
        name = f"look at {source.name}"
        threading.Thread(target=partial(self._look, source), name=name, daemon=True).start()

    def stop(self) -> None:
        """Nothing is told after that."""
        for name in list(self._deadlines):
            self._let_go(name)

    def own_link_answered(self, name: SourceName) -> None:
        """It has told all that came before we asked it."""
        if name in self._silent:
            self._end(name, Look())

    def own_link_lost(self, name: SourceName) -> None:
        """What stopped the look stops our own link, too."""
        silent = self._silent.get(name)
        if silent is not None:
            self._end(name, silent)

    # --- in a thread -------------------------------------------------------------------------

    def _look(self, source: MailSettings | PhoneSettings) -> None:
        try:
            look = self._looked_at(source)
        except SupportDeskError as error:
            look = Look(problem=error.problem)
        except (OSError, sqlite3.Error) as error:
            title = f"This computer could not look: {error}"
            look = Look(problem=Problem(title=title, advice="Look at the room on its disk."))
        if look is not None:
            emit_if_heard(self._server_said, source.name, look)

    def _looked_at(self, source: MailSettings | PhoneSettings) -> Look | None:
        """None of a phone system, which is asked from the GUI thread."""
        if isinstance(source, MailSettings):
            from supportdesk.adapters.mail.silence_look import unheard_messages

            secret = secret_of(source, self._secrets)
            return Look(unheard=unheard_messages(source, secret, self._mail_db, self._clock))
        if source.is_softphone:
            from supportdesk.adapters.phone.softphone_check import check_softphone

            check_softphone(source)
            return Look()
        emit_if_heard(self._secret_ready, source, secret_of(source, self._secrets))
        return None

    # --- on the GUI thread ---------------------------------------------------------------------

    @Slot(object, str)
    def _try_asterisk(self, source: PhoneSettings, secret: str) -> None:
        from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest

        name = source.name
        if name not in self._deadlines:
            return
        test = AsteriskConnectionTest(source, secret, self._clock, self)
        test.succeeded.connect(lambda _words, _lacking: self._server_answered(name, Look()))
        test.failed.connect(lambda problem: self._server_answered(name, Look(problem=problem)))
        self._phone_tests[name] = test
        test.start()

    @Slot(str, object)
    def _server_answered(self, name: SourceName, look: Look) -> None:
        if name not in self._deadlines or name in self._silent:
            return
        is_heard = self._is_heard(name)
        if look.unheard or (look.problem and not is_heard):
            self._end(name, look)
        else:
            # What says by itself that it is deaf has an alert of its own.
            silent = look if look.problem else Look(is_alive=not is_heard)
            self._silent[name] = silent
            self._wait(name, OWN_LINK_SECONDS, lambda: self._end(name, silent))
        self._ask_own_link(name)

    def _ask_own_link(self, name: SourceName) -> None:
        own = self._sources.fetcher(name) or self._sources.dialer(name)
        if own is not None:
            own.check_now()

    def _wait(self, name: SourceName, seconds: float, then: Callable[[], None]) -> None:
        """For an answer; `then` is what is done when none comes."""
        self._drop_deadline(name)
        deadline = self._deadlines[name] = QTimer(self)
        deadline.setSingleShot(True)
        deadline.timeout.connect(then)
        deadline.start(round(seconds * 1000))

    def _end(self, name: SourceName, look: Look) -> None:
        self._let_go(name)
        self.looked.emit(name, look)

    def _let_go(self, name: SourceName) -> None:
        self._drop_deadline(name)
        self._silent.pop(name, None)
        test = self._phone_tests.pop(name, None)
        if test is not None:
            test.cancel()
            test.deleteLater()

    def _drop_deadline(self, name: SourceName) -> None:
        deadline = self._deadlines.pop(name, None)
        if deadline is not None:
            deadline.stop()
            deadline.deleteLater()


def secret_of(source: MailSettings | PhoneSettings, secrets: SecretStore) -> str:
    """Raises SecretsUnavailable. A key store may take its time."""
    found = secrets.get(source.secret_name)
    if found is None:
        raise SecretsUnavailable(
            f"No password is kept for {source.name}",
            f"Type it in Settings, or run: supportdesk secret set {source.secret_name}",
        )
    return found

"""Tries mail accounts and phones as "Connect your inbox" does: sign in, look, change nothing.

Of an account that sends, the server for that is tried too, and no mail is sent.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.connection_test import test_connection
from supportdesk.adapters.mail.sending_secret import first_secret
from supportdesk.adapters.mail.sending_test import test_sending
from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest
from supportdesk.adapters.phone.softphone_check import check_softphone
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem, SecretsUnavailable, SupportDeskError
from supportdesk.domain.settings import MailSettings, PhoneKind, PhoneSettings
from supportdesk.services.ports import SecretStore

DEADLINE_SECONDS = 60.0

Source = MailSettings | PhoneSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one source. `words` are empty when it was not heard.

    Attributes:
        problem: Why it was not heard, or what it lacks although it was.
        sending: What was found of the server that it sends with; empty where that did not work.
        sending_problem: Why it did not; None too where nothing is sent from it.
    """

    source: Source
    words: str
    problem: Problem | None
    sending: str = ""
    sending_problem: Problem | None = None

    @property
    def is_heard(self) -> bool:
        return bool(self.words)


class SourceTrials(QObject):
    """Tries all sources at the same time, each once. Lives on the thread that made it.

    Signals:
        tried: A `Tried`, for each source, in the order in which they answer.
        finished: The last of them has answered, or was given up.
    """

    tried = Signal(object)
    finished = Signal()

    _secret_ready = Signal(object, str)
    _ended = Signal(object)

    def __init__(self, secrets: SecretStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: list[Tried] = []
        self.lacks_secrets = False
        self._secrets = secrets
        self._open: dict[str, Source] = {}
        self._tests: list[AsteriskConnectionTest] = []
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.timeout.connect(self._give_up)
        queued = Qt.ConnectionType.QueuedConnection
        self._secret_ready.connect(self._test_phone, queued)
        self._ended.connect(self._done, queued)

    @property
    def is_waiting(self) -> bool:
        return bool(self._open)

    def begin(self, sources: Iterable[Source], deadline_seconds: float = DEADLINE_SECONDS) -> None:
        """Answers come from the event loop; without any source there is nothing to wait for."""
        self._open = {source.name: source for source in sources if not _is_hook(source)}
        for source in self._open.values():
            threading.Thread(
                target=self._try, args=(source,), name=f"try {source.name}", daemon=True
            ).start()
        if self._open:
            self._deadline.start(round(deadline_seconds * 1000))

    def stop(self) -> None:
        """Wait for nothing any more; what answers later is not told."""
        self._deadline.stop()
        self._open.clear()
        for test in self._tests:
            test.cancel()

    def _give_up(self) -> None:
        for source in list(self._open.values()):
            problem = Problem(
                title=f"{source.host or source.name} did not answer within a minute",
                advice="Look at the network and the server.",
            )
            self._done(Tried(source=source, words="", problem=problem))

    def _try(self, source: Source) -> None:
        if isinstance(source, MailSettings):
            emit_if_heard(self._ended, self._mail(source))
            return
        if source.is_softphone:
            words, problem = self._found(lambda: check_softphone(source))
        else:
            secret, problem = self._found(lambda: self._secret(source))
            if problem is None:
                emit_if_heard(self._secret_ready, source, secret)
                return
            words = ""
        emit_if_heard(self._ended, Tried(source=source, words=words, problem=problem))

    def _mail(self, source: MailSettings) -> Tried:
        words, problem = self._found(lambda: test_connection(source, self._secret(source)))
        tried = Tried(source=source, words=words, problem=problem)
        if source.smtp is None:
            return tried
        sending, problem = self._found(lambda: test_sending(source, self._sending_secret(source)))
        return replace(tried, sending=sending, sending_problem=problem)

    def _found(self, look: Callable[[], str]) -> tuple[str, Problem | None]:
        try:
            return look(), None
        except SupportDeskError as error:
            self.lacks_secrets |= isinstance(error, SecretsUnavailable)
            return "", error.problem

    def _sending_secret(self, source: MailSettings) -> str:
        return first_secret(self._secrets, source.sending_secret_names) or self._secret(source)

    def _secret(self, source: Source) -> str:
        found = self._secrets.get(source.secret_name)
        if found is None:
            raise SecretsUnavailable(
                f"No password is kept for {source.name}",
                f"Run: supportdesk secret set {source.secret_name}",
            )
        return found

    @Slot(object, str)
    def _test_phone(self, source: PhoneSettings, secret: str) -> None:
        if source.name not in self._open:
            return
        test = AsteriskConnectionTest(source, secret, SystemClock(), self)
        test.succeeded.connect(
            lambda words, lacking: self._done(Tried(source=source, words=words, problem=lacking))
        )
        test.failed.connect(
            lambda problem: self._done(Tried(source=source, words="", problem=problem))
        )
        self._tests.append(test)
        test.start()

    @Slot(object)
    def _done(self, tried: Tried) -> None:
        if self._open.pop(tried.source.name, None) is None:
            return
        self.found.append(tried)
        self.tried.emit(tried)
        if not self._open:
            self._deadline.stop()
            self.finished.emit()


def _is_hook(source: Source) -> bool:
    """It calls us; there is nothing to call."""
    return isinstance(source, PhoneSettings) and source.kind is PhoneKind.HOOK

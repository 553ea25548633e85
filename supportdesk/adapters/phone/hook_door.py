"""Opens the hook's HTTP endpoint when the settings ask for it, and says why when it cannot.

While it is off, nothing of the endpoint is loaded. The token is fetched by a thread, since a key
store may take its time, and again whenever somebody asks to try again: it may have been replaced.
"""

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem, SecretsUnavailable, SupportDeskError
from supportdesk.domain.settings import HookSettings
from supportdesk.services.ports import Clock, SecretStore

if TYPE_CHECKING:
    from supportdesk.adapters.phone.hook_server import HookServer, Take

TOKEN_NAMES: Final = ("hook/token", "hook")
"""Where the token is kept; the second is what `secret set hook` used to write."""

_TRY_AGAIN_MILLISECONDS: Final = 60_000
NO_TOKEN: Final = Problem(
    title="The hook has no token, so that nobody could be let in",
    advice="Run `supportdesk hook token` and give what it prints to the programs that send.",
    is_for_founder=True,
)


class HookDoor(QObject):
    """Shut until `follow` opens it. Lives on the GUI thread.

    Signals:
        failed: The `Problem` that keeps it shut.
        settled: It listens, or is not meant to.
    """

    failed = Signal(object)
    settled = Signal()
    _token_ready = Signal(int, str)
    _token_missing = Signal(int, object)

    def __init__(
        self,
        *,
        secrets: SecretStore,
        clock: Clock,
        take: "Take",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._secrets = secrets
        self._clock = clock
        self._take = take
        self._settings = HookSettings()
        self._server: HookServer | None = None
        self._asked = 0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_TRY_AGAIN_MILLISECONDS)
        self._again.timeout.connect(self.check_now)
        self._token_ready.connect(self._open)
        self._token_missing.connect(self._stay_shut)

    @property
    def is_open(self) -> bool:
        return self._server is not None

    def follow(self, settings: HookSettings) -> None:
        """Open, shut or move to another port, as the settings say."""
        if settings != self._settings:
            self._shut()
            self._settings = settings
        self.check_now()

    def check_now(self) -> None:
        """Fetch the token, and open the door if it is shut though it should not be."""
        self._asked += 1
        self._again.stop()
        if not self._settings.enabled:
            self.settled.emit()
            return
        threading.Thread(
            target=self._fetch_token, args=(self._asked,), name="hook token", daemon=True
        ).start()

    def stop(self) -> None:
        """Shut it for good."""
        self._asked += 1
        self._again.stop()
        self._settings = HookSettings()
        self._shut()

    # --- inside ----------------------------------------------------------------------------

    def _fetch_token(self, asked: int) -> None:
        try:
            token = hook_token(self._secrets)
        except SupportDeskError as error:
            emit_if_heard(self._token_missing, asked, error.problem)
            return
        emit_if_heard(self._token_ready, asked, token)

    @Slot(int, str)
    def _open(self, asked: int, token: str) -> None:
        if asked != self._asked:
            return  # settings or token have changed since
        if not token:
            self._shut()
            self._stay_shut(asked, NO_TOKEN)
            return
        try:
            self._listen(token)
        except SupportDeskError as error:
            self._stay_shut(asked, error.problem)
            return
        self.settled.emit()

    def _listen(self, token: str) -> None:
        if self._server is not None:
            self._server.token = token
            return
        # h11 and the endpoint are for those who switched it on.
        from supportdesk.adapters.phone.hook_server import HookServer

        server = HookServer(token=token, take=self._take, clock=self._clock, parent=self)
        try:
            server.listen(self._settings.port)
        except SupportDeskError:
            server.deleteLater()
            raise
        self._server = server

    @Slot(int, object)
    def _stay_shut(self, asked: int, problem: Problem) -> None:
        """A door that is open keeps the token that it knows while the key store is away."""
        if asked != self._asked:
            return
        self._again.start()
        self.failed.emit(problem)

    def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None


def hook_token(secrets: SecretStore) -> str:
    """The token that senders have to know; empty when none was made. Raises SecretsUnavailable."""
    missing: SecretsUnavailable | None = None
    for name in TOKEN_NAMES:
        try:
            token = (secrets.get(name) or "").strip()
        except SecretsUnavailable as error:
            missing = missing or error
            continue
        if token:
            return token
    if missing is not None:
        raise missing
    return ""

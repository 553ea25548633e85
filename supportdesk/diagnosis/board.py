"""What the page "Is it working?" shows of this computer, looked at when asked."""

import threading
from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.adapters.secrets import KeyringSecrets, SecretsDiagnosis
from supportdesk.adapters.storage.looking_through import checked_whole
from supportdesk.adapters.storage.mail_pruning import CacheSizes
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.core import Core
from supportdesk.diagnosis.parts import (
    cache_health,
    desk_health,
    hook_health,
    key_store_health,
    measured_cache,
    nudge_health,
    settings_health,
    version_line,
)
from supportdesk.diagnosis.report import part_line, source_line
from supportdesk.domain.health import PartHealth
from supportdesk.services.ports import AlertPresenter

_REMEMBERED_SECONDS = 600.0


class Diagnosis(QObject):
    """Looks at each part when asked; what takes time is asked in a thread and remembered.

    Signals:
        changed: The key store has answered, desk.db and the copy of the mail were looked through.
    """

    changed = Signal()
    _diagnosed = Signal(object, str, object)

    def __init__(
        self,
        core: Core,
        secrets: KeyringSecrets,
        presenter: AlertPresenter | None,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._secrets = secrets
        self._presenter = presenter
        self._key_store: SecretsDiagnosis | None = None
        self._desk_db = ""
        self._cache: CacheSizes | None = None
        self._asked_at = 0.0
        self._is_asking = False
        self._diagnosed.connect(self._answered, Qt.ConnectionType.QueuedConnection)

    def parts(self) -> tuple[PartHealth, ...]:
        """All parts as they are now; key store and desk.db as they were when last looked at."""
        self._ask()
        return (
            *self._alerts(),
            key_store_health(self._key_store),
            settings_health(self._core),
            desk_health(self._core, self._desk_db),
            cache_health(self._cache, self._core.settings.cache),
            *hook_health(self._core),
            *nudge_health(self._core),
        )

    def report(self) -> str:
        """A text for whoever helps: states and sorts of errors, no names, addresses or secrets."""
        lines = [version_line()]
        if self._presenter is not None:
            lines.append(f"alerts shown by: {self._presenter.name}")
        if self._key_store is not None:
            lines.append(f"key store: {self._key_store.store or 'none'}")
        healths = self._core.desk.health.healths()
        lines += [source_line(number, one) for number, one in enumerate(healths, start=1)]
        lines += [part_line(part) for part in self.parts()]
        if self._core.settings_warnings:
            lines.append(f"unknown settings: {len(self._core.settings_warnings)}")
        return "\n".join(lines)

    def _alerts(self) -> Iterable[PartHealth]:
        if self._presenter is not None:
            yield PartHealth(
                name="Alerts",
                is_good=self._presenter.is_available,
                words=f"Shown by: {self._presenter.name}",
            )

    def _ask(self) -> None:
        now = self._core.clock.monotonic_seconds()
        is_known = self._key_store is not None and now - self._asked_at < _REMEMBERED_SECONDS
        if self._is_asking or is_known:
            return
        self._is_asking = True
        self._asked_at = now
        places = self._core.places

        def ask() -> None:
            diagnosis = self._secrets.diagnose()
            found = checked_whole(places.desk_db)
            sizes = measured_cache(places.mail_db)
            emit_if_heard(self._diagnosed, diagnosis, found, sizes)

        threading.Thread(target=ask, name="diagnosis", daemon=True).start()

    @Slot(object, str, object)
    def _answered(self, diagnosis: SecretsDiagnosis, found: str, sizes: CacheSizes | None) -> None:
        self._is_asking = False
        self._key_store = diagnosis
        self._desk_db = found
        self._cache = sizes
        self.changed.emit()

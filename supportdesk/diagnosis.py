"""Is it working? The parts of this computer, for the page, for `doctor` and for the report."""

import platform
import threading
from collections.abc import Iterable
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk import __version__
from supportdesk.adapters.secrets import KeyringSecrets, SecretsDiagnosis
from supportdesk.adapters.storage.sqlite_errors import damaged
from supportdesk.core import Core
from supportdesk.domain.health import PartHealth, SourceHealth
from supportdesk.services.ports import AlertPresenter


class Diagnosis(QObject):
    """Looks at each part when asked; the key store is asked in a thread and remembered.

    Signals:
        changed: The key store has answered.
    """

    changed = Signal()
    _diagnosed = Signal(object)

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
        self._is_asking = False
        self._diagnosed.connect(self._key_store_answered, Qt.ConnectionType.QueuedConnection)

    def parts(self) -> tuple[PartHealth, ...]:
        """All parts as they are now; the key store as it was when it last answered."""
        self._ask_key_store()
        return (
            *self._alerts(),
            key_store_health(self._key_store),
            settings_health(self._core),
            desk_health(self._core),
        )

    def report(self) -> str:
        """A text for whoever helps: states and errors, no names, no addresses, no secrets."""
        lines = [version_line()]
        healths = self._core.desk.health.healths()
        lines += [_source_line(number, one) for number, one in enumerate(healths, start=1)]
        lines += [f"{part.name}: {part.words}" for part in self.parts()]
        return "\n".join(lines)

    def _alerts(self) -> Iterable[PartHealth]:
        if self._presenter is not None:
            yield PartHealth(
                name="Alerts",
                is_good=self._presenter.is_available,
                words=f"Shown by: {self._presenter.name}",
            )

    def _ask_key_store(self) -> None:
        if self._is_asking or self._key_store is not None:
            return
        self._is_asking = True

        def ask() -> None:
            self._diagnosed.emit(self._secrets.diagnose())

        threading.Thread(target=ask, name="key store diagnosis", daemon=True).start()

    @Slot(object)
    def _key_store_answered(self, diagnosis: SecretsDiagnosis) -> None:
        self._is_asking = False
        self._key_store = diagnosis
        self.changed.emit()


def version_line() -> str:
    return (
        f"supportdesk {__version__}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}"
    )


def key_store_health(diagnosis: SecretsDiagnosis | None) -> PartHealth:
    if diagnosis is None:
        return PartHealth(name="Key store", is_good=True, words="Asking.")
    words = "Not usable." if diagnosis.problem else diagnosis.words
    if diagnosis.for_now:
        words += f" Kept for this run only: {', '.join(diagnosis.for_now)}."
    return PartHealth(
        name="Key store",
        is_good=diagnosis.is_working,
        words=words,
        problem=diagnosis.problem,
    )


def settings_health(core: Core) -> PartHealth:
    problem = core.problems.get("settings")
    if problem is not None:
        return PartHealth(name="Settings", is_good=False, words="Not read.", problem=problem)
    if core.settings_warnings:
        first = core.settings_warnings[0]
        return PartHealth(
            name="Settings",
            is_good=True,
            words=f"{len(core.settings_warnings)} unknown: {first}",
        )
    return PartHealth(name="Settings", is_good=True, words="Read without a complaint.")


def desk_health(core: Core) -> PartHealth:
    """The founder's own database, with SQLite's own check."""
    problem = core.problems.get("desk.db") or core.problems.get("disk")
    if problem is None:
        return database_health(core.store.integrity_check(), core.places.desk_db)
    return PartHealth(name="desk.db", is_good=False, words="Not usable.", problem=problem)


def database_health(found: str, path: Path) -> PartHealth:
    """What SQLite's integrity check of desk.db means."""
    if found == "ok":
        return PartHealth(name="desk.db", is_good=True, words="Whole.")
    return PartHealth(
        name="desk.db", is_good=False, words="Damaged.", problem=damaged(path).problem
    )


def _source_line(number: int, health: SourceHealth) -> str:
    problem = f": {health.problem.title}" if health.problem else ""
    return f"source {number} ({health.kind.value}): {health.hearing.value}{problem}"

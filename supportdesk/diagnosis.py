"""Is it working? The parts of this computer, for the page, for `doctor` and for the report."""

import platform
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk import __version__
from supportdesk.adapters.secrets import KeyringSecrets, SecretsDiagnosis
from supportdesk.adapters.storage.looking_through import checked_whole
from supportdesk.adapters.storage.mail_pruning import MEGABYTE, CacheSizes, cache_sizes
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.storage.sqlite_errors import damaged
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.core import COPIED_DESK, Core
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import PartHealth, SourceHealth
from supportdesk.domain.settings import CacheSettings
from supportdesk.services.ports import AlertPresenter

_REMEMBERED_SECONDS = 600.0
_NAMED = 5


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
        lines += [_source_line(number, one) for number, one in enumerate(healths, start=1)]
        lines += [_part_line(part) for part in self.parts()]
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


def desk_health(core: Core, found: str) -> PartHealth:
    """The founder's own database; `found` is SQLite's own check, empty until it is known."""
    problem = core.problems.get("desk.db") or core.problems.get("disk")
    if problem is not None:
        return PartHealth(name="desk.db", is_good=False, words="Not usable.", problem=problem)
    copied = core.problems.get(COPIED_DESK)
    if copied is not None:
        return PartHealth(
            name="desk.db", is_good=False, words="Something may be missing.", problem=copied
        )
    if not found:
        return PartHealth(name="desk.db", is_good=True, words="It is being looked through.")
    return database_health(found, core.places.desk_db)


def hook_health(core: Core) -> tuple[PartHealth, ...]:
    """The HTTP endpoint of the hook; nothing while nobody switched it on."""
    settings, problem = core.settings.hook, core.problems.get("hook")
    if not settings.enabled:
        return ()
    if problem is not None:
        words = "Not listening." if not core.hook_door.is_open else "It listens."
        return (PartHealth(name="Hook", is_good=False, words=words, problem=problem),)
    words = "It is being opened."
    if core.hook_door.is_open:
        words = f"It listens on port {settings.port} of this computer alone."
    return (PartHealth(name="Hook", is_good=True, words=words),)


def nudge_health(core: Core) -> tuple[PartHealth, ...]:
    """Why the founder was nudged to read this week, or was not."""
    nudge = core.desk.nudge()
    if nudge is None:
        return ()
    return (PartHealth(name="Weekly nudge", is_good=True, words=nudge.words),)


def database_health(found: str, path: Path) -> PartHealth:
    """What SQLite's integrity check of desk.db means."""
    if found == "ok":
        return PartHealth(name="desk.db", is_good=True, words="Whole.")
    return PartHealth(
        name="desk.db", is_good=False, words="Damaged.", problem=damaged(path).problem
    )


def log_health(unreadable: Sequence[str]) -> PartHealth:
    """Rows of the reading log that cannot be true are left out of every week, and named here."""
    if not unreadable:
        return PartHealth(name="Reading log", is_good=True, words="Every row can be read.")
    count = "1 row is" if len(unreadable) == 1 else f"{len(unreadable)} rows are"
    named = "; ".join(unreadable[:_NAMED])
    more = f"; and {len(unreadable) - _NAMED} more" if len(unreadable) > _NAMED else ""
    return PartHealth(
        name="Reading log",
        is_good=False,
        words=f"{count} left out: {named}{more}",
        problem=Problem(
            title="Another program has changed rows of your reading log",
            advice="Their minutes count in no week; all others do. To have them back, quit "
            "supportdesk and put back desk.db from a backup.",
        ),
    )


def measured_cache(mail_db: Path) -> CacheSizes | None:
    """How large the copy of the mail is; None when it cannot be read now."""
    try:
        return cache_sizes(SearchPaths.beside(mail_db))
    except sqlite3.Error:
        return None


def cache_health(sizes: CacheSizes | None, settings: CacheSettings) -> PartHealth:
    """It is never to blame: what is over the limit goes by itself."""
    words = "It is being measured."
    if sizes is not None:
        words = (
            f"{_megabytes(sizes.total)} of at most {settings.max_megabytes:,.0f} MB: "
            f"mail.db {_megabytes(sizes.mail)} with {_megabytes(sizes.texts)} of texts, "
            f"search {_megabytes(sizes.index)}, attachments {_megabytes(sizes.files)}."
        )
    return PartHealth(name="Copy of the mail", is_good=True, words=words)


def _megabytes(count: int) -> str:
    return f"{count / MEGABYTE:,.1f} MB"


def _source_line(number: int, health: SourceHealth) -> str:
    sort = f" ({health.problem.sort or 'other'})" if health.problem else ""
    return f"source {number} ({health.kind.value}): {health.hearing.value}{sort}"


def _part_line(part: PartHealth) -> str:
    """Never its words: they name settings, passwords, people and folders."""
    sort = f" ({part.problem.sort or 'other'})" if part.problem else ""
    return f"{part.name}: {'good' if part.is_good else 'not good'}{sort}"

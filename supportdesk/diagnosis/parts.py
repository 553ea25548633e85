"""How each part of this computer does, in words; one function a part."""

import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import PySide6

from supportdesk import __version__
from supportdesk.adapters.secrets import SecretsDiagnosis
from supportdesk.adapters.storage.mail_pruning import MEGABYTE, CacheSizes, cache_sizes
from supportdesk.adapters.storage.search_database import SearchPaths
from supportdesk.adapters.storage.sqlite_errors import damaged
from supportdesk.core import COPIED_DESK, Core
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import PartHealth
from supportdesk.domain.settings import CacheSettings

_NAMED = 5


def version_line() -> str:
    return (
        f"supportdesk {__version__}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}, {platform.platform()}"
    )


def version_health() -> PartHealth:
    words = (
        f"supportdesk {__version__}, Python {platform.python_version()}, PySide6 and Qt "
        f"{PySide6.__version__}, SQLite {sqlite3.sqlite_version}, on {platform.platform()}."
    )
    return PartHealth(name="Versions", is_good=True, words=words)


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

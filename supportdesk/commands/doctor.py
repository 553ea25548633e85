"""`supportdesk doctor`: each source and each part of this computer, tried and told in words."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.storage.copied_open import copied_open_problem
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.commands.hook_trial import hook_part
from supportdesk.commands.told_parts import part_as_json, told_parts
from supportdesk.commands.told_sources import told_notes
from supportdesk.commands.watch import key_store
from supportdesk.diagnosis.parts import (
    cache_health,
    database_health,
    key_store_health,
    log_health,
    measured_cache,
    version_line,
)
from supportdesk.diagnosis.source_trials import SourceTrials, Tried
from supportdesk.domain.errors import SettingsError, StoreError
from supportdesk.domain.health import PartHealth
from supportdesk.domain.settings import MailSettings, PhoneKind, Settings
from supportdesk.services.watch_lines import JsonObject

_ANSWER_SECONDS = 2.0


def run_doctor(*, as_json: bool) -> int:
    """Try everything once; 0 when all is well."""
    app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    places = Places.from_environment(os.environ)
    settings, settings_part = _settings(places)
    secrets = key_store()
    trials = _try_sources(app, settings, secrets)
    answer = ask(places, {"verb": "status"}, _ANSWER_SECONDS)
    needs_secrets = trials.lacks_secrets or not (settings.mail or settings.phone)
    parts = [
        _running(answer),
        settings_part,
        _key_store(secrets, is_needed=needs_secrets),
        *_desk_db(places),
        cache_health(measured_cache(places.mail_db), settings.cache),
        hook_part(settings.hook, secrets, answer),
        *_desktop(app, places, answer),
        *_sources(settings, trials.found, told_notes(answer, SystemClock().now())),
    ]
    if as_json:
        print(
            json.dumps({"version": version_line(), "parts": [part_as_json(one) for one in parts]})
        )
    else:
        print("\n".join([version_line(), *(_as_text(one) for one in parts)]))
    return 0 if all(part.is_good for part in parts) else 1


def _running(answer: JsonObject | None) -> PartHealth:
    words = "runs" if answer is not None else "does not run now; what follows was tried by itself"
    return PartHealth(name="supportdesk", is_good=True, words=words)


def _settings(places: Places) -> tuple[Settings, PartHealth]:
    path = places.settings_path
    try:
        loaded = SettingsFile(path).load()
    except SettingsError as error:
        return Settings(), PartHealth(
            name="Settings", is_good=False, words=f"{path} is not read", problem=error.problem
        )
    settings = loaded.settings
    words = f"{len(settings.mail)} mail, {len(settings.phone)} phone in {path}"
    if loaded.warnings:
        words += "; " + "; ".join(str(warning) for warning in loaded.warnings)
    return settings, PartHealth(name="Settings", is_good=True, words=words)


def _desk_db(places: Places) -> list[PartHealth]:
    try:
        places.create_folders()
        store = SqliteDeskStore(places.desk_db)
    except StoreError as error:
        return [
            PartHealth(
                name="desk.db", is_good=False, words="cannot be opened", problem=error.problem
            )
        ]
    with closing(store):
        whole = database_health(store.integrity_check(), places.desk_db)
        if not whole.is_good:
            return [whole]
        if store.is_copied_open:
            problem = copied_open_problem(places.desk_db)
            whole = replace(whole, is_good=False, words="whole, but a copy", problem=problem)
        return [whole, log_health(store.unreadable_spans())]


def _key_store(secrets: KeyringSecrets, *, is_needed: bool) -> PartHealth:
    """Where a service gets all its passwords from systemd, there need be no key store."""
    health = key_store_health(secrets.diagnose())
    if health.is_good or is_needed:
        return health
    words = "None is there, and none is needed: every password was found without it."
    return PartHealth(name=health.name, is_good=True, words=words)


def _try_sources(
    app: QCoreApplication, settings: Settings, secrets: KeyringSecrets
) -> SourceTrials:
    trials = SourceTrials(secrets)
    trials.finished.connect(app.quit)
    trials.begin((*settings.mail, *settings.phone))
    if trials.is_waiting:
        app.exec()
    return trials


def _desktop(app: QCoreApplication, places: Places, answer: JsonObject | None) -> list[PartHealth]:
    """As the running app sees them; looked at from here where none runs, or `watch` does."""
    told = told_parts(ask(places, {"verb": "parts"}, _ANSWER_SECONDS)) if answer else None
    if told is not None:
        return told
    from supportdesk.diagnosis.desktop_probe import DesktopProbe

    probe = DesktopProbe(os.environ)
    probe.finished.connect(app.quit)
    probe.begin()
    app.exec()
    parts = probe.parts()
    probe.stop()
    return parts


def _sources(
    settings: Settings, found: Iterable[Tried], notes: Mapping[str, tuple[str, ...]]
) -> Iterator[PartHealth]:
    """First what cannot be tried from here, then the others as they answered."""
    for phone in settings.phone:
        if phone.kind is PhoneKind.HOOK:
            words = f"{phone.kind.value}: nothing to try from here"
            told = notes.get(phone.name, ())
            yield PartHealth(name=str(phone.name), is_good=True, words=words, notes=told)
    for tried in found:
        yield PartHealth(
            name=str(tried.source.name),
            is_good=tried.problem is None,
            words=tried.words or "not heard",
            problem=tried.problem,
            notes=notes.get(tried.source.name, ()),
        )
        if isinstance(tried.source, MailSettings) and tried.source.smtp is not None:
            yield PartHealth(
                name=f"{tried.source.name}, sending",
                is_good=bool(tried.sending),
                words=tried.sending or "not reached",
                problem=tried.sending_problem,
            )


def _as_text(part: PartHealth) -> str:
    mark = "ok " if part.is_good else "!! "
    line = "\n".join(
        (
            f"{mark}{part.name}: {part.words}",
            *(f"   {one.name}: {one.words}" for one in part.checks),
            *(f"   {note}" for note in part.notes),
        )
    )
    if part.problem is not None:
        line += f"\n   {part.problem.title}. {part.problem.advice}"
    return line

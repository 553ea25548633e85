"""`supportdesk doctor`: each source and each part of this computer, tried and told in words."""

import json
import os
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.mail.connection_test import test_connection
from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest
from supportdesk.adapters.phone.softphone_check import check_softphone
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.storage.copied_open import copied_open_problem
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.commands.hook_trial import hook_part
from supportdesk.commands.watch import key_store
from supportdesk.diagnosis import (
    cache_health,
    database_health,
    key_store_health,
    log_health,
    measured_cache,
    version_line,
)
from supportdesk.domain.errors import (
    Problem,
    SecretsUnavailable,
    SettingsError,
    StoreError,
    SupportDeskError,
)
from supportdesk.domain.health import PartHealth
from supportdesk.domain.settings import MailSettings, PhoneKind, PhoneSettings, Settings
from supportdesk.services.ports import SecretStore
from supportdesk.services.watch_lines import JsonObject

_DEADLINE_MILLISECONDS = 60_000
_ANSWER_SECONDS = 2.0


def run_doctor(*, as_json: bool) -> int:
    """Try everything once; 0 when all is well."""
    app = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    places = Places.from_environment(os.environ)
    settings, settings_part = _settings(places)
    secrets = key_store()
    trial = _try_sources(app, settings, secrets)
    answer = ask(places, {"verb": "status"}, _ANSWER_SECONDS)
    parts = [
        _running(answer),
        settings_part,
        _key_store(secrets, is_needed=trial.lacks_secrets or not trial.found),
        *_desk_db(places),
        cache_health(measured_cache(places.mail_db), settings.cache),
        hook_part(settings.hook, secrets, answer),
        *trial.found,
    ]
    if as_json:
        print(json.dumps({"version": version_line(), "parts": [_as_json(one) for one in parts]}))
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


def _try_sources(app: QCoreApplication, settings: Settings, secrets: KeyringSecrets) -> "_Trial":
    trial = _Trial(secrets, app.quit)
    for mail in settings.mail:
        trial.add(mail)
    for phone in settings.phone:
        trial.add(phone)
    if trial.is_waiting:
        QTimer.singleShot(_DEADLINE_MILLISECONDS, trial, trial.give_up)
        app.exec()
    return trial


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    source: MailSettings | PhoneSettings
    words: str
    problem: Problem | None


class _Trial(QObject):
    """Tries all sources at the same time; quits the loop when the last has answered."""

    _secret_ready = Signal(object, str)
    _tried = Signal(object)

    def __init__(self, secrets: SecretStore, quit_loop: Callable[[], None]) -> None:
        super().__init__()
        self.found: list[PartHealth] = []
        self.lacks_secrets = False
        self._secrets = secrets
        self._quit = quit_loop
        self._open: dict[str, MailSettings | PhoneSettings] = {}
        self._tests: list[AsteriskConnectionTest] = []
        queued = Qt.ConnectionType.QueuedConnection
        self._secret_ready.connect(self._test_phone, queued)
        self._tried.connect(self._done, queued)

    @property
    def is_waiting(self) -> bool:
        return bool(self._open)

    def add(self, source: MailSettings | PhoneSettings) -> None:
        if isinstance(source, PhoneSettings) and source.kind is PhoneKind.HOOK:
            words = f"{source.kind.value}: nothing to try from here"
            self.found.append(PartHealth(name=str(source.name), is_good=True, words=words))
            return
        self._open[source.name] = source
        name = f"try {source.name}"
        threading.Thread(target=self._try, args=(source,), name=name, daemon=True).start()

    def give_up(self) -> None:
        for source in list(self._open.values()):
            problem = Problem(
                title=f"{source.host} did not answer within a minute",
                advice="Look at the network and the server.",
            )
            self._done(_Tried(source=source, words="", problem=problem))

    def _try(self, source: MailSettings | PhoneSettings) -> None:
        try:
            if isinstance(source, PhoneSettings) and source.is_softphone:
                self._tried.emit(_Tried(source=source, words=check_softphone(source), problem=None))
                return
            secret = self._secret(source)
            if isinstance(source, PhoneSettings):
                self._secret_ready.emit(source, secret)
                return
            words, problem = test_connection(source, secret), None
        except SupportDeskError as error:
            self.lacks_secrets |= isinstance(error, SecretsUnavailable)
            words, problem = "", error.problem
        self._tried.emit(_Tried(source=source, words=words, problem=problem))

    def _secret(self, source: MailSettings | PhoneSettings) -> str:
        found = self._secrets.get(source.secret_name)
        if found is None:
            raise SecretsUnavailable(
                f"No password is kept for {source.name}",
                f"Run: supportdesk secret set {source.secret_name}",
            )
        return found

    @Slot(object, str)
    def _test_phone(self, source: PhoneSettings, secret: str) -> None:
        test = AsteriskConnectionTest(source, secret, SystemClock(), self)
        test.succeeded.connect(
            lambda words, degraded: self._done(_Tried(source=source, words=words, problem=degraded))
        )
        test.failed.connect(
            lambda problem: self._done(_Tried(source=source, words="", problem=problem))
        )
        self._tests.append(test)
        test.start()

    @Slot(object)
    def _done(self, tried: _Tried) -> None:
        if self._open.pop(tried.source.name, None) is None:
            return
        self.found.append(
            PartHealth(
                name=str(tried.source.name),
                is_good=tried.problem is None,
                words=tried.words or "not heard",
                problem=tried.problem,
            )
        )
        if not self._open:
            self._quit()


def _as_json(part: PartHealth) -> dict[str, object]:
    return {
        "name": part.name,
        "ok": part.is_good,
        "words": part.words,
        "title": part.problem.title if part.problem else None,
        "advice": part.problem.advice if part.problem else None,
    }


def _as_text(part: PartHealth) -> str:
    mark = "ok " if part.is_good else "!! "
    line = f"{mark}{part.name}: {part.words}"
    if part.problem is not None:
        line += f"\n   {part.problem.title}. {part.problem.advice}"
    return line
